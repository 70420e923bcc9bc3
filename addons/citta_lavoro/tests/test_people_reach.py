from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestReach(PeopleCase):
    """Ways round the rights that a curious colleague or participant would try."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway = cls._pathway("Ada Esempio")
        cls.consent = cls.env["citta.consent"].create({
            "purpose_id": cls.env.ref("citta_lavoro.purpose_callback").id, "partner_id": cls.pathway.partner_id.id,
            "territory_id": cls.east.id, "channel": "paper",
        })
        cls.reviewer = new_test_user(cls.env, "reach_reviewer", groups="citta_lavoro.group_citta_reviewer")

    # -- consents ----------------------------------------------------------------

    def test_own_body_and_coordinator_see_the_consent(self):
        for user in (self.operator, self.coordinator):
            self.assertEqual(self.env["citta.consent"].with_user(user).search([("partner_id", "=", self.pathway.partner_id.id)]), self.consent)

    def test_another_body_neither_sees_nor_withdraws_nor_forges(self):
        consents = self.env["citta.consent"].with_user(self.operator_b)
        self.assertFalse(consents.search([("partner_id", "=", self.pathway.partner_id.id)]))
        with self.assertRaises(AccessError):
            self.consent.with_user(self.operator_b).action_withdraw()
        with self.assertRaises(AccessError):
            consents.create({
                "purpose_id": self.consent.purpose_id.id, "partner_id": self.pathway.partner_id.id, "territory_id": self.east.id, "channel": "voice",
            })
        self.assertTrue(self.consent.is_valid)

    def test_the_consent_of_a_free_contact_is_everybodys_and_of_a_taken_one_is_not(self):
        free, taken = self._lead(citta_body_id=False), self._lead(email_from="altra@esempio.example")
        seen = self.env["citta.consent"].with_user(self.operator_b).search([("lead_id", "in", (free | taken).ids)])
        self.assertEqual(seen.lead_id, free)

    def test_a_consent_is_not_withdrawn_in_advance(self):
        with self.assertRaisesRegex(UserError, "in advance"):
            self.consent.with_user(self.operator).write({"date_withdrawn": fields.Datetime.now() + timedelta(days=1)})
        self.consent.with_user(self.operator).action_withdraw()
        self.assertFalse(self.consent.is_valid)

    # -- the exit ----------------------------------------------------------------

    def test_the_exit_is_not_rewritten(self):
        self.pathway.write({"state": "active"})
        self.pathway.write({"state": "closed", "outcome": "training"})
        ada = self.pathway.with_user(self.operator)
        for vals in ({"outcome": "job"}, {"date_end": "2040-01-01"}, {"date_start": "2020-01-01"}, {"closing_reason": "x"}):
            with self.subTest(vals=vals), self.assertRaisesRegex(UserError, "reopen"):
                ada.write(vals)
        self.assertEqual((self.pathway.outcome, self.pathway.date_end), ("training", self.today))

    def test_an_open_pathway_takes_no_word_about_its_exit(self):
        with self.assertRaises(UserError):
            self.pathway.with_user(self.operator).write({"closing_reason": "Later"})
        self.pathway.with_user(self.operator).write({"date_start": self.today - timedelta(days=3)})
        self.assertFalse(self.pathway.closing_reason)

    # -- words and codes -----------------------------------------------------------

    def test_a_participant_does_not_guess_at_internal_notes(self):
        person = self._portal_user(self.pathway, "reach_ada")
        self.pathway.message_post(body="una parola segreta", subtype_xmlid="mail.mt_note")
        mine = self.env["citta.pathway"].with_user(person)
        self.assertEqual(mine.search([]), self.pathway)
        for name in ("message_ids", "website_message_ids"):
            with self.subTest(field=name), self.assertRaises(AccessError):
                mine.search_count([(f"{name}.body", "ilike", "segreta")])

    def test_only_those_who_need_it_read_a_fiscal_code(self):
        donor = self.env["res.partner"].create({"name": "Marta Esempio", "citta_fiscal_code": "RSSMRA80A01F205X"})
        for user in (self.employee, self.reviewer):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                donor.with_user(user).read(["citta_fiscal_code"])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["res.partner"].with_user(user).search([("citta_fiscal_code", "=", "RSSMRA80A01F205X")])

    # -- presences -----------------------------------------------------------------

    def test_taken_presences_are_not_deleted(self):
        now = fields.Datetime.now()
        lab = self.env["event.event"].create({
            "name": "Lab", "citta_kind": "lab", "citta_territory_id": self.east.id, "date_begin": now, "date_end": now + timedelta(hours=3),
            "citta_session_ids": [Command.create({"name": "First", "date_begin": now, "date_end": now + timedelta(hours=3)})],
        })
        seat = self.env["event.registration"].create({"event_id": lab.id, "partner_id": self.pathway.partner_id.id, "state": "open"})
        session = lab.citta_session_ids
        presence = self.env["citta.attendance"].create({"session_id": session.id, "registration_id": seat.id, "status": "present"})
        for user in (self.operator, self.operator_b, self.coordinator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                presence.with_user(user).unlink()
            with self.subTest(user=user.login), self.assertRaises(UserError):
                session.with_user(user).unlink()
        self.assertTrue(presence.exists())
