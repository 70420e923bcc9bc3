from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

# Only the programme's own roles: whoever handles money or the system is appointed by those who answer for it.
PRIVILEGES = ("work", "committee", "observatory", "network", "privacy", "sensitive")
OUT_OF_REACH = "base.group_system,base.group_erp_manager"


class UserScope(models.TransientModel):
    """Where a colleague works and what for: bodies, territories and roles of one user, and nothing else of the user."""

    _name = "citta.user.scope"
    _description = "Scope and roles of a user"
    _rec_name = "user_id"

    user_id = fields.Many2one("res.users", "User", required=True, readonly=True, ondelete="cascade")
    territory_ids = fields.Many2many(
        "citta.territory", string="Territories", compute="_compute_scope", store=True, readonly=False,
    )
    body_ids = fields.Many2many(
        "res.partner", string="Bodies", compute="_compute_scope", store=True, readonly=False,
        domain="[('citta_body_kind', '!=', False)]",
    )
    role_ids = fields.Many2many("res.groups", string="Roles", compute="_compute_scope", store=True, readonly=False)
    # A domain on the field itself would drop a foreign group in silence where it must be refused.
    offered_role_ids = fields.Many2many("res.groups", string="Roles to give", compute="_compute_offered_role_ids")

    @api.depends("user_id")
    def _compute_scope(self):
        for scope in self:
            user = scope.user_id
            scope.territory_ids, scope.body_ids = user.citta_territory_ids, user.citta_body_ids
            scope.role_ids = user.citta_role_ids

    @api.depends("user_id")
    def _compute_offered_role_ids(self):
        self.offered_role_ids = self._get_roles()

    # -- actions -------------------------------------------------------------

    def action_apply(self):
        """Give the user this scope and these roles; other rights of the user stay as they are. It is noted in the user's contact.

        :return: the order to close the dialogue
        :raise AccessError: the user is oneself, out of reach or no colleague, or something here is not the programme's to give
        """
        self.ensure_one()
        self._check_user()
        self._check_given()
        # sudo: users are the system administrator's; of them the programme's one sets these three fields, as checked above
        user_sudo = self.user_id.sudo()
        user_sudo.write({
            "citta_territory_ids": [Command.set(self.territory_ids.ids)],
            "citta_body_ids": [Command.set(self.body_ids.ids)],
            "group_ids": [
                # whoever came in by a role stays a colleague without it
                Command.link(self.env.ref("base.group_user").id),
                *(Command.unlink(role.id) for role in self._get_roles() - self.role_ids),
                *(Command.link(role.id) for role in self.role_ids),
            ],
        })
        user_sudo.partner_id._message_log(body=self._describe())
        return {"type": "ir.actions.act_window_close"}

    # -- tools ---------------------------------------------------------------

    @api.model
    def _get_roles(self):
        """The groups that the programme gives.

        :return: groups of the programme's own privileges
        """
        privileges = [self.env.ref(f"citta_lavoro.privilege_citta_{name}").id for name in PRIVILEGES]
        return self.env["res.groups"].search([("privilege_id", "in", privileges)])

    def _check_user(self):
        """:raise AccessError: this user is not the programme's to appoint"""
        self.check_access("write")
        if self.user_id == self.env.user:
            raise AccessError(self.env._("Nobody sets the own scope: ask another administrator."))
        # sudo: only what kind of user it is, to refuse
        user_sudo = self.user_id.sudo()
        if user_sudo.share or not user_sudo.active or user_sudo.has_groups(OUT_OF_REACH):
            raise AccessError(self.env._("“%(name)s” is no colleague whose scope is set here.", name=self.user_id.name))

    def _check_given(self):
        """:raise AccessError: a role or a body is not the programme's"""
        if self.role_ids - self._get_roles():
            raise AccessError(self.env._("Only the roles of the programme are given here."))
        if self.body_ids.filtered(lambda body: not body.citta_body_kind):
            raise AccessError(self.env._("Only bodies of the programme can be a user's bodies."))

    def _describe(self):
        """The new scope in one line, for the contact's history."""
        def names(records):
            return ", ".join(records.mapped("display_name")) or "–"

        return self.env._(
            "Scope set: territories %(territories)s; bodies %(bodies)s; roles %(roles)s",
            territories=names(self.territory_ids), bodies=names(self.body_ids), roles=names(self.role_ids),
        )
