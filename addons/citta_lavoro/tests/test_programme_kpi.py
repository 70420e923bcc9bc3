from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestKpi(TransactionCase):
    """Indicators count what their reader may see, and open the records behind the figure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body = cls.env["res.partner"].create({"name": "Body", "is_company": True, "citta_body_kind": "consortium"})
        cls.territory = cls.env["citta.territory"].create({"name": "East", "code": "t-east"})
        cls.city = cls.env["res.city"].create(
            {"name": "Somewhere", "country_id": cls.env.ref("base.it").id, "citta_territory_id": cls.territory.id}
        )
        cls.programme = cls.env["citta.programme"].create({
            "name": "P", "code": "t-p", "territory_id": cls.territory.id, "lead_partner_id": cls.body.id,
            "date_start": "2030-01-01",
        })
        cls.kpi = cls.env["citta.kpi"].create({
            "name": "People contacted", "programme_id": cls.programme.id, "source": "people_contacted", "target": 4,
        })
        cls.env["crm.lead"].create([
            {
                "name": f"Contact {number}", "contact_name": f"Contact {number}", "citta_city_id": cls.city.id,
                "citta_programme_id": cls.programme.id, "citta_body_id": cls.body.id,
                "team_id": cls.env.ref("citta_lavoro.crm_team_intake").id, "type": "opportunity",
            }
            for number in range(2)
        ])

    def coordinator(self, territories):
        return new_test_user(
            self.env, "kpi_coordinator", groups="citta_lavoro.group_citta_coordinator",
            citta_territory_ids=[Command.set(territories.ids)],
        )

    def test_figure_and_progress(self):
        kpi = self.kpi.with_user(self.coordinator(self.territory))
        self.assertEqual((kpi.actual, kpi.progress, kpi.actual_label, kpi.target_label), (2, 50, "2", "4"))

    def test_every_source_measures_and_opens(self):
        """Each source of every room counts without an error and leads to a list whose length is the figure."""
        for key, source in self.env["citta.kpi"]._get_sources().items():
            kpi = self.env["citta.kpi"].new({"programme_id": self.programme.id, "source": key})
            action = kpi.action_open_source()
            if not source.get("measure"):
                found = self.env[action["res_model"]].search_count(action["domain"])
                self.assertEqual(kpi.actual, found, key)

    def test_foreign_territory_is_hidden(self):
        elsewhere = self.env["citta.territory"].create({"name": "West", "code": "t-west"})
        coordinator = self.coordinator(elsewhere)
        with self.assertRaises(AccessError):
            self.kpi.with_user(coordinator).read(["actual"])

    def test_coordinator_cannot_change_the_promise(self):
        with self.assertRaises(AccessError):
            self.kpi.with_user(self.coordinator(self.territory)).write({"target": 1})
