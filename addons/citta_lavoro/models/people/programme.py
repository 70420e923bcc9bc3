from odoo import fields, models


class Programme(models.Model):
    """How long a pathway of this programme lasts and may be paused, what holds for internships, when a voice is answered."""

    _inherit = "citta.programme"

    pathway_months = fields.Integer("Length of a pathway (months)", default=12, required=True)
    review_months = fields.Integer("Review of the plan every (months)", default=3, required=True, help="0: no alarm.")
    suspension_days = fields.Integer("Pauses at most (days)", default=180, required=True, help="All pauses of one pathway together.")
    extension_months = fields.Integer("Extensions at most (months)", default=6, required=True, help="All extensions of one pathway together.")

    _terms_positive = models.Constraint(
        "CHECK (pathway_months > 0 AND review_months >= 0 AND suspension_days >= 0 AND extension_months >= 0)", "A pathway lasts at least a month."
    )

    # internships: guidelines of State and Regions of 25 May 2017; each Region may ask for more (Lombardy: 500, 400 with meals, 80 %)
    internship_months = fields.Integer("Internships at most (months)", default=12, required=True)
    internship_months_longer = fields.Integer(
        "Longer internships at most (months)", default=24, required=True, help="Where an operator has checked that a longer term is allowed."
    )
    internship_allowance = fields.Float(
        "Least allowance a month (EUR)", default=300, required=True, digits=(16, 2), help="300 in the national guidelines; a Region may set more."
    )
    internship_allowance_meals = fields.Float(
        "Least allowance with meals (EUR)", default=300, required=True, digits=(16, 2), help="Where the firm gives meals or vouchers."
    )
    internship_presence = fields.Float(
        "Presence for the whole allowance (%)", default=70, required=True, digits=(5, 1),
        help="In a month below it the allowance is in proportion to the presence.",
    )
    feedback_days = fields.Integer("Answer to a voice (days)", default=30, required=True, help="Term for complaints and suggestions.")

    _internship_terms = models.Constraint(
        "CHECK (internship_months > 0 AND internship_months_longer >= internship_months AND internship_allowance >= 0"
        " AND internship_allowance_meals >= 0 AND internship_presence BETWEEN 0 AND 100)",
        "Internships last at least a month, the longer ones not less; presence is between 0 and 100 %.",
    )
    _feedback_days_positive = models.Constraint("CHECK (feedback_days > 0)", "An answer takes at least a day.")
