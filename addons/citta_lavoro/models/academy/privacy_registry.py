from odoo import api, models
from odoo.tools import SQL

from ...tools.personal_data import Holding


class PrivacyRegistry(models.AbstractModel):
    """What the Academy holds about a person: registrations and presences; the rows stay, for the figures."""

    _inherit = "citta.privacy.registry"

    @api.model
    def _get_holdings(self):
        label = self._get_label()
        return super()._get_holdings() + [
            Holding("event.registration", (("citta_pathway_id", "citta.pathway"),)),
            Holding("citta.attendance", (("registration_id", "event.registration"),), neutral={"registration_name": label}),
        ]

    @api.model
    def _get_activity_queries(self):
        return super()._get_activity_queries() + [
            SQL("SELECT partner_id, create_date::date FROM event_registration WHERE partner_id IS NOT NULL"),
            SQL(
                "SELECT w.partner_id, a.date::date FROM citta_attendance a JOIN citta_pathway w ON w.id = a.pathway_id"
                " WHERE a.status = 'present'"
            ),
        ]
