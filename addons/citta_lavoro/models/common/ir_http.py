from odoo import models


class IrHttp(models.AbstractModel):
    """The site's scripts get the translations of the modules named here only."""

    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Add ours: what our templates put into the components of portal and site."""
        return [*super()._get_translation_frontend_modules_name(), "citta_lavoro"]
