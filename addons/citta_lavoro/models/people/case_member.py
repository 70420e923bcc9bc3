from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.workflow_mixin import Transition

ROLES = [
    ("coach", "Job coach"), ("social", "Social worker"), ("educator", "Educator"), ("trainer", "Trainer or teacher"),
    ("tutor", "Tutor in a firm or lab"), ("service", "Job centre or other service"), ("other", "Other"),
]
GIVEN = {"pathway_id", "user_id", "role", "task", "is_informed", "date_end"}
OPERATOR = "citta_lavoro.group_citta_operator"
TASK = "citta_lavoro.mail_activity_type_team"


class CaseMember(models.Model):
    """A colleague, also of another body, who works on one case beside the referent: with a role, and until when.

    What the body's own people see of the case the member sees, and works on the plan with them; closing, pausing, signing and
    handing over stay with the body that follows the person, special data with their own group.
    """

    _name = "citta.case.member"
    _description = "Member of a case team"
    _inherit = ["citta.workflow.mixin", "citta.pathway.item", "citta.fixed.mixin"]
    _order = "state, date_start desc, id desc"
    _rec_name = "user_id"

    _fixed_fields = frozenset({"pathway_id", "user_id"})
    _workflow_transitions = {"end": Transition(("current",), "ended")}

    user_id = fields.Many2one(
        "res.users", "Colleague", required=True, index=True, ondelete="restrict",
        domain="[('share', '=', False), ('citta_territory_ids', 'in', territory_id)]",
    )
    member_body_id = fields.Many2one(
        "res.partner", "Works for", compute="_compute_member_body_id", compute_sudo=True, store=True, precompute=True, ondelete="restrict",
    )
    role = fields.Selection(ROLES, required=True, default="coach")
    task = fields.Char("What for", size=200, help="Told to the person, too. Nothing about health, justice or family.")
    is_informed = fields.Boolean("The person knows", help="Asked before a colleague of another body sees the case.")
    date_start = fields.Date("Since", required=True, readonly=True, default=fields.Date.context_today)
    date_end = fields.Date("Until", help="Empty: as long as the body follows the person.")
    state = fields.Selection([("current", "In the team"), ("ended", "Left")], required=True, default="current", readonly=True, copy=False)

    _once = models.UniqueIndex("(pathway_id, user_id) WHERE state = 'current'", "This colleague is in the case team already.")
    _dates_in_order = models.Constraint("CHECK (date_end IS NULL OR date_end >= date_start)", "Nobody leaves a team before joining it.")
    _cases_idx = models.Index("(user_id, pathway_id) WHERE state = 'current'")

    @api.depends("user_id", "pathway_id")
    def _compute_member_body_id(self):
        """The body that follows the person, if the colleague works for it, else the colleague's own."""
        for member in self:
            bodies = member.user_id.citta_body_ids
            member.member_body_id = member.pathway_id.body_id if member.pathway_id.body_id in bodies else bodies[:1]

    # -- create, write -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever follows the person asks a colleague in, who is told.

        :raise AccessError: another body follows the person
        :raise UserError: see ``_get_obstacle``
        """
        members = super(CaseMember, self._citta_only_defaults(GIVEN)).create(self._citta_only_values(vals_list, GIVEN)).with_env(self.env)
        members.pathway_id._check_follower()
        for member in members:
            if obstacle := member._get_obstacle():
                raise UserError(obstacle)
        members._reckon()
        members._announce()
        return members

    def write(self, vals):
        """:raise AccessError: another body follows the person"""
        self.pathway_id._check_follower()
        result = super().write(vals if self.env.su else {name: vals[name] for name in vals if name in GIVEN | {"state"}})
        if vals.get("state"):
            self._reckon()
        return result

    # -- actions -------------------------------------------------------------

    def action_end(self):
        """The colleague leaves the team, and sees the case no more."""
        return self._workflow_move("end")

    # -- transitions ---------------------------------------------------------

    def _on_end(self):
        """Note the day, and tell it in the history."""
        today = fields.Date.context_today(self)
        for member in self:
            # sudo: the day is this move's alone to write, whoever ends the case
            member_sudo = member.sudo()
            member_sudo.date_end = max(min(member.date_end or today, today), member.date_start)
            member_sudo.pathway_id._message_log(body=self.env._("%s has left the case team", member_sudo.user_id.name))
        self._forget_tasks()

    # -- business ------------------------------------------------------------

    def _get_obstacle(self):
        """Why this colleague cannot join, as a sentence, or False."""
        self.ensure_one()
        # sudo: the groups and scopes of a colleague are compared, not shown
        user, pathway = self.user_id.sudo(), self.pathway_id
        if user.share or not user.has_group(OPERATOR) or pathway.territory_id not in user.citta_territory_ids or not user.citta_body_ids:
            return self.env._(
                "%(name)s is no operator of this territory: the administrator gives role, body and territory (Configuration › Users and scopes).",
                name=user.name,
            )
        if user == pathway.referent_id:
            return self.env._("%(name)s is the referent already.", name=user.name)
        if self.member_body_id == pathway.body_id:
            return False
        if obstacle := self.env["citta.privacy.deed"]._get_obstacle(self.member_body_id, pathway.programme_id):
            return obstacle
        return not self.is_informed and self.env._("Talk it over with the person first, and tick that the person knows.")

    def _reckon(self):
        """The rules of the colleagues, which name their cases, are made anew."""
        self.flush_recordset(["state", "user_id", "pathway_id"])
        self.env["res.users"].invalidate_model(["citta_case_ids", "citta_case_partner_ids"])
        self.env.registry.clear_cache()

    def _forget_tasks(self):
        """Whoever has left reads no plan; what else there was to do is the referent's."""
        self._reckon()
        for member in self:
            # sudo: the tasks are a colleague's, perhaps of another body
            pathway_sudo = member.sudo().pathway_id
            pathway_sudo.activity_unlink([TASK], user_id=member.user_id.id)
            pathway_sudo._leave_behind()

    def _announce(self):
        """Tell the colleague, and the history."""
        if self.env.context.get("install_mode"):
            return
        for member in self:
            member.pathway_id._message_log(body=self.env._("%s has joined the case team", member.user_id.name))
            if member.user_id != self.env.user:
                # sudo: whoever asks in may not set a colleague of another body a task
                member.pathway_id.sudo().activity_schedule(
                    TASK, user_id=member.user_id.id, summary=self.env._("You are in the case team: read the plan"),
                )

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_end(self):
        """Whoever was asked in until yesterday has left."""
        over = self.search([("state", "=", "current"), ("date_end", "<", fields.Date.context_today(self))])
        over._workflow_move("end")
        return over
