from odoo import api, models
from odoo.fields import Domain


class Kpi(models.Model):
    """The labs' figures."""

    _inherit = "citta.kpi"

    @api.model
    def _get_sources(self):
        """Add labs and their participants."""
        return super()._get_sources() | {
            "labs": {
                "label": self.env._("Labs held or planned"),
                "model": "event.event",
                "action": "citta_lavoro.event_event_lab_action",
                "domain": "_domain_labs",
                "icon": "fa-lightbulb-o",
            },
            "lab_participants": {
                "label": self.env._("Participants in labs"),
                "model": "event.registration",
                "action": "citta_lavoro.event_registration_action",
                "domain": "_domain_lab_participants",
                "icon": "fa-users",
            },
        }

    def _domain_labs(self):
        """Labs of the programme that were not cancelled."""
        return (
            Domain("citta_programme_id", "=", self.programme_id.id)
            & Domain("citta_kind", "=", "lab") & Domain("kanban_state", "!=", "cancel")
        )

    def _domain_lab_participants(self):
        """Those who have a place in one of these labs."""
        return Domain("event_id", "any", self._domain_labs()) & Domain("state", "in", ("open", "done"))
