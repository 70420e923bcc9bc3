import base64
import io

import zxingcpp
from PIL import Image
from pypdf import PdfReader

from odoo.tests import tagged

from odoo.addons.citta_lavoro.tools.qr_code import qr_png, qr_svg

from ..tools.sepa_qr import sepa_payload
from .test_fund_statement_import import StatementCommon


@tagged("post_install", "-at_install")
class TestFundPdf(StatementCommon):
    """The receipt and the letter on paper."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        (cls.citizen | cls.district).lang = "en_US"

    def read_pdf(self, content):
        """A PDF and all its text in one line."""
        pdf = PdfReader(io.BytesIO(content))
        return pdf, " ".join(" ".join(page.extract_text() for page in pdf.pages).split())

    def receipt(self):
        """An issued receipt."""
        self.citizen.write({"zip": "20096", "city": "Pioltello"})
        return self.post(1821.5, wants_receipt=True, trace="TRN 0001").receipt_id

    def test_receipt_carries_what_the_law_wants(self):
        receipt = self.receipt()
        attachment = receipt.with_context(force_report_rendering=True)._ensure_pdf()
        pdf, text = self.read_pdf(attachment.raw)
        for wanted in (
            receipt.name, self.company.partner_id.name, receipt.issuer_tax_code, "RUNTS", "Invented citizen", "Invented road 1",
            self.citizen.citta_fiscal_code, "1,821.50", "one thousand", "/50", "03/01/2026", "Bank transfer", "TRN 0001",
            "without anything in return", "Test fund", "Labs", "art. 83, paragraph 1", "art. 83, paragraph 2", "never both", "Page 1 of 1",
        ):
            self.assertIn(wanted, text)
        self.assertEqual(len(pdf.pages), 1)

    def test_receipt_is_an_archive_pdf(self):
        attachment = self.receipt().with_context(force_report_rendering=True)._ensure_pdf()
        pdf, _text = self.read_pdf(attachment.raw)
        xmp = pdf.trailer["/Root"]["/Metadata"].get_object().get_data()
        self.assertIn(b"pdfaid", xmp)
        self.assertEqual(pdf.trailer["/Root"]["/Lang"], "en-US")

    def test_receipt_in_italian_is_one_page(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.citizen.lang = "it_IT"
        pdf, text = self.read_pdf(self.receipt().with_context(force_report_rendering=True)._ensure_pdf().raw)
        self.assertIn("erogazione liberale", text)
        self.assertEqual(len(pdf.pages), 1)

    def test_deed_is_signed_by_both(self):
        gift = self.env["citta.donation"].create({
            "fund_id": self.fund.id, "partner_id": self.district.id, "amount": 300, "means": "in_kind", "in_kind_items": "6 stools, 50 euro each", "value_basis": "market",
        })
        pdf, text = self.read_pdf(self.env["ir.actions.report"].with_context(force_report_rendering=True)._render_qweb_pdf(
            "citta_fund.in_kind_deed_action", gift.ids)[0])
        for wanted in (gift.name, "6 stools, 50 euro each", "300.00", "The donor", "Invented district", "undertakes"):
            self.assertIn(wanted, text)
        self.assertEqual((len(pdf.pages), text.count(self.company.partner_id.name)), (1, 2), "in the head and under the line to sign on")

    def test_frozen_paper_stays_after_voiding(self):
        receipt = self.receipt().with_context(force_report_rendering=True)
        first = receipt._ensure_pdf().raw
        receipt.line_ids.donation_id.with_user(self.treasurer).action_undo()
        self.citizen.name = "Somebody else"
        self.assertEqual(receipt._ensure_pdf().raw, first)
        _pdf, text = self.read_pdf(self.env["ir.actions.report"].with_context(force_report_rendering=True)._render_qweb_pdf(
            "citta_fund.receipt_report_action", receipt.ids)[0])
        self.assertIn("VOID since", text)
        self.assertIn("Invented citizen", text)

    def test_text_of_donors_is_not_markup(self):
        self.citizen.write({"name": "<b>Bold</b> & <img src=x onerror=alert(1)>", "street": "<script>x</script>"})
        _pdf, text = self.read_pdf(self.receipt().with_context(force_report_rendering=True)._ensure_pdf().raw)
        self.assertIn("<b>Bold</b> & <img src=x", text)

    def letter(self, pledge):
        """The letter's PDF and its text."""
        return self.read_pdf(self.env["ir.actions.report"].with_context(force_report_rendering=True)._render_qweb_pdf(
            "citta_fund.pledge_letter_action", pledge.ids)[0])

    def test_letter_has_all_that_a_transfer_needs(self):
        pledge = self.pledge(50, reference="RF51CAL000002", wants_receipt=True)
        pdf, text = self.letter(pledge)
        for wanted in ("50.00", "IT70 K999 9901 6000 0000 0400 050", "RF51 CAL0 0000 2", "Invented citizen", "Test fund", "receipt"):
            self.assertIn(wanted, text)
        self.assertIn("/StructTreeRoot", pdf.trailer["/Root"])
        self.assertEqual(len(pdf.pages), 1)

    def test_letters_of_several_pledges(self):
        pdf, text = self.letter(self.pledge(50, reference="RF51CAL000002") | self.pledge(60, reference="RF78CAL000001"))
        self.assertEqual(len(pdf.pages), 2)
        self.assertEqual(text.count("Page 1 of 1"), 2)

    def test_qr_of_the_letter_reads_back(self):
        details = self.pledge(50, reference="RF51CAL000002")._get_payment_details()
        drawing = base64.b64decode(details["qr"].partition(",")[2])
        payload = sepa_payload(self.company.partner_id.name, "IT70K9999901600000000400050", 50, "RF51CAL000002")
        self.assertEqual(drawing, qr_svg(payload))
        self.assertEqual(zxingcpp.read_barcodes(Image.open(io.BytesIO(qr_png(payload))))[0].text, payload)

    def test_letter_of_a_fund_without_account(self):
        self.fund.partner_bank_id = False
        _pdf, text = self.letter(self.pledge(50, reference="RF51CAL000002"))
        self.assertNotIn("Frame this code", text)

    def test_letter_of_another_holders_fund_promises_no_receipt(self):
        self.fund.write({"is_third_party": True, "holder_partner_id": self.foundation.id})
        _pdf, text = self.letter(self.pledge(50, reference="RF51CAL000002", wants_receipt=True))
        self.assertIn("alone may issue receipts", text)
        self.assertNotIn("You asked for a receipt", text)
