from odoo import api, fields, models

from ...tools.contact import phone_key


class PhoneKeyMixin(models.AbstractModel):
    """One spelling for a telephone number, so that it can be looked up in an index."""

    _name = "citta.phone.key.mixin"
    _description = "Phone key mixin"

    citta_phone_key = fields.Char(
        "Phone key", compute="_compute_citta_phone_key", store=True, index="btree_not_null", groups="base.group_user"
    )

    @api.depends("phone")
    def _compute_citta_phone_key(self):
        for record in self:
            record.citta_phone_key = phone_key(record.phone)
