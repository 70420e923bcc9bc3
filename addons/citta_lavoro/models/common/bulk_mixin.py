from odoo import api, models

#: Mark of values to which the defaults have been added; no field has this name, so that ``create()`` takes it from nobody.
COMPLETE = "__complete__"


class BulkMixin(models.AbstractModel):
    """Many records at once: what is the default of one is looked up once, and is the default of all with the same fields.

    Not for a model with a default that differs from one record to the next, as a random key does.
    """

    _name = "citta.bulk.mixin"
    _description = "Bulk creation mixin"

    @api.model
    def _prepare_create_values(self, vals_list):
        """Complete the values of many records.

        :param list vals_list: values as given to ``create()``
        :return: the same with their defaults
        """
        defaults, complete = {}, []
        for vals in vals_list:
            given = frozenset(vals)
            if given not in defaults:
                defaults[given] = self._add_missing_default_values(vals)
            complete.append({**defaults[given], **vals, COMPLETE: True})
        return super()._prepare_create_values(complete)

    @api.model
    def _add_missing_default_values(self, values):
        return values if values.pop(COMPLETE, False) else super()._add_missing_default_values(values)
