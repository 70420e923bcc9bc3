from odoo import fields, models


class LifeDomain(models.Model):
    """A domain of life that an assessment looks at: work, training, housing, money, …"""

    _name = "citta.life.domain"
    _description = "Domain of life"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    question = fields.Char(
        translate=True, help="What the person is asked, in plain words. Ask for the situation, never for health, justice or family matters."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "Another domain has this code already.")
