from odoo import api, fields, models
from odoo.exceptions import ValidationError


class Internship(models.Model):
    """The application from which an internship came."""

    _inherit = "citta.internship"

    application_id = fields.Many2one(
        "citta.application", "Application", ondelete="set null", index="btree_not_null", copy=False, domain="[('pathway_id', '=', pathway_id)]"
    )

    @api.constrains("application_id", "pathway_id")
    def _check_application(self):
        for internship in self:
            # sudo: whose application it is, is compared, not shown
            application_sudo = internship.application_id.sudo()
            if application_sudo and application_sudo.partner_id != internship.partner_id:
                raise ValidationError(self.env._("This application is another person's."))

    @api.model
    def _get_editable(self, state):
        """The link is set as long as the internship is not over."""
        return super()._get_editable(state) | ({"application_id"} if state in ("draft", "agreed", "running") else set())
