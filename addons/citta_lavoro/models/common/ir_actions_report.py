import base64
import logging
import mimetypes
from collections import OrderedDict
from contextlib import nullcontext

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype
from odoo.tools.misc import file_open

from ...tools import pdf_document, pdf_engine, pdf_route

_logger = logging.getLogger(__name__)

USABLE = ("ok", "upgrade")


class IrActionsReport(models.Model):
    """PDF reports by WeasyPrint: real text, running header and footer, page x of y, archive and accessible variants.

    Chosen per report. A report of the other engine is still printed where only one of the two is installed.
    Nothing is read from the network or from the disk: stylesheets, static files, images and barcodes come from
    this process, with the rights of the user who prints.
    """

    _inherit = "ir.actions.report"

    citta_engine = fields.Selection(
        [("wkhtmltopdf", "wkhtmltopdf"), ("weasyprint", "WeasyPrint")], "PDF engine",
        required=True, default="wkhtmltopdf",
        help="WeasyPrint gives real text, headers and footers, and archive or accessible PDF.",
    )
    citta_pdf_variant = fields.Selection(
        [("pdf/ua-1", "Accessible (PDF/UA)"), ("pdf/a-3b", "Archive (PDF/A-3b)")], "PDF variant",
        help="Only with WeasyPrint: receipts are kept as archive PDF, all other papers are accessible ones.",
    )
    citta_house_style = fields.Boolean(
        "House style", help="Printed with our own small stylesheet instead of the company's layout and Bootstrap: much faster.",
    )

    @api.model
    def get_wkhtmltopdf_state(self):
        """What the client asks before it downloads a PDF.

        :return: ``ok`` where WeasyPrint can stand in, else what wkhtmltopdf says of itself
        """
        return "ok" if pdf_engine.weasyprint() else super().get_wkhtmltopdf_state()

    def _get_layout(self):
        if self.citta_house_style and self._citta_prints_with_weasyprint():
            return self.env.ref("citta_lavoro.pdf_layout")
        return super()._get_layout()

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """One record at a time, so that every paper has its own page count, title and language.

        :raise UserError: when neither engine is installed
        """
        if not self._get_report(report_ref)._citta_prints_with_weasyprint():
            if self.get_wkhtmltopdf_state() == "install":
                raise UserError(self.env._(
                    "No PDF can be made: neither WeasyPrint (with the system library Pango) nor wkhtmltopdf is installed on the server."
                ))
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = OrderedDict()
        for ids in [[one] for one in dict.fromkeys(res_ids)] if res_ids else [res_ids]:
            streams.update(super()._render_qweb_pdf_prepare_streams(report_ref, dict(data or {}), res_ids=ids))
        return streams

    @api.model
    def _run_wkhtmltopdf(
        self, bodies, report_ref=False, header=None, footer=None, landscape=False,
        specific_paperformat_args=None, set_viewport_size=False,
    ):
        report = self._get_report(report_ref) if report_ref else self
        if not report._citta_prints_with_weasyprint():
            return super()._run_wkhtmltopdf(
                bodies, report_ref=report_ref, header=header, footer=footer, landscape=landscape,
                specific_paperformat_args=specific_paperformat_args, set_viewport_size=set_viewport_size,
            )
        paper = report._citta_paper(landscape, specific_paperformat_args or {})
        documents = [
            pdf_document.compose(
                body,
                pdf_document.running(header, "minimal_layout_report_headers", index),
                pdf_document.running(footer, "minimal_layout_report_footers", index),
                paper, self.env.context.get("lang") or self.env.lang or "it_IT", report.name,
            )
            for index, body in enumerate(map(str, bodies))
        ]
        return self._citta_weasyprint(documents, report.citta_pdf_variant or None)

    @api.model
    def _get_rendering_context(self, report, docids, data):
        """Whoever prints may read what is printed: a template that computes anything as the system would fill the cache for everybody.

        :raise AccessError: a document is out of the user's reach
        """
        if docids and report.model in self.env and not self.env.su:
            self.env[report.model].browse(docids).exists().check_access("read")
        return super()._get_rendering_context(report, docids, data)

    # -- WeasyPrint ----------------------------------------------------------

    def _citta_prints_with_weasyprint(self):
        """Whether this report goes to WeasyPrint: it was chosen, or the other engine cannot work here."""
        if not pdf_engine.weasyprint():
            return False
        return self.citta_engine == "weasyprint" or super().get_wkhtmltopdf_state() not in USABLE

    def _citta_weasyprint(self, documents, variant):
        """The PDF of whole HTML documents.

        :raise UserError: when the page cannot be laid out; the cause is in the server's log
        """
        base_url, broken = self._get_report_url(), []

        def read(url):
            try:
                return self._citta_read(url, base_url)
            except psycopg2.Error as error:
                broken.append(error)
                raise

        try:
            pdf = pdf_engine.render(documents, base_url, read, variant)
        except (ValueError, TypeError, AssertionError, IndexError, KeyError, AttributeError) as error:
            _logger.exception("WeasyPrint failed")
            raise UserError(self.env._("The PDF could not be laid out. The administrator finds the cause in the server's log.")) from error
        if broken:
            raise broken[0]  # the layout goes on without what it cannot read; the transaction cannot
        return pdf

    def _citta_paper(self, landscape, wanted):
        """The sheet: the report's own paper format, with what its template asks for on top.

        :param landscape: from the context, to lay it on its side
        :param dict wanted: ``data-report-…`` attributes of the template's root
        :return: ``pdf_document.Paper``
        """
        paper = self.get_paperformat()
        sheet = pdf_document.Paper(
            paper.print_page_width or 210, paper.print_page_height or 297,
            float(wanted.get("data-report-margin-top", paper.margin_top)), paper.margin_right,
            float(wanted.get("data-report-margin-bottom", paper.margin_bottom)), paper.margin_left,
            paper.css_margins,
        )
        turn = (landscape or wanted.get("data-report-landscape")) and sheet.width < sheet.height
        return sheet.turned() if turn else sheet

    # -- what a document may read --------------------------------------------

    def _citta_read(self, url, base_url):
        """The content of an address of ours.

        :return: (bytes, mimetype)
        :raise RefusedAddress: for anything else; the document is then printed without it
        """
        try:
            kind, parts, query = pdf_route.route(url, base_url)
        except pdf_route.RefusedAddress:
            _logger.info("A report asked for an address outside and was refused: %s", url[:200])
            raise
        return getattr(self, f"_citta_read_{kind}")(query=query, **parts)

    def _citta_read_static(self, path, query):
        with file_open(path, "rb") as handle:
            return handle.read(), mimetypes.guess_type(path)[0] or "application/octet-stream"

    def _citta_read_assets(self, filename, query):
        """A stylesheet bundle; making it may write, so a read-only request does it in a transaction of its own."""
        writable = self.env.registry.cursor(readonly=False) if self.env.cr.readonly else nullcontext(self.env.cr)
        with writable as cr:
            env = self.env(cr=cr)
            bundle, rtl, _kind, autoprefix = env["ir.asset"]._parse_bundle_name(filename, False)
            css = env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=False, rtl=rtl, autoprefix=autoprefix).css()
            # sudo: stylesheets are public, their attachment rows are not readable by everybody
            return css.sudo().raw, "text/css"

    def _citta_read_image(self, query, res_model="ir.attachment", res_id=None, field="raw", xmlid=None):
        """An image, with the rights of the user who prints."""
        record = self.env["ir.binary"]._find_record(
            xmlid=xmlid, res_model=res_model, res_id=res_id and int(res_id), access_token=query.get("access_token"), field=field,
        )
        record._check_field_access(record._fields[field], "read")
        content = record.raw if record._name == "ir.attachment" else base64.b64decode(record[field] or b"")
        return content, guess_mimetype(content)

    def _citta_read_barcode(self, barcode_type, value, query):
        return self.barcode(barcode_type, value, **query), "image/png"
