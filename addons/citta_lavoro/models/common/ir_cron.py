from odoo import models

ZONE = "Europe/Rome"  # where people meet; a colleague's own setting may be another, and must not tell them a wrong hour


class IrCron(models.Model):
    """Our daily rounds have the language and the clock of the place: Odoo runs them without, in English and by a day that ends an hour or two late."""

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Run our own jobs in the company's language, on the day that it is where people meet."""
        lang = self.env.company.partner_id.lang
        installed = lang in dict(self.env["res.lang"].get_installed())
        place = {"tz": ZONE, **({"lang": lang} if installed else {})}
        cron = self.with_context(**place) if self.model_id.model.startswith("citta.") else self
        return super(IrCron, cron)._callback(cron_name, server_action_id)
