from odoo import api, fields, models


class ProgrammePhase(models.Model):
    """A stretch of the programme with its own dates; a later one may have other funders."""

    _name = "citta.programme.phase"
    _description = "Programme phase"
    _order = "date_start, id"

    name = fields.Char(required=True)
    programme_id = fields.Many2one("citta.programme", "Programme", required=True, index=True, ondelete="cascade")
    date_start = fields.Date("Start", required=True)
    date_end = fields.Date("End")
    funder_ids = fields.One2many("citta.programme.funder", "phase_id", "Funders")

    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "A phase cannot end before it starts."
    )

    @api.constrains("programme_id")
    def _check_funders_programme(self):
        """A phase that moves to another programme would take its funders' money along: they refuse."""
        self.funder_ids._check_phase_programme()
