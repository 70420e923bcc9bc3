import base64
import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .common import FundCommon

IBAN = "IT70K9999901600000000400050"
DEMO_02, DEMO_08 = (f"citta_fund/demo/camt/estratto_demo_001_{version}.xml" for version in ("02", "08"))
SAMPLES = "account_statement_import_camt/tests/samples/"


class StatementCommon(FundCommon):
    """A fund whose bank account is that of the demo statements."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_iban(IBAN)

    @classmethod
    def set_iban(cls, number):
        """Give the fund's journal an account number."""
        cls.bank.bank_account_id = cls.env["res.partner.bank"].create({"acc_number": number, "partner_id": cls.company.partner_id.id})

    def read(self, path):
        """A file of an addon."""
        with file_open(path, "rb") as handle:
            return handle.read()

    def load(self, content, user=None, name="statement.xml", journal=None, **vals):
        """Import a file as the treasurer does; the new lines."""
        lines, journal = self.env["account.bank.statement.line"], journal or self.bank
        before = lines.search([("journal_id", "=", journal.id)])
        wizard = self.env["account.statement.import"].with_user(user or self.treasurer).create({
            "statement_file": base64.b64encode(content), "statement_filename": name, **vals,
        })
        wizard.import_file_button()
        return lines.search([("journal_id", "=", journal.id)], order="date, id") - before


