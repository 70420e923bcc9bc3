from odoo import fields, models


class RatingRating(models.Model):
    """What somebody thinks of a course or a meeting: a rule hides persons, and asks this column instead of all contacts."""

    _inherit = "rating.rating"

    citta_is_person = fields.Boolean(related="partner_id.citta_is_person", string="Person", store=True, precompute=True)
