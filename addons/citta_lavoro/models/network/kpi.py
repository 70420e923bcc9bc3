from odoo import api, models
from odoo.fields import Domain


class Kpi(models.Model):
    """The network's figures."""

    _inherit = "citta.kpi"

    @api.model
    def _get_sources(self):
        """Active members and published opportunities of the programme."""
        return super()._get_sources() | {
            "members": {
                "label": self.env._("Members of the network"),
                "model": "citta.member",
                "action": "citta_lavoro.member_action",
                "domain": "_get_members_domain",
                "icon": "fa-handshake-o",
            },
            "opportunities": {
                "label": self.env._("Published opportunities"),
                "model": "citta.opportunity",
                "action": "citta_lavoro.opportunity_action",
                "domain": "_get_opportunities_domain",
                "icon": "fa-briefcase",
            },
        }

    def _get_members_domain(self):
        """Members that count: those whose adhesion is in force."""
        return Domain("programme_id", "=", self.programme_id.id) & Domain("state", "=", "active")

    def _get_opportunities_domain(self):
        """Opportunities that people can see now."""
        return Domain("programme_id", "=", self.programme_id.id) & Domain("state", "=", "published")
