from odoo import api, models


class Kpi(models.Model):
    """What the people room counts."""

    _inherit = "citta.kpi"

    @api.model
    def _get_sources(self):
        return super()._get_sources() | {
            "active_pathways": {
                "label": self.env._("Active pathways"),
                "model": "citta.pathway",
                "action": "citta_lavoro.pathway_action",
                "domain": "_get_active_pathways_domain",
                "icon": "fa-road",
            },
        }

    def _get_active_pathways_domain(self):
        return [("programme_id", "=", self.programme_id.id), ("state", "=", "active")]
