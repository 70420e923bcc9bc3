from odoo import models


class IrCron(models.Model):
    """Our daily rounds speak the language of the place: Odoo runs them without one, and what they write down stays English."""

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Run our own jobs in the company's language."""
        lang = self.env.company.partner_id.lang
        installed = lang in dict(self.env["res.lang"].get_installed())
        ours = installed and self.model_id.model.startswith("citta.")
        cron = self.with_context(lang=lang) if ours else self
        return super(IrCron, cron)._callback(cron_name, server_action_id)
