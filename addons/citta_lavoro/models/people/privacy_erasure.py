from odoo import models

from .invitee_mixin import OPEN_STATES


class PrivacyErasure(models.Model):
    """Who was erased is asked nothing any more."""

    _inherit = "citta.privacy.erasure"

    def _erase(self):
        """Call the questions after the exit and the invitations off: nobody is left to answer them.

        :raise UserError: something stands in the way
        """
        found = self.env["citta.privacy.registry"]._find(self.partner_id, self.lead_id)
        items = found.get("citta.follow.up", self.env["citta.follow.up"])
        # sudo: the places are free again, whoever may erase
        invitations = found.get("citta.invitation", self.env["citta.invitation"]).sudo().with_context(citta_silent=True)
        super()._erase()
        invitations.filtered(lambda item: item.state in OPEN_STATES)._workflow_move("cancel")
        items.filtered(lambda item: item.state in ("planned", "asked"))._workflow_move("cancel")
