from odoo import api, models

from .follow_up import POSITIVE


class Kpi(models.Model):
    """What the people room counts."""

    _inherit = "citta.kpi"

    @api.model
    def _get_sources(self):
        return super()._get_sources() | {
            "people_contacted": {
                "label": self.env._("People contacted"),
                "model": "crm.lead",
                "action": "citta_lavoro.crm_lead_intake_action",
                "domain": "_get_people_contacted_domain",
                "context": {"default_team_id": self.env.ref("citta_lavoro.crm_team_intake").id, "default_type": "lead"},
                "icon": "fa-users",
            },
            "days_to_first_talk": {
                "label": self.env._("Days to the first talk (mean)"),
                "model": "crm.lead",
                "action": "citta_lavoro.crm_lead_intake_action",
                "domain": "_get_first_talks_domain",
                "context": {"default_team_id": self.env.ref("citta_lavoro.crm_team_intake").id, "default_type": "lead"},
                "measure": "_measure_days_to_first_talk",
                "icon": "fa-clock-o",
            },
            "active_pathways": {
                "label": self.env._("Active pathways"),
                "model": "citta.pathway",
                "action": "citta_lavoro.pathway_action",
                "domain": "_get_active_pathways_domain",
                "icon": "fa-road",
            },
            "lasting_outcomes": {
                "label": self.env._("Outcomes that last at six months (%)"),
                "model": "citta.follow.up",
                "action": "citta_lavoro.follow_up_action",
                "domain": "_get_lasting_domain",
                "measure": "_measure_lasting",
                "icon": "fa-leaf",
            },
        }

    def _get_first_talks_domain(self):
        return [*self._get_people_contacted_domain(), ("citta_date_contacted", "!=", False)]

    def _measure_days_to_first_talk(self):
        """From the arrival to the first talk; nought before anybody was talked to."""
        [[days]] = self.env["crm.lead"]._read_group(self._get_first_talks_domain(), aggregates=["citta_days_to_contact:avg"])
        return days or 0.0

    def _get_active_pathways_domain(self):
        return [("programme_id", "=", self.programme_id.id), ("state", "=", "active")]

    def _get_lasting_domain(self):
        """Answers at six months of those who had left unemployment at the exit."""
        return [
            ("pathway_id.programme_id", "=", self.programme_id.id), ("months", "=", "6"), ("state", "=", "answered"), ("outcome", "in", POSITIVE),
        ]

    def _measure_lasting(self):
        """Their share whose outcome still holds; nought without any answer."""
        counts = dict(self.env["citta.follow.up"]._read_group(self._get_lasting_domain(), ["is_lasting"], ["__count"]))
        total = sum(counts.values())
        return 100.0 * counts.get(True, 0) / total if total else 0.0

    def _get_people_contacted_domain(self):
        """First contacts of the programme, also closed ones; nobody twice: doubles count when an operator says they are none."""
        duplicate = self.env.ref("citta_lavoro.lost_reason_duplicate")
        return [
            ("citta_pipeline", "=", "intake"),
            ("citta_territory_id", "=", self.territory_id.id),
            ("citta_programme_id", "in", [self.programme_id.id, False]),
            ("citta_duplicate_doubt", "=", False),
            ("lost_reason_id", "!=", duplicate.id),
            ("active", "in", [True, False]),
        ]
