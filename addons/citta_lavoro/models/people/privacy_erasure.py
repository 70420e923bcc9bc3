from odoo import models


class PrivacyErasure(models.Model):
    """Who was erased is asked nothing any more."""

    _inherit = "citta.privacy.erasure"

    def _erase(self):
        """Call the questions after the exit off: nobody is left to answer them.

        :raise UserError: something stands in the way
        """
        found = self.env["citta.privacy.registry"]._find(self.partner_id, self.lead_id)
        items = found.get("citta.follow.up", self.env["citta.follow.up"])
        super()._erase()
        items.filtered(lambda item: item.state in ("planned", "asked"))._workflow_move("cancel")
