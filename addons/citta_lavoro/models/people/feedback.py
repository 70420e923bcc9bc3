from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.workflow_mixin import Transition

COORDINATOR = "citta_lavoro.group_citta_coordinator"
KINDS = [("complaint", "Complaint"), ("suggestion", "Suggestion"), ("thanks", "Thanks")]
THEMES = [
    ("people", "How I am treated"), ("waiting", "Waiting and answers"), ("plan", "My plan and meetings"), ("training", "Labs and courses"),
    ("firms", "Internships and firms"), ("place", "Places and access"), ("data", "Data and privacy"), ("site", "Site and forms"),
    ("other", "Something else"),
]
#: What is said when a voice is recorded; all else is written by its course.
GIVEN = {"pathway_id", "kind", "theme", "text", "channel", "date_received", "is_confidential", "responsible_id"}
EDITABLE = {"theme", "responsible_id", "answer", "state"}


class Feedback(models.Model):
    """A person's voice: complaint, suggestion or thanks, with an answer that is due.

    The person may keep it from the own referent: then it goes to a coordinator, and no rule shows it to the referent, whatever
    other role the referent has. The words of the person never change; the answer does not once it is given.
    """

    _name = "citta.feedback"
    _description = "Voice of a person"
    _inherit = ["citta.workflow.mixin", "citta.pathway.item", "citta.internal.thread.mixin", "mail.activity.mixin"]
    _order = "date_received desc, id desc"
    _rec_name = "kind"

    _workflow_transitions = {
        "take": Transition(("new",), "in_progress"),
        "answer": Transition(("new", "in_progress"), "answered"),
        "reopen": Transition(("answered",), "in_progress"),
    }

    state = fields.Selection(
        [("new", "New"), ("in_progress", "In progress"), ("answered", "Answered")], required=True, default="new", readonly=True, copy=False
    )
    kind = fields.Selection(KINDS, required=True, default="suggestion")
    theme = fields.Selection(THEMES, "About", required=True, default="other")
    text = fields.Text("Words of the person", required=True)
    channel = fields.Selection(
        [("portal", "Portal"), ("desk", "At the desk"), ("phone", "By phone"), ("letter", "By letter or e-mail")], required=True, default="desk"
    )
    is_confidential = fields.Boolean("Not for the referent", help="Goes to a coordinator; the referent of that day never sees it.")
    hidden_from_id = fields.Many2one("res.users", "Kept from", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    responsible_id = fields.Many2one("res.users", "Answers", ondelete="restrict", index=True, domain="[('share', '=', False)]")

    # term and answer
    date_received = fields.Date("Received on", required=True, default=fields.Date.context_today)
    date_due = fields.Date("Answer by", compute="_compute_date_due", store=True, help="Thanks need no answer.")
    is_overdue = fields.Boolean("Overdue", compute="_compute_is_overdue")
    answer = fields.Text(copy=False)
    answered_by_id = fields.Many2one("res.users", "Answered by", readonly=True, copy=False, ondelete="restrict")
    date_answered = fields.Date("Answered on", readonly=True, copy=False)

    # taken up again once
    reopen_text = fields.Text("Why the answer is not enough", readonly=True, copy=False)
    date_reopened = fields.Date("Taken up again on", readonly=True, copy=False)
    first_answer = fields.Text("First answer", readonly=True, copy=False)

    _answered_with_date = models.Constraint("CHECK ((state = 'answered') = (date_answered IS NOT NULL))", "An answer has its date.")
    _scope_idx = models.Index("(territory_id, body_id, date_received, id)")

    # -- computes ----------------------------------------------------------------

    @api.depends("kind", "date_received", "date_reopened", "pathway_id")
    def _compute_date_due(self):
        """The programme's term; another term later holds for later voices."""
        for voice in self:
            begun = voice.date_reopened or voice.date_received
            days = voice.pathway_id.programme_id.feedback_days
            voice.date_due = begun + relativedelta(days=days) if begun and voice.kind != "thanks" else False

    @api.depends("date_due", "state")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for voice in self:
            voice.is_overdue = bool(voice.state != "answered" and voice.date_due and voice.date_due < today)

    @api.depends("kind", "partner_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for voice in self:
            person = voice.partner_id.name
            voice.display_name = f"{labels.get(voice.kind, '')}: {person}" if person else False

    @api.constrains("date_received")
    def _check_date_received(self):
        if any(voice.date_received > fields.Date.context_today(self) for voice in self):
            raise ValidationError(self.env._("A voice is recorded when it has come."))

    @api.constrains("responsible_id", "hidden_from_id")
    def _check_responsible(self):
        for voice in self:
            if voice.responsible_id and (voice.responsible_id.share or voice.responsible_id == voice.hidden_from_id):
                raise ValidationError(self.env._("Somebody else answers this one."))

    # -- create, write -------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever answers is found, and told.

        :raise UserError: nothing is said, or an operator would record what is kept from operators
        """
        vals_list = self._citta_only_values(vals_list, GIVEN | {"state"})
        if not self.env.su and any(vals.get("is_confidential") for vals in vals_list) and not self.env.user.has_group(COORDINATOR):
            raise UserError(self.env._("What you record you know: a coordinator records it, or the person writes it alone."))
        if not all((vals.get("text") or "").strip() for vals in vals_list):
            raise UserError(self.env._("Write something first."))
        # the person is no follower: colleagues talk in the chatter
        quiet = self._citta_only_defaults(GIVEN).with_context(mail_create_nosubscribe=True, mail_create_nolog=True)
        voices = super(Feedback, quiet).create([{**vals, **self._prepare_route(vals)} for vals in vals_list]).with_env(self.env)
        if any(vals.get("responsible_id") for vals in vals_list):
            voices._check_responsible_sees()
        if not self.env.context.get("install_mode"):
            voices._ask_responsible()
        return voices

    def write(self, vals):
        """The words of the person stay; so does an answer once it is given.

        :raise UserError: they would change
        """
        if not self.env.su:
            self.check_access("write")
            own = {name for name in vals if not name.startswith(("activity_", "message_"))}
            if own - EDITABLE or ({"answer", "theme"} & own and any(voice.state == "answered" for voice in self)):
                raise UserError(self.env._("What was said stays as it was said, and an answer as it was given."))
        already = self.filtered(lambda voice: voice.state == vals.get("state"))
        if already and already != self:
            return already.write(vals) and (self - already).write(vals)
        result = super().write(vals if already else {**vals, **self._prepare_answer(vals)})
        if "responsible_id" in vals:
            self._check_responsible_sees()
            self._ask_responsible()
        return result

    def _prepare_answer(self, vals):
        """What goes with the state: who answered and when, or a place for the second answer."""
        if vals.get("state") == "answered":
            return {"date_answered": fields.Date.context_today(self), "answered_by_id": self.env.uid}
        return {"answer": False, "date_answered": False, "answered_by_id": False} if vals.get("state") and "answered" in self.mapped("state") else {}

    def _check_responsible_sees(self):
        """:raise UserError: the answer, with the person's name on it, would be asked of somebody who does not see the voice"""
        for voice in self if not self.env.su else ():
            if voice.responsible_id and not voice._citta_is_seen_by(voice.responsible_id.id):
                raise UserError(self.env._("%(name)s does not see this voice: choose somebody who does.", name=voice.responsible_id.name))

    def _check_pathway_open(self):
        """Who has left may speak, too."""

    @api.model
    def _prepare_route(self, vals):
        """Who answers, and from whom it is kept.

        :param dict vals: of the new record
        """
        # sudo: only the referent is taken; the pathway itself is checked after creation
        pathway = self.env["citta.pathway"].sudo().browse(vals.get("pathway_id"))
        kept_from = pathway.referent_id if vals.get("is_confidential") else self.env["res.users"]
        responsible = pathway._get_coordinator(kept_from) if vals.get("is_confidential") else pathway._get_keeper()
        return {"hidden_from_id": kept_from.id, "responsible_id": vals.get("responsible_id") or responsible.id}

    # -- actions -------------------------------------------------------------------

    def action_take(self):
        """Note that the answer is being prepared."""
        return self._workflow_move("take")

    def action_answer(self):
        """Give the answer: it is shown on the person's page, sent by e-mail, and stays.

        :raise UserError: no answer is written
        """
        return self._workflow_move("answer")

    # -- transitions -----------------------------------------------------------------

    def _on_answer(self):
        """Send the answer; nothing is left to do.

        :raise UserError: no answer is written
        """
        for voice in self:
            if voice.kind != "thanks" and not (voice.answer or "").strip():
                raise UserError(self.env._("Write the answer first."))
            # sudo: the letter goes through the queue; the person's address is used, not shown
            voice_sudo = voice.sudo()
            voice_sudo.activity_unlink(["mail.mail_activity_data_todo"])
            if voice_sudo.partner_id.email and (voice.answer or "").strip():
                voice_sudo.env.ref("citta_lavoro.mail_template_feedback").send_mail(voice.id)

    def _on_reopen(self):
        """By the person's own words, see ``_reopen``.

        :raise UserError: somebody else does it
        """
        if not self.env.su:
            raise UserError(self.env._("The person takes it up again, on the own page; or record a new voice."))

    # -- business ----------------------------------------------------------------------

    def _reopen(self, text):
        """Take an answered voice up again, for the person, who was checked before.

        :param str text: why the answer is not enough
        :raise UserError: not answered yet, thanks, or taken up again before
        """
        self.ensure_one()
        if self.state != "answered" or self.kind == "thanks" or self.date_reopened:
            raise UserError(self.env._("This was taken up again already, or is not answered yet."))
        if not text.strip():
            raise UserError(self.env._("Write something first."))
        # sudo: the person has no right on voices; this is the one door
        voice_sudo = self.sudo()
        voice_sudo.write({"reopen_text": text.strip(), "date_reopened": fields.Date.context_today(self), "first_answer": self.answer})
        voice_sudo._workflow_move("reopen")
        voice_sudo._ask_responsible()

    def _ask_responsible(self):
        """Put the answer on the list of whoever gives it, and off the list of whoever did before."""
        for voice in self.filtered(lambda one: one.state != "answered" and one.responsible_id):
            # sudo: also the person's own words set the task
            voice_sudo = voice.sudo()
            voice_sudo.activity_unlink(["mail.mail_activity_data_todo"])
            voice_sudo.activity_schedule(
                "mail.mail_activity_data_todo", date_deadline=voice.date_due or fields.Date.context_today(self),
                user_id=voice.responsible_id.id, summary=self.env._("Answer a voice"),
            )
