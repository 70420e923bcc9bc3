from odoo import api, models
from odoo.tools import SQL

from ...tools.personal_data import Holding


class PrivacyRegistry(models.AbstractModel):
    """What the network holds about a person: applications."""

    _inherit = "citta.privacy.registry"

    @api.model
    def _get_holdings(self):
        return super()._get_holdings() + [Holding("citta.application", (("pathway_id", "citta.pathway"),))]

    @api.model
    def _get_activity_queries(self):
        return super()._get_activity_queries() + [SQL("SELECT partner_id, create_date::date FROM citta_application")]
