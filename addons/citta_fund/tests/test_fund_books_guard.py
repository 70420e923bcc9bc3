from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestBooksGuard(FundCommon):
    """What stands in the books for a gift or a match comes and goes with it, whatever call is made."""

    def entry(self, nature, amount=-1000000):
        """An entry of the treasurer's own, as typed in or sent over RPC."""
        return self.env["account.move"].with_user(self.treasurer).create({
            "move_type": "entry", "journal_id": self.fund.journal_id.id, "line_ids": [
                Command.create({"account_id": self.company_data["default_account_revenue"].id, "balance": amount, "citta_fund_line_id": self.labs.id, "citta_nature": nature}),
                Command.create({"account_id": self.company_data["default_account_expense"].id, "balance": -amount}),
            ],
        })

    def test_no_gift_or_match_is_made_up(self):
        for nature in ("gift", "refund", "match"):
            with self.subTest(nature=nature), self.assertRaisesRegex(UserError, "posting the gift"):
                self.entry(nature)
        self.assertEqual(self.figures()["free"], 0)

    def test_a_draft_does_not_turn_into_a_match(self):
        draft = self.entry("grant", amount=100)
        item = draft.line_ids.filtered("citta_nature")
        with self.assertRaisesRegex(UserError, "posting the gift"):
            item.write({"citta_nature": "match"})
        draft.action_post()
        self.assertEqual(self.figures()["paid"], 100)

    def test_entries_of_gifts_and_matches_stay_posted(self):
        gift = self.post(100, self.district)
        for move in gift.move_id | gift.match_entry_ids.move_id:
            for state in ("draft", "cancel"):
                with self.subTest(move=move.name, state=state), self.assertRaisesRegex(UserError, "undo or refund"):
                    move.with_user(self.treasurer).write({"state": state})
        self.assertEqual((self.figures()["received"], self.figures()["matched"]), (100, 100))

    def test_an_entry_of_another_company_moves_nothing(self):
        other = self.env["res.company"].create({"name": "Invented other body"})
        account = self.env["account.account"].with_company(other).create({"name": "Aid", "code": "699902", "account_type": "expense", "company_ids": other.ids})
        journal = self.env["account.journal"].create({"name": "Other", "code": "OTH", "type": "general", "company_id": other.id})
        with self.assertRaisesRegex(UserError, "Initiative"):
            self.env["account.move"].create({"journal_id": journal.id, "line_ids": [
                Command.create({"account_id": account.id, "balance": 10, "citta_fund_line_id": self.labs.id, "citta_nature": "aid"}),
                Command.create({"account_id": account.id, "balance": -10}),
            ]})

    def test_a_copy_of_a_gifts_entry_is_no_gift(self):
        gift = self.post(100)
        self.env.invalidate_all()  # the next request reads what the database holds
        with self.assertRaisesRegex(UserError, "posting the gift"):
            gift.move_id.with_user(self.treasurer).copy()
        self.assertEqual(self.figures()["received"], 100)

    def test_a_receipt_is_not_voided_without_a_word(self):
        gift = self.post(50)
        receipt = gift.with_user(self.treasurer)._issue_receipt()
        for reason in ("", "   "):
            wizard = self.env["citta.receipt.void"].with_user(self.treasurer).create({"receipt_id": receipt.id, "reason": reason})
            with self.subTest(reason=reason), self.assertRaisesRegex(UserError, "Say why"):
                wizard.action_void()
        self.assertEqual(receipt.state, "issued")

    def test_the_amount_of_a_paid_pledge_stays(self):
        pledge = self.pledge(50)
        pledge.with_user(self.officer).write({"amount": 60})
        self.post(50, pledge_id=pledge.id)
        with self.assertRaisesRegex(UserError, "its amount stay"):
            pledge.with_user(self.officer).write({"amount": 99999})
        self.assertEqual(pledge.amount, 60)
