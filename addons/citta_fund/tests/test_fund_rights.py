from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import FundCommon

# Role → model → the operations it may do, of read, write, create, unlink. What is not named may not be done.
RIGHTS = {
    "operator": {"citta.fund": "r", "citta.fund.line": "r"},
    "officer": {
        "citta.fund": "r", "citta.fund.line": "r", "citta.pledge": "rwcu", "citta.donation": "rwcu", "citta.donation.line": "rwcu",
        "citta.match.rule": "r", "citta.match.entry": "r", "citta.tax.profile": "r", "citta.receipt": "r", "citta.receipt.line": "r",
    },
    "treasurer": {
        "citta.fund": "r", "citta.fund.line": "r", "citta.pledge": "rwcu", "citta.donation": "rwcu", "citta.donation.line": "rwcu",
        "citta.match.rule": "r", "citta.match.entry": "r", "citta.tax.profile": "r", "citta.receipt": "r", "citta.receipt.line": "r",
        "citta.posting.rule": "r", "citta.fund.check": "r", "citta.receipt.void": "rwc",
    },
    "fund_admin": {
        "citta.fund": "rwcu", "citta.fund.line": "rwcu", "citta.pledge": "rwcu", "citta.donation": "rwcu", "citta.donation.line": "rwcu",
        "citta.match.rule": "rwcu", "citta.match.entry": "r", "citta.tax.profile": "rwcu", "citta.receipt": "r", "citta.receipt.line": "r",
        "citta.posting.rule": "rwcu", "citta.fund.check": "r", "citta.receipt.void": "rwc",
    },
    "auditor": {
        "citta.fund": "r", "citta.fund.line": "r", "citta.pledge": "r", "citta.donation": "r", "citta.donation.line": "r",
        "citta.match.rule": "r", "citta.match.entry": "r", "citta.tax.profile": "r", "citta.receipt": "r", "citta.receipt.line": "r",
        "citta.posting.rule": "r", "citta.fund.check": "r",
    },
}
MODELS = sorted({model for rights in RIGHTS.values() for model in rights})
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestRights(FundCommon):

    def test_each_role_has_what_it_needs_and_no_more(self):
        for role, rights in RIGHTS.items():
            for model in MODELS:
                for letter, operation in OPERATIONS.items():
                    with self.subTest(role=role, model=model, operation=operation):
                        has = self.env[model].with_user(getattr(self, role)).has_access(operation)
                        self.assertEqual(has, letter in rights.get(model, ""))

    def test_nobody_else_reads_donors(self):
        self.post(20, wants_receipt=True)
        others = ["base.group_user", "citta_lavoro.group_citta_administrator", "citta_lavoro.group_citta_privacy_officer"]
        for number, group in enumerate(others):
            user = new_test_user(self.env, f"fund_other_{number}", groups=group)
            for model in ("citta.donation", "citta.pledge", "citta.receipt", "citta.match.entry", "citta.receipt.line", "citta.donation.line"):
                with self.subTest(group=group, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search_read([], ["display_name"])

    def test_everyone_who_sees_a_fund_sees_the_same_figures(self):
        self.post(20)
        for user in (self.operator, self.officer, self.treasurer, self.fund_admin, self.auditor):
            self.assertEqual(self.fund.with_user(user).read(["received", "free"])[0]["received"], 20)

    def test_officer_does_not_see_the_books(self):
        gift = self.post(20)
        with self.assertRaises(AccessError):
            gift.move_id.with_user(self.officer).read(["ref"])
        with self.assertRaises(AccessError):
            self.env["account.move.line"].with_user(self.officer).search([("citta_fund_line_id", "!=", False)])
        gift.with_user(self.officer).read(["state", "amount_matched", "receipt_obstacle"])

    def test_officer_keeps_donors(self):
        donor = self.env["res.partner"].with_user(self.officer).create({"name": "Invented new donor"})
        donor.write({"citta_fiscal_code": "BNCMRT75M41F205U"})
        with self.assertRaises(AccessError):
            donor.unlink()
        with self.assertRaisesRegex(AccessError, "stand on receipts"):
            self.company.partner_id.with_user(self.officer).write({"vat": "IT99999990049"})

    def test_other_companies_are_closed(self):
        gift = self.post(20, wants_receipt=True)
        company = self.env["res.company"].sudo().create({"name": "Other invented body"})
        stranger = new_test_user(
            self.env, "fund_stranger", groups="citta_fund.group_citta_fund_administrator",
            company_id=company.id, company_ids=[Command.set(company.ids)],
        )
        for record in (gift, gift.receipt_id, gift.line_ids, self.fund, self.labs, self.rule, self.fund.posting_rule_ids):
            with self.subTest(model=record._name):
                self.assertFalse(self.env[record._name].with_user(stranger).search([("id", "in", record.ids)]))
                with self.assertRaises(AccessError):
                    record.with_user(stranger).read(["display_name"])

    def test_menus_by_role(self):
        seen = {}
        for role in (*RIGHTS, ):
            menus = self.env["ir.ui.menu"].with_user(getattr(self, role))._visible_menu_ids()
            seen[role] = {name for name in ("menu_citta_donation", "menu_citta_fund_bank", "menu_citta_fund_check", "menu_citta_match_rule")
                          if self.env.ref(f"citta_fund.{name}").id in menus}
        self.assertEqual(seen["operator"], set())
        self.assertEqual(seen["officer"], {"menu_citta_donation", "menu_citta_match_rule"})
        self.assertLessEqual({"menu_citta_donation", "menu_citta_fund_check"}, seen["treasurer"])
        self.assertEqual(seen["auditor"], {"menu_citta_donation", "menu_citta_fund_bank", "menu_citta_fund_check", "menu_citta_match_rule"})

    def test_views_open_for_each_role(self):
        for role in ("officer", "treasurer", "fund_admin", "auditor"):
            for model, kind in (("citta.fund", "form"), ("citta.fund", "kanban"), ("citta.donation", "form"), ("citta.donation", "list"),
                                ("citta.pledge", "form"), ("citta.pledge", "kanban"), ("citta.receipt", "form"), ("citta.match.rule", "form")):
                with self.subTest(role=role, model=model, kind=kind):
                    self.assertTrue(self.env[model].with_user(getattr(self, role)).get_view(view_type=kind)["arch"])
