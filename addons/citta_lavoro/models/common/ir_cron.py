from odoo import models

ZONE = "Europe/Rome"  # where the programme's people are


class IrCron(models.Model):
    """Our daily rounds speak the language of the place, and mean its day: Odoo runs them without a language and by Greenwich.

    What they write down would stay English, and a round shortly after midnight would find nothing of that day due.
    """

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Run our own jobs in the company's language and by the clock of the place."""
        if not self.model_id.model.startswith("citta."):
            return super()._callback(cron_name, server_action_id)
        lang = self.env.company.partner_id.lang
        spoken = {"lang": lang} if lang in dict(self.env["res.lang"].get_installed()) else {}
        return super(IrCron, self.with_context(tz=ZONE, **spoken))._callback(cron_name, server_action_id)