@tagged("post_install", "-at_install")
class TestStatementImport(StatementCommon):
    """CAMT.053 as Italian banks export it: read whole or refused whole, and nothing twice."""

    def refuse(self, content, pattern, name="statement.xml"):
        """The file is refused with a clear message and leaves nothing behind."""
        before = self.env["account.bank.statement.line"].search_count([("journal_id", "=", self.bank.id)])
        with self.assertRaisesRegex(UserError, pattern), self.cr.savepoint(), mute_logger("odoo.addons.account_statement_import_camt"):
            self.load(content, name=name)
        self.env.invalidate_all()
        self.assertEqual(self.env["account.bank.statement.line"].search_count([("journal_id", "=", self.bank.id)]), before)

    def test_version_02(self):
        lines = self.load(self.read(DEMO_02))
        self.assertEqual(lines.mapped("amount"), [40000.0, 50.0, -1.5])
        district, citizen, fee = lines
        self.assertTrue(district.payment_ref.startswith("RF78CAL000001 Quota del Distretto"))
        self.assertEqual(district.partner_name, "COMUNE DI PIOLTELLO - ENTE CAPOFILA AMBITO")
        self.assertEqual(district.account_number, "IT83R9999901600000000000001")
        self.assertIn("PERCHÉ IL LAVORO È DIGNITÀ rif. RF51 CAL0 0000 2", citizen.payment_ref)
        self.assertEqual(fee.payment_ref, "COMMISSIONI E SPESE TENUTA CONTO")
        statement = lines.statement_id
        self.assertEqual((statement.balance_start, statement.balance_end_real), (1700.0, 41748.5))
        self.assertTrue(statement.is_complete)
        self.assertEqual(str(district.date), "2026-11-02")

    def test_version_08(self):
        lines = self.load(self.read(DEMO_08))
        self.assertEqual(lines.mapped("amount"), [40000.0, 50.0, -1.5, 120.0, 25.0])
        self.assertEqual(lines[4].partner_name, "D'ÀNGELO FITTIZIO NICOLÒ")
        self.assertTrue(lines.statement_id.is_complete)

    def test_pending_movements_wait(self):
        self.assertIn(b"PDNG", self.read(DEMO_08))
        self.assertNotIn(75.0, self.load(self.read(DEMO_08)).mapped("amount"))

    def test_same_file_again_changes_nothing(self):
        for path in (DEMO_02, DEMO_08):
            self.load(self.read(path))
            self.refuse(self.read(path), "Nothing was changed")

    def test_overlapping_files_add_what_is_new(self):
        first = self.load(self.read(DEMO_02))
        second = self.load(self.read(DEMO_08))
        self.assertEqual(second.mapped("amount"), [120.0, 25.0])
        self.assertFalse(first & second)
        self.assertTrue(second.statement_id.is_complete)
        self.refuse(self.read(DEMO_02), "Nothing was changed")

    def test_equal_gifts_of_one_day_are_two(self):
        entry = self.read(DEMO_02).split(b"<Ntry>")[2]
        entry = b"<Ntry>" + entry.replace(b"9999926110300007", b"NOTPROVIDED")
        content = self.read(DEMO_02).replace(b"        </Stmt>", entry + entry + b"        </Stmt>").replace(b"41748.50", b"41848.50")
        self.assertEqual(self.load(content).mapped("amount").count(50.0), 3)
        self.refuse(content, "Nothing was changed")

    def test_batch_is_taken_whole_where_its_parts_have_no_amounts(self):
        content = self.read(DEMO_02)
        details = content[content.index(b"<TxDtls>"):content.index(b"</TxDtls>") + len(b"</TxDtls>")]
        lines = self.load(content.replace(details, details + details, 1))
        self.assertEqual(lines.mapped("amount"), [40000.0, 50.0, -1.5])

    def test_sample_of_the_importer_on_a_funds_account(self):
        """Its balances do not add up: refused for a fund, until somebody who looked says so."""
        self.set_iban("NL77ABNA0574908765")
        content = self.read(SAMPLES + "test-camt053")
        self.refuse(content, "contradicts itself")
        lines = self.load(content, citta_accept_balances=True)
        self.assertEqual(sorted(lines.mapped("amount")), [-754.25, -564.05, -100.0, 1405.31])
        self.refuse(content, "Nothing was changed")

    def test_samples_of_the_importer_on_other_accounts(self):
        """Where no fund is concerned a contradiction is told, not refused."""
        currency = self.env.ref("base.CHF")
        currency.active = True
        accounts = {number: self.env["account.journal"].create({
            "name": number, "code": code, "type": "bank", "currency_id": extra.id,
            "bank_account_id": self.env["res.partner.bank"].create({"acc_number": number, "partner_id": self.company.partner_id.id}).id,
        }) for number, code, extra in (("NL77ABNA0574908765", "TNL", self.env["res.currency"]), ("CH1111000000123456789", "TCH", currency))}
        january = [-754.25, -564.05, -100.0, 1405.31]
        later = [-754.25, -754.25, -594.05, -594.05, 1405.31, 1405.31]
        for name, number, amounts in (
            ("test-camt053", "NL77ABNA0574908765", january), ("test-camt053-txdtls", "CH1111000000123456789", [1296.0, 2187.0]),
            ("test-camt053.zip", "NL77ABNA0574908765", later),
        ):
            with self.subTest(name):
                content = self.read(SAMPLES + name)
                lines = self.load(content, journal=accounts[number], name=name)
                self.assertEqual(sorted(lines.mapped("amount")), sorted(amounts))
                with self.assertRaisesRegex(UserError, "Nothing was changed"), self.cr.savepoint():
                    self.load(content, journal=accounts[number], name=name)

    def test_sample_without_movements(self):
        self.set_iban("NL77ABNA0574908765")
        self.refuse(self.read(SAMPLES + "test-camt053-no-ntry"), "Nothing was changed")

    def test_archives(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("uno.xml", self.read(DEMO_02))
            archive.writestr("due.xml", self.read(DEMO_08))
        self.assertEqual(len(self.load(stream.getvalue(), name="statements.zip")), 5)

    def test_several_accounts_in_one_file(self):
        other = self.bank.copy({"name": "Other bank", "code": "OTH"})
        other.bank_account_id = self.env["res.partner.bank"].create({
            "acc_number": "IT87V9999901600000000000120", "partner_id": self.company.partner_id.id,
        })
        content = self.read(DEMO_02)
        statement = content[content.index(b"<Stmt>"):content.index(b"</Stmt>") + len(b"</Stmt>")]
        second = statement.replace(IBAN.encode(), b"IT87V9999901600000000000120").replace(b"ESTRATTO", b"ALTRO")
        lines = self.load(content.replace(statement, statement + second))
        self.assertEqual(len(lines), 3)
        self.assertEqual(self.env["account.bank.statement.line"].search_count([("journal_id", "=", other.id)]), 3)

    def test_malformed_files_are_refused_whole(self):
        good = self.read(DEMO_02)
        for content, pattern in (
            (good[:len(good) // 2], "damaged"),
            (good[:-40], "damaged"),
            (good.decode().encode("latin-1"), "damaged"),
            (good.replace(b"?>", b"?><!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>", 1).replace(b"COMMISSIONI", b"&x;"), "entities"),
            (good.replace(b"?>", b"?><!DOCTYPE d [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>", 1).replace(b"COMMISSIONI", b"&b;"), "entities"),
            (good.replace(b"COMMISSIONI", b"&x;"), "damaged"),
            (good.replace(b'Ccy="EUR">50.00', b'Ccy="USD">50.00'), "mixes currencies"),
            (good.replace(b"EUR", b"CHF"), "CHF"),
            (good.replace(b"EUR", b"XYZ"), "no such currency"),
            (good.replace(IBAN.encode(), b"IT49Z9999901600000000000025"), "Could not find any bank account"),
            (good.replace(b"41748.50", b"41748.51"), "contradicts itself"),
            (good.replace(b">50.00<", b">5O.00<"), "no number"),
            (good.replace(b">50.00<", b">-50.00<"), "no number"),
            (good.replace(b">50.00<", b">NaN<"), "no number"),
            (good.replace(b"<Dt>2026-11-03</Dt>", b""), "no date"),
            (good.replace(b"camt.053", b"pain.001"), "no statement of a bank"),
            (b"<html><body>login</body></html>", "no statement of a bank"),
            (b"<", "damaged"),
            (b"\x00\x01\x02 no file", "not supported"),
            (b"data;importo;causale\n2026-01-01;50;x", "not supported"),
        ):
            with self.subTest(content[:60]):
                self.refuse(content, pattern)

    def test_archive_bomb_is_refused(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("bomb.xml", b" " * 101_000_000)
        self.refuse(stream.getvalue(), "too large", name="bomb.zip")

    def test_wrong_sign_contradicts_the_balance(self):
        self.refuse(self.read(DEMO_02).replace(b"DBIT", b"CRDT"), "contradicts itself")

    def test_who_may_import(self):
        for user in (self.officer, self.auditor, self.operator):
            with self.subTest(user.login), self.assertRaises(AccessError), self.cr.savepoint():
                self.load(self.read(DEMO_02), user=user)
