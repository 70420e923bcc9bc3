import math

from odoo import api, models
from odoo.exceptions import UserError


class ReachMixin(models.AbstractModel):
    """Nobody points to a person out of sight: a link shows a name, and what is computed from it would tell more.

    What stands in a record about persons is a number where one belongs, too: JSON knows “NaN” and “Infinity”.
    """

    _name = "citta.reach.mixin"
    _description = "Reach mixin"

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: a person's record out of the user's reach would be linked"""
        self._citta_check_numbers(*vals_list)
        self._citta_check_links(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: a person's record out of the user's reach would be linked"""
        self._citta_check_numbers(vals)
        for record in self if self._citta_get_link_names() & vals.keys() else ():
            record._citta_check_links(vals)
        return super().write(vals)

    @api.model
    def _citta_check_numbers(self, *values):
        """:raise UserError: something endless, or no number at all, would be written where a number belongs"""
        for vals in values:
            for name, value in vals.items():
                if isinstance(value, float) and not math.isfinite(value):
                    raise UserError(self.env._("“%(field)s” is no number.", field=self._fields[name]._description_string(self.env)))
