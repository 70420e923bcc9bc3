from odoo import fields, models


class MailFollowers(models.Model):
    """Who follows a record: a rule hides persons, and asks this column instead of all contacts."""

    _inherit = "mail.followers"

    citta_is_person = fields.Boolean(related="partner_id.citta_is_person", string="Person", store=True, precompute=True)
