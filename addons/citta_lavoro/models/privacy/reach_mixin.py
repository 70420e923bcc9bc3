from odoo import api, models


class ReachMixin(models.AbstractModel):
    """Nobody points to a person out of sight: a link shows a name, and what is computed from it would tell more."""

    _name = "citta.reach.mixin"
    _description = "Reach mixin"

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: a person's record out of the user's reach would be linked"""
        self._citta_check_links(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: a person's record out of the user's reach would be linked"""
        for record in self if self._citta_get_link_names() & vals.keys() else ():
            record._citta_check_links(vals)
        return super().write(vals)
