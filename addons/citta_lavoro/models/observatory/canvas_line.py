from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.canvas import LONGEST_LINE


class CanvasLine(models.Model):
    """What the territory needs, in a person's own canvas, may be a need that an observatory found."""

    _inherit = "citta.canvas.line"

    need_id = fields.Many2one(
        "citta.need", "Need of the observatory", index="btree_not_null", ondelete="restrict",
        domain="[('territory_id', '=', territory_id), ('state', 'in', ('validated', 'priority', 'answered'))]",
    )

    _need_in_its_block = models.Constraint(
        "CHECK (need_id IS NULL OR block = 'need')", "A need of the observatory stands under “What the territory needs”."
    )

    @api.onchange("need_id")
    def _onchange_need_id(self):
        """The entry begins with the words of the need."""
        if self.need_id and not self.text:
            self.update({"text": self.need_id.name[:LONGEST_LINE]})

    @api.constrains("need_id", "pathway_id")
    def _check_need(self):
        for line in self:
            if line.need_id and line.need_id.territory_id != line.territory_id:
                raise ValidationError(self.env._("“%(need)s” is a need of another territory.", need=line.need_id.name))
