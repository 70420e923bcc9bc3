import re

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, format_datetime

from ..common.ir_cron import ZONE

KEEP_DAYS = 30
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(?P<time> \d\d:\d\d:\d\d)?")


class PrivacyRequestExport(models.AbstractModel):
    """The copy of the data that answers a request: made for the person alone, and thrown away after a while."""

    _name = "citta.privacy.request.export"
    _description = "Copy of the data for a request"

    export_id = fields.Many2one("ir.attachment", "Copy of the data", readonly=True, copy=False, ondelete="set null")

    # -- actions -------------------------------------------------------------

    def action_prepare(self):
        """Put together everything that is held: data as JSON and as PDF, and the files, in one archive.

        :raise UserError: the identity is not checked
        """
        for request in self:
            if request.state != "verified":
                raise UserError(self.env._("Data are given only to the person: check the identity first."))
            request._prepare_export()
        return True

    def action_look(self):
        """Look at the copy before it is given.

        :return: the download
        """
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/web/content/{self.export_id.id}?download=true", "target": "download"}

    # -- business ------------------------------------------------------------

    def _prepare_export(self):
        """Make the archive anew; the one before goes."""
        self.ensure_one()
        lang = self.partner_id.lang or self.lead_id.lang_code or self.env.lang
        # sudo: the copy shows what no single user may see; it is given to the person alone
        request_sudo = self.sudo().with_context(force_report_rendering=True, lang=lang)
        request_sudo.export_id.unlink()
        report = request_sudo.env["ir.actions.report"]
        pdf, _kind = report._render_qweb_pdf("citta_lavoro.privacy_request_report_action", self.ids)
        content = request_sudo.env["citta.privacy.export"]._make_zip(self.partner_id, self.lead_id, pdf)
        request_sudo.export_id = request_sudo.env["ir.attachment"].create({
            "name": "dati.zip", "raw": content, "mimetype": "application/zip", "res_model": self._name, "res_id": self.id,
        })

    def _get_sections(self):
        """What the paper prints: the same as the file for machines, said as people write it."""
        sections = self.env["citta.privacy.export"]._collect(self.partner_id, self.lead_id)
        return [
            {
                **section,
                "records": [{label: self._say(value) for label, value in record.items()} for record in section["records"]],
                "messages": [{**message, "date": self._say(message["date"][:10])} for message in section["messages"]],
            }
            for section in sections
        ]

    def _say(self, value):
        """A yes in words, a day as it is written in the person's language."""
        if value is True:
            return self.env._("Yes")
        match = MOMENT.fullmatch(value) if isinstance(value, str) else None
        if not match:
            return value
        return format_datetime(self.env, value, tz=ZONE) if match["time"] else format_date(self.env, value)

    # -- crons -----------------------------------------------------------------

    @api.model
    def _throw_copies_away(self, today):
        old = self.search([("export_id", "!=", False), ("date_answered", "<", today - relativedelta(days=KEEP_DAYS))])
        # sudo: the copy is nobody's but the person's
        old.sudo().export_id.unlink()
        return old
