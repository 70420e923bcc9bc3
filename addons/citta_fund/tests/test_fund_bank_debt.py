from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestBankDebt(FundCommon):
    """A sponsor's transfer closes what it owes there, all of it and not a cent more; whose money it is must be known."""

    def setUp(self):
        super().setUp()
        self.post(1000, self.district)

    def line(self, amount, **vals):
        """What came, as the treasurer sees it."""
        return self.bank_line(amount, **vals).with_user(self.treasurer).with_company(self.company)

    def owed(self, rule=None):
        """What the sponsor owes now."""
        rule = rule or self.rule
        self.env.flush_all()
        rule.invalidate_recordset()
        return rule.owed

    def open_items(self, partner):
        """Receivables that stand open for a partner, wherever."""
        return self.env["account.move.line"].search([
            ("partner_id", "=", partner.id), ("account_type", "=", "asset_receivable"), ("reconciled", "=", False), ("parent_state", "=", "posted"),
        ])

    def assert_all_hold(self):
        """Every invariant of the fund."""
        rows = self.env["citta.fund.check"]._run(self.company)
        self.assertFalse([(row.code, row.findings) for row in rows if not row.is_ok])

    def test_two_transfers_in_one_call_do_not_pay_it_twice(self):
        lines = self.line(600, partner_id=self.foundation.id) | self.line(600, partner_id=self.foundation.id)
        self.assertEqual(lines.mapped("citta_certainty"), ["sponsor", "sponsor"])
        with self.assertRaisesRegex(UserError, "No sponsor"), self.env.cr.savepoint():
            lines.action_citta_post_debt()
        lines[0].action_citta_post_debt()
        self.assertEqual((self.owed(), lines[1].with_user(self.treasurer).citta_certainty == "sponsor"), (400, False))
        self.assert_all_hold()

    def test_it_is_closed_on_each_account_where_it_is_owed(self):
        account = self.foundation.with_company(self.company).property_account_receivable_id
        self.foundation.with_company(self.company).property_account_receivable_id = account.copy({"code": "150299"})
        self.post(500, self.district)
        self.line(1200, partner_id=self.foundation.id).action_citta_post_debt()
        self.assertEqual(self.owed(), 300)
        self.assertEqual(sum(self.open_items(self.foundation).mapped("amount_residual")), 300)
        self.assertTrue(all(item.amount_residual > 0 for item in self.open_items(self.foundation)), "nothing paid is left beside what is owed")
        self.line(300, partner_id=self.foundation.id).action_citta_post_debt()
        self.assertFalse(self.open_items(self.foundation))
        self.assert_all_hold()

    def test_each_fund_is_paid_on_its_own_account(self):
        bank = self.bank.copy({"code": "OTH"})
        other = self.fund.copy({"code": "other", "bank_journal_id": bank.id, "line_ids": [Command.create({"name": "x", "code": "x"})]})
        rule = self.rule.copy({"fund_id": other.id, "donor_ids": False})
        line = self.bank_line(70, journal_id=bank.id, date="2026-02-01").with_user(self.treasurer)
        self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(line, vals={"partner_id": self.citizen.id})
        self.assertEqual((self.owed(), self.owed(rule)), (1000, 70))
        self.line(50, partner_id=self.foundation.id).action_citta_post_debt()
        self.assertEqual((self.owed(), self.owed(rule)), (950, 70), "the older debt is another fund's")
        both = self.line(100, partner_id=self.foundation.id) | self.line(100, journal_id=bank.id, partner_id=self.foundation.id)
        self.assertEqual([certainty == "sponsor" for certainty in both.mapped("citta_certainty")], [True, False])
        self.assert_all_hold()

    def test_a_known_sponsor_is_not_taken_for_a_namesake_that_has_promised(self):
        self.pledge(50, self.foundation.copy({"name": self.foundation.name}))
        line = self.line(50, partner_id=self.foundation.id)
        self.assertEqual((line.citta_certainty, line.citta_donor_id), ("sponsor", self.foundation))

    def test_a_named_pledge_is_looked_at_also_with_a_slip(self):
        pledge = self.pledge(80, self.foundation, reference="RF51CAL000002")
        for named in (pledge.reference, "RF51CAL000003", "CAL000002"):
            with self.subTest(named=named):
                line = self.line(80, partner_id=self.foundation.id, payment_ref=named)
                self.assertNotIn(line.citta_certainty, ("sponsor", "certain"))
                self.assertIn("still owes", line.citta_reasons)
        line.citta_pledge_id = pledge
        line.action_citta_post_gift()
        self.assertEqual((self.owed(), pledge.state, self.figures()["received"]), (1000, "received", 1080))

    def test_the_next_transfer_from_the_account_is_known(self):
        iban = "IT49Z9999901600000000000025"
        line = self.line(100, account_number=iban)
        line.citta_donor_id = self.foundation
        line.action_citta_post_debt()
        self.assertEqual((line.partner_id, self.line(100, account_number=iban).citta_certainty), (self.foundation, "sponsor"))
        line.action_undo_reconciliation()
        self.assertEqual(self.owed(), 1000)
        self.assert_all_hold()
