from odoo import fields, models


class CalendarAttendee(models.Model):
    """Who takes part in a meeting: a rule hides persons, and asks this column instead of all contacts."""

    _inherit = "calendar.attendee"

    citta_is_person = fields.Boolean(related="partner_id.citta_is_person", string="Person", store=True, precompute=True)
