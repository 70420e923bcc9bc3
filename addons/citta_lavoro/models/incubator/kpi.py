from odoo import api, models
from odoo.fields import Domain


class Kpi(models.Model):
    """The incubator's figures."""

    _inherit = "citta.kpi"

    @api.model
    def _get_sources(self):
        """Ideas in the pipeline and challenges made public."""
        return super()._get_sources() | {
            "ideas": {
                "label": self.env._("Ideas in the incubator"),
                "model": "crm.lead",
                "action": "citta_lavoro.crm_lead_incubator_action",
                "domain": "_get_ideas_domain",
                "icon": "fa-lightbulb-o",
            },
            "challenges": {
                "label": self.env._("Challenges made public"),
                "model": "citta.challenge",
                "action": "citta_lavoro.challenge_action",
                "domain": "_get_challenges_domain",
                "icon": "fa-flag-o",
            },
        }

    def _get_ideas_domain(self):
        """Ideas of the programme, at whatever stage."""
        return Domain("citta_pipeline", "=", "incubator") & Domain("citta_programme_id", "=", self.programme_id.id)

    def _get_challenges_domain(self):
        """Challenges that were published, also those closed since."""
        return Domain("programme_id", "=", self.programme_id.id) & Domain("state", "in", ("published", "closed"))
