from odoo import fields, models


class Territory(models.Model):
    """An *ambito*: the municipalities that run one social plan together. The unit of every right to see."""

    _name = "citta.territory"
    _description = "Territory (ambito)"
    _order = "name, id"

    name = fields.Char(required=True, translate=False)
    code = fields.Char(required=True, help="Short stable name, used in imports and addresses.")
    active = fields.Boolean(default=True)
    state_id = fields.Many2one("res.country.state", "Province", ondelete="restrict")
    lead_partner_id = fields.Many2one("res.partner", "Lead municipality", ondelete="restrict")
    city_ids = fields.One2many("res.city", "citta_territory_id", "Municipalities")
    programme_ids = fields.One2many("citta.programme", "territory_id", "Programmes")
    user_ids = fields.Many2many("res.users", "citta_territory_users_rel", "territory_id", "user_id", "Users", readonly=True)

    _code_uniq = models.UniqueIndex("(code)", "Another territory has this code already.")
