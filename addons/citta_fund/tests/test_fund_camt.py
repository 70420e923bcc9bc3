import io
import zipfile
from decimal import Decimal

from lxml import etree

from odoo.tests import BaseCase, tagged

from ..tools import camt
from ..tools.web_amount import parse_amount

SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001."


def statement(inner, version="02"):
    """A statement's element around some parts."""
    document = f'<Document xmlns="{SPACE}{version}"><BkToCstmrStmt><GrpHdr/><Stmt>{inner}</Stmt></BkToCstmrStmt></Document>'
    return camt.statements(camt.read_root(document.encode()))[0]


def balance(code, amount, sign="CRDT"):
    """A balance."""
    return f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd></Bal>'


def entry(amount, sign="CRDT", currency="EUR", status="<Sts>BOOK</Sts>", more=""):
    """An entry."""
    return f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{status}{more}</Ntry>'


@tagged("post_install", "-at_install")
class TestCamt(BaseCase):
    """The strict reading of statements, piece by piece."""

    def fault(self, code, call, *arguments):
        """A call is refused for this reason; the details of it."""
        with self.assertRaises(camt.StatementFault) as caught:
            call(*arguments)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.details

    def test_what_is_xml(self):
        for text, is_xml in (
            ("<?xml version='1.0'?><a/>", True), ("\n  <a/>", True), ("{\"a\": 1}", False), ("data;importo", False), ("", False),
        ):
            self.assertEqual(camt.looks_like_xml(text.encode()), is_xml, text)
            self.assertEqual(camt.looks_like_xml(text.encode("utf-16")), is_xml, text)
        self.assertTrue(camt.looks_like_xml(b"\xef\xbb\xbf<a/>"))
        self.assertFalse(camt.looks_like_xml(b"PK\x03\x04"))

    def test_other_codings_are_read_if_declared(self):
        for coding in ("utf-8", "utf-16", "iso-8859-1"):
            text = f"<?xml version='1.0' encoding='{coding}'?><a>perché è così</a>"
            self.assertEqual(camt.read_root(text.encode(coding)).text, "perché è così")
        self.fault("damaged", camt.read_root, "<?xml version='1.0' encoding='utf-8'?><a>è</a>".encode("latin-1"))

    def test_entities_and_document_types_are_refused_in_every_coding(self):
        for text in (
            "<!DOCTYPE a><a/>", "<!DOCTYPE a SYSTEM 'http://192.0.2.1/a.dtd'><a/>",
            "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><a>&b;</a>",
            "<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://192.0.2.1/x'>%b;]><a/>",
            "<?xml version='1.0'?>" + " " * 5000 + "<!DOCTYPE a><a/>",
        ):
            for coding in ("utf-8", "utf-16"):
                with self.subTest(text[:60]):
                    self.fault("doctype", camt.read_root, text.encode(coding))

    def test_damaged_files(self):
        for text in (b"<a>", b"<a></b>", b"", b"<", b"<a/><b/>", b"<a>&x;</a>", b"<a>\x00</a>", b"<a b=1/>"):
            with self.subTest(text):
                self.assertIn("where", self.fault("damaged", camt.read_root, text))

    def test_which_documents_are_statements(self):
        for name, is_statement in (
            ("camt.053.001.02", True), ("camt.053.001.08", True), ("camt.052.001.06", True), ("camt.054.001.04", True),
            ("camt.029.001.03", False), ("pain.001.001.03", False),
        ):
            root = camt.read_root(f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{name}"/>'.encode())
            self.assertEqual(camt.is_camt(root), is_statement, name)

    def test_amounts(self):
        for text, value in (("1.50", "1.50"), ("0", "0"), ("40000.00", "40000.00")):
            self.assertEqual(camt.signed_amount(etree.fromstring(entry(text))), Decimal(value))
            self.assertEqual(camt.signed_amount(etree.fromstring(entry(text, "DBIT"))), -Decimal(value))
        for text in ("", "x", "-1", "1,50", "NaN", "Infinity", "1 000"):
            with self.subTest(text):
                self.fault("amount", camt.signed_amount, etree.fromstring(entry(text)))

    def test_only_booked_entries_stay(self):
        node = statement(entry(1) + entry(2, status="<Sts>PDNG</Sts>") + entry(3, status="<Sts><Cd>INFO</Cd></Sts>") + entry(4, status=""))
        self.assertEqual([camt.signed_amount(one) for one in camt.entries(node)], [1, 4])
        self.assertEqual(len(node.findall("{*}Ntry")), 2)

    def test_one_currency(self):
        details = self.fault("currency", camt.entries, statement(entry(1) + entry(2, currency="USD")))
        self.assertEqual(details["currencies"], "EUR, USD")
        self.fault("currency", camt.entries, statement("<Acct><Ccy>CHF</Ccy></Acct>" + entry(1)))
        self.assertEqual(len(camt.entries(statement("<Acct><Ccy>EUR</Ccy></Acct>" + entry(1)))), 1)

    def test_balances_and_movements(self):
        for parts, agree in (
            (balance("OPBD", "10.00") + balance("CLBD", "12.50") + entry("4.00") + entry("1.50", "DBIT"), True),
            (balance("PRCD", "10.00") + balance("CLBD", "10.00"), True),
            (balance("OPBD", "1.00", "DBIT") + balance("CLBD", "1.00") + entry("2.00"), True),
            (balance("OPBD", "0.10") + balance("CLBD", "0.30") + entry("0.20"), True),
            (balance("OPBD", "10.00") + entry("4.00"), True),
            (entry("4.00"), True),
            (balance("OPBD", "10.00") + balance("CLBD", "14.01") + entry("4.00"), False),
            (balance("OPBD", "10.00") + balance("CLBD", "14.00") + entry("4.00", status="<Sts>PDNG</Sts>"), False),
        ):
            with self.subTest(parts):
                self.assertEqual(camt.contradiction(statement(parts)) is None, agree)

    def test_dates(self):
        for inner, date in (
            ("<BookgDt><Dt>2026-11-02</Dt></BookgDt><ValDt><Dt>2026-11-03</Dt></ValDt>", "2026-11-02"),
            ("<BookgDt><DtTm>2026-11-02T23:59:59Z</DtTm></BookgDt>", "2026-11-02"), ("<ValDt><Dt>2026-11-03</Dt></ValDt>", "2026-11-03"),
        ):
            self.assertEqual(camt.entry_date(etree.fromstring(entry(1, more=inner))), date)
        self.fault("date", camt.entry_date, etree.fromstring(entry(1)))

    def test_what_the_payer_wrote(self):
        for inner, text in (
            ("<RmtInf><Ustrd>uno</Ustrd><Ustrd> due\n tre </Ustrd></RmtInf>", "uno due tre"),
            ("<RmtInf><Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd></RmtInf><AddtlTxInf>banca</AddtlTxInf>", "RF18 banca"),
            ("<RmtInf><Ustrd>uguale</Ustrd></RmtInf><AddtlTxInf>uguale</AddtlTxInf>", "uguale"),
            ("<RmtInf><Ustrd/></RmtInf>", ""), ("", ""),
        ):
            self.assertEqual(camt.remittance(etree.fromstring(f"<TxDtls>{inner}</TxDtls>")), text)

    def test_keys_are_the_banks_reference_or_the_content(self):
        def key(more, details="", text="x"):
            return camt.entry_key(etree.fromstring(entry(1, more=more)), etree.fromstring(f"<T>{details}</T>") if details else None, text)

        self.assertEqual(key("<AcctSvcrRef>A1</AcctSvcrRef>"), "A1")
        self.assertEqual(key("<AcctSvcrRef>A1</AcctSvcrRef>", "<Refs><AcctSvcrRef>B2</AcctSvcrRef></Refs>"), "B2")
        self.assertEqual(key("<NtryRef>7</NtryRef>"), "7")
        for missing in ("NOTPROVIDED", "nonref", " ", "0"):
            self.assertEqual(key(f"<AcctSvcrRef>{missing}</AcctSvcrRef>"), key(""))
        self.assertNotEqual(key("", text="x"), key("", text="y"))

    def test_repeats_are_numbered_in_order(self):
        self.assertEqual(camt.number_repeats(["a", "a", "b", "a"]), ["a", "a|2", "b", "a|3"])
        self.assertEqual(camt.number_repeats([]), [])

    def archive(self, **files):
        """An archive of files."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in files.items():
                archive.writestr(name.replace("_", "."), content)
        return stream.getvalue()

    def test_archives_of_statements_only(self):
        self.assertEqual(camt.members(self.archive(a_xml="<a/>", b_XML="<b/>")), [b"<a/>", b"<b/>"])
        self.assertEqual(camt.members(self.archive(a_xml="<a/>", b_csv="x")), [b"<a/>"])
        self.assertIsNone(camt.members(b"PK no archive"))
        for content in (self.archive(), self.archive(b_csv="x"), self.archive(inner_zip=self.archive(a_xml="<a/>"))):
            self.fault("archive", camt.members, content)

    def test_amounts_as_people_type_them(self):
        for text, value in (
            ("50", 50.0), (" 50 ", 50.0), ("50,00", 50.0), ("50.00 €", 50.0), ("€ 50", 50.0), ("50 euro", 50.0), ("1.234,50", 1234.5),
            ("1,234.50", 1234.5), ("12.345.678", None), ("999.999,99", 999999.99), ("1", 1.0), ("0,99", None), ("1'000", 1000.0),
        ):
            self.assertEqual(parse_amount(text), value, text)
        for text in ("", None, "-1", "+5", "5.", ",5", "1.23.4", "1,2,3", "0x10", "٥٠", "1e3", "50 50,1,", "∞", "5" * 20):
            self.assertIsNone(parse_amount(text), text)
