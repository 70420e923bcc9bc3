import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.workflow_mixin import Transition

MONTHS = (3, 6, 12)
SITUATIONS = [
    ("job", "Working"), ("self_employment", "Working on my own account"), ("internship", "In an internship or work trial"),
    ("training", "Learning: school, course"), ("search", "Looking for work"), ("pause", "Not looking at the moment"), ("other", "Something else"),
]
HELPFUL = [("yes", "Yes"), ("partly", "In part"), ("no", "No")]
OPEN_STATES = ("planned", "asked", "missed")
POSITIVE = ("job", "self_employment", "internship", "training")
#: What whoever calls writes down, and when to call.
EDITABLE = {"situation", "is_helpful", "wants_call", "note", "date_due", "state"}
REMINDERS, REMIND_DAYS, CALL_DAYS, MISSED_DAYS = 2, 7, 21, 60


class FollowUp(models.Model):
    """How a person is doing three, six, twelve months after the exit: asked by a short form, else by a call."""

    _name = "citta.follow.up"
    _description = "Follow-up after the exit"
    _inherit = ["citta.workflow.mixin", "citta.pathway.item", "mail.thread", "mail.activity.mixin"]
    _order = "date_due, id"
    _rec_name = "months"

    _workflow_transitions = {
        "ask": Transition(("planned",), "asked"),
        "answer": Transition(("planned", "asked", "missed"), "answered"),
        "miss": Transition(("planned", "asked"), "missed"),
        "cancel": Transition(("planned", "asked"), "cancelled"),
    }

    months = fields.Selection([(str(one), str(one)) for one in MONTHS], "Months after", required=True, readonly=True)
    date_due = fields.Date("Due on", required=True, index=True)
    state = fields.Selection(
        [("planned", "Planned"), ("asked", "Asked"), ("answered", "Answered"), ("missed", "Not reached"), ("cancelled", "Called off")],
        required=True, default="planned", readonly=True, copy=False,
    )
    outcome = fields.Selection(related="pathway_id.outcome", string="Outcome at the exit", store=True)
    token = fields.Char(readonly=True, copy=False, groups="base.group_system", default=lambda self: secrets.token_urlsafe(24))
    date_asked = fields.Date("Asked on", readonly=True, copy=False)
    reminders = fields.Integer("Reminders sent", readonly=True, copy=False)

    # answer
    situation = fields.Selection(SITUATIONS, "Situation now", copy=False)
    is_helpful = fields.Selection(HELPFUL, "Did the pathway help?", copy=False)
    wants_call = fields.Boolean("Wishes a call", copy=False)
    note = fields.Text("Words of the person", copy=False)
    channel = fields.Selection([("form", "Form"), ("call", "Call")], readonly=True, copy=False)
    date_answered = fields.Date("Answered on", readonly=True, copy=False)
    is_lasting = fields.Boolean(
        "Outcome lasts", compute="_compute_is_lasting", store=True, help="Out of work no more at the exit, and still so."
    )

    _once = models.UniqueIndex("(pathway_id, months) WHERE state IN ('planned', 'asked')", "This follow-up is planned already.")
    _token_uniq = models.UniqueIndex("(token) WHERE token IS NOT NULL", "This form exists already.")
    _answered = models.Constraint(
        "CHECK ((state = 'answered') = (situation IS NOT NULL AND date_answered IS NOT NULL))", "An answer says what the situation is."
    )

    @api.depends("state", "situation", "outcome")
    def _compute_is_lasting(self):
        for item in self:
            item.is_lasting = item.state == "answered" and item.outcome in POSITIVE and item.situation in POSITIVE

    @api.depends("partner_id", "months")
    def _compute_display_name(self):
        for item in self:
            item.display_name = self.env._("%(person)s, %(months)s months after", person=item.partner_id.name or "", months=item.months or "")

    def _check_pathway_open(self):
        """Follow-ups are of closed pathways."""

    def write(self, vals):
        """The answer comes with its date; what was asked when, and the outcome, follow from the course.

        :raise UserError: an answer would be rewritten, or something that is noted by itself
        """
        if self and not self.env.su:
            self.check_access("write")
            own = {name for name in vals if not name.startswith(("activity_", "message_"))}
            if own - EDITABLE:
                raise UserError(self.env._("When the person was asked, and what follows from the answer, is noted by itself."))
            if own - {"state"} and any(item.state == "answered" for item in self):
                raise UserError(self.env._("What the person answered is not rewritten."))
        fresh = self.filtered(lambda item: item.state != "answered")
        if vals.get("state") != "answered" or not fresh:
            return super().write(vals)
        answered = {"date_answered": fields.Date.context_today(self), "channel": "call", **vals}
        return super(FollowUp, self - fresh).write(vals) and super(FollowUp, fresh).write(answered)

    # -- actions -------------------------------------------------------------

    def action_ask(self):
        """Send the form now.

        :raise UserError: no e-mail is known
        """
        for item in self:
            # sudo: the person's address is used, not shown
            if not item.sudo().partner_id.email:
                raise UserError(self.env._("No e-mail is known: call, and write the answer down here."))
        return self._workflow_move("ask")

    def action_answer(self):
        """Keep what the person said on the phone.

        :raise UserError: the situation is not chosen
        """
        for item in self:
            if not item.situation:
                raise UserError(self.env._("Choose the person's situation first."))
            item._workflow_move("answer")
        return True

    def action_miss(self):
        """Note that the person was not reached."""
        return self._workflow_move("miss")

    # -- transitions ---------------------------------------------------------

    def _on_ask(self):
        """Send the form."""
        # sudo: the day is this move's alone to write
        self.sudo().date_asked = fields.Date.context_today(self)
        self._send()

    def _on_answer(self):
        """Nothing is left to do, unless the person wishes a call."""
        # sudo: the person's answer ends the operator's task
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        for item in self.filtered("wants_call"):
            item._ask_referent(self.env._("The person wishes a call after the exit"))

    # -- business ------------------------------------------------------------

    def _take_answer(self, values):
        """Keep what the person answered to the questions behind the key; what was answered meanwhile stays.

        :param dict values: situation, is_helpful, wants_call, note
        """
        for item in self.filtered(lambda one: one.state in OPEN_STATES and values["situation"]):
            item.write(values)
            item.with_context(citta_workflow_transition="answer").write({"state": "answered", "channel": "form"})

    def _send(self):
        template = self.env.ref("citta_lavoro.mail_template_follow_up")
        for item in self:
            # sudo: the letter carries the key of the form, which no user may read
            template.sudo().send_mail(item.id)

    def _ask_referent(self, summary):
        """Put a task on the referent's list, or on a coordinator's."""
        # sudo: also the person's own answer sets the task
        item_sudo = self.sudo()
        if keeper := item_sudo.pathway_id._get_keeper():
            item_sudo.activity_schedule("mail.mail_activity_data_todo", user_id=keeper.id, summary=summary)

    def _get_url(self):
        """The address of the form, which nobody can guess."""
        # sudo: see _send
        return f"{self.get_base_url()}/come-va/{self.sudo().token}"

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_follow_up(self):
        """Send what is due, remind twice, then have the referent call, then give up.

        First of all what is too old: of an exit that was noted late nobody asks after its third month in the ninth.
        """
        today = fields.Date.context_today(self)
        self._give_up(today)
        self._send_due(today)
        self._remind(today)

    @api.model
    def _send_due(self, today):
        due = self.search([("state", "=", "planned"), ("date_due", "<=", today)])
        for item in due:
            if item.partner_id.email and item.partner_id.active:
                item.action_ask()
            elif not item.activity_ids:
                item._ask_referent(self.env._("Call: how is the person doing %s months after the exit?", item.months))
        return due

    @api.model
    def _remind(self, today):
        asked = self.search([("state", "=", "asked")])
        late = asked.filtered(
            lambda item: item.reminders < REMINDERS and item.date_asked <= today - relativedelta(days=REMIND_DAYS * (item.reminders + 1))
        )
        for item in late:
            item.reminders += 1
            item._send()
        for item in asked.filtered(lambda one: one.date_asked <= today - relativedelta(days=CALL_DAYS) and not one.activity_ids):
            item._ask_referent(self.env._("Call: how is the person doing %s months after the exit?", item.months))
        return late

    @api.model
    def _give_up(self, today):
        lost = self.search([("state", "in", ("planned", "asked")), ("date_due", "<", today - relativedelta(days=MISSED_DAYS))])
        lost._workflow_move("miss")
        return lost
