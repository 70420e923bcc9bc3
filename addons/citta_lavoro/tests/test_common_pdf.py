import base64
import io
from unittest.mock import patch

from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..tools import pdf_engine
from ..tools.pdf_route import RefusedAddress

LOGGER = "odoo.addons.citta_lavoro.models.common.ir_actions_report"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
PAPER = """
<t t-name="citta_lavoro.test_paper">
    <t t-call="citta_lavoro.pdf_container">
        <t t-foreach="docs" t-as="o">
            <div class="header">Head of <t t-out="o.name"/></div>
            <div class="article" t-att-data-oe-model="o._name" t-att-data-oe-id="o.id" data-oe-lang="it_IT">
                <h1>Paper of <t t-out="o.name"/></h1>
                <p t-foreach="range(45)" t-as="number">Line <t t-out="number"/> città, perché, 50 €</p>
                <img t-att-src="o.comment and o.comment.striptags()" alt="picture"/>
                <t t-if="o.website"><img t-att-src="o.website" alt="far"/></t>
            </div>
            <div class="footer">Bottom, page <span class="page"/> of <span class="topage"/></div>
        </t>
    </t>
</t>
"""


@tagged("post_install", "-at_install")
class TestPdf(TransactionCase):
    """Reports printed by WeasyPrint: text, running header and footer, variants, and nothing from outside."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.ui.view"].create({"type": "qweb", "key": "citta_lavoro.test_paper", "name": "paper", "arch": PAPER})
        cls.report = cls.env["ir.actions.report"].create({
            "name": "Test paper", "model": "res.partner", "report_name": "citta_lavoro.test_paper", "report_type": "qweb-pdf",
            "citta_engine": "weasyprint", "citta_house_style": True, "citta_pdf_variant": "pdf/ua-1",
            "paperformat_id": cls.env.ref("citta_lavoro.paperformat_citta").id,
        })
        cls.one, cls.two = cls.env["res.partner"].create([{"name": "Uno Esempio"}, {"name": "Due Esempio"}])

    def render(self, records, report=None):
        """The PDF as pypdf reads it."""
        report = report or self.report
        content, kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(report.report_name, records.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content))

    def test_header_footer_and_page_count_on_every_page(self):
        pdf = self.render(self.one)
        self.assertEqual(len(pdf.pages), 2)
        for number, page in enumerate(pdf.pages, 1):
            text = page.extract_text()
            self.assertIn("Head of Uno Esempio", text)
            self.assertIn(f"page {number} of 2", text.replace("\n", " "))
        self.assertIn("città, perché, 50 €", pdf.pages[0].extract_text())

    def test_several_records_count_their_own_pages(self):
        pdf = self.render(self.one | self.two)
        self.assertEqual(len(pdf.pages), 4)
        last = pdf.pages[3].extract_text()
        self.assertIn("Head of Due Esempio", last)
        self.assertIn("page 2 of 2", last.replace("\n", " "))
        self.assertNotIn("Uno Esempio", last)

    def test_accessible_variant(self):
        pdf = self.render(self.one)
        root = pdf.trailer["/Root"]
        self.assertEqual(root["/Lang"], "it-IT")
        self.assertTrue(root["/MarkInfo"]["/Marked"])
        self.assertIn("/StructTreeRoot", root)
        self.assertEqual(pdf.metadata.title, "Paper of Uno Esempio")
        self.assertIn(b"pdfuaid", root["/Metadata"].get_object().get_data())

    def test_archive_variant(self):
        self.report.citta_pdf_variant = "pdf/a-3b"
        pdf = self.render(self.one)
        xmp = pdf.trailer["/Root"]["/Metadata"].get_object().get_data()
        self.assertRegex(xmp, rb"<pdfaid:part>3</pdfaid:part>|pdfaid:part=\"3\"")
        self.assertRegex(xmp, rb"<pdfaid:conformance>B</pdfaid:conformance>|pdfaid:conformance=\"B\"")
        self.assertIn("/OutputIntents", pdf.trailer["/Root"])
        fonts = [font.get_object() for font in pdf.pages[0]["/Resources"]["/Font"].values()]
        self.assertTrue(fonts)
        for font in fonts:
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            self.assertTrue({"/FontFile2", "/FontFile3"} & set(descriptor), "a font is not embedded")

    def test_core_layout_and_style_work_too(self):
        self.report.write({"citta_house_style": False, "citta_pdf_variant": False})
        pdf = self.render(self.one)
        self.assertIn("Paper of Uno Esempio", pdf.pages[0].extract_text())
        self.assertIn("Head of Uno Esempio", pdf.pages[-1].extract_text())

    def test_own_images_are_read_in_process(self):
        attachment = self.env["ir.attachment"].create({"name": "p.png", "datas": PIXEL, "res_model": "res.partner", "res_id": self.one.id})
        for address in (
            f"/web/image/{attachment.id}", "/web/static/img/logo.png", f"/web/image/res.partner/{self.one.id}/avatar_128",
            "/report/barcode/QR/prova?width=90&height=90", f"data:image/png;base64,{PIXEL}",
        ):
            self.one.write({"comment": address, "image_1920": PIXEL})
            with self.subTest(address), patch("socket.socket.connect", side_effect=AssertionError("network")), \
                    patch.object(type(self.report), "barcode", return_value=base64.b64decode(PIXEL)):
                self.assertTrue(self.render(self.one).pages[-1].images, f"{address} is not on the page")

    def test_nothing_comes_from_outside(self):
        for address in (
            "http://192.0.2.1/x.png", "https://esempio.example/x.png", "file:///etc/hostname", "ftp://192.0.2.1/x.png",
            "//esempio.example/web/static/img/logo.png", "/web/static/../../../../../etc/hostname", "/etc/hostname",
            "/web/content/1", "/web/session/logout", "gopher://127.0.0.1:5432/x",
        ):
            self.one.comment = address
            with self.subTest(address), patch("socket.socket.connect", side_effect=AssertionError("network")) as connect:
                pdf = self.render(self.one)
                self.assertFalse(pdf.pages[-1].images, f"{address} was read")
                self.assertFalse(connect.called)
                with self.assertRaises(RefusedAddress):
                    self.report._citta_read(address, self.report._get_report_url())

    def test_images_are_read_with_the_users_own_rights(self):
        user = new_test_user(self.env, "printer", groups="base.group_user")
        private = self.env["ir.attachment"].create({"name": "p.png", "datas": PIXEL, "res_model": "ir.cron", "res_id": 1})
        base_url = self.report._get_report_url()
        with self.assertRaises(AccessError):
            self.report.with_user(user)._citta_read(f"{base_url}/web/image/{private.id}", base_url)
        self.assertTrue(self.report._citta_read(f"{base_url}/web/image/{private.id}", base_url)[0])

    def test_text_of_users_is_not_markup(self):
        self.one.name = "<img src='http://192.0.2.1/x.png'/><script>alert(1)</script>"
        with patch("socket.socket.connect", side_effect=AssertionError("network")):
            text = self.render(self.one).pages[0].extract_text()
        self.assertIn("<script>", text.replace("\n", ""))

    def test_one_engine_stands_in_for_the_other(self):
        core = self.env["ir.actions.report"]
        self.assertEqual(core.get_wkhtmltopdf_state(), "ok")
        parent = "odoo.addons.base.models.ir_actions_report.IrActionsReport.get_wkhtmltopdf_state"
        self.report.citta_engine = "wkhtmltopdf"
        with patch(parent, return_value="install"):
            self.assertTrue(self.report._citta_prints_with_weasyprint())
        with patch(parent, return_value="ok"):
            self.assertFalse(self.report._citta_prints_with_weasyprint())
        self.report.citta_engine = "weasyprint"
        with patch.object(pdf_engine, "weasyprint", return_value=None), patch(parent, return_value="ok"):
            self.assertFalse(self.report._citta_prints_with_weasyprint())

    def test_without_any_engine_the_message_names_both(self):
        parent = "odoo.addons.base.models.ir_actions_report.IrActionsReport.get_wkhtmltopdf_state"
        with patch.object(pdf_engine, "weasyprint", return_value=None), patch(parent, return_value="install"), \
                self.assertRaisesRegex(UserError, "WeasyPrint.*wkhtmltopdf"):
            self.render(self.one)

    @mute_logger(LOGGER)
    def test_a_page_that_cannot_be_laid_out_is_a_clear_message(self):
        with patch.object(pdf_engine, "render", side_effect=ValueError("layout")), self.assertRaisesRegex(UserError, "laid out"):
            self.render(self.one)

    def test_landscape_and_margins_of_the_template(self):
        paper = self.report._citta_paper(False, {"data-report-landscape": "True", "data-report-margin-top": "12"})
        self.assertEqual((paper.width, paper.height, paper.top), (297, 210, 12))
