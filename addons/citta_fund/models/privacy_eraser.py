from odoo import api, models


class PrivacyEraser(models.AbstractModel):
    """A donor's saved card goes for good, also where gifts that stay in the books were paid with it."""

    _inherit = "citta.privacy.eraser"

    @api.model
    def _delete(self, records):
        """Let go of a card the payments that it was used for; core would keep it for them."""
        if records._name == "payment.token":
            records.env["payment.transaction"].search([("token_id", "in", records.ids)]).token_id = False
        return super()._delete(records)
