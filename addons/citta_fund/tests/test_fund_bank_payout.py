from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .common import FundCommon
from .test_fund_payment_transaction import OnlineMixin


@tagged("post_install", "-at_install")
class TestBankPayout(OnlineMixin, FundCommon, AccountPaymentCommon):
    """A provider's transfer: many gifts, less the fee."""

    def setUp(self):
        super().setUp()
        self.expense = self.env["account.account"].create({"name": "Invented fees", "code": "699901", "account_type": "expense", "company_ids": self.company.ids})
        self.fund.fee_account_id = self.expense
        self.gifts = self.env["citta.donation"].concat(*(self.confirm(self.pay(self.pledge(50))) for _n in range(2)))
        self.env["account.move"].flush_model()

    def line(self, amount, **vals):
        """What the provider transfers, seen by the treasurer."""
        line = self.bank_line(amount, date=self.gifts[0].date_received, **vals)
        return line.with_user(self.treasurer).with_company(self.company)

    def open_items(self):
        """What still waits for a payout."""
        return self.gifts.move_id.line_ids.filtered(lambda item: not item.citta_nature and not item.reconciled)

    def test_fee_is_split_off(self):
        line = self.line(98.2)
        self.assertEqual((line.citta_certainty, line.citta_pledge_id.id), ("payout", False))
        self.assertIn("2 online gifts", line.citta_reasons)
        line.action_citta_post_payout()
        self.assertTrue(line.is_reconciled)
        self.assertFalse(self.open_items())
        self.assertEqual(line.move_id.line_ids.filtered(lambda item: item.account_id == self.expense).balance, 1.8)
        self.assertEqual(self.figures()["received"], 100, "no gift is counted twice")
        with self.assertRaises(UserError):
            line.action_citta_post_payout()
        line.action_undo_reconciliation()
        self.assertEqual(len(self.open_items()), 2)

    def test_named_gift_and_no_fee(self):
        second = self.gifts[1].payment_transaction_id
        line = self.line(50, payment_ref=f"payout {second.reference}")
        line.action_citta_post_payout()
        self.assertEqual(self.open_items().move_id, self.gifts[0].move_id)
        self.assertEqual(len(line.move_id.line_ids), 2)

    def test_gift_that_the_provider_gave_back_is_kept_from_the_payout(self):
        self.confirm(self.gifts[0].payment_transaction_id._create_child_transaction(50, is_refund=True))
        line = self.line(49)
        self.assertEqual(line.citta_certainty, "payout")
        self.assertIn("3 online gifts", line.citta_reasons)
        line.action_citta_post_payout()
        self.assertFalse(self.open_items())
        self.assertEqual(self.figures()["received"], 50)

    def test_what_fits_no_sum_is_no_payout(self):
        self.assertNotEqual(self.line(75).citta_certainty, "payout")
        with self.assertRaisesRegex(UserError, "No online gifts"):
            self.line(75).action_citta_post_payout()

    def test_transfer_of_the_same_sum_that_names_its_pledge_is_a_gift(self):
        pledge = self.pledge(100)
        line = self.line(100, payment_ref=pledge.reference)
        self.assertEqual((line.citta_certainty, line.citta_pledge_id), ("certain", pledge))

    def test_transfer_of_the_same_sum_from_a_sponsor_pays_what_it_owes(self):
        self.post(500, self.district)
        self.assertEqual(self.line(98.2, partner_id=self.foundation.id).citta_certainty, "sponsor")

    def test_fee_needs_its_account(self):
        self.fund.fee_account_id = False
        with self.assertRaisesRegex(UserError, "account for fees"):
            self.line(98.2).action_citta_post_payout()
