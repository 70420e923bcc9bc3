from math import isfinite

from odoo import api, models
from odoo.exceptions import UserError


class AmountMixin(models.AbstractModel):
    """Amounts are numbers: a call over RPC may carry "not a number" or "infinite", which no form can."""

    _name = "citta.amount.mixin"
    _description = "Amounts that are numbers"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_endless(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Take numbers only.

        :raise UserError: a value is none
        """
        self._refuse_endless(vals)
        return super().write(vals)

    def _refuse_endless(self, vals):
        for name, value in vals.items():
            if isinstance(value, float) and not isfinite(value):
                label = self.env["ir.model.fields"]._get(self._name, name).field_description
                raise UserError(self.env._("“%(field)s” is no number: write one, for instance 50.00.", field=label))
