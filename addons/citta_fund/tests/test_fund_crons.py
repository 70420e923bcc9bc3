from unittest.mock import patch

from odoo.tests import tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestCrons(FundCommon):
    """The scheduled jobs, without the commits that end each of their steps."""

    def setUp(self):
        super().setUp()
        self.commits = self.startPatcher(patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60.0))
        self.citizen.email = "invented@example.org"

    def mails(self, record):
        """How many letters about a record are queued."""
        return self.env["mail.mail"].sudo().search_count([("model", "=", record._name), ("res_id", "in", record.ids)])

    def test_late_pledges_are_reminded_once_and_only_where_the_fund_wants_it(self):
        late, paid = self.pledge(5, date="2026-01-01", date_due="2026-01-31"), self.pledge(5, date="2026-01-01", date_due="2026-01-31")
        self.env["citta.donation"]._post_from_statement_line(self.bank_line(5), pledge=paid)
        self.env["citta.pledge"]._cron_remind()
        self.assertFalse(self.mails(late))
        self.fund.remind_late = True
        for _day in range(2):
            self.env["citta.pledge"]._cron_remind()
        self.assertEqual((self.mails(late), self.mails(paid)), (1, 0))
        other = self.pledge(5, date="2026-01-01", date_due="2026-01-31")
        self.fund.active = False
        self.env["citta.pledge"]._cron_remind()
        self.assertFalse(self.mails(other), "a closed fund reminds of nothing")

    def test_months_that_were_missed_are_asked_for_one_a_run(self):
        monthly = self.pledge(5, date="2026-01-15", recurrence="monthly")
        self.env["citta.pledge"]._cron_remind()
        self.assertEqual((monthly.instalments, self.mails(monthly)), (2, 1))

    def test_who_never_paid_is_left_in_peace(self):
        """Anybody may type an address into the form on the web."""
        never, once = (self.pledge(5, date="2025-01-15", recurrence="monthly") for _n in range(2))
        self.env["citta.donation"]._post_from_statement_line(self.bank_line(5), pledge=once)
        for _day in range(5):
            self.env["citta.pledge"]._cron_remind()
        self.assertEqual((self.mails(never), bool(never.date_stopped)), (3, True))
        self.assertEqual((self.mails(once), bool(once.date_stopped)), (5, False))

    def test_runs_are_worked_off(self):
        self.post(10).wants_receipt = True
        run = self.env["citta.receipt.run"].with_user(self.treasurer).create({"company_id": self.company.id, "year": 2026})
        run.action_queue()
        # sudo: as the scheduler runs its jobs
        self.env["citta.receipt.run"].sudo()._cron_work()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.receipt_count), ("done", 1))
        self.assertTrue(self.commits.called)

    def test_queue_is_worked_off(self):
        line = self.bank_line(10, payment_ref=self.pledge(10).reference)
        line.sudo().citta_queued_by_id = self.treasurer
        self.env["account.bank.statement.line"]._cron_post_queued()
        self.assertTrue(line.is_reconciled)
        self.assertFalse(line.citta_queued_by_id)
