from datetime import time, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.slots import to_utc
from .invitation_common import InvitationCase


@tagged("post_install", "-at_install")
class TestInvitationRound(InvitationCase):
    """The daily round: twice on a day does it once. Many at once: nobody is lost."""

    def round(self, times=2):
        for _again in range(times):
            self.env["citta.invitation"]._cron_invitations()
        self.env.invalidate_all()

    def tomorrow(self, hour=10):
        """A booked invitation for tomorrow."""
        item = self._booked()
        # sudo: only the calendar moves the meeting
        event = item.sudo().event_id.with_context(dont_notify=True)
        start = to_utc(self.today + timedelta(days=1), time(hour), "Europe/Rome")
        event.write({"start": start, "stop": start + timedelta(hours=1)})
        return item

    # -- reminders -----------------------------------------------------------------

    def test_reminded_the_day_before_and_once(self):
        item = self.tomorrow()
        far = self._booked(self.pathway, self.second)
        letters = len(self._mails(item))
        self.round()
        self.assertEqual(len(self._mails(item)), letters + 1)
        self.assertEqual(item.date_reminded, item.date_meeting)
        self.assertFalse(far.date_reminded)

    def test_another_time_is_reminded_of_again(self):
        item = self.tomorrow()
        self.round(1)
        letters = len(self._mails(item))
        item.sudo().event_id.with_context(dont_notify=True).write({
            "start": item.date_meeting + timedelta(hours=2), "stop": item.date_meeting + timedelta(hours=3),
        })
        self.round()
        self.assertEqual(len(self._mails(item)), letters + 1)

    def test_from_midnight_to_midnight_where_people_are(self):
        for hour in (0, 23):
            with self.subTest(hour=hour):
                item = self.tomorrow(hour)
                self.round()
                self.assertTrue(item.date_reminded)
                item.action_cancel()
                self.env.flush_all()

    def test_who_cannot_be_written_to_is_called(self):
        self.lead.write({"street": "Via Finta 1", "zip": "20096", "city": "Pioltello"})
        item = self._sent(channel="letter")
        self.lead.email_from = False
        item.sudo()._choose(self.first.sudo())
        self.assertFalse(self._calls(self.lead))
        with freeze_time(self.first.start - timedelta(days=1)):
            self.round()
        self.assertEqual(len(self._calls(self.lead)), 1)

    # -- no answer -----------------------------------------------------------------

    def test_asked_again_after_a_week_and_once(self):
        item = self._sent()
        for days, letters in ((6, 1), (7, 2), (8, 2), (14, 2)):
            item.sudo().date_sent = self.today - timedelta(days=days)
            self.round()
            self.assertEqual((len(self._mails(item)), item.state), (letters, "sent"), days)
        self.assertEqual(item.sendings, 2)

    def test_who_has_chosen_is_not_asked_again(self):
        item = self._booked()
        item.sudo().date_sent = self.today - timedelta(days=9)
        self.round()
        self.assertEqual((item.sendings, item.state), (1, "booked"))

    def test_no_answer_ends_in_a_call(self):
        item = self._sent()
        item.sudo().write({"date_expiry": self.today, "sendings": 2})
        self.round()
        self.assertEqual(item.state, "sent")
        item.date_expiry = self.today - timedelta(days=1)
        self.round()
        self.assertEqual((item.state, len(self._calls(self.lead))), ("expired", 1))

    def test_who_is_not_to_be_invited_any_more_gets_no_letter(self):
        item = self.tomorrow()
        letters = len(self._mails(item))
        self.lead.citta_consent_ids.action_withdraw()
        self.round()
        self.assertEqual((item.state, len(self._mails(item)), self.first.taken), ("cancelled", letters, 0))

    # -- many at once ----------------------------------------------------------------

    def bulk(self, records, user=None, **values):
        wizards = self.env["citta.invitation.bulk"].with_user(user or self.operator)
        return wizards.with_context(active_model=records._name, active_ids=records.ids).create(values)

    def test_many_are_invited_and_the_others_reported(self):
        bare, refused, invited = self._lead(email_from=False, contact_name="Bea Senza"), self._lead(consent=False), self._lead()
        self._sent(invited)
        chosen = self.lead | bare | refused | invited
        wizard = self.bulk(chosen)
        self.assertEqual((wizard.ready, len(wizard.left_out.splitlines())), (1, 3))
        self.assertIn("Bea Senza", wizard.left_out)
        items = self.env["citta.invitation"].search(wizard.action_confirm()["domain"])
        self.assertEqual((items.lead_id, items.state), (self.lead, "sent"))
        for lead in (bare, refused, invited):
            self.assertEqual(len(self._calls(lead)), 1)
        with self.assertRaises(UserError):
            self.bulk(chosen).action_confirm()

    def test_many_pathways_too(self):
        wizard = self.bulk(self.pathway)
        self.assertEqual(wizard.ready, 1)
        wizard.action_confirm()
        self.assertEqual(self.pathway.citta_invitation_ids.state, "sent")
        action = self.lead.with_user(self.operator).action_invite_many()
        self.assertEqual(action["context"]["active_ids"], self.lead.ids)

    def test_never_beyond_the_scope(self):
        with self.assertRaises(UserError):
            self.bulk(self.pathway | self.of_b).action_confirm()
        self.assertFalse(self.of_b.citta_invitation_ids)
        with self.assertRaises(AccessError):
            self.bulk(self.lead, self.employee).action_confirm()

    # -- erasure -----------------------------------------------------------------------

    def test_erased_is_invited_no_more(self):
        item = self._booked()
        officer = self._user("p_officer", "privacy_officer", self.body_a, self.east)
        self.env["citta.privacy.erasure"].with_user(officer).create({"lead_id": self.lead.id}).action_erase()
        self.env.invalidate_all()
        self.assertEqual((item.sudo().state, item.sudo().token, item.sudo().message), ("cancelled", False, False))
        self.assertEqual((self.first._claim_used("places"), self.first.taken), (0, 0))
        self.assertFalse(self.env["calendar.event"].search([("name", "ilike", "Aldo")]))

    def test_a_meeting_is_a_sign_of_life(self):
        item = self._booked(self.pathway)
        self._pass(item)
        queries = self.env["citta.privacy.registry"]._get_activity_queries()
        days = [row[1] for query in queries for row in self.env.execute_query(query) if row[0] == self.pathway.partner_id.id and row[1]]
        self.assertIn(fields.Datetime.to_datetime(item.date_meeting).date(), days)
