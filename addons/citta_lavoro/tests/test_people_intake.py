from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .people_common import PeopleCase

RIGHT_CODE = "RCCMNL83S18D969H"


class IntakeCase(PeopleCase):
    """First contacts in the East: one free to take, one of each body."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env.ref("citta_lavoro.crm_team_intake")
        cls.city, cls.city_west = cls.env["res.city"].create([
            {"name": "Esempio Est", "country_id": cls.env.ref("base.it").id, "citta_territory_id": cls.east.id},
            {"name": "Esempio Ovest", "country_id": cls.env.ref("base.it").id, "citta_territory_id": cls.west.id},
        ])
        cls.free, cls.of_a, cls.of_b, cls.of_west = (
            cls._contact(name, body=body, city=city) for name, body, city in (
                ("Free Inventati", None, cls.city), ("Ada Inventati", cls.body_a, cls.city),
                ("Bice Inventati", cls.body_b, cls.city), ("Carlo Ovesti", cls.body_a, cls.city_west),
            )
        )
        cls.all_contacts = cls.free | cls.of_a | cls.of_b | cls.of_west

    @classmethod
    def _contact(cls, name, body=None, city=None, **values):
        return cls.env["crm.lead"].create({
            "contact_name": name, "team_id": cls.team.id, "citta_city_id": (city or cls.city).id, "user_id": False,
            "citta_body_id": body.id if body else False, **values,
        })

    def _seen(self, user):
        return self.env["crm.lead"].with_user(user).search([("id", "in", self.all_contacts.ids)]).sudo()

    def _stage(self, name):
        return self.env.ref(f"citta_lavoro.crm_stage_intake_{name}")


@tagged("post_install", "-at_install")
class TestPeopleIntake(IntakeCase):
    # -- rights --------------------------------------------------------------

    def test_each_role_sees_its_scope(self):
        self.assertEqual(self._seen(self.operator), self.free | self.of_a)
        self.assertEqual(self._seen(self.operator_b), self.free | self.of_b)
        self.assertEqual(self._seen(self.operator_west), self.of_west)
        self.assertEqual(self._seen(self.coordinator), self.free | self.of_a | self.of_b)
        self.assertEqual(self._seen(self.administrator), self.all_contacts)

    def test_sales_people_do_not_see_first_contacts(self):
        for group in ("sales_team.group_sale_salesman", "sales_team.group_sale_salesman_all_leads", "sales_team.group_sale_manager"):
            seller = new_test_user(self.env, group.rpartition(".")[2], groups=group)
            self.assertFalse(self._seen(seller), group)
            ordinary = self.env["crm.lead"].with_user(seller).create({"name": "A machine to sell"})
            self.assertEqual(ordinary.with_user(seller).read(["name"])[0]["name"], "A machine to sell")
            with self.assertRaises(AccessError):
                self.free.with_user(seller).read(["contact_name"])

    def test_an_operator_who_also_sells_stays_in_the_own_territory(self):
        seller = self._user("selling_operator", "operator", self.body_a, self.east, ",sales_team.group_sale_salesman_all_leads")
        self.assertNotIn(self.of_west, self._seen(seller))

    def test_other_roles_see_nothing(self):
        for role in ("observatory_editor", "network_manager", "reviewer", "privacy_officer"):
            user = self._user(f"i_{role}", role, self.body_a, self.east)
            with self.assertRaises(AccessError, msg=role):
                self.free.with_user(user).read(["contact_name"])
        with self.assertRaises(AccessError):
            self.free.with_user(self.employee).read(["contact_name"])

    def test_nobody_writes_or_deletes_out_of_scope(self):
        for user, lead in ((self.operator, self.of_b), (self.operator, self.of_west), (self.coordinator, self.of_west)):
            with self.assertRaises(AccessError):
                lead.with_user(user).write({"contact_name": "Changed"})
        for user in (self.operator, self.coordinator):
            with self.assertRaises(AccessError):
                self.free.with_user(user).unlink()

    def test_an_operator_makes_contacts_only_in_the_own_scope(self):
        values = {"contact_name": "Dora Inventati", "team_id": self.team.id, "citta_city_id": self.city_west.id}
        with self.assertRaises(AccessError):
            self.env["crm.lead"].with_user(self.operator).create(values)
        lead = self.env["crm.lead"].with_user(self.operator).create({**values, "citta_city_id": self.city.id})
        self.assertEqual((lead.citta_body_id, lead.citta_programme_id, lead.citta_territory_id), (self.body_a, self.programme, self.east))
        self.assertEqual((lead.name, lead.type, lead.citta_source, lead.stage_id), ("Dora Inventati", "lead", "desk", self._stage("new")))

    def test_the_forms_secret_is_no_operators_business(self):
        with self.assertRaises(AccessError):
            self.free.with_user(self.coordinator).read(["citta_token"])

    # -- pipeline ------------------------------------------------------------

    def test_the_pipeline_shows_its_own_stages_only(self):
        lead = self.env["crm.lead"].with_user(self.operator).with_context(default_team_id=self.team.id)
        groups = lead.with_context(read_group_expand=True).formatted_read_group(
            [("citta_pipeline", "=", "intake")], ["stage_id"], ["__count"]
        )
        self.assertEqual([group["stage_id"][0] for group in groups], [
            self._stage(name).id for name in ("new", "call", "met", "opened", "closed")
        ])

    def test_columns_without_a_context_are_those_of_the_records(self):
        model = self.env["crm.lead"].with_user(self.operator).with_context(read_group_expand=True)
        groups = model.formatted_read_group([("id", "in", self.of_a.ids)], ["stage_id"], ["__count"])
        self.assertEqual(groups[0]["stage_id"][0], self._stage("new").id)
        self.assertEqual(len(groups), 5)

    def test_taking_on_keeps_the_team_and_says_who_follows(self):
        self.free.with_user(self.operator).action_intake_take()
        self.assertEqual((self.free.citta_body_id, self.free.user_id), (self.body_a, self.operator))
        self.assertEqual((self.free.team_id, self.free.stage_id), (self.team, self._stage("call")))
        with self.assertRaises(AccessError):
            self.free.with_user(self.operator_b).action_intake_take()
        with self.assertRaises(UserError):
            self.of_a.with_user(self.coordinator).action_intake_take()

    def test_who_has_no_body_takes_nothing(self):
        with self.assertRaises(UserError):
            self.free.with_user(self.administrator).action_intake_take()

    def test_no_forecast_is_made_of_persons(self):
        self.assertEqual((self.of_a.probability, self.of_a.automated_probability), (0, 0))
        self.of_a.action_intake_voice_consent()
        self.of_a.with_user(self.operator)._open_pathway()
        self.assertEqual((self.of_a.stage_id, self.of_a.team_id), (self._stage("opened"), self.team))
        self.assertEqual((self.of_a.probability, self.of_a.won_status), (100, "won"))

    def test_days_to_the_first_talk(self):
        self.of_a.citta_date_received = fields.Datetime.now() - timedelta(days=3)
        self.of_a.with_user(self.operator).action_intake_met()
        self.assertAlmostEqual(self.of_a.citta_days_to_contact, 3, places=2)
        first = self.of_a.citta_date_contacted
        self.of_a.stage_id = self._stage("call")
        self.of_a.stage_id = self._stage("met")
        self.assertEqual(self.of_a.citta_date_contacted, first, "the first talk is noted once")

    def test_the_mean_is_of_those_who_were_talked_to(self):
        kpi = self.env["citta.kpi"].create({"name": "Days", "programme_id": self.programme.id, "source": "days_to_first_talk"})
        self.assertEqual(kpi.actual, 0)
        for lead, days in ((self.of_a, 2), (self.of_b, 6)):
            lead.citta_date_received = fields.Datetime.now() - timedelta(days=days)
            lead.action_intake_met()
        waiting = self._contact("Waiting Inventati")
        everybody = (self.of_a | self.of_b | waiting).ids
        groups = self.env["crm.lead"].formatted_read_group([("id", "in", everybody)], [], ["citta_days_to_contact:avg"])
        self.assertAlmostEqual(groups[0]["citta_days_to_contact:avg"], 4, places=1)
        groups = self.env["crm.lead"].formatted_read_group([("id", "=", waiting.id)], [], ["citta_days_to_contact:avg"])
        self.assertFalse(groups[0]["citta_days_to_contact:avg"])
        kpi.invalidate_recordset()
        self.assertAlmostEqual(kpi.actual, 4, places=1)
        self.assertAlmostEqual(kpi.with_user(self.operator_b).actual, 6, places=1)
        self.assertEqual(self.env["crm.lead"].search(kpi.action_open_source()["domain"]), self.of_a | self.of_b)

    def test_the_way_in_and_the_antenna_are_kept(self):
        antenna = self.env["res.partner"].create({"name": "Parish", "is_company": True, "citta_body_kind": "social_cooperative"})
        by_phone = self._contact("Phone Inventati", self.body_a, citta_source="phone", citta_antenna_id=antenna.id)
        by_phone.action_intake_voice_consent()
        pathway = by_phone.with_user(self.operator)._open_pathway()
        self.assertEqual((pathway.lead_id.citta_source, pathway.lead_id.citta_antenna_id), ("phone", antenna))
        groups = self.env["crm.lead"].formatted_read_group([("id", "=", by_phone.id)], ["citta_source"], ["__count"])
        self.assertEqual(groups[0]["citta_source"], "phone")

    def test_closing_needs_a_reason(self):
        with self.assertRaises(UserError):
            self.of_a.with_user(self.operator).action_intake_close()
        self.of_a.with_user(self.operator).lost_reason_id = self.env.ref("citta_lavoro.lost_reason_declined")
        self.of_a.with_user(self.operator).action_intake_close()
        self.assertEqual(self.of_a.stage_id, self._stage("closed"))
        self.assertTrue(self.of_a.active)

    def test_a_dragged_card_needs_a_reason_too(self):
        contact = self.of_a.with_user(self.operator)
        with self.assertRaisesRegex(UserError, "choose a reason"):
            contact.stage_id = self._stage("closed")
        contact.write({"stage_id": self._stage("closed").id, "lost_reason_id": self.env.ref("citta_lavoro.lost_reason_declined").id})
        self.assertEqual(contact.stage_id, self._stage("closed"))

    def test_no_contact_is_given_to_a_body_without_a_deed(self):
        contact = self.of_a.with_user(self.operator)
        with self.assertRaisesRegex(UserError, "no privacy deed in force"):
            contact.citta_body_id = self.body_b
        contact.citta_body_id = False
        contact.citta_body_id = self.body_a
        self.env["citta.privacy.deed"].create({"partner_id": self.body_b.id, "reference": "1/2026"})
        contact.citta_body_id = self.body_b
        self.assertEqual(self.of_a.citta_body_id, self.body_b)

    def test_nobody_was_talked_to_tomorrow(self):
        with self.assertRaisesRegex(ValidationError, "has taken place"):
            self.of_a.with_user(self.operator).citta_date_contacted = fields.Datetime.now() + timedelta(days=1)

    # -- fiscal code ---------------------------------------------------------

    def test_fiscal_code_is_checked_and_has_one_spelling(self):
        self.of_a.citta_fiscal_code = " rccmnl 83s18 d969h"
        self.assertEqual(self.of_a.citta_fiscal_code, RIGHT_CODE)
        self.of_a.citta_fiscal_code = "RCCMNL83S18D96VW"  # omocodia
        for wrong, word in (("RCCMNL83S18D969X", "slip"), ("RCCMNL83", "16 characters"), ("1CCMNL83S18D969H", "places")):
            with self.assertRaisesRegex(ValidationError, word):
                self.of_a.citta_fiscal_code = wrong

    # -- consent -------------------------------------------------------------

    def test_consent_by_voice_is_recorded_once(self):
        self.assertFalse(self.of_a.citta_has_consent)
        self.of_a.with_user(self.operator).action_intake_voice_consent()
        self.of_a.with_user(self.operator).action_intake_voice_consent()
        consent = self.of_a.citta_consent_ids
        self.assertEqual((len(consent), consent.channel, consent.territory_id), (1, "voice", self.east))
        self.assertEqual(consent.notice_version, self.env.ref("citta_lavoro.purpose_callback").notice_version)

    def test_a_paper_makes_a_consent(self):
        self.of_a.with_user(self.operator).citta_consent_proof = "Form 12, folder A"
        self.assertEqual(self.of_a.citta_consent_ids.channel, "paper")
        self.assertEqual(self.of_a.citta_consent_ids.proof, "Form 12, folder A")

    # -- views ---------------------------------------------------------------

    def test_an_operator_fills_the_form(self):
        action = self.env["crm.lead"].with_user(self.operator)._get_intake_action("form")
        model = self.env["crm.lead"].with_user(self.operator).with_context(default_team_id=self.team.id, default_type="lead")
        with Form(model, view=action["views"][0][0]) as form:
            form.contact_name = "Elsa Inventati"
            form.citta_city_id = self.city
            form.phone = "333 1234567"
        lead = form.save()
        self.assertEqual((lead.citta_pipeline, lead.citta_phone_key, lead.citta_body_id), ("intake", "+393331234567", self.body_a))
        self.assertEqual(lead.get_formview_id(), action["views"][0][0])

    def test_what_the_form_leaves_open_is_completed(self):
        """A form sends its empty fields along: they are filled as if it had not."""
        form = Form(
            self.env["crm.lead"].with_user(self.operator).with_context(default_team_id=self.team.id, default_type="lead"),
            view="citta_lavoro.crm_lead_intake_view_form",
        )
        form.contact_name = "Dina Inventati"
        form.citta_city_id = self.city
        lead = form.save()
        self.assertEqual((lead.citta_source, lead.citta_programme_id, lead.citta_body_id), ("desk", self.programme, self.body_a))

    def test_the_history_speaks_of_persons(self):
        """Nobody is a sales opportunity here: the history of a first contact begins in other words."""
        lead = self.env["crm.lead"].with_context(tracking_disable=False, mail_create_nolog=False).create(
            {"contact_name": "Elio Inventati", "team_id": self.team.id, "citta_city_id": self.city.id}
        )
        self.assertEqual(lead.message_ids.mapped("preview"), ["First contact received"])

    def test_the_lists_run_a_constant_number_of_queries(self):
        more = self.env["crm.lead"].create([
            {"contact_name": f"Tale {number}", "team_id": self.team.id, "citta_city_id": self.city.id, "user_id": False,
             "citta_body_id": False, "phone": f"333 10000{number:02d}"} for number in range(20)
        ])

        def cost(records):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            records.with_user(self.operator).web_read({
                "contact_name": {}, "citta_duplicate_count": {}, "citta_duplicate_note": {}, "citta_has_consent": {},
                "citta_city_id": {"fields": {"display_name": {}}},
            })
            return self.env.cr.sql_log_count - start

        cost(more[:2])
        self.assertEqual(cost(more[:2]), cost(more))

    # -- figures -------------------------------------------------------------

    def test_people_contacted(self):
        kpi = self.env["citta.kpi"].create({
            "name": "People contacted", "programme_id": self.programme.id, "source": "people_contacted", "target": 400,
        })
        self.assertEqual(kpi.actual, 3)
        self.of_b.action_intake_lose_duplicate()
        self.of_a.lost_reason_id = self.env.ref("citta_lavoro.lost_reason_unreachable")
        self.of_a.action_set_lost()
        self._contact("Free Inventati again", phone="333 7654321", email_from="x@esempio.example")
        double = self._contact("The same", phone="+39 3337654321")
        kpi.invalidate_recordset()
        self.assertEqual(kpi.actual, 3, "a double counts no more, an unreachable person still does, a possible double not yet")
        double.action_intake_checked()
        kpi.invalidate_recordset()
        self.assertEqual(kpi.actual, 4)
        kpi.invalidate_recordset()
        self.assertEqual(kpi.with_user(self.operator_b).actual, 3, "body A's contact is out of sight")
        action = kpi.action_open_source()
        self.assertEqual(self.env["crm.lead"].search_count(action["domain"]), 4)
