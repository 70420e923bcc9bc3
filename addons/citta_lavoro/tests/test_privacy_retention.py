from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import format_date

from .privacy_common import OfficerCase


@tagged("post_install", "-at_install")
class TestRetentionRound(OfficerCase):
    """The nightly round as a whole: warned once, thirty days, called off, one obstacle holds nobody else back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.programme.write({"retention_months": 24, "retention_notice_days": 30})
        cls.erasures = cls.env["citta.privacy.erasure"]

    def idle(self, name, months=25, close=True):
        """A person last heard of some months ago."""
        day = self.today - relativedelta(months=months)
        pathway = self._pathway(name, date_start=day)
        if close:
            pathway.write({"state": "closed", "outcome": "other", "date_end": day})
        return pathway

    def round(self):
        """The cron; its commits would end the test."""
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=0) as progress:
            self.erasures._cron_retention()
        self.env.invalidate_all()
        return progress

    def of(self, pathway):
        return self.erasures.search([("partner_id", "=", pathway.partner_id.id)])

    def test_warned_once_however_often_the_round_is_made(self):
        pathway = self.idle("Ivo Prova")
        for _again in range(3):
            self.round()
        erasure = self.of(pathway)
        self.assertEqual((len(erasure), erasure.state, erasure.date_noticed), (1, "planned", self.today))
        self.assertEqual(self._mails(erasure).mapped("email_to"), ["ivo.prova@esempio.example"])
        for day in (erasure.date_last, erasure.date_planned):
            self.assertIn(format_date(self.env, day), self._mails(erasure).body_html, "as people write a day")
        self.assertEqual(pathway.partner_id.name, "Ivo Prova")

    def test_thirty_days_lie_between_the_letter_and_the_erasure(self):
        late, soon = self.idle("Ivo Prova", 40), self.idle("Leo Prova", 23)
        soon_last = soon.date_end
        day = max(self.today, soon_last + relativedelta(months=24) - timedelta(days=29))
        self.erasures._announce_idle(day)
        self.assertEqual(self.of(late).date_planned, day + timedelta(days=30))
        self.assertEqual(self.of(soon).date_planned, max(soon_last + relativedelta(months=24), day + timedelta(days=30)))
        self.assertEqual((self.of(late).date_last, self.of(soon).date_last), (late.date_end, soon_last))

    def test_the_day_before_nothing_goes_on_the_day_it_does(self):
        pathway = self.idle("Ivo Prova")
        self.round()
        erasure = self.of(pathway)
        erasure.date_planned = self.today + timedelta(days=1)
        self.round()
        self.assertEqual((erasure.state, pathway.partner_id.name), ("planned", "Ivo Prova"))
        erasure.date_planned = self.today
        self.round()
        self.assertEqual((erasure.state, erasure.date_done.date()), ("done", fields.Datetime.now().date()))
        self.assertNotIn("Ivo", pathway.partner_id.name)
        self.assertFalse(pathway.partner_id.email or pathway.partner_id.active)
        self.assertEqual((pathway.state, pathway.outcome, pathway.body_id), ("closed", "other", self.body_a))

    def test_a_new_contact_calls_it_off_before_anything_is_erased(self):
        pathway = self.idle("Ivo Prova")
        self.round()
        erasure = self.of(pathway)
        erasure.date_planned = self.today
        pathway.date_last_contact = self.today
        self.round()
        self.assertEqual((erasure.state, erasure.date_done, pathway.partner_id.name), ("cancelled", False, "Ivo Prova"))
        rows = self.env["citta.workflow.log"].search([("res_model", "=", erasure._name), ("res_id", "=", erasure.id)])
        self.assertIn("sign of life", rows.reason)
        self.round()
        self.assertEqual(self.of(pathway), erasure, "who is alive is not announced anew")

    def test_an_answer_after_the_exit_and_a_yes_said_again_are_signs_of_life(self):
        pathways = self.idle("Ivo Prova") | self.idle("Leo Prova")
        purpose = self.env.ref("citta_lavoro.purpose_callback")
        consents = self.env["citta.consent"].create([
            {"purpose_id": purpose.id, "partner_id": one.partner_id.id, "channel": "paper", "territory_id": self.east.id} for one in pathways
        ])
        self.round()
        self.assertEqual({self.of(one).state for one in pathways}, {"planned"}, "the first yes came with the first contact")
        answered = pathways[0].follow_up_ids.filtered(lambda one: one.months == "12")
        answered.situation = "job"
        answered.action_answer()
        consents[1].action_renew()
        self.round()
        self.assertEqual({self.of(one).state for one in pathways}, {"cancelled"})

    def test_what_the_officer_or_the_person_decided_is_not_called_off(self):
        kept = self.erasures.with_user(self.officer).create({"partner_id": self.person.id, "date_planned": self.today + timedelta(days=9)})
        self.round()
        self.assertEqual((kept.state, kept.kind, self.person.name), ("planned", "officer", "Ada Prova"))

    def test_one_open_pathway_holds_back_nobody_else(self):
        closed, waiting, last = self.idle("Ivo Prova"), self.idle("Leo Prova", close=False), self.idle("Mia Prova")
        self.round()
        erasures = self.of(closed) | self.of(waiting) | self.of(last)
        erasures.write({"date_planned": self.today})
        progress = self.round()
        self.assertEqual([one.state for one in (self.of(waiting), *(erasures - self.of(waiting)))], ["planned", "done", "done"])
        self.assertEqual((waiting.partner_id.name, waiting.partner_id.active), ("Leo Prova", True))
        self.assertIn("is open", self.of(waiting).obstacles)
        done = [call.kwargs["remaining"] for call in progress.call_args_list]
        self.assertEqual(done, sorted(done, reverse=True), "the batch is committed one by one")
        self.assertEqual(done[-1], 0)

    def test_once_closed_the_next_round_erases(self):
        pathway = self.idle("Leo Prova", close=False)
        self.round()
        self.of(pathway).date_planned = self.today
        pathway.write({"state": "closed", "outcome": "other", "date_end": pathway.date_start})
        self.round()
        self.assertNotIn("Leo", pathway.partner_id.name)

    def test_without_address_the_round_says_so_and_waits_as_long(self):
        pathway = self.idle("Ivo Prova")
        pathway.partner_id.email = False
        self.round()
        erasure = self.of(pathway)
        self.assertEqual((erasure.notice, len(self._mails(erasure))), ("none", 0))
        self.assertEqual(erasure.date_planned, self.today + timedelta(days=30))

    # -- refusals by role ------------------------------------------------------

    def test_no_other_role_announces_calls_off_or_erases(self):
        pathway = self.idle("Ivo Prova")
        self.round()
        erasure = self.of(pathway)
        for user in self.strangers:
            for name in ("action_erase", "action_cancel"):
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    getattr(erasure.with_user(user), name)()
            for values in ({"state": "done"}, {"date_planned": self.today}, {"partner_id": self.person.id}):
                with self.assertRaises(AccessError, msg=f"{user.login} {values}"):
                    erasure.with_user(user).write(values)
        self.assertEqual((erasure.state, erasure.partner_id, pathway.partner_id.name), ("planned", pathway.partner_id, "Ivo Prova"))

    def test_the_officer_writes_no_proof_by_hand(self):
        forged = {"date_done": "2026-01-01 08:00:00", "summary": "All", "kept_reason": "None", "date_noticed": self.today, "date_last": self.today}
        erasure = self.erasures.with_user(self.officer).create({"partner_id": self.person.id, "summary": "All", "date_noticed": self.today})
        self.assertEqual((erasure.summary, erasure.date_noticed), (False, False))
        for values in (*({name: value} for name, value in forged.items()), {"partner_id": False}, {"kind": "request"}):
            with self.assertRaises(UserError, msg=str(values)):
                erasure.write(values)
        for state in ("done", "limited"):
            with self.assertRaises(AccessError, msg=state):
                erasure.write({"state": state})
        self.assertEqual((erasure.state, self.person.name), ("planned", "Ada Prova"))

    def test_what_was_announced_is_not_done_sooner(self):
        pathway = self.idle("Ivo Prova")
        self.round()
        erasure = self.of(pathway).with_user(self.officer)
        for sooner in (erasure.action_erase, lambda: erasure.write({"date_planned": self.today})):
            with self.assertRaisesRegex(UserError, "not before"):
                sooner()
        self.assertEqual((erasure.state, pathway.partner_id.name), ("planned", "Ivo Prova"))
        erasure.date_planned += timedelta(days=9)
        erasure.sudo().date_planned = self.today
        erasure.action_erase()
        self.assertEqual(erasure.state, "done")

    def test_the_officer_calls_off_once_and_not_what_is_done(self):
        erasure = self.erasures.with_user(self.officer).create({"partner_id": self.person.id})
        erasure.action_cancel()
        for name in ("action_cancel", "action_erase"):
            with self.assertRaises(UserError, msg=name):
                getattr(erasure, name)()
        self.assertEqual((erasure.state, erasure.date_done, self.person.name), ("cancelled", False, "Ada Prova"))
        done = self.erasures.with_user(self.officer).create({"partner_id": self.idle("Ivo Prova").partner_id.id})
        done.action_erase()
        with self.assertRaises(UserError):
            done.action_cancel()
        self.assertEqual(self._log(done), [("planned", "done")])
