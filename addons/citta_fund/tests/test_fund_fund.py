from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestFund(FundCommon):

    def refused(self, function):
        """The database refuses."""
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            function()
            self.env.flush_all()

    def test_new_fund_has_its_posting_rules(self):
        self.assertEqual(sorted(self.fund.posting_rule_ids.mapped("kind")), ["conditional", "free", "tied"])
        other = self.env["citta.fund"].create({"name": "Second", "code": "second", "company_id": self.company.id})
        for kind in ("free", "tied", "conditional"):
            self.assertEqual(other._get_gift_account(kind), self.fund._get_gift_account(kind), "one account for all funds of a company")
        other.posting_rule_ids.filtered(lambda rule: rule.kind == "tied").unlink()
        other.action_propose_posting_rules()
        self.assertEqual(len(other.posting_rule_ids), 3)

    def test_what_the_database_refuses(self):
        self.refused(lambda: self.fund.copy({"code": self.fund.code}))
        for vals in ({"code": "Has Blanks"}, {"code": "-x"}, {"endowment_share": 101}, {"goal_amount": -1}):
            with self.subTest(vals=vals):
                self.refused(lambda vals=vals: self.fund.write(vals))
        self.refused(lambda: self.labs.copy())
        self.refused(lambda: self.env["citta.posting.rule"].create(
            {"fund_id": self.fund.id, "kind": "free", "account_id": self.fund._get_gift_account("free").id}
        ))
        for vals in ({"factor": 0}, {"ceiling_pot": -1}, {"ceiling_gift": -1}, {"date_from": "2026-02-01", "date_to": "2026-01-01"}):
            with self.subTest(vals=vals):
                self.refused(lambda vals=vals: self.rule.write(vals))

    def test_figures_without_items(self):
        self.assertEqual(self.figures(), dict.fromkeys(("received", "matched", "yielded", "endowed", "committed", "paid", "free"), 0))
        self.assertEqual(self.labs.free, 0)

    def test_paid_money_lowers_the_free_balance(self):
        self.post(100)
        account = self.company_data["default_account_expense"]
        move = self.env["account.move"].create({"move_type": "entry", "journal_id": self.fund.journal_id.id, "line_ids": [
            Command.create({"account_id": account.id, "balance": 30, "citta_fund_line_id": self.labs.id, "citta_nature": "aid"}),
            Command.create({"account_id": self.bank.default_account_id.id, "balance": -30}),
        ]})
        self.assertEqual(self.figures()["paid"], 0, "drafts do not count")
        move.action_post()
        self.assertEqual((self.figures()["paid"], self.figures()["free"], self.labs.free), (30, 70, 70))

    def test_item_has_both_dimensions_or_none(self):
        self.refused(lambda: self.env["account.move"].create({"move_type": "entry", "journal_id": self.fund.journal_id.id, "line_ids": [
            Command.create({"account_id": self.company_data["default_account_expense"].id, "balance": 0, "citta_nature": "aid"}),
        ]}))

    def test_gift_of_another_funds_initiative_is_refused(self):
        other = self.env["citta.fund"].create({
            "name": "Second", "code": "second", "company_id": self.company.id, "line_ids": [Command.create({"name": "Else", "code": "else"})],
        })
        with self.assertRaises(ValidationError):
            self.env["citta.donation"].create({
                "fund_id": self.fund.id, "amount": 5, "line_ids": [Command.create({"fund_line_id": other.line_ids.id, "amount": 5})],
            })
        with self.assertRaises(UserError):
            self.pledge(5, fund_line_id=other.line_ids.id)
        with self.assertRaises(ValidationError):
            self.env["citta.donation"].create({"fund_id": other.id, "amount": 5, "pledge_id": self.pledge(5).id})

    def test_only_fund_is_proposed(self):
        gifts = self.env["citta.donation"].with_user(self.officer)
        gift = gifts.create({"amount": 5})
        self.assertEqual((gift.fund_id, gift.line_ids.amount), (self.fund, 5))
        self.assertEqual(gifts.create({"amount": 5, "pledge_id": self.pledge(5).id}).fund_id, self.fund)
        self.fund.copy({"code": "second"})
        self.assertFalse(gifts.default_get(["fund_id"]).get("fund_id"), "two funds: the officer chooses")

    def test_officer_fills_the_gift_form(self):
        form = Form(self.env["citta.donation"].with_user(self.officer))
        form.fund_id = self.fund
        form.partner_id = self.citizen
        form.means = "cash"
        form.amount = 12.5
        gift = form.save()
        self.assertEqual((gift.line_ids.fund_line_id, gift.line_ids.amount), (self.labs, 12.5))
        with Form(gift) as form:
            form.amount = 20
        self.assertEqual(gift.line_ids.amount, 20)

    def test_stat_buttons_open_the_own_records(self):
        gift, pledge = self.post(5), self.pledge(5)
        self.assertEqual((self.fund.donation_count, self.fund.pledge_count), (1, 1))
        self.assertEqual(self.env["citta.donation"].search(self.fund.action_view_donations()["domain"]), gift)
        self.assertEqual(self.env["citta.pledge"].search(self.fund.action_view_pledges()["domain"]), pledge)
        items = self.env["account.move.line"].search(self.fund.action_view_items()["domain"])
        self.assertEqual(items, gift.move_id.line_ids.filtered("citta_nature"))
        self.assertEqual(self.fund.with_user(self.operator).donation_count, 0)

    def test_only_the_administrator_sets_the_fund_up(self):
        for user in (self.operator, self.officer, self.treasurer, self.auditor):
            with self.assertRaises(AccessError):
                self.fund.with_user(user).write({"name": "Other"})
        self.fund.with_user(self.fund_admin).write({"name": "Other"})

    def test_used_initiative_is_not_deleted(self):
        self.post(5)
        self.refused(lambda: self.labs.unlink())

    def test_analytic_account_is_carried(self):
        plan = self.env["account.analytic.plan"].sudo().create({"name": "Invented plan"})
        account = self.env["account.analytic.account"].sudo().create({"name": "Invented account", "plan_id": plan.id, "company_id": self.company.id})
        self.fund.sudo().analytic_account_id = account
        item = self.post(5).move_id.line_ids.filtered("citta_nature")
        self.assertEqual(item.analytic_distribution, {str(account.id): 100})
