from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProgrammeFunder(models.Model):
    """Who pays for the programme, in which phase, how much and under which deed."""

    _name = "citta.programme.funder"
    _description = "Programme funder"
    _rec_name = "partner_id"
    _order = "programme_id, id"

    programme_id = fields.Many2one("citta.programme", "Programme", required=True, index=True, ondelete="cascade")
    phase_id = fields.Many2one(
        "citta.programme.phase", "Phase", index="btree_not_null", ondelete="restrict",
        domain="[('programme_id', '=', programme_id)]",
    )
    partner_id = fields.Many2one("res.partner", "Funder", required=True, ondelete="restrict")
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    amount = fields.Monetary("Amount")
    deed = fields.Char("Call or deed", help="The call, resolution or agreement under which it pays.")

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A funder's amount cannot be negative.")

    @api.constrains("phase_id", "programme_id")
    def _check_phase_programme(self):
        for funder in self:
            if funder.phase_id and funder.phase_id.programme_id != funder.programme_id:
                raise ValidationError(self.env._("The phase belongs to another programme."))
