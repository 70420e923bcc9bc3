from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ChosenMixin(models.AbstractModel):
    """A dialogue about what was chosen in a list."""

    _name = "citta.chosen.mixin"
    _description = "Chosen records mixin"

    @api.model
    def _default_chosen(self, model):
        """What is chosen in a list of this model; nothing where the dialogue was opened from elsewhere."""
        chosen = self.env.context.get("active_ids", []) if self.env.context.get("active_model") == model else []
        return [Command.set(chosen)]

    @api.model
    def _check_chosen(self, people):
        """:raise UserError: nobody is chosen"""
        if not people:
            raise UserError(self.env._("Choose the people first."))
