from odoo import fields, models


class DeliveryType(models.Model):
    """A kind of service and the unit in which it is counted."""

    _name = "citta.delivery.type"
    _description = "Kind of service"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    unit = fields.Selection([("hours", "Hours"), ("meetings", "Meetings"), ("vouchers", "Vouchers")], required=True, default="hours")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
