from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_people_intake import RIGHT_CODE, IntakeCase


@tagged("post_install", "-at_install")
class TestPeopleIntakeDuplicate(IntakeCase):
    def test_found_by_each_key_in_other_spellings(self):
        pairs = (
            ({"citta_fiscal_code": RIGHT_CODE}, {"citta_fiscal_code": "rccmnl 83S18 d969h"}),
            ({"email_from": "Anna.Esempio@Esempio.example"}, {"email_from": "\"Anna\" <anna.esempio@esempio.example>"}),
            ({"phone": "333 1234567"}, {"phone": "0039 333-123.45.67"}),
        )
        for one, other in pairs:
            first = self._contact("Anna Esempio", **one)
            second = self._contact("ESEMPIO Anna", **other)
            self.assertEqual(second.citta_duplicate_ids, first)
            self.assertTrue(second.citta_duplicate_doubt)
            self.assertFalse(first.citta_duplicate_doubt, "the first of two is none")
            self.assertIn("Anna Esempio", second.citta_duplicate_note)
            (first | second).unlink()

    def test_two_fiscal_codes_are_two_persons(self):
        self._contact("Madre Inventati", phone="333 1234567", citta_fiscal_code=RIGHT_CODE)
        child = self._contact("Figlia Inventati", phone="333 1234567", citta_fiscal_code="CNTCHR83T41D969D")
        self.assertFalse(child.citta_duplicate_count)
        self.assertFalse(child.citta_duplicate_doubt)

    def test_a_person_followed_is_found_too(self):
        pathway = self._pathway("Gina Inventati", body=self.body_a)
        pathway.partner_id.phone = "333 5550001"
        lead = self._contact("Gina I.", body=self.body_a, phone="+393335550001").with_user(self.operator)
        self.assertEqual(lead.citta_duplicate_partner_ids, pathway.partner_id)
        self.assertEqual(lead.citta_duplicate_hidden_count, 0)

    def test_out_of_scope_only_the_number_is_told(self):
        pathway = self._pathway("Segreta Inventati", body=self.body_b)
        pathway.partner_id.phone = "333 5550001"
        self.of_b.phone = "3335550001"
        lead = self._contact("Chi Sa", body=self.body_a, phone="+39 333 555 0001").with_user(self.operator)
        self.assertEqual((lead.citta_duplicate_count, lead.citta_duplicate_hidden_count), (0, 2))
        self.assertFalse(lead.citta_duplicate_note)
        self.assertFalse(lead.citta_duplicate_ids or lead.citta_duplicate_partner_ids)
        self.assertEqual(lead.with_user(self.coordinator).citta_duplicate_count, 2)

    def test_the_form_warns_while_typing(self):
        self.free.phone = "333 1112223"
        model = self.env["crm.lead"].with_user(self.operator).with_context(default_team_id=self.team.id)
        form = Form(model, view="citta_lavoro.crm_lead_intake_view_form")
        form.contact_name = "Chi Chiama"
        form.phone = "+39 3331112223"
        self.assertEqual(form.citta_duplicate_count, 1)
        self.assertIn("Free Inventati", form.citta_duplicate_note)

    def test_merge_keeps_both_histories_and_all_consents(self):
        first = self._contact("Anna Esempio", body=self.body_a, phone="333 1234567")
        second = self._contact("Anna E.", phone="3331234567", email_from="anna@esempio.example")
        first.action_intake_voice_consent()
        second.action_intake_voice_consent()
        first.message_post(body="First call")
        second.message_post(body="Wrote from the website")
        action = second.with_user(self.operator).action_intake_merge()
        kept = self.env["crm.lead"].browse(action["res_id"])
        self.assertEqual((first | second).exists(), kept)
        self.assertEqual((kept.email_from, kept.citta_body_id), ("anna@esempio.example", self.body_a))
        self.assertEqual(len(kept.citta_consent_ids), 2)
        bodies = " ".join(kept.message_ids.mapped("body"))
        self.assertIn("First call", bodies)
        self.assertIn("Wrote from the website", bodies)
        self.assertFalse(kept.citta_duplicate_doubt)

    def test_merge_is_refused_where_it_would_guess(self):
        with self.assertRaises(UserError):
            self.of_a.with_user(self.operator).action_intake_merge()
        for number in range(2):
            self._contact(f"Anna {number}", phone="333 1234567")
        third = self._contact("Anna", phone="333 1234567")
        with self.assertRaises(UserError):
            third.with_user(self.operator).action_intake_merge()
        sale = self.env["crm.lead"].create({"name": "A machine"})
        with self.assertRaises(UserError):
            (self.of_a | sale).with_user(self.administrator).action_intake_merge()
        with self.assertRaises(AccessError):
            (self.of_a | self.of_b).with_user(self.operator).action_intake_merge()
        self.assertTrue(self.of_b.exists())

    def test_another_person(self):
        self._contact("Padre Inventati", phone="333 1234567")
        child = self._contact("Figlio Inventati", phone="333 1234567")
        child.with_user(self.operator).action_intake_checked()
        self.assertFalse(child.citta_duplicate_doubt)

    def test_put_away_as_double(self):
        self._contact("Anna Esempio", phone="333 1234567")
        second = self._contact("Anna E.", phone="333 1234567")
        second.with_user(self.operator).action_intake_lose_duplicate()
        self.assertEqual((second.active, second.won_status), (False, "lost"))
        third = self._contact("Anna Esempi", phone="333 1234567")
        self.assertEqual(third.citta_duplicate_count, 1, "a double put away is not held against the next one")
