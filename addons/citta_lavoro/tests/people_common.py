from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


class PeopleCase(TransactionCase):
    """Two bodies in one territory, one in another; one user per role; persons with pathways in each scope."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "no_reset_password": True})
        Partner = cls.env["res.partner"]
        cls.body_a, cls.body_b = Partner.create([
            {"name": name, "is_company": True, "citta_body_kind": "social_cooperative", "phone": "+39 02 0000000"}
            for name in ("Body A", "Body B")
        ])
        cls.east, cls.west = cls.env["citta.territory"].create(
            [{"name": "East", "code": "p-east"}, {"name": "West", "code": "p-west"}]
        )
        cls.programme, cls.programme_west = cls.env["citta.programme"].create([
            {
                "name": name, "code": name.lower(), "territory_id": territory.id, "date_start": "2024-01-01",
                "lead_partner_id": cls.body_a.id, "body_ids": [Command.set((cls.body_a | cls.body_b).ids)],
            }
            for name, territory in (("P-East", cls.east), ("P-West", cls.west))
        ])
        cls.operator = cls._user("p_operator", "operator", cls.body_a, cls.east)
        cls.operator_b = cls._user("p_operator_b", "operator", cls.body_b, cls.east)
        cls.operator_west = cls._user("p_operator_west", "operator", cls.body_a, cls.west)
        cls.coordinator = cls._user("p_coordinator", "coordinator", cls.body_b, cls.east)
        cls.administrator = cls._user("p_administrator", "administrator", cls.env["res.partner"], cls.env["citta.territory"])
        cls.employee = new_test_user(cls.env, "p_employee", groups="base.group_user")
        cls.today = fields.Date.context_today(cls.programme)

    @classmethod
    def _user(cls, login, role, body, territory, more=""):
        return new_test_user(
            cls.env, login, groups=f"citta_lavoro.group_citta_{role}{more}",
            citta_body_ids=[Command.set(body.ids)], citta_territory_ids=[Command.set(territory.ids)],
        )

    @classmethod
    def _pathway(cls, name, body=None, programme=None, **values):
        person = cls.env["res.partner"].create({
            "name": name, "email": f"{name.lower().replace(' ', '.')}@esempio.example",
            "citta_no_fiscal_code_reason": "not_given",
        })
        return cls.env["citta.pathway"].create({
            "partner_id": person.id,
            "programme_id": (programme or cls.programme).id,
            "body_id": (body or cls.body_a).id,
            "referent_id": False,
            **values,
        })

    @classmethod
    def _portal_user(cls, pathway, login):
        return new_test_user(cls.env, login, groups="base.group_portal", partner_id=pathway.partner_id.id)

    def _lead(self, consent=True, **values):
        """A first contact of the East with consent to be called."""
        lead = self.env["crm.lead"].create({
            "name": "Aldo Prova", "contact_name": "Aldo Prova", "email_from": "aldo.prova@esempio.example",
            "team_id": self.env.ref("citta_lavoro.crm_team_intake").id,
            "citta_territory_id": self.east.id, "citta_body_id": self.body_a.id, "user_id": False,
            **values,
        })
        if consent:
            self.env["citta.consent"].create({
                "purpose_id": self.env.ref("citta_lavoro.purpose_callback").id, "lead_id": lead.id,
                "territory_id": self.east.id, "channel": "web",
            })
        return lead
