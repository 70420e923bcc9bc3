from odoo import models


class IrCron(models.Model):
    """Our daily rounds speak the language of the place: Odoo runs them without one, and what they write down stays English."""

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Run our own jobs in the company's language."""
        lang = self.env.company.partner_id.lang
        installed = lang in dict(self.env["res.lang"].get_installed())
        if installed and self.model_id.model.startswith("citta."):
            self = self.with_context(lang=lang)  # pylint: disable=self-cls-assignment  # super() takes it from here
        return super()._callback(cron_name, server_action_id)
