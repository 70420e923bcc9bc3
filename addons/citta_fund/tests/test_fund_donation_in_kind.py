import io

from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestInKind(FundCommon):
    """Things given: accepted by their papers, never a figure of money."""

    def make(self, amount=640, paper=True, **vals):
        """A gift of things, with its papers."""
        gift = self.env["citta.donation"].with_user(self.officer).create({
            "fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": amount, "means": "in_kind", "date_received": "2026-03-01",
            "in_kind_items": "8 drills, 80.00 each", "value_basis": "market", **vals,
        })
        if paper:
            self.env["ir.attachment"].create({"name": "deed.pdf", "raw": b"%PDF-1.7", "res_model": gift._name, "res_id": gift.id})
        return gift.with_user(self.treasurer)

    def test_accepted_and_no_money(self):
        gift = self.make()
        gift.action_accept()
        self.assertEqual((gift.state, gift.is_traceable, gift.move_id.id), ("accepted", False, False))
        self.assertEqual(self.figures()["received"], 0)
        self.assertEqual(self.fund._get_public_values()["gift_count"], 0)
        self.assertFalse(gift.receipt_obstacle)
        self.assertFalse(self.env["citta.fund.check"]._run(self.company).filtered(lambda row: not row.is_ok).mapped("findings"))
        for change in ({"amount": 1}, {"in_kind_items": "x"}, {"value_basis": "invoice"}):
            with self.assertRaisesRegex(UserError, "in the books"):
                gift.write(change)
        with self.assertRaises(UserError):
            gift.action_refund()
        gift.action_undo()
        self.assertEqual(gift.state, "undone")

    def test_receipt_of_things(self):
        """One of their own, with list and value; the gift is no money for it, and undoing it voids the paper."""
        gift = self.make(wants_receipt=True)
        with self.assertRaises(UserError):
            gift.action_issue_receipt()
        gift.action_accept()
        receipt = gift.receipt_id
        self.assertEqual((receipt.is_in_kind, receipt.amount, receipt.line_ids.items, gift.state), (True, 640, "8 drills, 80.00 each", "accepted"))
        self.assertIn(f"deed no. {gift.name}, value by: price of like things", receipt.trace)
        self.assertEqual(receipt.number, self.post(10, wants_receipt=True).receipt_id.number - 1, "the same row of numbers")
        self.assertFalse(self.env["citta.fund.check"]._run(self.company).filtered(lambda row: not row.is_ok).mapped("findings"))
        self.assertEqual(self.figures()["received"], 10)
        gift.action_undo()
        self.assertEqual((gift.state, receipt.state), ("undone", "voided"))

    def test_no_receipt_of_things_without_right_or_code(self):
        gift = self.make()
        gift.action_accept()
        with self.assertRaises(AccessError):
            gift.with_user(self.officer).action_issue_receipt()
        self.citizen.citta_fiscal_code = False
        gift.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "fiscal code"):
            gift.action_issue_receipt()
        self.citizen.citta_fiscal_code = "RSSMRA80A01F205X"
        gift.invalidate_recordset()
        gift.action_issue_receipt()
        with self.assertRaisesRegex(UserError, "has a receipt"):
            gift.action_issue_receipt()

    def test_things_and_money_of_a_year_on_two_papers(self):
        things, money = self.make(wants_receipt=True), self.post(25)
        things.action_accept()
        things.receipt_id._void("a wrong address")
        money.wants_receipt = True
        self.assertFalse(things.receipt_id | money.receipt_id)
        run = self.env["citta.receipt.run"].with_user(self.treasurer).create({"year": 2026, "company_id": self.company.id})
        run.action_queue()
        self.assertEqual(run.sudo()._step(), 1)
        self.assertEqual(run.receipt_ids.sorted("amount").mapped(lambda paper: (paper.amount, paper.is_in_kind)), [(25, False), (640, True)])
        self.assertEqual(run.sudo()._step(), 0)
        self.assertFalse(self.env["citta.fund.check"]._run(self.company).filtered(lambda row: not row.is_ok).mapped("findings"))

    def test_paper_of_things(self):
        gift = self.make(wants_receipt=True, amount=31000, value_basis="appraisal", appraisal_date="2026-01-10")
        gift.action_accept()
        content, _kind = self.env["ir.actions.report"].with_context(force_report_rendering=True)._render_qweb_pdf("citta_fund.receipt_report_action", gift.receipt_id.ids)
        text = " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
        for part in ("gift in kind", "8 drills", "sworn appraisal", "28 November 2019"):
            self.assertIn(part, text)
        self.assertNotIn("traceable", text)

    def test_papers_stay_once_the_gift_was_accepted_on_them(self):
        gift = self.make()
        paper = self.env["ir.attachment"].search([("res_model", "=", gift._name), ("res_id", "=", gift.id)]).with_user(self.officer)
        paper.write({"raw": b"%PDF-1.7 signed"})
        gift.action_accept()
        for deed in (paper.unlink, lambda: paper.write({"raw": b"other"}), lambda: paper.write({"res_id": 0})):
            with self.assertRaisesRegex(UserError, "accepted on this paper"), self.cr.savepoint():
                deed()
        gift.action_undo()
        paper.unlink()

    def test_papers(self):
        for vals, pattern in (
            ({"paper": False}, "Attach"), ({"in_kind_items": False}, "List what"), ({"value_basis": False}, "List what"), ({"partner_id": False}, "donor"),
            ({"amount": 30000.01}, "appraisal"), ({"value_basis": "appraisal"}, "appraisal"), ({"value_basis": "appraisal", "appraisal_date": "2025-11-30"}, "90 days"),
            ({"value_basis": "appraisal", "appraisal_date": "2026-03-02"}, "90 days"), ({"means": "transfer"}, "Only gifts in kind"),
        ):
            with self.subTest(vals), self.assertRaisesRegex(UserError, pattern):
                self.make(**vals).action_accept()
        for vals in ({"amount": 30000}, {"amount": 50000, "value_basis": "appraisal", "appraisal_date": "2025-12-01"}):
            self.make(**vals).action_accept()

    def test_who_may(self):
        gift = self.make()
        for user in (self.officer, self.auditor, self.operator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                gift.with_user(user).action_accept()
        with self.assertRaisesRegex(UserError, "by posting it"):
            gift.with_user(self.officer).write({"date_accepted": "2026-03-01"})

    def test_deed_says_what_the_decree_wants(self):
        gift = self.make()
        content, _kind = self.env["ir.actions.report"].with_context(force_report_rendering=True)._render_qweb_pdf("citta_fund.in_kind_deed_action", gift.ids)
        text = PdfReader(io.BytesIO(content)).pages[0].extract_text()
        for part in ("8 drills", "640", "undertakes", "Invented citizen"):
            self.assertIn(part, text)
