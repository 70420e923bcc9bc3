from odoo import api, models
from odoo.fields import Domain


class Kpi(models.Model):
    """The observatories' figure: needs that were found and confirmed."""

    _inherit = "citta.kpi"

    @api.model
    def _get_sources(self):
        """Add the needs."""
        return super()._get_sources() | {
            "needs": {
                "label": self.env._("Needs of the territory found"),
                "model": "citta.need",
                "action": "citta_lavoro.need_action",
                "domain": "_domain_needs",
                "icon": "fa-binoculars",
            },
        }

    def _domain_needs(self):
        """Needs of the programme's territory that were not dropped."""
        return Domain("territory_id", "=", self.programme_id.territory_id.id) & Domain("state", "!=", "dropped")
