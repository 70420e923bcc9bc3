from odoo import api, models
from odoo.tools import SQL

from ...tools.personal_data import Holding


class PrivacyRegistry(models.AbstractModel):
    """What the incubator holds about a person: own ideas, and what reviewers wrote about them."""

    _inherit = "citta.privacy.registry"

    @api.model
    def _get_holdings(self):
        return super()._get_holdings() + [
            Holding("crm.lead", (("citta_pathway_id", "citta.pathway"),)),
            Holding("citta.review", (("lead_id", "crm.lead"),)),
        ]

    @api.model
    def _get_activity_queries(self):
        return super()._get_activity_queries() + [
            SQL(
                "SELECT w.partner_id, l.create_date::date FROM crm_lead l JOIN citta_pathway w ON w.id = l.citta_pathway_id"
            ),
        ]
