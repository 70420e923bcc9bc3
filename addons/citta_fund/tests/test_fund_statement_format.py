from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_fund_statement_import import StatementCommon

FILE = (
    "Estratto conto;;;;\r\n"
    "Data;Causale;Descrizione;Dare;Avere;Ordinante;IBAN\r\n"
    "01/03/2026;BONIFICO;RF51CAL000002 donazione;;50,00;Bianchi Marta;IT49Z9999901600000000000025\r\n"
    "02/03/2026;SPESE;Spese tenuta conto;1,50;;;\r\n"
    "02/03/2026;BONIFICO;dono;;1.250,00;Rossi;\r\n"
    ";;Saldo finale;;1.298,50;;\r\n"
)


@tagged("post_install", "-at_install")
class TestStatementFormat(StatementCommon):
    """A bank's CSV by its saved format: whole or not at all, and nothing twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.layout = cls.env["citta.statement.format"].create({
            "name": "Our bank", "company_id": cls.company.id, "journal_id": cls.bank.id, "skip": 1, "amount": False, "credit": "Avere", "debit": "Dare",
            "text": "Causale + Descrizione", "payer": "Ordinante", "account": "iban",
        })

    def take(self, text=FILE, **vals):
        """Import a file by the format."""
        data = text if isinstance(text, bytes) else text.encode()
        return self.load(data, name="movimenti.csv", citta_format_id=self.layout.id, **vals)

    def refuse(self, text, pattern):
        """Refused with the row, and nothing left behind."""
        before = self.env["account.bank.statement.line"].search_count([("journal_id", "=", self.bank.id)])
        with self.assertRaisesRegex(UserError, pattern), self.cr.savepoint():
            self.take(text)
        self.env.invalidate_all()
        self.assertEqual(self.env["account.bank.statement.line"].search_count([("journal_id", "=", self.bank.id)]), before)

    def test_movements(self):
        lines = self.take().sorted("id")
        self.assertEqual(sorted(lines.mapped("amount")), [-1.5, 50, 1250])
        line = lines.filtered(lambda line: line.amount == 50)
        self.assertEqual((str(line.date), line.payment_ref, line.partner_name), ("2026-03-01", "BONIFICO RF51CAL000002 donazione", "Bianchi Marta"))
        self.assertEqual(line.account_number, "IT49Z9999901600000000000025")

    def test_nothing_twice(self):
        self.take()
        self.refuse(FILE, "Nothing was changed")
        self.assertEqual(self.take(FILE + "03/03/2026;BONIFICO;altro;;7,00;Neri;\r\n").mapped("amount"), [7])

    def test_two_equal_movements_are_two(self):
        row = "02/03/2026;BONIFICO;dono;;1.250,00;Rossi;\r\n"
        self.assertEqual(self.take(FILE + row).mapped("amount").count(1250), 2)

    def test_what_is_wrong_is_said_with_its_row(self):
        for old, new, pattern in (
            ("50,00", "5O,00", "Row 3.*no amount"), ("01/03/2026", "31/02/2026", "Row 3.*no date"), ("Avere", "Entrate", "no column.*Avere"),
            (";Rossi;", "", "Row 5 has fewer"), ("Rossi", '"Rossi', "damaged|no date|fewer"),
        ):
            with self.subTest(new):
                self.refuse(FILE.replace(old, new), pattern)
        self.refuse("perché\x00".encode("utf-16"), "not written in")
        self.refuse("però".encode("cp1252"), "not written in")
        self.refuse(b"\r\n", "no table|no column")

    def test_who_sets_formats(self):
        for user in (self.treasurer, self.auditor):
            self.assertTrue(self.layout.with_user(user).name)
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.layout.with_user(user).write({"skip": 0})
        with self.assertRaises(AccessError):
            self.layout.with_user(self.officer).read(["name"])
