from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.workflow_mixin import Transition
from .pathway_care import COORDINATOR

EXPIRY_DAYS = 14
OPEN_STATES = ("draft", "proposed")
WHAT = {"pathway_id", "to_body_id", "share_sensitive", "reason", "is_informed"}
#: What the hand-over notes by itself.
NOTED = {"from_body_id", "from_user_id", "to_user_id", "date_sent", "date_expiry", "date_closed"}


class Handover(models.Model):
    """A person passes from one body to another: proposed with what is shared, accepted or refused by the other."""

    _name = "citta.handover"
    _description = "Hand-over to another body"
    _inherit = ["citta.workflow.mixin", "citta.pathway.item", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"

    _is_obligation = True
    _workflow_transitions = {
        "send": Transition(("draft",), "proposed"),
        "accept": Transition(("proposed",), "accepted"),
        "refuse": Transition(("proposed",), "refused"),
        "expire": Transition(("proposed",), "expired", "base.group_system"),
        "withdraw": Transition(OPEN_STATES, "withdrawn"),
    }

    # from whom to whom
    from_body_id = fields.Many2one("res.partner", "From", readonly=True, required=True, index=True, ondelete="restrict")
    from_user_id = fields.Many2one("res.users", "Proposed by", readonly=True, default=lambda self: self.env.user, ondelete="restrict")
    to_body_id = fields.Many2one(
        "res.partner", "To", required=True, index=True, ondelete="restrict",
        domain="[('citta_body_kind', '!=', False), ('id', '!=', from_body_id)]",
    )
    to_user_id = fields.Many2one("res.users", "Accepted by", readonly=True, copy=False, ondelete="restrict")
    reason = fields.Text(required=True, help="Read by the other body. Nothing about health, justice or family.")

    # what
    share_sensitive = fields.Selection(
        [("no", "No: they are deleted when the other body accepts"), ("yes", "Yes: the person agreed")],
        "Special data go along", required=True, default="no",
    )
    is_informed = fields.Boolean("The person knows", help="Talked over with the person before it is sent.")
    shared = fields.Text("What the other body will see", compute="_compute_shared", compute_sudo=True)
    not_shared = fields.Text("What does not go along", compute="_compute_shared", compute_sudo=True)
    obstacle = fields.Char("In the way", compute="_compute_obstacle")

    # course
    state = fields.Selection(
        [("draft", "To send"), ("proposed", "Proposed"), ("accepted", "Accepted"), ("refused", "Refused"), ("expired", "Expired"), ("withdrawn", "Withdrawn")],
        required=True, default="draft", readonly=True, copy=False, tracking=True,
    )
    date_sent = fields.Date("Proposed on", readonly=True, copy=False)
    date_expiry = fields.Date("Answer by", readonly=True, copy=False)
    date_closed = fields.Date("Answered on", readonly=True, copy=False)
    refusal_reason = fields.Text("Refused because", copy=False)
    is_mine_to_answer = fields.Boolean(compute="_compute_is_mine_to_answer")

    _one_open = models.UniqueIndex("(pathway_id) WHERE state IN ('draft', 'proposed')", "A hand-over of this person is under way already.")
    _two_bodies = models.Constraint("CHECK (state = 'accepted' OR from_body_id != to_body_id)", "A person is handed to another body.")
    _sent_with_date = models.Constraint("CHECK (state IN ('draft', 'withdrawn') OR date_sent IS NOT NULL)", "What was proposed has its date.")

    @api.depends("pathway_id", "share_sensitive")
    def _compute_shared(self):
        for handover in self:
            handover.shared, handover.not_shared = map("\n".join, handover._get_shared())

    @api.depends("to_body_id", "pathway_id", "state")
    def _compute_obstacle(self):
        for handover in self:
            handover.obstacle = handover.state in OPEN_STATES and handover._get_obstacle()

    @api.depends_context("uid")
    @api.depends("to_body_id", "state")
    def _compute_is_mine_to_answer(self):
        for handover in self:
            handover.is_mine_to_answer = handover.state == "proposed" and handover._workflow_may("accept") and not handover._is_own()

    @api.depends("partner_id", "to_body_id")
    def _compute_display_name(self):
        for handover in self:
            # sudo: whoever is asked to take a person on may read the name, before anything else
            name = handover.sudo().partner_id.name
            handover.display_name = f"{name} → {handover.to_body_id.name}" if name else ""

    # -- create, write -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """A hand-over starts from the body that follows the person.

        :raise AccessError: the pathway is out of the user's reach
        """
        # sudo: only the body of the pathway is taken; the pathway itself is checked after creation
        pathways = self.env["citta.pathway"].sudo()
        given = self._citta_without_values(vals_list, NOTED)
        vals_list = [{**vals, "from_body_id": pathways.browse(vals.get("pathway_id")).body_id.id} for vals in given]
        return super(Handover, self._citta_only_defaults(self._fields.keys() - NOTED)).create(vals_list).with_env(self.env)

    def write(self, vals):
        """What was proposed stays as the other body read it.

        :raise UserError: it would change
        """
        if not self.env.su and WHAT & vals.keys() and any(handover.state != "draft" for handover in self):
            raise UserError(self.env._("What was proposed is not changed: withdraw it and propose anew."))
        if not self.env.su and NOTED & vals.keys():
            raise UserError(self.env._("Who proposed and who accepted is written by the hand-over itself."))
        if not self.env.su and "refusal_reason" in vals and any(handover.state != "proposed" for handover in self):
            raise UserError(self.env._("An answer is written while it is awaited, and stays as it was given."))
        return super().write(vals)

    # -- actions -------------------------------------------------------------

    def action_send(self):
        """Propose the person to the other body, which sees what is listed and nothing else until it accepts.

        :raise UserError: no deed in force, the person does not know, or the pathway is closed
        """
        return self._workflow_move("send")

    def action_accept(self):
        """Take the person on: the accepting user becomes referent, and the scope follows.

        :raise UserError: the deed or the term of the answer ended meanwhile
        """
        return self._workflow_move("accept")

    def action_refuse(self):
        """Say no, with the reason.

        :raise UserError: no reason is written
        """
        return self._workflow_move("refuse")

    def action_withdraw(self):
        """Take the proposal back."""
        return self._workflow_move("withdraw")

    # -- transitions ---------------------------------------------------------

    def _workflow_may(self, name):
        """Who proposes and who answers are two: each body has its own moves; a coordinator of the territory proposes too."""
        if self.env.su or name == "expire":
            return super()._workflow_may(name)
        bodies = self.env.user.citta_body_ids
        if name in ("accept", "refuse"):
            return self.to_body_id in bodies
        return self.from_body_id in bodies or self.env.user.has_group(COORDINATOR)

    def _workflow_refuse(self, target):
        """Of one that is over because the person went elsewhere, say so."""
        if self.state == "withdrawn":
            self._check_still_follows()
        return super()._workflow_refuse(target)

    def _on_send(self):
        """Check, and start the term of the answer."""
        today = fields.Date.context_today(self)
        for handover in self:
            handover._check_may_send()
            # sudo: the dates are this move's alone to write
            handover.sudo().write({"date_sent": today, "date_expiry": today + relativedelta(days=EXPIRY_DAYS), "from_user_id": self.env.uid})
            handover.pathway_id._message_log(body=self.env._("Hand-over proposed to %s", handover.to_body_id.name))
            handover._ask_other_body()

    def _on_accept(self):
        """Body, referent, first contact and special data follow; what belongs to the old body's people stays theirs."""
        for handover in self:
            if handover._is_own():
                raise UserError(self.env._("You proposed this hand-over yourself: somebody else of %(body)s accepts it.", body=handover.to_body_id.name))
            handover._check_in_time()
            handover._check_still_follows()
            handover._check_deed()
            # sudo: until this moment the pathway is out of the accepting body's reach; the move was checked
            handover.sudo()._take_over(self.env.user)

    def _on_refuse(self):
        """Tell the proposer.

        :raise UserError: no reason is written
        """
        for handover in self:
            if not (handover.refusal_reason or "").strip():
                raise UserError(self.env._("Write why: the other body must know how to go on."))
            handover._close(self.env._("Hand-over refused by %(body)s: %(reason)s", body=handover.to_body_id.name, reason=handover.refusal_reason))

    def _on_expire(self):
        """Tell the proposer that nobody answered."""
        for handover in self:
            handover._close(self.env._("Hand-over to %s expired: nobody answered in time", handover.to_body_id.name))

    def _on_withdraw(self):
        """Note it on the pathway."""
        for handover in self.filtered("date_sent"):
            handover._close(self.env._("Hand-over to %s withdrawn", handover.to_body_id.name))

    # -- business ------------------------------------------------------------

    def _check_may_send(self):
        self.ensure_one()
        self._check_pathway_open()
        self._check_still_follows()
        self._check_deed()
        if not self.is_informed:
            raise UserError(self.env._("Talk it over with the person first, and tick that the person knows."))

    def _is_own(self):
        """Whether the user wrote or sent the proposal: who works for both bodies gives, and somebody else takes."""
        return not self.env.su and self.env.user in self.from_user_id | self.create_uid

    def _check_in_time(self):
        """:raise UserError: the day by which to answer is over, and the nightly round has not noted it yet"""
        if self.date_expiry < fields.Date.context_today(self):
            raise UserError(self.env._("The day by which to answer is over: ask the other body to propose anew."))

    def _check_still_follows(self):
        """:raise UserError: the person went to a third body meanwhile"""
        # sudo: the accepting body cannot read the pathway yet; only its body is compared
        if self.sudo().pathway_id.body_id != self.from_body_id:
            raise UserError(self.env._("Another body follows this person by now."))

    def _ask_other_body(self):
        """Put the answer among the things to do of the other body's operators in the territory."""
        there = [("citta_body_ids", "in", self.to_body_id.ids), ("citta_territory_ids", "in", self.territory_id.ids), ("share", "=", False)]
        # sudo: an operator may not read the users of another body
        users = self.env["res.users"].sudo().search(there, limit=5)
        for user in users.filtered(lambda one: one.has_group("citta_lavoro.group_citta_operator")):
            summary = self.env._("Answer a hand-over")
            # sudo: as above
            self.sudo().activity_schedule("mail.mail_activity_data_todo", date_deadline=self.date_expiry, user_id=user.id, summary=summary)

    def _check_deed(self):
        """:raise UserError: the other body has no deed in force"""
        if obstacle := self._get_obstacle():
            raise UserError(obstacle)

    def _get_obstacle(self):
        """Why the other body may not get the person, or False."""
        # sudo: the accepting body cannot read the pathway yet; only its programme counts
        programme_sudo = self.sudo().pathway_id.programme_id
        return bool(self.to_body_id) and self.env["citta.privacy.deed"]._get_obstacle(self.to_body_id, programme_sudo)

    def _get_shared(self):
        """(lines of what goes along, lines of what stays)."""
        pathway = self.pathway_id
        team = pathway.note_ids.filtered(lambda note: note.visibility == "team")
        shared = [
            self.env._("Who it is: name, contacts, municipality, fiscal code"),
            self.env._("The pathway from the beginning, with its history and files"),
            self.env._("Goals: %(goals)s, actions: %(actions)s", goals=len(pathway.goal_ids), actions=len(pathway.action_ids)),
            self.env._("Facts: household, availability, ISEE band; status declarations: %s", len(pathway.declaration_ids)),
            self.env._("Notes for the team of the territory: %s", len(team)),
        ]
        kept = [self.env._("Notes of the own body and private ones: %s", len(pathway.note_ids - team))]
        if members := pathway.case_member_ids.filtered(lambda member: member.state == "current"):
            kept.append(self.env._("The case team ends: %s", ", ".join(members.user_id.mapped("name"))))
        if self.share_sensitive == "yes":
            return [*shared, self.env._("Special data (health, disability, justice, migration, family)")], kept
        return shared, [*kept, self.env._("Special data: deleted when the other body accepts")]

    def _take_over(self, user):
        """Move the case; called in superuser mode, after the checks."""
        self.ensure_one()
        pathway = self.pathway_id
        if self.share_sensitive == "no":
            self.env["citta.person.sensitive"].search([("partner_id", "=", pathway.partner_id.id)]).unlink()
        pathway.write({"body_id": self.to_body_id.id, "referent_id": user.id})
        pathway.lead_id.write({"citta_body_id": self.to_body_id.id, "user_id": user.id})
        self.to_user_id = user
        self._close(self.env._("Handed over to %s", self.to_body_id.name))

    def _mail_get_partner_fields(self, introspect_fields=False):
        """The person is written to elsewhere: one of the two bodies may not read the contact, and could not open the form."""
        return []

    def _close(self, message):
        # sudo: the answer is noted on a pathway that one of the two bodies may not see
        handover_sudo = self.sudo()
        handover_sudo.date_closed = fields.Date.context_today(self)
        handover_sudo.activity_unlink(["mail.mail_activity_data_todo"])
        handover_sudo.pathway_id._message_log(body=message)
        if self.from_user_id != self.env.user:
            handover_sudo.activity_schedule("mail.mail_activity_data_todo", user_id=self.from_user_id.id, summary=message)

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_expire(self):
        """End proposals that nobody answered in time."""
        late = self.search([("state", "=", "proposed"), ("date_expiry", "<", fields.Date.context_today(self))])
        late._workflow_move("expire")
        return late
