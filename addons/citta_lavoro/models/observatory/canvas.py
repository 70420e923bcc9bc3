from odoo import models

from ...tools.canvas import LONGEST_LINE


class Canvas(models.Model):
    """The published needs that a person may build on."""

    _inherit = "citta.canvas"

    def _add_needs(self, needs):
        """Write needs into the block of the territory, in their own words; those that stand there are left alone.

        :param needs: needs of the person's territory
        :return: the new entries
        """
        self._check_editable()
        return self.env["citta.canvas.line"].create([
            {"canvas_id": self.id, "block": "need", "need_id": need.id, "text": need.name[:LONGEST_LINE]}
            for need in needs - self.line_ids.need_id
        ])
