from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestFundPrivacy(FundCommon):
    """The papers of a donor are kept ten years with the name they were made out to, and nothing else is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.privacy = new_test_user(cls.env, "fund_privacy", groups="citta_lavoro.group_citta_privacy_officer")
        cls.citizen.write({"email": "citizen@posta.example", "phone": "+39 02 12345678", "comment": "likes bicycles", "citta_birth_date": "1980-01-01"})

    def erase(self, partner=None):
        erasure = self.env["citta.privacy.erasure"].with_user(self.privacy).create({"partner_id": (partner or self.citizen).id})
        erasure.action_erase()
        self.env.invalidate_all()
        return erasure.sudo()

    def give(self):
        gift = self.post(50, wants_receipt=True)
        return gift, gift.receipt_id

    def test_receipt_and_entry_stay_and_the_rest_goes(self):
        gift, receipt = self.give()
        frozen = receipt.read(["donor_name", "donor_tax_code", "donor_address", "amount", "name"])
        moves = gift.move_id.line_ids.read(["partner_id", "balance", "name"])
        erasure = self.erase()
        self.assertEqual(erasure.state, "limited")
        self.assertEqual(erasure.date_kept_until, date(2036, 12, 31))
        self.assertIn("art. 2220", erasure.kept_reason)
        self.assertEqual(receipt.read(["donor_name", "donor_tax_code", "donor_address", "amount", "name"]), frozen)
        self.assertEqual(gift.move_id.line_ids.read(["partner_id", "balance", "name"]), moves)
        self.assertEqual((self.citizen.name, self.citizen.citta_fiscal_code), ("Invented citizen", "RSSMRA80A01F205X"))
        self.assertEqual((self.citizen.email, self.citizen.phone, self.citizen.citta_birth_date), (False, False, False))
        self.assertFalse(self.citizen.comment)

    def test_a_person_who_gave_is_parted_from_the_donor(self):
        """The pathway gets a nameless contact; the donor's contact is no person of the programme any more."""
        self.give()
        env = self.env(su=True)
        territory = env["citta.territory"].create({"name": "F", "code": "f-priv"})
        programme = env["citta.programme"].create({
            "name": "F", "code": "f-priv", "territory_id": territory.id, "date_start": "2024-01-01", "lead_partner_id": self.foundation.id,
        })
        pathway = env["citta.pathway"].create({
            "partner_id": self.citizen.id, "programme_id": programme.id, "body_id": self.district.id, "referent_id": False,
        })
        goal = env["citta.goal"].create({"pathway_id": pathway.id, "name": "Invented citizen opens a shop"})
        pathway.action_activate()
        with self.assertRaises(UserError):
            self.erase()
        pathway.write({"state": "closed", "outcome": "job"})
        figures = self.figures()
        self.erase()
        self.assertNotEqual(pathway.partner_id, self.citizen)
        self.assertEqual(goal.partner_id, pathway.partner_id)
        self.assertIn("no.", pathway.partner_id.name)
        self.assertNotIn("citizen", goal.name)
        self.assertEqual((pathway.outcome, pathway.territory_id), ("job", territory))
        self.assertFalse(self.citizen.citta_is_person)
        self.assertEqual(self.citizen.name, "Invented citizen")
        self.assertEqual(self.figures(), figures)
        self.assertTrue(all(self.env["citta.fund.check"]._run(self.company).mapped("is_ok")))

    def test_after_the_term_the_papers_lose_the_name_too(self):
        _gift, receipt = self.give()
        erasure = self.erase()
        self.assertNotIn(erasure, erasure._get_due())
        receipt.flush_recordset()
        self.env.cr.execute("UPDATE citta_receipt SET date = '2010-01-01'")
        self.env.cr.execute("UPDATE account_move SET date = '2010-01-01' WHERE partner_id = %s", [self.citizen.id])
        self.env.cr.execute("UPDATE citta_donation SET date_received = '2010-01-01'")
        self.env.invalidate_all()
        erasure.date_kept_until = "2020-12-31"
        self.assertIn(erasure, erasure._get_due())
        erasure._erase()
        self.env.invalidate_all()
        self.assertEqual(erasure.state, "done")
        self.assertNotIn("citizen", f"{receipt.donor_name}{self.citizen.name}")
        self.assertNotIn("RSSMRA80A01F205X", f"{receipt.donor_tax_code}{self.citizen.citta_fiscal_code}")
        self.assertEqual(receipt.amount, 50)

    def test_a_promise_alone_keeps_nothing(self):
        pledge = self.pledge(20)
        erasure = self.erase()
        self.assertEqual(erasure.state, "done")
        self.assertNotIn("citizen", self.citizen.name)
        self.assertTrue(pledge.reference)

    def test_the_books_are_not_rewritten_for_a_mark_in_them(self):
        """A bank line that happens to name the erased person is the bank's word."""
        line = self.bank_line(10, payment_ref="Invented citizen, thanks", partner_name="Invented citizen")
        self.erase()
        self.assertEqual((line.payment_ref, line.partner_name), ("Invented citizen, thanks", "Invented citizen"))

    def test_neither_treasurer_nor_officer_erases(self):
        for user in (self.treasurer, self.officer, self.fund_admin, self.auditor):
            with self.assertRaises(AccessError):
                self.env["citta.privacy.erasure"].with_user(user).create({"partner_id": self.citizen.id})

    def test_a_gift_is_a_sign_of_life(self):
        self.post(30)
        queries = self.env["citta.privacy.registry"]._get_activity_queries()
        self.env.flush_all()
        found = set()
        for query in queries:
            self.env.cr.execute(query)
            found |= {row[0] for row in self.env.cr.fetchall()}
        self.assertIn(self.citizen.id, found)
