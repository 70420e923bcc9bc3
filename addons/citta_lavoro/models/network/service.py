from odoo import fields, models


class Service(models.Model):
    """A sheet of the network's catalogue: a service that a member offers to the people of the programme."""

    _name = "citta.service"
    _description = "Service of the network"
    _order = "name, id"

    name = fields.Char("Service", required=True)
    active = fields.Boolean(default=True)
    member_id = fields.Many2one("citta.member", "Offered by", required=True, index=True, ondelete="cascade")
    territory_id = fields.Many2one(related="member_id.territory_id", store=True, index=True)
    city_id = fields.Many2one("res.city", "Municipality", ondelete="restrict")
    audience = fields.Char("For whom")
    access = fields.Text("How to get it", help="Opening hours, documents, whom to ask.")
    description = fields.Text()
