from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..common.workflow_mixin import Transition
from .privacy_erasure import OFFICER
from .privacy_request_term import OPEN_STATES

KINDS = [
    ("access", "See what is held (art. 15)"), ("portability", "Take the data along (art. 20)"),
    ("rectification", "Have something corrected (art. 16)"), ("erasure", "Be erased (art. 17)"),
]
CHANNELS = [("portal", "Portal"), ("mail", "E-mail"), ("paper", "Letter"), ("voice", "By voice")]
IDENTITIES = [("login", "Own login"), ("document", "Identity document seen"), ("known", "Known in person to who follows the case")]
CLOSED_STATES = ("answered", "refused", "lapsed")
TERM_MONTHS, MORE_MONTHS = 1, 2  # GDPR art. 12(3)
FACTS = {"date_answered", "date_extended", "date_reminded", "export_id", "erasure_id"}
ANSWER = {"answer", "refusal_reason", "identity", "channel", "text", "officer_id", "extension_reason"}


class PrivacyRequest(models.Model):
    """What a person asks about own data, and the answer that is due within a month (GDPR art. 12 and 15 to 20)."""

    _name = "citta.privacy.request"
    _description = "Request about personal data"
    _inherit = ["citta.privacy.request.export", "citta.privacy.request.term", "citta.workflow.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_due, id"
    _rec_name = "kind"

    _workflow_transitions = {
        "verify": Transition(("received",), "verified", OFFICER),
        "answer": Transition(("verified",), "answered", OFFICER),
        "refuse": Transition(OPEN_STATES, "refused", OFFICER),
        "lapse": Transition(OPEN_STATES, "lapsed", OFFICER),
    }

    # who asks what
    kind = fields.Selection(KINDS, "Asks to", required=True, readonly=False)
    partner_id = fields.Many2one("res.partner", "Person", index="btree_not_null", ondelete="set null", tracking=True)
    lead_id = fields.Many2one("crm.lead", "First contact", index="btree_not_null", ondelete="set null")
    channel = fields.Selection(CHANNELS, "Came by", required=True, default="mail")
    text = fields.Text("In own words")
    identity = fields.Selection(IDENTITIES, "Identity checked by", help="No copy of a document is kept.")

    # term
    state = fields.Selection(
        [("received", "Received"), ("verified", "Identity checked"), ("answered", "Answered"), ("refused", "Refused"), ("lapsed", "Over: data erased")],
        required=True, default="received", readonly=True, copy=False, tracking=True,
    )
    date_received = fields.Date("Received on", required=True, default=fields.Date.context_today)
    extension_reason = fields.Text("More time because", copy=False, help="Told to the person within the first month; two months at most.")
    date_extended = fields.Date("Extended on", readonly=True, copy=False)
    date_due = fields.Date("Answer due by", compute="_compute_date_due", store=True, index=True)
    is_late = fields.Boolean("Overdue", compute="_compute_is_late")
    date_reminded = fields.Date(readonly=True, copy=False)
    officer_id = fields.Many2one(
        "res.users", "Answers", index=True, ondelete="restrict", tracking=True, default=lambda self: self._default_officer_id(),
        domain="[('share', '=', False)]",
    )

    # answer
    answer = fields.Text("Answer to the person", copy=False)
    refusal_reason = fields.Text("Refused because", copy=False, help="The person is told why, and of the right to complain to the authority.")
    date_answered = fields.Date("Answered on", readonly=True, copy=False)
    erasure_id = fields.Many2one("citta.privacy.erasure", "Erasure", readonly=True, copy=False, ondelete="set null", index="btree_not_null")

    _someone = models.Constraint(
        "CHECK (state IN ('answered', 'refused', 'lapsed') OR partner_id IS NOT NULL OR lead_id IS NOT NULL)", "Say who asks."
    )
    _verified_by = models.Constraint(
        "CHECK (state NOT IN ('verified', 'answered') OR identity IS NOT NULL)", "Say first how the identity was checked."
    )
    _closed_with_date = models.Constraint(
        "CHECK ((state IN ('answered', 'refused', 'lapsed')) = (date_answered IS NOT NULL))", "An answer has its date."
    )
    _extended_with_reason = models.Constraint(
        "CHECK (date_extended IS NULL OR extension_reason IS NOT NULL)", "Say why more time is needed."
    )
    _one_open = models.UniqueIndex(
        "(partner_id, kind) WHERE state IN ('received', 'verified')", "This person has asked for that already: the answer is on its way."
    )

    @api.model
    def _default_officer_id(self):
        """The officer with the fewest open requests."""
        # sudo: whoever records a request may not read users
        officers = self.env.ref(OFFICER).sudo().all_user_ids.filtered(lambda user: user.active and not user.share)
        # sudo: as above
        counts = dict(self.sudo()._read_group([("state", "in", OPEN_STATES)], ["officer_id"], ["__count"]))
        return min(officers, key=lambda user: (user._is_superuser() or user._is_admin(), counts.get(user, 0), user.id), default=False)

    @api.depends("date_received", "date_extended")
    def _compute_date_due(self):
        for request in self:
            months = TERM_MONTHS + (MORE_MONTHS if request.date_extended else 0)
            request.date_due = request.date_received and request.date_received + relativedelta(months=months)

    @api.depends("date_due", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for request in self:
            request.is_late = request.state in OPEN_STATES and bool(request.date_due) and request.date_due < today

    @api.depends("kind", "partner_id", "lead_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            # sudo: whoever may read the request may read who asks; officers have no reach over first contacts
            request_sudo = request.sudo()
            who = request_sudo.partner_id.name or request_sudo.lead_id.display_name
            request.display_name = f"{kinds.get(request.kind, '')} – {who}" if who else False

    @api.constrains("date_received")
    def _check_date_received(self):
        if any(request.date_received > fields.Date.context_today(self) for request in self):
            raise ValidationError(self.env._("A request is recorded when it has come."))

    @api.constrains("officer_id")
    def _check_officer(self):
        for request in self:
            # sudo: whoever records a request may not read the groups of users
            if request.officer_id and not request.officer_id.sudo().has_group(OFFICER):
                raise ValidationError(self.env._("Only a privacy officer answers a request."))

    # -- create, write -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """The officer finds the request among the things to do, a week before the term.

        :raise UserError: see ``_check_facts``
        """
        for vals in vals_list:
            self._check_facts(vals)
        plain = self._citta_only_defaults(self._fields.keys() - FACTS)
        requests = super(PrivacyRequest, plain).create(vals_list).with_env(self.env)
        for request in requests:
            request._schedule()
        return requests

    def write(self, vals):
        """The day of the answer follows the state; an answer stays as it was given.

        :raise UserError: what was asked for, by whom, or what was answered would change
        """
        if not self.env.su and {"partner_id", "lead_id", "kind", "date_received"} & vals.keys():
            raise UserError(self.env._("What a person asked, and when, is not rewritten: record another request."))
        self._check_facts(vals)
        if not self.env.su and ANSWER & vals.keys() and any(request.state in CLOSED_STATES for request in self):
            self.check_access("write")
            raise UserError(self.env._("What was answered stays as it was answered: the person may ask again."))
        answers = {request: request.officer_id for request in self} if "officer_id" in vals else {}
        fresh = self.filtered(lambda request: request.state != vals.get("state"))
        if vals.get("state") not in CLOSED_STATES or not fresh:
            result = super().write(vals)
        else:
            answered = {"date_answered": fields.Date.context_today(self), **vals}
            result = super(PrivacyRequest, self - fresh).write(vals) and super(PrivacyRequest, fresh).write(answered)
        self.browse(request.id for request, officer in answers.items() if request.officer_id != officer)._reschedule()
        return result

    # -- actions -------------------------------------------------------------

    def action_verify(self):
        """The person is who they say they are.

        :raise UserError: nobody said how it was checked
        """
        if self.filtered(lambda request: not request.identity):
            raise UserError(self.env._("Say first how the identity was checked."))
        return self._workflow_move("verify")

    def action_erase(self):
        """Open the erasure of this person, where it is seen what stands in the way and what the law keeps.

        :return: the erasure's form
        :raise UserError: the identity is not checked, or something else was asked
        """
        self.ensure_one()
        if self.state != "verified" or self.kind != "erasure":
            raise UserError(self.env._("Check the identity of the person who asks to be erased first."))
        if not self.erasure_id:
            erasure = self.env["citta.privacy.erasure"].create({"kind": "request", "partner_id": self.partner_id.id, "lead_id": self.lead_id.id})
            # sudo: as above; the erasure was created under the officer's own right
            self.sudo().erasure_id = erasure
        return self.erasure_id._get_records_action()

    def action_answer(self):
        """Give the answer; from now on the person finds it in the portal.

        :raise UserError: there is nothing to give yet
        """
        return self._workflow_move("answer")

    def action_refuse(self):
        """Refuse, with the reason.

        :raise UserError: no reason is written
        """
        return self._workflow_move("refuse")

    # -- transitions ---------------------------------------------------------

    def _on_answer(self):
        """Tell the person, unless nothing of the person is left to write to.

        :raise UserError: there is nothing to give yet
        """
        self._check_answer()
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.filtered(lambda request: request.kind != "erasure")._send("citta_lavoro.mail_template_request_answered")

    def _on_refuse(self):
        """Tell the person why.

        :raise UserError: no reason is written
        """
        if self.filtered(lambda request: not (request.refusal_reason or "").strip()):
            raise UserError(self.env._("Write why: the person is told, and may complain to the authority."))
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self._send("citta_lavoro.mail_template_request_answered")

    def _on_lapse(self):
        """What was asked is asked by nobody any more: the note says why.

        :raise UserError: the person's data are still there
        """
        if not self.env.su:
            raise UserError(self.env._("A request is over by itself when the person's data are erased: answer it, or refuse it with the reason."))
        # sudo: the note is the erasure's own, written after it was allowed
        self.sudo().answer = self.env._(
            "The data of the person were erased on %(day)s: nothing is left to be shown, corrected or taken along but papers that a law keeps.",
            day=format_date(self.env, fields.Date.context_today(self)),
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # -- business ------------------------------------------------------------

    def _check_facts(self, vals):
        """:raise UserError: somebody writes by hand what only the actions note"""
        if not self.env.su and FACTS & vals.keys():
            raise UserError(self.env._("When it was answered or extended, the copy and the erasure are noted by the request itself."))

    def _check_answer(self):
        """:raise UserError: what was asked for is not there yet"""
        for request in self:
            if request.kind in ("access", "portability") and not request.export_id:
                raise UserError(self.env._("Prepare the copy of the data first, and look at it."))
            if request.kind == "rectification" and not (request.answer or "").strip():
                raise UserError(self.env._("Write what was corrected, or why not."))
            if request.kind == "erasure" and request.erasure_id.state not in ("done", "limited"):
                raise UserError(self.env._("Carry out the erasure first."))

    def _send(self, template):
        for request in self:
            # sudo: an officer answers first contacts too, which are out of an officer's reach
            request_sudo = request.sudo()
            if email := request_sudo.partner_id.email or request_sudo.lead_id.email_from:
                # sudo: letters go through the queue, which officers do not own
                self.env.ref(template).sudo().send_mail(request.id, email_values={"email_to": email})

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_requests(self):
        """Remind of terms that are near, once; throw away the copies that were there long enough to be fetched."""
        self._remind(fields.Date.context_today(self))
        self._throw_copies_away(fields.Date.context_today(self))
