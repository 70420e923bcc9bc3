from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import new_test_user, tagged

from .common import FundCommon
from .test_fund_page import WebCommon


@tagged("post_install", "-at_install")
class TestRecurring(FundCommon):
    """A gift of every month: one reference, one reminder a month, until it is stopped."""

    def setUp(self):
        super().setUp()
        self.citizen.email = "citizen@example.org"
        self.monthly = self.pledge(20, date="2026-01-31", recurrence="monthly")

    def reminders(self, pledge):
        """How many letters are queued."""
        return self.env["mail.mail"].sudo().search_count([("model", "=", "citta.pledge"), ("res_id", "=", pledge.id)])

    def give(self, amount=20):
        """The donor's transfer of a month."""
        line = self.bank_line(amount, payment_ref=self.monthly.reference).with_user(self.treasurer).with_company(self.company)
        certainty = line.citta_certainty
        line.action_citta_post_gift()
        return certainty

    def test_a_closed_fund_asks_for_nothing(self):
        self.fund.active = False
        self.assertFalse(self.monthly.date_next, "neither a reminder nor a charge of the card")
        self.fund.active = True
        self.assertTrue(self.monthly.date_next)

    def test_months_are_asked_for_one_by_one(self):
        self.assertEqual((str(self.monthly.date_next), self.monthly.amount_open), ("2026-02-28", 20))
        self.assertEqual(self.give(), "certain")
        self.assertEqual((self.monthly.state, self.monthly.amount_open), ("received", 0))
        for day, open_sum in (("2026-03-31", 20), ("2026-04-30", 40)):
            self.monthly._ask_next()
            self.assertEqual((str(self.monthly.date_next), self.monthly.amount_open), (day, open_sum))
        self.assertEqual((self.monthly.state, self.reminders(self.monthly)), ("partial", 2))

    def test_standing_order_that_comes_early_is_certain(self):
        self.assertEqual([self.give(), self.give(), self.give(30)], ["certain", "certain", "likely"])
        self.assertEqual(len(self.monthly.donation_ids), 3)

    @freeze_time("2026-03-05")
    def test_who_is_due_today(self):
        today = self.env["citta.pledge"]
        due = today.search([("date_next", "<=", "2026-03-05"), ("fund_id", "=", self.fund.id)])
        self.assertEqual(due, self.monthly)
        self.monthly._ask_next()
        self.assertFalse(today.search([("date_next", "<=", "2026-03-05"), ("fund_id", "=", self.fund.id)]))

    def test_stopped_and_cancelled_ones_are_asked_no_more(self):
        self.monthly.with_user(self.officer).action_stop()
        self.assertTrue(self.monthly.date_stopped)
        self.assertFalse(self.monthly.date_next)
        other = self.pledge(5, recurrence="monthly")
        other.action_cancel()
        self.assertFalse(other.date_next)
        self.assertFalse(self.pledge(5).date_next)

    def test_facts_are_not_set_by_hand(self):
        for vals in ({"instalments": 9}, {"date_stopped": "2026-01-01"}, {"date_reminded": "2026-01-01"}):
            with self.subTest(vals), self.assertRaisesRegex(UserError, "by hand"):
                self.monthly.with_user(self.officer).write(vals)
        for user in (self.auditor, self.operator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.monthly.with_user(user).action_stop()
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.monthly.with_user(user).action_remind()

    def test_thanks_open_the_letter(self):
        gift = self.post(10)
        self.assertEqual(gift.with_user(self.officer).action_thank()["context"]["default_res_ids"], gift.ids)


@tagged("post_install", "-at_install")
class TestRecurringPages(WebCommon):
    """The donor chooses every month, and stops it, without asking anybody."""

    def test_from_the_form_to_the_stop(self):
        page = self.send(recurrence="monthly")
        pledge = self.env["citta.pledge"].search([("fund_id", "=", self.fund.id)])
        self.assertEqual((pledge.recurrence, pledge.amount), ("monthly", 50))
        self.assertIn("You give every month", page.text)
        tree = self.get_page(f"/fondo/prova/dona/{pledge.access_token}")
        form = tree.get_element_by_id("monthly").find("form")
        answer = self.url_open(form.get("action"), data={"csrf_token": form.fields["csrf_token"]})
        self.assertIn("was stopped", answer.text)
        self.assertTrue(pledge.date_stopped)

    def test_unknown_recurrence_is_refused(self):
        self.assertIn("once or every month", self.send(recurrence="daily").text)

    def test_portal_stops_only_own(self):
        groups = self.env.ref("base.group_portal").ids
        donor = new_test_user(self.env, "monthly_a", groups="base.group_portal")
        other = new_test_user(self.env, "monthly_b", groups="base.group_portal")
        donor.group_ids = other.group_ids = [Command.set(groups)]
        pledge = self.pledge(5, donor.partner_id, recurrence="monthly")
        self.authenticate("monthly_b", "monthly_b")

        self.assertEqual(self.url_open(f"/my/donazioni/promessa/{pledge.id}/ferma", data={"csrf_token": Request.csrf_token(self)}).status_code, 404)
        self.assertFalse(pledge.date_stopped)
        self.authenticate("monthly_a", "monthly_a")
        form = self.get_page("/my/donazioni").xpath("//form[contains(@action, '/ferma')]")[0]
        self.url_open(form.get("action"), data={"csrf_token": form.fields["csrf_token"]})
        self.assertTrue(pledge.date_stopped)
