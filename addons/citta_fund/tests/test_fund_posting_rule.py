from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestPostingRule(FundCommon):

    def rule_of(self, kind):
        """The fund's rule for a kind of gift."""
        return self.fund.posting_rule_ids.filtered(lambda rule: rule.kind == kind)

    def account_of(self, gift):
        """Where a gift was credited."""
        return gift.move_id.line_ids.filtered("citta_nature").account_id

    def make_account(self, account_type, code, **vals):
        return self.env["account.account"].create({
            "name": f"Invented {account_type}", "code": code, "account_type": account_type, "company_ids": self.company.ids, **vals,
        })

    def test_each_kind_is_credited_by_its_rule(self):
        for kind in ("free", "tied", "conditional"):
            with self.subTest(kind=kind):
                self.assertEqual(self.account_of(self.post(10, kind=kind)), self.rule_of(kind).account_id)
        self.assertEqual(len(self.fund.posting_rule_ids.account_id), 3)
        self.assertEqual(self.figures()["received"], 30)

    def test_gift_takes_the_kind_of_its_pledge(self):
        pledge = self.pledge(10, kind="conditional")
        gift = self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(self.bank_line(10).with_user(self.treasurer), pledge=pledge)
        self.assertEqual(self.account_of(gift).account_type, "liability_current")

    def test_match_is_credited_by_the_rule_of_its_own_kind(self):
        self.rule.kind = "tied"
        gift = self.post(10, self.district, kind="free")
        credited = gift.match_entry_ids.move_id.line_ids.filtered("citta_nature").account_id
        self.assertEqual((self.account_of(gift).account_type, credited.account_type), ("income", "equity"))

    def test_changed_rule_is_for_later_gifts(self):
        before, old = self.post(10), self.rule_of("free").account_id
        new = self.make_account("income_other", "339999")
        self.rule_of("free").with_user(self.fund_admin).account_id = new
        self.assertEqual((self.account_of(before), self.account_of(self.post(20))), (old, new))
        self.assertEqual(self.figures()["received"], 30)

    def test_refund_leaves_the_account_of_the_gift(self):
        gift, old = self.post(10, self.district), self.rule_of("free").account_id
        self.rule_of("free").account_id = self.make_account("income_other", "339999")
        gift.action_refund()
        moves = gift.move_id | gift.refund_move_id | gift.match_entry_ids.move_id | gift.match_entry_ids.reversal_move_id
        items = moves.line_ids.filtered("citta_nature")
        self.assertEqual((len(items), items.account_id, sum(items.mapped("balance"))), (4, old, 0))

    def test_refund_works_without_the_rule(self):
        gift = self.post(10)
        self.rule_of("free").unlink()
        gift.action_refund()
        self.assertEqual((gift.state, self.figures()["received"]), ("refunded", 0))

    def test_account_of_the_wrong_sort_is_refused(self):
        accounts = {
            "bank": self.bank.default_account_id, "suspense": self.bank.suspense_account_id,
            "receivable": self.company_data["default_account_receivable"], "payable": self.company_data["default_account_payable"],
        }
        for name, account in accounts.items():
            with self.subTest(name), self.assertRaises(UserError):
                self.rule_of("free").account_id = account

    def test_money_does_not_wait_where_gifts_are_credited(self):
        with self.assertRaisesRegex(UserError, "not credited"):
            self.bank.suspense_account_id = self.rule_of("free").account_id
        other = self.bank.copy({"suspense_account_id": self.rule_of("free").account_id.id, "code": "BNX"})
        with self.assertRaisesRegex(UserError, "not credited"):
            self.fund.bank_journal_id = other

    def test_account_of_another_company_is_refused(self):
        company = self.env["res.company"].sudo().create({"name": "Other invented body"})
        account = self.make_account("income", "339998", company_ids=company.ids)
        with self.assertRaises(UserError):
            self.rule_of("free").account_id = account

    def test_used_account_is_not_deleted(self):
        account = self.make_account("income_other", "339999")
        self.rule_of("free").account_id = account
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            account.unlink()

    def test_kind_without_rule_posts_nothing(self):
        self.rule_of("tied").unlink()
        line = self.bank_line(10).with_user(self.treasurer)
        with self.assertRaisesRegex(UserError, "no posting rule"):
            self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(line, vals={"partner_id": self.citizen.id, "kind": "tied"})
        self.assertFalse(line.is_reconciled)
        self.assertFalse(self.env["citta.donation"].search([("fund_id", "=", self.fund.id)]))

    def test_only_the_administrator_changes_them(self):
        account = self.make_account("income_other", "339999")
        for user in (self.officer, self.treasurer, self.auditor, self.operator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.rule_of("free").with_user(user).write({"account_id": account.id})
        self.rule_of("free").with_user(self.fund_admin).write({"account_id": account.id})
        self.assertEqual(self.fund._get_gift_account("free"), account)
