from odoo import api, models


class LabelMixin(models.AbstractModel):
    """Records that are called by one of a few choices: people read its words, not its key.

    A model that uses it names that selection field as its ``_rec_name``.
    """

    _name = "citta.label.mixin"
    _description = "Name by a choice mixin"

    @api.depends(lambda self: (self._rec_name,) if self._rec_name else ())
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields[self._rec_name]._description_selection(self.env))
        for record in self:
            record.display_name = labels.get(record[self._rec_name], False)
