from odoo import fields, models


class IseeBand(models.Model):
    """A band of the ISEE indicator: all that is kept of it. The thresholds that count change with the laws, so they are data."""

    _name = "citta.isee.band"
    _description = "ISEE band"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
