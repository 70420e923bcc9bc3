from odoo import api, fields, models


class ResUsers(models.Model):
    """Bodies and territories of a user: together they are what record rules compare with."""

    _inherit = "res.users"

    citta_body_ids = fields.Many2many(
        "res.partner", "citta_body_users_rel", "user_id", "partner_id", "Bodies",
        domain="[('citta_body_kind', '!=', False)]",
        help="The partner bodies this user works for.",
    )
    citta_territory_ids = fields.Many2many(
        "citta.territory", "citta_territory_users_rel", "user_id", "territory_id", "Territories",
    )

    citta_role_ids = fields.Many2many(
        "res.groups", string="Roles", compute="_compute_citta_role_ids", compute_sudo=True,
        help="The programme's roles that were given to this user, without those that they imply.",
    )

    @api.depends("group_ids")
    def _compute_citta_role_ids(self):
        roles = self.env["citta.user.scope"]._get_roles()
        for user in self:
            user.citta_role_ids = user.group_ids & roles

    def action_citta_scope(self):
        """Ask for the user's scope and roles.

        :return: the dialogue's window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.user_scope_action")
        return {**action, "context": {"default_user_id": self.id}}

    def _get_invalidation_fields(self):
        """Record rules are cached per user: a change of scope must empty that cache."""
        return super()._get_invalidation_fields() | {"citta_body_ids", "citta_territory_ids"}
