import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FundCommon

LIST = "Nome;Codice fiscale;E-mail;Importo;Ricevuta\nInvented citizen;RSSMRA80A01F205X;a@example.org;10,50;sì\nNew donor;BNCMRT75M41F205U;;20,00;\nNo code;;;5;no\n"


@tagged("post_install", "-at_install")
class TestDonationSheet(FundCommon):
    """Many gifts in one transfer: one entry, a gift and a receipt for each donor."""

    def make(self, text=LIST, amount=35.5, user=None):
        """A list that was read, with its bank line."""
        sheet = self.env["citta.donation.sheet"].with_user(user or self.treasurer).create({
            "name": "Payroll", "fund_id": self.fund.id, "fund_line_id": self.aid.id, "content": base64.b64encode(text.encode()),
            "statement_line_id": amount and self.bank_line(amount).id,
        })
        sheet.action_read()
        return sheet

    def test_a_gift_for_each_donor_and_one_entry(self):
        sheet = self.make()
        self.assertEqual((sheet.gift_count, sheet.total), (3, 35.5))
        self.assertEqual(sheet.donation_ids.partner_id.filtered("citta_fiscal_code").mapped("citta_fiscal_code"), ["RSSMRA80A01F205X", "BNCMRT75M41F205U"])
        self.assertIn(self.citizen, sheet.donation_ids.partner_id)
        sheet.action_post()
        gifts = sheet.donation_ids
        self.assertEqual((gifts.move_id, set(gifts.mapped("state"))), (sheet.statement_line_id.move_id, {"receipted", "posted"}))
        self.assertEqual((gifts.receipt_id.amount, gifts.receipt_id.partner_id), (10.5, self.citizen))
        self.assertEqual((self.figures()["received"], sheet.statement_line_id.is_reconciled), (35.5, True))
        self.assertFalse(self.env["citta.fund.check"]._run(self.company).filtered(lambda row: not row.is_ok).mapped("findings"))

    def test_undone_as_a_whole_and_not_in_parts(self):
        sheet = self.make()
        sheet.action_post()
        receipt = sheet.donation_ids.receipt_id
        with self.assertRaisesRegex(UserError, "undo the list"):
            sheet.donation_ids[0].action_undo()
        for change in (lambda: sheet.statement_line_id.write({"amount": 1}), sheet.statement_line_id.action_undo_reconciliation, sheet.unlink):
            with self.assertRaisesRegex(UserError, "undo"), self.cr.savepoint():
                change()
        sheet.action_undo()
        self.assertEqual((receipt.state, self.figures()["received"], sheet.statement_line_id.is_reconciled), ("voided", 0, False))
        self.assertEqual(set(sheet.donation_ids.mapped("state")), {"undone"})
        again = self.make(amount=False)
        again.statement_line_id = sheet.statement_line_id
        again.action_post()
        self.assertEqual(self.figures()["received"], 35.5)

    def test_one_refunded_gift_keeps_the_list(self):
        sheet = self.make()
        sheet.action_post()
        sheet.donation_ids.filtered(lambda gift: gift.amount == 10.5).action_refund()
        self.assertEqual(self.figures()["received"], 25)
        with self.assertRaisesRegex(UserError, "as a whole"):
            sheet.action_undo()

    def test_sum_line_and_twice(self):
        with self.assertRaisesRegex(UserError, "add up"), self.cr.savepoint():
            self.make(amount=35.51).action_post()
        sheet = self.make()
        sheet.action_post()
        other = self.make(amount=False)
        other.statement_line_id = sheet.statement_line_id
        with self.assertRaises(UserError), self.cr.savepoint():
            other.action_post()
        with self.assertRaises(UserError), self.cr.savepoint():
            self.env["citta.donation"]._post_from_statement_line(sheet.statement_line_id)

    def test_what_came_by_the_bank_is_neither_cash_nor_in_kind(self):
        for means in ("cash", "in_kind"):
            sheet = self.make()
            sheet.donation_ids[0].means = means
            with self.subTest(means), self.assertRaisesRegex(UserError, "neither cash"):
                sheet.action_post()

    def test_it_is_matched(self):
        self.rule.donor_ids = False
        sheet = self.make()
        sheet.action_post()
        self.assertEqual(self.figures()["matched"], 35.5)

    def test_reading_again_replaces_the_drafts(self):
        sheet = self.make()
        sheet.content = base64.b64encode(b"Nome;Importo\nAnna;7\n")
        sheet.action_read()
        self.assertEqual((sheet.gift_count, sheet.total), (1, 7))

    def test_a_list_as_italian_spreadsheets_save_it(self):
        sheet = self.make()
        for coding in ("cp1252", "utf-8-sig", "utf-16"):
            sheet.content = base64.b64encode("Nome;Importo\r\nNicolò;1.234,50\r\n".encode(coding))
            sheet.action_read()
            self.assertEqual((sheet.donation_ids.partner_id.name, sheet.total), ("Nicolò", 1234.5), coding)

    def test_what_is_wrong_is_said_with_its_row(self):
        for old, new, pattern in (
            ("10,50", "zehn", "Row 2.*no amount"), ("20,00", "-20", "Row 3.*no amount"), ("BNCMRT75M41F205U", "BNCMRT75M41F205A", "Row 3.*fiscal code"),
            ("No code", "", "Row 4 has no name"), ("Importo", "Euro", "no column"), (";;;5;no", ";5", "Row 4 has fewer"),
        ):
            with self.subTest(new), self.assertRaisesRegex(UserError, pattern), self.cr.savepoint():
                self.make(LIST.replace(old, new))

    def test_who_may(self):
        sheet = self.make(user=self.officer, amount=False)
        sheet.sudo().statement_line_id = self.bank_line(35.5)
        for user in (self.officer, self.auditor, self.operator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                sheet.with_user(user).action_post()
        with self.assertRaises(AccessError):
            self.make(user=self.auditor)
        self.assertTrue(sheet.with_user(self.auditor).name)

    def test_a_long_list_costs_few_queries_each(self):
        def queries(count):
            rows = "\n".join(f"Donor {place};10" for place in range(count))
            sheet = self.make(f"Nome;Importo\n{rows}\n", amount=10 * count)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sheet.action_post()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self.rule.active = False
        queries(5)
        self.assertLessEqual((queries(45) - queries(5)) / 40, 1.5)
