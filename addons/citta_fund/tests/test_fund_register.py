import base64
import csv
import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestRegister(FundCommon):
    """The files for the authorities: who is on them, and to the cent."""

    def make(self, kind, year=2026, file_format="csv", user=None):
        """The wizard after making its file."""
        register = self.env["citta.fund.register"].with_user(user or self.treasurer).create({
            "company_id": self.company.id, "year": year, "kind": kind, "file_format": file_format,
        })
        register.action_make()
        return register

    def rows(self, register):
        """The CSV's rows below the titles."""
        text = base64.b64decode(register.content).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]

    def test_agency_gets_persons_and_traceable_money_only(self):
        self.post(10.5)
        self.post(20)
        self.post(1000, self.district)
        self.post(5, self.env["res.partner"].create({"name": "Invented without code"}))
        self.post(5, self.env["res.partner"])
        cash = self.env["citta.donation"].create({"fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 7, "means": "cash", "date_received": "2026-03-01"})
        cash.action_post()
        self.post(3).action_undo()
        register = self.make("agency")
        self.assertEqual(self.rows(register), [["gift", "RSSMRA80A01F205X", "Invented citizen", "2026", "30,50", "2"]])
        self.assertIn("16 March", register.summary)
        self.assertRegex(register.summary, "Left out for want of a donor's valid fiscal code: 1 gifts, 5.00")
        self.assertFalse(self.rows(self.make("agency", 2025)))

    def test_given_back_in_the_same_and_in_a_later_year(self):
        same, later = self.post(10), self.post(20)
        same.action_refund()
        later.action_refund()
        self.env.flush_all()
        for gift, day in ((same, "2026-12-01"), (later, "2027-02-01")):
            # the counter-entry's day is today's; the story needs other years
            self.env.cr.execute("UPDATE account_move SET date = %s WHERE id = %s", (day, gift.refund_move_id.id))
        self.env.invalidate_all()
        self.assertEqual(self.rows(self.make("agency", 2026)), [["gift", "RSSMRA80A01F205X", "Invented citizen", "2026", "20,00", "1"]])
        self.assertEqual(self.rows(self.make("agency", 2027)), [["given back", "RSSMRA80A01F205X", "Invented citizen", "2026", "20,00", "1"]])
        self.assertIn("0.00", self.make("agency", 2027).summary, "nothing came in")

    def test_a_part_given_back_in_a_later_year(self):
        gift = self.post(50)
        rest = self.post(30)
        # sudo: as a provider gives back 20 of an online gift in the year after
        gift.action_refund()
        rest.sudo().write({"rest_of_id": gift.id})
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET date = '2027-02-01' WHERE id = %s", (gift.refund_move_id.id,))
        self.env.invalidate_all()
        self.assertEqual(self.rows(self.make("agency", 2026)), [["gift", "RSSMRA80A01F205X", "Invented citizen", "2026", "50,00", "1"]])
        self.assertEqual(self.rows(self.make("agency", 2027)), [["given back", "RSSMRA80A01F205X", "Invented citizen", "2026", "20,00", "1"]])
        self.env.cr.execute("UPDATE account_move SET date = '2026-12-01' WHERE id = %s", (gift.refund_move_id.id,))
        self.env.invalidate_all()
        self.assertEqual(self.rows(self.make("agency", 2026)), [["gift", "RSSMRA80A01F205X", "Invented citizen", "2026", "30,00", "1"]])

    def test_public_money(self):
        self.post(6000, self.district)
        self.post(50)
        register = self.make("public")
        self.assertEqual([row[:4] for row in self.rows(register)], [["Invented district", "99999990031", "6000,00", "01/03/2026"]])
        self.assertIn("below", register.summary)
        self.post(4000, self.district)
        self.assertIn("30 June", self.make("public").summary)

    def test_public_things(self):
        """Art. 1 c. 125 L. 124/2017: in money or in kind."""
        gift = self.env["citta.donation"].create({
            "fund_id": self.fund.id, "partner_id": self.district.id, "amount": 12000, "means": "in_kind", "date_received": "2026-03-01",
            "in_kind_items": "10 desks", "value_basis": "invoice",
        })
        self.assertFalse(self.rows(self.make("public")), "not accepted yet")
        self.env["ir.attachment"].create({"name": "deed.pdf", "raw": b"x", "res_model": gift._name, "res_id": gift.id})
        gift.with_user(self.treasurer).action_accept()
        [row] = self.rows(self.make("public"))
        self.assertEqual((row[2], "in kind" in row[4]), ("12000,00", True))

    def test_public_money_given_back_in_a_later_year_was_cashed(self):
        gift = self.post(6000, self.district)
        gift.action_refund()
        self.assertFalse(self.rows(self.make("public")), "given back in the same year")
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_move SET date = '2027-01-10' WHERE id = %s", (gift.refund_move_id.id,))
        self.env.invalidate_all()
        self.assertEqual(len(self.rows(self.make("public"))), 1)

    def test_public_money_of_a_sponsor(self):
        """A municipality that adds to gifts pays public money, though it gives none."""
        self.foundation.citta_body_kind = "municipality"
        rule = self.rule.copy({"name": "The town adds", "donor_ids": False})
        gifts = self.post(6000) | self.post(4000)
        self.assertFalse(self.rows(self.make("public")), "promised, not paid")
        owed = rule._get_owed_items()
        line = self.bank_line(7000, date="2026-05-02")
        paid = line._citta_replace_suspense([{"account_id": owed.account_id[:1].id, "partner_id": self.foundation.id, "name": "x", "balance": -7000}])
        (owed | paid).reconcile()
        rows = self.rows(self.make("public"))
        self.assertEqual((sum(float(row[2].replace(",", ".")) for row in rows), {(row[0], row[3]) for row in rows}), (7000, {("Invented foundation", "02/05/2026")}))
        gifts[0].action_refund()
        self.assertEqual(sum(float(row[2].replace(",", ".")) for row in self.rows(self.make("public"))), 7000)

    def test_workbook(self):
        self.district.name = "=cmd()"
        self.post(6000, self.district)
        sheet = load_workbook(io.BytesIO(base64.b64decode(self.make("public", file_format="xlsx").content))).active
        self.assertEqual((sheet.max_row, sheet["A2"].value, sheet["C2"].value), (2, "'=cmd()", 6000))

    def test_gifts_of_third_parties_are_theirs(self):
        self.fund.is_third_party = True
        self.post(6000, self.district)
        self.assertFalse(self.rows(self.make("public")))

    def test_who_may(self):
        self.post(10)
        self.assertTrue(self.rows(self.make("agency", user=self.auditor)))
        for user in (self.officer, self.operator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.make("agency", user=user)
