from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestFundLine(FundCommon):

    def make_fund(self, code="second"):
        """Another fund of the same books, with an initiative of the same code."""
        return self.env["citta.fund"].create({
            "name": f"Fund {code}", "code": code, "company_id": self.company.id, "bank_journal_id": self.bank.id,
            "journal_id": self.fund.journal_id.id, "line_ids": [Command.create({"name": "Labs", "code": "labs"})],
        })

    def test_code_is_unique_in_a_fund_only(self):
        self.assertEqual(self.make_fund().line_ids.code, self.labs.code)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["citta.fund.line"].create({"name": "Again", "code": "labs", "fund_id": self.fund.id})

    def test_first_in_order_is_proposed(self):
        self.labs.sequence, self.aid.sequence = 20, 10
        self.fund.invalidate_recordset()
        self.assertEqual(self.fund.default_line_id, self.aid)
        self.assertEqual(self.post(10).line_ids.fund_line_id, self.aid)

    def test_archived_initiative_keeps_its_money(self):
        self.post(10)
        self.labs.active = False
        self.fund.invalidate_recordset()
        self.assertEqual(self.fund.default_line_id, self.aid)
        self.assertEqual(self.post(5).line_ids.fund_line_id, self.aid)
        self.assertEqual((self.figures()["received"], self.labs.free, self.aid.free), (15, 10, 5))

    def test_balances_add_up_to_the_funds(self):
        self.post(33.33, line_ids=[Command.create({"fund_line_id": self.labs.id, "amount": 11.11}), Command.create({"fund_line_id": self.aid.id, "amount": 22.22})])
        self.post(10, self.district)
        self.env.invalidate_all()
        self.assertEqual((self.labs.free, self.aid.free), (31.11, 22.22))
        self.assertAlmostEqual(self.labs.free + self.aid.free, self.fund.free, 2)

    def test_posted_item_keeps_its_initiative(self):
        item = self.post(10).move_id.line_ids.filtered("citta_nature")
        for vals in ({"citta_fund_line_id": self.aid.id}, {"citta_nature": "aid"}):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                item.write(vals)
        self.assertEqual((item.citta_fund_line_id, item.citta_nature), (self.labs, "gift"))

    def test_only_the_administrator_makes_them(self):
        vals = {"name": "New", "code": "new", "fund_id": self.fund.id}
        for user in (self.operator, self.officer, self.treasurer, self.auditor):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.env["citta.fund.line"].with_user(user).create(vals)
                with self.assertRaises(AccessError):
                    self.labs.with_user(user).write({"name": "Other"})
                with self.assertRaises(AccessError):
                    self.aid.with_user(user).unlink()
        made = self.env["citta.fund.line"].with_user(self.fund_admin).create(vals)
        self.assertEqual(made.company_id, self.company)
        made.unlink()
        self.assertFalse(made.exists())

    def test_two_funds_are_kept_apart(self):
        other = self.make_fund()
        self.post(100, self.district, fund_id=self.fund.id)
        gift = self.post(30, self.district, fund_id=other.id)
        self.assertFalse(gift.match_entry_ids, "the rule is the first fund's")
        self.env.flush_all()
        figures = (self.fund | other)._get_figures()
        self.assertEqual([figures[fund.id]["received"] for fund in (self.fund, other)], [100, 30])
        self.assertEqual([figures[fund.id]["matched"] for fund in (self.fund, other)], [100, 0])
        self.assertEqual((self.labs.free, other.line_ids.free), (200, 30))
        gift.action_undo()
        self.assertEqual((self.figures()["free"], other._get_figures()[other.id]["free"]), (200, 0))
        with self.assertRaisesRegex(UserError, "which fund"):
            self.post(5)
