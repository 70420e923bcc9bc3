from odoo import api, fields, models
from odoo.exceptions import UserError


class Delivery(models.Model):
    """Hours of an internship, counted once when it is over."""

    _inherit = "citta.delivery"

    internship_id = fields.Many2one("citta.internship", "Internship", readonly=True, index="btree_not_null", ondelete="set null")

    _internship_uniq = models.UniqueIndex("(internship_id) WHERE internship_id IS NOT NULL", "This internship is counted already.")

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: somebody counts an internship by hand"""
        for vals in vals_list:
            self._check_by_hand(vals)
        return super().create(vals_list)

    def write(self, vals):
        """:raise UserError: somebody counts an internship by hand"""
        self._check_by_hand(vals)
        return super().write(vals)

    @api.model
    def _check_by_hand(self, vals):
        if not self.env.su and vals.get("internship_id"):
            raise UserError(self.env._("An internship is counted when it ends, by itself."))
