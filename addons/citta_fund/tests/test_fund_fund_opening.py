from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestFundOpening(FundCommon):
    """A fund that is older than the books starts with what it had; an endowment keeps its capital."""

    def open(self, received=1000, paid=400, user=None, **vals):
        """Post opening balances of the first initiative."""
        opening = self.env["citta.fund.opening"].with_user(user or self.treasurer).create({
            "fund_id": self.fund.id, "account_id": self.bank.default_account_id.id, "date": "2026-01-01",
            "line_ids": [Command.create({"fund_line_id": self.labs.id, "kind": "tied", "received": received, "paid": paid})], **vals,
        })
        opening.action_post()
        return opening

    def item(self, nature, balance, account=None):
        """An entry by hand."""
        move = self.env["account.move"].create({"move_type": "entry", "journal_id": self.fund.journal_id.id, "line_ids": [
            Command.create({
                "account_id": (account or self.company_data["default_account_revenue"]).id, "balance": balance, "citta_fund_line_id": self.labs.id, "citta_nature": nature,
            }),
            Command.create({"account_id": self.bank.default_account_id.id, "balance": -balance}),
        ]})
        move.action_post()
        return move

    def test_opening_balances(self):
        self.assertEqual(self.open().free, 600)
        figures = self.figures()
        self.assertEqual((figures["received"], figures["paid"], figures["free"], self.labs.free), (1000, 400, 600, 600))
        items = self.fund.opening_move_id.line_ids
        self.assertEqual(items.filtered("citta_nature").account_id, self.fund._get_gift_account("tied"))
        self.assertEqual(items.filtered(lambda item: not item.citta_nature).balance, 600)
        rows = self.env["citta.fund.check"]._run(self.company)
        self.assertFalse([(row.code, row.findings) for row in rows if not row.is_ok])
        self.assertEqual(self.fund.sudo()._get_public_values()["collected"], 1000)

    def test_once_and_undone_by_a_reversal(self):
        opening = self.open()
        with self.assertRaises(UserError):
            opening.action_post()
        with self.assertRaises(UserError):
            self.open()
        with self.assertRaises(UserError):
            self.fund.opening_move_id.button_draft()
        self.fund.with_user(self.treasurer).action_undo_opening()
        self.assertEqual(self.figures()["free"], 0)
        self.open(received=5, paid=0)
        self.assertEqual(self.figures()["free"], 5)

    def test_initiatives_are_proposed(self):
        form = Form(self.env["citta.fund.opening"].with_user(self.treasurer).with_context(default_fund_id=self.fund.id))
        form.account_id = self.bank.default_account_id
        with form.line_ids.edit(1) as line:
            self.assertEqual(line.fund_line_id, self.aid)
            line.received = 12.5
        form.save().action_post()
        self.assertEqual(self.aid.free, 12.5)

    def test_what_is_refused(self):
        with self.assertRaises(UserError):
            self.open(received=0, paid=0)
        other = self.env["citta.fund"].create({
            "name": "Second", "code": "second", "company_id": self.company.id, "line_ids": [Command.create({"name": "Else", "code": "else"})],
        })
        with self.assertRaises(UserError):
            self.open(line_ids=[Command.create({"fund_line_id": other.line_ids.id, "received": 5})])
        for user in (self.officer, self.auditor, self.operator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.open(user=user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.fund.with_user(user).action_undo_opening()
        for nature in ("opening", "opening_paid"):
            with self.subTest(nature), self.assertRaises(UserError):
                self.env["account.move.line"].with_user(self.fund_admin)._citta_check_nature({"citta_nature": nature})

    # -- endowment -----------------------------------------------------------

    def test_capital_is_not_free(self):
        self.fund.endowment_share = 40
        self.post(1000)
        figures = self.figures()
        self.assertEqual((figures["received"], figures["endowed"], figures["free"], self.labs.free), (1000, 400, 600, 600))
        self.item("yield", -25)
        figures = self.figures()
        self.assertEqual((figures["received"], figures["yielded"], figures["free"]), (1000, 25, 625))
        self.post(100).action_refund()
        self.assertEqual(self.figures()["endowed"], 400, "what went back is no capital")

    def test_part_of_the_capital_is_spent_each_year(self):
        self.fund.write({"endowment_share": 100, "spending_rule": "rate", "spending_rate": 10})
        self.open(received=1000, paid=0, date="2024-06-30")
        years = self.env.cr.now().year - 2024
        self.assertAlmostEqual(self.figures()["endowed"], round(1000 * 0.9 ** years, 2), 2)
        self.fund.spending_rule = "yield"
        self.assertEqual((self.figures()["endowed"], self.figures()["free"]), (1000, 0))

    def test_public_page_and_table_say_so(self):
        self.post(1000)
        names = [name for name, _title in self.fund.sudo()._get_public_values()["shown"]]
        self.assertEqual(names, ["received", "matched", "committed", "paid", "free"])
        self.fund.endowment_share = 40
        table = self.fund._get_public_table()
        self.assertEqual(len(table[0]), 8)
        self.assertEqual(table[-1][1:], [1000, 0, 0, 400, 0, 0, 600])
