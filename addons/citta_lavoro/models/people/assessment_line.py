from odoo import api, fields, models
from odoo.exceptions import UserError

# Nothing said is a level of its own because the stars of the grid go back to the first one.
LEVELS = [("0", "Not said"), ("1", "Very hard"), ("2", "Hard"), ("3", "So-so"), ("4", "Good"), ("5", "Very good")]


class AssessmentLine(models.Model):
    """How things are in one domain of life, and whether the person wants to work on it. No free text: nothing special slips in."""

    _name = "citta.assessment.line"
    _description = "Assessed domain"
    _inherit = ["citta.pathway.item"]
    _order = "assessment_id, sequence, id"
    _rec_name = "domain_id"

    assessment_id = fields.Many2one("citta.assessment", "Assessment", required=True, index=True, ondelete="cascade")
    # precomputed: the scope is derived from it while the record is made, and checked at once
    pathway_id = fields.Many2one(related="assessment_id.pathway_id", store=True, precompute=True)
    domain_id = fields.Many2one("citta.life.domain", "Domain", required=True, ondelete="restrict", index=True)
    sequence = fields.Integer(related="domain_id.sequence", store=True)
    level = fields.Selection(LEVELS, "How it goes")
    is_priority = fields.Boolean("To work on")
    date = fields.Date(related="assessment_id.date", store=True)

    _domain_uniq = models.UniqueIndex("(assessment_id, domain_id)", "This domain stands in the assessment already.")

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: the assessment is confirmed"""
        lines = super().create([{name: vals[name] for name in vals if name != "pathway_id"} for vals in vals_list])
        lines.assessment_id._check_editable()
        return lines

    def write(self, vals):
        """:raise UserError: the assessment is confirmed"""
        if {"assessment_id", "pathway_id"} & vals.keys() and not self.env.su:
            raise UserError(self.env._("A line stays in its assessment."))
        self.assessment_id._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self.assessment_id._check_editable()
