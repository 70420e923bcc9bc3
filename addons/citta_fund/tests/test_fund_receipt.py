import hashlib
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FundCommon

PDF = b"%PDF-1.7 invented"


@tagged("post_install", "-at_install")
class TestReceipt(FundCommon):

    def setUp(self):
        super().setUp()
        self.year = fields.Date.context_today(self.fund).year

    def test_receipt_says_what_the_law_wants(self):
        receipt = self.post(50, wants_receipt=True).receipt_id
        self.assertEqual((receipt.number, receipt.year, receipt.name, receipt.state), (1, self.year, f"{self.year}/00001", "issued"))
        self.assertEqual((receipt.donor_name, receipt.donor_tax_code), ("Invented citizen", "RSSMRA80A01F205X"))
        self.assertIn("Invented road 1", receipt.donor_address)
        self.assertEqual((receipt.issuer_name, receipt.issuer_tax_code), (self.company.partner_id.name, "99999990023"))
        self.assertIn("000", receipt.issuer_register)
        self.assertEqual((receipt.amount, str(receipt.date_payment)), (50, "2026-03-01"))
        self.assertTrue(receipt.amount_words and receipt.means and receipt.trace)
        self.assertIn("Test fund", receipt.purpose)

    def test_body_gets_one_by_its_vat(self):
        self.assertEqual(self.post(50, self.district, wants_receipt=True).receipt_id.donor_tax_code, "99999990031")

    def test_name_is_that_of_whose_code_it_is(self):
        self.citizen.parent_id = self.district
        person = self.post(50, wants_receipt=True).receipt_id
        self.assertEqual((person.donor_name, person.donor_tax_code), ("Invented citizen", "RSSMRA80A01F205X"), "who gives as a person works for a firm")
        office = self.env["res.partner"].create({"name": "Office of the district", "parent_id": self.district.id})
        body = self.post(50, office, wants_receipt=True).receipt_id
        self.assertEqual((body.donor_name, body.donor_tax_code), ("Invented district", "99999990031"))

    def test_what_stands_for_a_sent_one_is_sent(self):
        self.citizen.email = "citizen@example.org"
        first, other = (self.post(50, wants_receipt=True).receipt_id for _n in range(2))
        # sudo: as the scheduled job does once the paper is made
        first.sudo()._freeze(PDF)
        first.with_user(self.treasurer)._send()
        new, quiet = (receipt.with_user(self.treasurer)._reissue("wrong address") for receipt in (first, other))
        self.assertTrue(new._is_to_send(), "the donor holds a paper that is void")
        self.assertFalse(quiet._is_to_send())

    def test_no_receipt_without_each_condition(self):
        nobody = self.env["res.partner"].create({"name": "Invented without code"})
        cash = self.env["citta.donation"].create({"fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 5, "means": "cash"})
        cash.action_post()
        gifts = {
            "fiscal code": self.post(5, nobody, wants_receipt=True),
            "donor is unknown": self.post(5, self.env["res.partner"], wants_receipt=True),
            "no tax benefit": cash,
        }
        refunded = self.post(5)
        refunded.action_refund()
        gifts["went back"] = refunded
        for reason, gift in gifts.items():
            self.assertFalse(gift.receipt_id, reason)
            self.assertRegex(gift.receipt_obstacle, reason)
            with self.assertRaisesRegex(UserError, reason):
                gift.with_user(self.treasurer).action_issue_receipt()
        draft = self.env["citta.donation"].create({"fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 5})
        with self.assertRaisesRegex(UserError, "before the money"):
            draft.with_user(self.treasurer).action_issue_receipt()
        self.assertFalse(self.env["citta.receipt"].search([("company_id", "=", self.company.id)]))

    def test_no_receipt_from_who_may_not_issue(self):
        gift = self.post(5)
        profile = self.company.citta_tax_profile_ids
        profile.valid_to = "2026-02-28"
        with self.assertRaisesRegex(UserError, "tax profile"):
            gift.action_issue_receipt()
        profile.write({"valid_to": False, "may_issue": False})
        gift.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "tax profile"):
            gift.action_issue_receipt()

    def test_no_receipt_for_what_another_body_cashed(self):
        self.fund.is_third_party = True
        gift = self.post(5)
        with self.assertRaisesRegex(UserError, "Another body"):
            gift.action_issue_receipt()

    def test_profiles_do_not_overlap(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.company.citta_tax_profile_ids.copy({"valid_from": "2026-01-01"})
            self.env.flush_all()

    def test_second_receipt_is_refused(self):
        gift = self.post(5, wants_receipt=True)
        with self.assertRaisesRegex(UserError, "has a receipt"):
            gift.action_issue_receipt()
        self.assertEqual(len(gift.receipt_line_ids), 1)

    def test_numbers_have_no_gap_after_a_rollback(self):
        first = self.post(5, wants_receipt=True).receipt_id
        with self.assertRaisesRegex(UserError, "taken back"), self.env.cr.savepoint():
            self.assertEqual(self.post(5, wants_receipt=True).receipt_id.number, 2)
            raise UserError("taken back")
        second = self.post(5, wants_receipt=True).receipt_id
        self.assertEqual((first.number, second.number), (1, 2))

    def test_void_and_reissue(self):
        gift = self.post(5, wants_receipt=True)
        first = gift.receipt_id
        self.citizen.name = "Invented citizen, corrected"
        wizard = self.env["citta.receipt.void"].with_user(self.treasurer).create({"receipt_id": first.id, "reason": "Name mistyped", "reissue": True})
        second = self.env["citta.receipt"].browse(wizard.action_void()["res_id"])
        self.assertEqual((first.state, first.void_reason, first.replaced_by_id), ("voided", "Name mistyped", second))
        self.assertEqual((first.donor_name, second.donor_name), ("Invented citizen", "Invented citizen, corrected"))
        self.assertEqual((second.number, gift.receipt_id, gift.state), (2, second, "receipted"))
        log = self.env["citta.workflow.log"].sudo().search([("res_model", "=", "citta.receipt"), ("res_id", "=", first.id)])
        self.assertEqual((log.transition, log.reason, log.user_id), ("void", "Name mistyped", self.treasurer))
        with self.assertRaises(UserError):
            first.with_user(self.treasurer)._void("again")

    def test_refund_and_undo_void_the_receipt(self):
        for action in ("action_refund", "action_undo"):
            gift = self.post(5, wants_receipt=True)
            receipt = gift.receipt_id
            getattr(gift, action)()
            self.assertEqual((receipt.state, gift.receipt_id), ("voided", self.env["citta.receipt"]))
            self.assertTrue(receipt.void_reason)

    def test_receipt_is_frozen(self):
        receipt = self.post(5, wants_receipt=True).receipt_id
        for user in (self.officer, self.treasurer, self.fund_admin, self.auditor):
            for vals in ({"amount": 6}, {"state": "voided"}, {"donor_name": "other"}):
                with self.assertRaises(AccessError):
                    receipt.with_user(user).write(vals)
            with self.assertRaises(AccessError):
                receipt.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env["citta.receipt"].with_user(user).create({})
        for record in (receipt, receipt.line_ids):
            with self.assertRaises(UserError):
                record.sudo().write({"amount": 6})
            with self.assertRaises(UserError):
                record.sudo().unlink()

    def test_only_the_treasurer_issues_and_voids(self):
        gift = self.post(5)
        receipt = self.post(5, wants_receipt=True).receipt_id
        for user in (self.officer, self.auditor):
            with self.assertRaises(AccessError):
                gift.with_user(user).action_issue_receipt()
            with self.assertRaises(AccessError):
                receipt.with_user(user)._void("no")
            with self.assertRaises(AccessError):
                self.env["citta.receipt.void"].with_user(user).create({"receipt_id": receipt.id, "reason": "no"})

    def test_pdf_is_frozen_once(self):
        receipt = self.post(5, wants_receipt=True).receipt_id
        self.assertFalse(receipt.attachment_id, "nothing slow happens while the number is held")
        with patch.object(type(self.env["ir.actions.report"]), "_render_qweb_pdf", return_value=(PDF, "pdf")) as render:
            receipt.with_user(self.treasurer).action_open_pdf()
            receipt.with_user(self.treasurer).action_open_pdf()
            self.assertEqual(render.call_count, 1)
        self.assertEqual(receipt.pdf_sha256, hashlib.sha256(PDF).hexdigest())
        self.assertEqual(receipt.attachment_id.raw, PDF)
        with self.assertRaises(UserError):
            receipt.sudo().write({"pdf_sha256": "other"})
        with self.assertRaises(AccessError):
            receipt.attachment_id.with_user(self.treasurer).unlink()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            receipt.attachment_id.sudo().unlink()

    def test_donor_sees_only_own(self):
        own = self.post(5, wants_receipt=True)
        other = self.post(5, self.district, wants_receipt=True)
        portal = self.env["res.users"].with_context(no_reset_password=True).create({
            "login": "fund_donor", "partner_id": self.citizen.id, "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            "company_id": self.company.id, "company_ids": [Command.set(self.company.ids)],
        })
        for model, mine, foreign in (
            ("citta.donation", own, other), ("citta.receipt", own.receipt_id, other.receipt_id),
        ):
            self.assertEqual(self.env[model].with_user(portal).search([]), mine)
            mine.with_user(portal).read(["display_name", "amount"])
            with self.assertRaises(AccessError):
                foreign.with_user(portal).read(["display_name"])
            with self.assertRaises(AccessError):
                mine.with_user(portal).write({"amount": 1})
