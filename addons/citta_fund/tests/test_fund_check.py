from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestFundCheck(FundCommon):

    def broken(self):
        """Codes of the invariants that do not hold now."""
        return set(self.env["citta.fund.check"]._run(self.company).filtered(lambda row: not row.is_ok).mapped("code"))

    def a_full_life(self):
        """Every step a gift can take."""
        self.post(40000, self.district, kind="tied")
        self.post(50, wants_receipt=True)
        self.post(70, wants_receipt=True).action_refund()
        self.post(80, wants_receipt=True).action_undo()
        cash = self.env["citta.donation"].create({"fund_id": self.fund.id, "amount": 5, "means": "cash"})
        cash.action_post()

    def test_paper_that_is_not_the_one_that_was_issued(self):
        receipt = self.post(50, wants_receipt=True).receipt_id
        # sudo: what the scheduled job does after rendering
        receipt.sudo()._freeze(b"%PDF-1.7 as issued")
        self.assertNotIn("receipt_pdf_frozen", self.broken())
        for content in (b"%PDF-1.7 as forged", b""):
            # sudo: as whoever reaches the file store does
            receipt.attachment_id.sudo().raw = content
            row = self.env["citta.fund.check"]._run(self.company).filtered(lambda row: row.code == "receipt_pdf_frozen")
            self.assertEqual(row.findings, receipt.name)

    def test_all_hold_after_every_step(self):
        self.a_full_life()
        self.assertEqual(self.broken(), set())
        self.assertEqual(self.figures(), {"received": 40055, "matched": 40000, "yielded": 0, "endowed": 0, "committed": 0, "paid": 0, "free": 80055})

    def test_each_bites(self):
        self.a_full_life()
        breaks = {
            "matched_within_pot": "UPDATE citta_match_rule SET ceiling_pot = 39999.99 WHERE id = %(rule)s",
            "matched_as_claimed": "UPDATE citta_claim SET used = used - 1 WHERE kind = 'pot' AND res_id = %(rule)s",
            "gifts_equal_ledger": "UPDATE account_move_line SET citta_nature = NULL, citta_fund_line_id = NULL WHERE citta_nature = 'match' AND company_id = %(company)s",
            "entries_balanced": "UPDATE account_move_line SET balance = balance - 0.01 WHERE citta_nature = 'match' AND company_id = %(company)s",
            "receipt_gapless": "UPDATE citta_receipt SET number = 9 WHERE number = 2 AND company_id = %(company)s",
            "receipt_has_money": "UPDATE account_bank_statement_line SET is_reconciled = FALSE WHERE company_id = %(company)s",
        }
        for code, query in breaks.items():
            self.env.flush_all()
            with self.subTest(code=code):
                savepoint = self.env.cr.savepoint(flush=False)
                self.env.cr.execute(query, {"rule": self.rule.id, "company": self.company.id})
                self.env.invalidate_all()
                self.assertIn(code, self.broken())
                savepoint.close(rollback=True)
                self.env.invalidate_all()
        self.assertEqual(self.broken(), set())

    def test_more_paid_than_there_was(self):
        self.post(100)
        move = self.env["account.move"].create({"move_type": "entry", "journal_id": self.fund.journal_id.id, "line_ids": [
            Command.create({"account_id": self.company_data["default_account_expense"].id, "balance": 100.01, "citta_fund_line_id": self.labs.id, "citta_nature": "aid"}),
            Command.create({"account_id": self.bank.default_account_id.id, "balance": -100.01}),
        ]})
        self.assertNotIn("free_not_negative", self.broken())
        move.action_post()
        self.assertIn("free_not_negative", self.broken())

    def test_who_may_run_it(self):
        for user in (self.treasurer, self.auditor):
            action = self.env["citta.fund.check"].with_user(user).with_company(self.company).action_run()
            self.assertEqual(action["target"], "main", "no list on top of the list")
        self.assertTrue(self.env["citta.fund.check"].with_user(self.auditor).search([("user_id", "=", self.auditor.id)]))
        with self.assertRaises(AccessError):
            self.env["citta.fund.check"].with_user(self.officer).action_run()
        with self.assertRaises(AccessError):
            self.env["citta.fund.check"].with_user(self.fund_admin).create({"name": "x", "code": "x", "is_ok": True})

    def test_indicator_shows_the_ledger(self):
        self.a_full_life()
        territory = self.env["citta.territory"].sudo().create({"name": "Invented", "code": "invented-fund"})
        programme = self.env["citta.programme"].sudo().create({
            "name": "Invented", "code": "invented-fund", "territory_id": territory.id, "date_start": "2026-01-01",
            "lead_partner_id": self.district.id, "company_id": self.company.id,
        })
        self.fund.programme_id = programme
        kpi = self.env["citta.kpi"].sudo().create({"name": "Balance", "programme_id": programme.id, "source": "fund_balance"})
        self.assertEqual(kpi.actual, self.fund.free)
        coordinator = new_test_user(
            self.env, "fund_coordinator", groups="citta_lavoro.group_citta_coordinator", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)], citta_territory_ids=[Command.set(territory.ids)],
        )
        self.assertEqual(kpi.with_user(coordinator).actual, 80055)
        with self.assertRaises(AccessError):
            self.env["citta.donation"].with_user(coordinator).search([])

    def test_figures_take_the_same_queries_for_any_number_of_items(self):
        self.post(10)
        self.env.flush_all()
        self.env.invalidate_all()
        self.fund._get_figures()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.fund._get_figures()
        once = self.env.cr.sql_log_count - before
        for _n in range(5):
            self.post(10)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(self.fund._get_figures()[self.fund.id]["received"], 60)
        self.assertEqual(self.env.cr.sql_log_count - before, once)
