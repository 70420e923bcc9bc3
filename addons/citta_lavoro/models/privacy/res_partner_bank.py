from odoo import fields, models


class ResPartnerBank(models.Model):
    """Bank accounts: those of persons are hidden by a rule, which asks this column instead of all contacts."""

    _inherit = "res.partner.bank"

    citta_is_person = fields.Boolean(related="partner_id.citta_is_person", string="Person", store=True, precompute=True)
