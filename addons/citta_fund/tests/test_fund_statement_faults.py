import base64
import io
import random
import zipfile

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import camt
from ..tools.statement_csv import MAX_ROWS, Layout, TableFault, movements
from .test_fund_statement_import import DEMO_02, DEMO_08, IBAN, StatementCommon

ODD = ("", " ", "0", "-1", "NaN", "Infinity", "1e5", "1E400", "9" * 40, "٣٤", "1_000", "0.00001", "=1+1", "<b>x</b>", "2026-02-30", "0001-01-01", "9999-12-31",
       "x" * 5000, "\ufeff", "CRDT", "DBIT", "XXX", "EUR", "\u202e")


@tagged("post_install", "-at_install")
class TestStatementFaults(StatementCommon):
    """A statement with anything wrong in it: refused with what is wrong and what to do, and nothing is left behind."""

    def lines(self):
        """How many lines the account has."""
        self.env.invalidate_all()
        return self.env["account.bank.statement.line"].search_count([("journal_id", "=", self.bank.id)])

    def refuse(self, content, pattern, **vals):
        before = self.lines()
        with self.assertRaisesRegex(UserError, pattern), self.cr.savepoint(), mute_logger("odoo.addons.account_statement_import_camt"):
            self.load(content, **vals)
        self.assertEqual(self.lines(), before)

    def changed(self, *changes):
        """The demo's statement with other texts in it."""
        content = self.read(DEMO_02)
        for old, new in changes:
            self.assertIn(old, content)
            content = content.replace(old, new)
        return content

    def test_wrong_balance(self):
        for name, changes in {
            "closing": [(b"41748.50", b"41748.51")], "opening": [(b">1700.00", b">1699.00")], "an amount": [(b">50.00<", b">51.00<")],
            "thousand times": [(b">50.00<", b">50000<")],
        }.items():
            with self.subTest(name):
                self.refuse(self.changed(*changes), "contradicts itself.*download it again")

    def test_wrong_sign(self):
        self.refuse(self.changed((b"DBIT", b"CRDT")), "contradicts itself")
        self.refuse(self.changed((b"DBIT", b"CREDIT")), "came in or went out")
        self.refuse(self.changed((b"<CdtDbtInd>DBIT</CdtDbtInd>", b"")), "came in or went out")
        self.refuse(self.changed((b">50.00<", b">-50.00<")), "no number")

    def test_wrong_currency(self):
        self.refuse(self.changed((b'Ccy="EUR">50.00', b'Ccy="USD">50.00')), "mixes currencies: EUR, USD")
        self.env.ref("base.CHF").active = True
        self.refuse(self.changed((b"EUR", b"CHF")), "CHF.*not the same as the currency of the journal")

    def test_wrong_encoding(self):
        text = self.read(DEMO_02).decode()
        self.refuse(text.encode("latin-1"), "damaged")
        self.refuse(text.replace('encoding="UTF-8"', 'encoding="x-nessuna"').encode(), "damaged")
        self.assertEqual(len(self.load(text.replace('encoding="UTF-8"', 'encoding="ISO-8859-1"').encode("latin-1", "replace"))), 3)
        self.refuse(text.encode("utf-16"), "Nothing was changed")  # its first bytes say what it is, and it was read before

    def test_wrong_amounts_and_days(self):
        for amount in ("5O.00", "NaN", "Infinity", "1e5", "٥٠", "1_000", "9" * 13, "50,00", ""):
            with self.subTest(amount):
                self.refuse(self.changed((b">50.00<", f">{amount}<".encode())), "no number.*Download")
        for day in ("2026-02-30", "0026-11-03", "9999-01-01", "ieri", "2026-1-1", "20261103"):
            with self.subTest(day):
                self.refuse(self.changed((b"<Dt>2026-11-03</Dt>", f"<Dt>{day}</Dt>".encode())), "wrong one.*Download")

    def test_account_of_nobody(self):
        self.refuse(self.changed((IBAN.encode(), b"IT49Z9999901600000000000025")), "Could not find any bank account")

    def test_too_large(self):
        self.refuse(b"x" * (camt.MAX_BYTES + 10), "too large.*shorter span")
        entry = "<Ntry><Amt Ccy='EUR'>1</Amt></Ntry>" * (camt.MAX_ENTRIES + 1)
        self.refuse(self.changed((b"</Stmt>", entry.encode() + b"</Stmt>")), "more than.*shorter span")

    def archive(self, **files):
        """A packed archive."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name.replace("_", "."), content)
        return stream.getvalue()

    def test_archives(self):
        good = self.archive(estratto_xml=self.read(DEMO_02), leggimi_txt="x")
        inner = self.archive(estratto_xml=self.read(DEMO_02))
        self.refuse(self.archive(estratto_csv="Data;Importo"), "holds no statement in XML: unpack")
        self.refuse(self.archive(estratto_zip=inner), "holds no statement in XML: unpack")
        self.refuse(self.archive(estratto_csv=b" " * (camt.MAX_BYTES + 1)), "too large")
        place = good.index(b"PK\x03\x04") + 60
        self.refuse(good[:place] + bytes(byte ^ 255 for byte in good[place:place + 40]) + good[place + 40:], "(?s)damaged.*Download")
        locked = bytearray(good)
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            locked[locked.index(mark) + offset] |= 1  # as if a password were needed
        self.refuse(bytes(locked), "damaged")
        self.assertEqual(len(self.load(good, name="estratto.zip")), 3)

    def test_no_file_at_all(self):
        wizards = self.env["account.statement.import"].with_user(self.treasurer)
        for value, pattern in (("abc", "damaged"), ("%%%", "damaged.*it is empty")):
            with self.subTest(value), self.assertRaisesRegex(UserError, pattern):
                wizards.create({"statement_file": value, "statement_filename": "x"}).import_file_button()

    def test_other_kinds_of_files(self):
        for content in (b"%PDF-1.7\n", b"\x89PNG\r\n", b"{}", b"data;importo\n01/01/2026;5", b"\xd0\xcf\x11\xe0" * 300, b"\x00" * 3000, "così".encode("utf-16")):
            self.refuse(content, "ask the bank for camt.053")

    def test_any_damage_is_refused_or_read_but_never_a_failure(self):
        """Random changes of a statement's elements, always the same ones: no other error than one for people."""
        outcomes = {"read": 0, "refused": 0}
        wizard = self.env["account.statement.import"].with_user(self.treasurer).create({"statement_file": base64.b64encode(b"x"), "statement_filename": "x"})
        for seed in range(60):
            rng = random.Random(seed)
            root = etree.fromstring(self.read(rng.choice((DEMO_02, DEMO_08))))
            for _change in range(rng.randrange(1, 4)):
                self.damage(rng, root)
            outcomes[self.outcome(wizard, etree.tostring(root), seed)] += 1
        self.assertGreater(min(outcomes.values()), 5, outcomes)

    def damage(self, rng, root):
        """Change one element of a tree."""
        node = rng.choice([node for node in root.iter("{*}*") if node.getparent() is not None])
        parent = node.getparent()
        if parent is None:
            return
        what = rng.randrange(5)
        if what == 0:
            parent.remove(node)
        elif what == 1:
            parent.append(etree.fromstring(etree.tostring(node)))
        elif what == 2:
            node.text = rng.choice([text for text in ODD if text != "\ufeff"])
        elif what == 3:
            node.tag = rng.choice(("{x}y", node.tag + "x"))
        else:
            for key in node.attrib:
                node.set(key, rng.choice(("", "USD", "xx", "=1")))

    def outcome(self, wizard, data, seed):
        try:
            with self.cr.savepoint():
                wizard.import_single_file(data, {"statement_ids": [], "notifications": []})
                self.env.flush_all()
                raise ZeroDivisionError
        except UserError as error:
            self.assertTrue(str(error))
            return "refused"
        except ZeroDivisionError:
            return "read"
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error!r}") from error
        finally:
            self.env.invalidate_all()

    def test_odd_cells_of_a_table(self):
        titles = "Data;Importo;Descrizione\n"
        for cell in ODD:
            for row in (f"{cell};5,00;x", f"01/03/2026;{cell};x", f"01/03/2026;5,00;{cell}"):
                try:
                    found = movements((titles + row).encode(), Layout())
                except TableFault as fault:
                    self.assertIn(fault.code, ("date", "amount", "damaged", "short"), row[:40])
                else:
                    self.assertTrue(all(abs(one["amount"]) < 10**12 and "2000" <= one["date"] < "2100" for one in found), row[:40])
        with self.assertRaises(TableFault) as caught:
            movements(titles.encode() + b"01/03/2026;5,00;x\n" * (MAX_ROWS + 1), Layout())
        self.assertEqual(caught.exception.code, "rows")
