from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import cbi_file
from .test_fund_statement_import import StatementCommon

DEMO = "citta_fund/demo/cbi/estratto_demo.cbi"
GIFT = {"amount": "50.00", "name": "BIANCHI MARTA", "iban": "IT49Z9999901600000000000025", "remittance": "DONO RF51CAL000002"}
FEE = {"amount": "-1.50", "cause": "16", "free": "SPESE TENUTA CONTO"}


@tagged("post_install", "-at_install")
class TestCbi(StatementCommon):
    """The interbank standard: read whole or refused whole with the record that is wrong, and nothing twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = cbi_file.statement("031126", "100.00", GIFT, FEE)
        cls.good = cbi_file.joined(cbi_file.flow(cls.day))

    def refuse(self, content, pattern):
        """The file is refused and leaves nothing behind."""
        before = self.env["account.bank.statement.line"].search_count([("journal_id", "=", self.bank.id)])
        with self.assertRaisesRegex(UserError, pattern), self.cr.savepoint(), mute_logger("odoo.addons.account_statement_import_camt"):
            self.load(content, name="movimenti.txt")
        self.env.invalidate_all()
        self.assertEqual(self.env["account.bank.statement.line"].search_count([("journal_id", "=", self.bank.id)]), before)

    # -- read ----------------------------------------------------------------

    def test_demo_file(self):
        lines = self.load(self.read(DEMO), name="estratto.txt")
        self.assertEqual(lines.mapped("amount"), [80, -1.5, 15, 250])
        gift, fee, free, firm = lines
        self.assertEqual((str(gift.date), gift.partner_name, gift.account_number), ("2026-11-16", "FERRARI GIULIA", "IT49Z9999901600000000000025"))
        self.assertEqual(gift.payment_ref, "DONAZIONE AL FONDO SOLIDALE PER I LABORATORI DI WORK DESIGN BONIFICO A VOSTRO FAVORE")
        self.assertEqual(fee.payment_ref, "COMMISSIONI E SPESE TENUTA CONTO")
        self.assertIn("CON LE PERSONE DEL QUARTIERE, CON STIMA E RICONOSCENZA", free.payment_ref)
        self.assertIn("PERSONE IN CERCA DI OCCUPAZIONE 2026", firm.payment_ref)
        first, second = lines.statement_id.sorted("date")
        self.assertEqual((first.balance_start, first.balance_end_real, second.balance_end_real), (41893.5, 41987, 42237))

    def test_reference_is_recognised(self):
        self.pledge(50, reference="RF51CAL000002")
        gift = self.load(self.good)[0]
        self.assertEqual((gift.payment_ref, gift.citta_certainty), ("DONO RF51CAL000002", "certain"))

    def test_reference_over_the_end_of_a_record(self):
        """Free text runs on: what breaks at the hundredth character is one word."""
        text = "X" * 99 + " RF51CAL000002"
        lines = self.load(cbi_file.joined(cbi_file.flow(cbi_file.statement("031126", 0, {"amount": 50, "free": text}))))
        self.assertEqual(lines.payment_ref, text)

    def test_several_flows_days_and_accounts(self):
        other = self.bank.copy({"name": "Other bank", "code": "OTH"})
        other.bank_account_id = self.env["res.partner.bank"].create({"acc_number": "IT87V9999901600000000000120", "partner_id": self.company.partner_id.id})
        days = [self.day, cbi_file.statement("041126", "148.50", {"amount": 7}), cbi_file.statement("041126", 0, {"amount": 9}, account="V9999901600000000000120", check="IT87")]
        lines = self.load(cbi_file.joined(cbi_file.flow(*days), cbi_file.flow(cbi_file.statement("051126", "155.50", {"amount": 8}))))
        self.assertEqual(lines.mapped("amount"), [50, -1.5, 7, 8])
        self.assertEqual(self.env["account.bank.statement.line"].search([("journal_id", "=", other.id)]).mapped("amount"), [9])

    def test_account_without_check_digits(self):
        lines = self.load(cbi_file.joined(cbi_file.flow(cbi_file.statement("031126", 0, GIFT, check="    "))))
        self.assertEqual(lines.amount, 50)

    def test_codings_and_ends_of_line(self):
        named = {**GIFT, "name": "D'ÀNGELO NICOLÒ"}
        day = cbi_file.flow(cbi_file.statement("031126", 0, named))
        for content in (cbi_file.joined(day, coding="cp1252"), cbi_file.joined(day, coding="utf-8", end="\n"), cbi_file.joined(day, coding="cp1252") + b"\x1a"):
            with self.subTest(content[:20]), self.cr.savepoint() as savepoint:
                self.assertEqual(self.load(content).partner_name, "D'ÀNGELO NICOLÒ")
                savepoint.rollback()

    # -- nothing twice -------------------------------------------------------

    def test_same_file_again_changes_nothing(self):
        self.assertEqual(len(self.load(self.good)), 2)
        self.refuse(self.good, "Nothing was changed")

    def test_overlapping_files_add_what_is_new(self):
        """A bank that sends a day again numbers it anew in another flow: the movements are the same."""
        self.load(self.good)
        more = cbi_file.flow(cbi_file.statement("021126", 93, {"amount": 7}), self.day, name="RECUPERO", created="091126")
        self.assertEqual(self.load(cbi_file.joined(more)).mapped("amount"), [7])

    def test_equal_gifts_of_one_day_are_two(self):
        content = cbi_file.joined(cbi_file.flow(cbi_file.statement("031126", 0, GIFT, GIFT, {**GIFT, "ref": "0999261103000001"})))
        self.assertEqual(self.load(content).mapped("amount"), [50, 50, 50])
        self.refuse(content, "Nothing was changed")

    # -- refused -------------------------------------------------------------

    def test_what_is_wrong_is_said_with_its_record(self):
        good = self.good
        records = good.splitlines(keepends=True)
        for content, pattern in (
            (good[:-1000], "Record 3 is 98 characters long instead of 120"),
            (b"".join(records[:-1]), "ends with record 10, without its foot"),
            (b"".join(records[:5]), "ends with record 5, without its foot"),
            (good.replace(b"DONO RF51", b"DONO  RF51"), "Record 6 is 121 characters long"),
            (good.replace(b"BIANCHI MARTA", b"BIANCHI"), "Record 4 is 114 characters long"),
            (good[1:], "Record 1 is 119 characters long"),
            (good.replace(b" 64", b" 69"), "Record 9 is of the unknown kind “69”"),
            (good.replace(b" RH", b" EC"), "periodic statement.*\nImport the daily files"),
            (b"".join(records[:1] + records[2:]), "Record 2 .62. cannot stand after “RH”"),
            (b"".join(records[:8] + records[10:]), "Record 9 .EF. cannot stand after “63”"),
            (b"".join(records[:6] + records[7:]), "Record 7 has the number of another"),
            (good.replace(b" 640000001", b" 640000002"), "Record 9 has the number of another"),
            (good.replace(b" 610000001", b" 610000002"), "Record 2 has the number of another"),
            (b"".join(records[:3] + records[4:]), "foot in record 10 counts 11 records, but there are 10"),
            (good.replace(b" EF99999SIA01", b" EF99999SIA02"), "foot in record 11 belongs to another head"),
            (good.replace(b"0000001" + b" " * 30 + b"0000011", b"0000002" + b" " * 30 + b"0000011"), "counts 2 statements, but there are 1"),
            (good.replace(b" " * 30 + b"0000011", b" " * 37), "Record 11: “” is no number"),
            (good.replace(b" 640000001EUR", b" 640000001USD"), "Record 9: the balances are in different currencies"),
            (good.replace(b"EUR", b"CHF"), "CHF"),
            (good.replace(b"C000000000050,00", b"X000000000050,00"), "Record 3: the sign is “X”"),
            (good.replace(b"C000000000050,00", b"C00000000005O,00"), "Record 3: “00000000005O,00” is no amount"),
            (good.replace(b"C000000000050,00", b"C000000000050.00"), "Record 3: .* is no amount"),
            (good.replace(b"C000000000050,00", b"C-00000000050,00"), "Record 3: .* is no amount"),
            (good.replace(b" 620000001001031126031126", b" 620000001001031126310226"), "Record 3: “310226” is no date"),
            (good.replace(b"K9999901600000000400050", b"K99999     000000400050"), "Record 2: .* no whole bank coordinates"),
            (good.replace(b"K9999901600000000400050", b"%%%%%%%%%%%%%%%%%%%%%%%"), "Record 2: .* no whole bank coordinates"),
            (good.replace(b"K9999901600000000400050", b"Z9999901600000000000025").replace(b"IT70", b"IT49"), "Could not find any bank account"),
            (good.replace(b"C000000000148,50", b"C000000000148,51"), "contradicts itself"),
            (good.replace(b"D000000000001,50", b"C000000000001,50"), "contradicts itself"),
            (good.replace(b"MARTA", b"M\x00RTA"), "Record 4 holds characters that no bank writes"),
            (good.replace(b"MARTA", b"M\x81RTA"), "holds characters that no bank writes"),
            (good.decode().encode("utf-16"), "not supported"),
            (b" RH99999SIA01", "Record 1 is 13 characters long"),
        ):
            with self.subTest(pattern, content=content[:40]):
                self.assertNotEqual(content, good)
                self.refuse(content, pattern)

    def test_one_wrong_statement_refuses_the_whole_file(self):
        wrong = cbi_file.statement("041126", "148.50", {"amount": 7}, closing="156.50")
        self.refuse(cbi_file.joined(cbi_file.flow(self.day, wrong)), "contradicts itself")

    def test_large_file_is_refused(self):
        self.refuse(self.good + b" " * 100_000_001, "too large")

    def test_movement_numbers_begin_anew(self):
        """They have three digits only; a day with more than 999 movements starts again at 001."""
        day = cbi_file.statement("031126", 0, *[{"amount": 1, "ref": f"A{number}"} for number in range(3)])
        day = [record.replace("#######002", "#######999").replace("#######003", "#######001") for record in day]
        self.assertEqual(len(self.load(cbi_file.joined(cbi_file.flow(day)))), 3)
