from odoo import models
from odoo.exceptions import UserError


class FixedMixin(models.AbstractModel):
    """What a record is about is said once, when it is made: another person or programme is another record.

    A model that uses it names those links in ``_fixed_fields``.
    """

    _name = "citta.fixed.mixin"
    _description = "Fixed links mixin"

    _fixed_fields = frozenset()

    def write(self, vals):
        """Keep the fixed links; code that acts under ``sudo()`` has checked by itself.

        :raise UserError: one of them would change
        """
        if not self.env.su and self._fixed_fields & vals.keys():
            self._check_fixed(vals)
        return super().write(vals)

    def _check_fixed(self, vals):
        # before the comparison, or the answer would tell strangers what the record is about
        self.check_access("write")
        for name in self._fixed_fields & vals.keys():
            # sudo: who may write the record may not always see this link, and changes it no more than others
            if any(record_sudo[name].id != (vals[name] or False) for record_sudo in self.sudo()):
                raise UserError(self.env._(
                    "“%(field)s” stays as it is: what is about another one is a new record.",
                    field=self._fields[name]._description_string(self.env),
                ))
