from odoo import models


class IrCron(models.Model):
    """Our daily rounds speak the language of the place and go by its clock: Odoo runs them without either.

    What they write down would stay English, and a receipt of New Year's morning would be dated in the old year.
    """

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        """Run our own jobs in the company's language, by the clock that visitors have, too."""
        cron = self
        if self.model_id.model.startswith("citta."):
            cron = cron.with_context(tz=self.env.user.tz or self.env.ref("base.public_user").tz)
            lang = self.env.company.partner_id.lang
            if lang in dict(self.env["res.lang"].get_installed()):
                cron = cron.with_context(lang=lang)
        return super(IrCron, cron)._callback(cron_name, server_action_id)
