from odoo import api, models
from odoo.exceptions import UserError


class MailActivity(models.Model):
    """Nobody is given a task about a person out of sight: it stands on the list of things to do with the person's name."""

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: see ``_citta_check_seen``"""
        activities = super().create(vals_list)
        activities._citta_check_seen()
        return activities

    def write(self, vals):
        """:raise UserError: see ``_citta_check_seen``"""
        result = super().write(vals)
        if vals.get("user_id"):
            self._citta_check_seen()
        return result

    def _citta_check_seen(self):
        """:raise UserError: whoever is to do it does not see what it is about"""
        held = self.env["citta.privacy.registry"]._get_held_models()
        for activity in self if not self.env.su else ():
            if activity.res_model in held and activity.user_id and activity.user_id != self.env.user:
                record = self.env[activity.res_model].browse(activity.res_id)
                if not record.with_user(activity.user_id)._filtered_access("read"):
                    raise UserError(self.env._("%(name)s does not see what this is about: give the task to somebody who does.", name=activity.user_id.name))
