from odoo import fields, models


class Programme(models.Model):
    """How long a pathway of this programme lasts, and how long it may be paused or extended."""

    _inherit = "citta.programme"

    pathway_months = fields.Integer("Length of a pathway (months)", default=12, required=True)
    suspension_days = fields.Integer("Pauses at most (days)", default=180, required=True, help="All pauses of one pathway together.")
    extension_months = fields.Integer("Extensions at most (months)", default=6, required=True, help="All extensions of one pathway together.")

    _terms_positive = models.Constraint(
        "CHECK (pathway_months > 0 AND suspension_days >= 0 AND extension_months >= 0)", "A pathway lasts at least a month."
    )
