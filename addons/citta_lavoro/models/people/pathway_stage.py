from odoo import fields, models


class PathwayStage(models.Model):
    """A column of the pathway board. The exit column follows the state: nobody is dropped into it by hand."""

    _name = "citta.pathway.stage"
    _description = "Pathway stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    fold = fields.Boolean("Folded", help="Shown closed on the board.")
    is_exit = fields.Boolean("Exit", help="Closed pathways stand here, and only they.")

    _one_exit = models.UniqueIndex("(is_exit) WHERE is_exit", "There is an exit stage already.")
