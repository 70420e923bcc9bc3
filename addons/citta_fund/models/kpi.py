from odoo import api, models


class Kpi(models.Model):
    """The free balance of a programme's funds, beside its other figures."""

    _inherit = "citta.kpi"

    @api.model
    def _get_sources(self):
        """Add the balance of the solidarity fund."""
        return {
            **super()._get_sources(),
            "fund_balance": {
                "label": self.env._("Free balance of the fund"),
                "model": "citta.fund",
                "action": "citta_fund.fund_action",
                "domain": "_get_fund_domain",
                "measure": "_measure_fund_balance",
                "icon": "fa-heart",
                "money": True,
            },
        }

    def _get_fund_domain(self):
        return [("programme_id", "=", self.programme_id.id)]

    def _measure_fund_balance(self):
        """The same sum that the form and the public page show."""
        figures = self.env["citta.fund"].search(self._get_fund_domain())._get_figures()
        return sum(found["free"] for found in figures.values())
