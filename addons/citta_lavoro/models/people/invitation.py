import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.workflow_mixin import Transition
from .meeting_slot import HOLDING

CHANNELS = [("email", "E-mail"), ("sms", "SMS"), ("letter", "Letter")]
FACTS = {"token", "event_id", "held_slot_id", "date_meeting", "date_sent", "date_reminded", "sendings"}
VALID_DAYS = 21


class Invitation(models.Model):
    """One person invited to a meeting: by e-mail, SMS or letter, with a link behind which a time is chosen without a login."""

    _name = "citta.invitation"
    _description = "Invitation to a meeting"
    _inherit = [
        "citta.invitation.letter", "citta.invitation.meeting", "citta.invitation.page", "citta.invitation.round",
        "citta.workflow.mixin", "citta.fixed.mixin", "citta.reach.mixin", "mail.thread", "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "person_name"
    _rec_names_search = ["lead_id.contact_name", "pathway_id.partner_id.name"]

    _fixed_fields = frozenset({"lead_id", "pathway_id"})
    _workflow_transitions = {
        "send": Transition(("draft",), "sent"),
        "book": Transition(("draft", "sent"), "booked"),
        "release": Transition(("booked",), "sent"),
        "decline": Transition(("sent", "booked"), "declined"),
        "attend": Transition(("booked", "no_show"), "attended"),
        "miss": Transition(("booked",), "no_show"),
        "expire": Transition(("sent",), "expired"),
        "cancel": Transition(("draft", "sent", "booked"), "cancelled"),
    }

    # whom
    lead_id = fields.Many2one("crm.lead", "First contact", index="btree_not_null", ondelete="cascade", domain="[('citta_pipeline', '=', 'intake')]")
    pathway_id = fields.Many2one("citta.pathway", "Pathway", index="btree_not_null", ondelete="cascade")
    person_name = fields.Char("Person", compute="_compute_person", compute_sudo=True)
    address = fields.Char("Goes to", compute="_compute_person", compute_sudo=True)
    lang = fields.Char("Language", compute="_compute_person", compute_sudo=True)
    territory_id = fields.Many2one("citta.territory", "Territory", compute="_compute_scope", store=True, precompute=True, index=True)
    body_id = fields.Many2one("res.partner", "Followed by", compute="_compute_scope", store=True, precompute=True, index=True)
    user_id = fields.Many2one(
        "res.users", "Operator", required=True, index=True, ondelete="restrict", default=lambda self: self.env.user,
        domain="[('share', '=', False)]", help="Is told what the person chooses.",
    )

    # how
    channel = fields.Selection(CHANNELS, required=True, default="email")
    message = fields.Text("A few words of yours", help="Never health, justice or family matters.")
    own_slots = fields.Boolean("Only this operator's slots")
    free_slots = fields.Integer("Slots to choose from", compute="_compute_free_slots")

    # course
    state = fields.Selection(
        [
            ("draft", "To send"), ("sent", "Sent"), ("booked", "Time chosen"), ("attended", "Came"), ("no_show", "Did not come"),
            ("expired", "No answer"), ("declined", "Declined"), ("cancelled", "Called off"),
        ],
        required=True, default="draft", readonly=True, copy=False, tracking=True,
    )
    token = fields.Char(readonly=True, copy=False, groups="base.group_system", default=lambda self: secrets.token_urlsafe(24))
    date_sent = fields.Date("Sent on", readonly=True, copy=False)
    sendings = fields.Integer("Times sent", readonly=True, copy=False)
    date_expiry = fields.Date(
        "Answer by", required=True, copy=False, default=lambda self: self._get_today() + relativedelta(days=VALID_DAYS)
    )

    _somebody = models.Constraint("CHECK (num_nonnulls(lead_id, pathway_id) = 1)", "An invitation is for a first contact or for a pathway.")
    _booked_somewhere = models.Constraint(
        "CHECK (state NOT IN ('booked', 'attended', 'no_show') OR slot_id IS NOT NULL)", "Choose a time first."
    )
    _token_uniq = models.UniqueIndex("(token) WHERE token IS NOT NULL", "This invitation exists already.")
    _one_open_lead = models.UniqueIndex(
        "(lead_id) WHERE lead_id IS NOT NULL AND state IN ('draft', 'sent', 'booked')", "This person has an open invitation."
    )
    _one_open_pathway = models.UniqueIndex(
        "(pathway_id) WHERE pathway_id IS NOT NULL AND state IN ('draft', 'sent', 'booked')", "This person has an open invitation."
    )
    _board_idx = models.Index("(territory_id, body_id, state, id)")

    # -- compute -------------------------------------------------------------

    @api.depends("lead_id", "pathway_id", "channel")
    def _compute_person(self):
        for item in self:
            invitee = item._get_record()._get_invitee() if item._get_record() else {}
            item.person_name = invitee.get("name")
            item.lang = invitee.get("lang") or self.env.company.partner_id.lang or self.env.lang
            item.address = self._get_address(invitee, item.channel) if invitee else False

    @api.depends("lead_id.citta_territory_id", "lead_id.citta_body_id", "pathway_id.territory_id", "pathway_id.body_id")
    def _compute_scope(self):
        for item in self:
            item.territory_id = item.lead_id.citta_territory_id or item.pathway_id.territory_id
            item.body_id = item.lead_id.citta_body_id or item.pathway_id.body_id

    @api.depends("body_id", "territory_id", "user_id", "own_slots")
    def _compute_free_slots(self):
        for item in self:
            item.free_slots = len(item._get_slots())

    # -- create, write ---------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Whoever invites may write the first contact or pathway, and the person may be invited.

        :raise AccessError: out of the user's reach
        :raise UserError: no body follows the person, the case is closed, or there is no consent
        """
        for vals in vals_list:
            self._check_facts(vals)
        items = super(Invitation, self._citta_only_defaults(self._fields.keys() - FACTS)).create(vals_list).with_env(self.env)
        for item in items:
            item._get_record().check_access("write")
            item._check_welcome()
        items._check_operator_sees()
        return items

    def write(self, vals):
        """What happened is noted by the invitation itself.

        :raise UserError: somebody writes it by hand, or another time over one that is chosen
        """
        self._check_facts(vals)
        if not self.env.su and "slot_id" in vals and any(item.state in HOLDING and item.slot_id.id != vals["slot_id"] for item in self):
            raise UserError(self.env._("A time is chosen already: press “Ask for another time”, so that the person is told."))
        result = super().write(vals)
        if "user_id" in vals:
            self._check_operator_sees()
        return result

    def _check_operator_sees(self):
        """:raise UserError: somebody would be told of a person out of sight"""
        for item in self if not self.env.su else ():
            if not item._get_record().with_user(item.user_id)._filtered_access("read"):
                raise UserError(self.env._("%(name)s does not follow this person: choose an operator who does.", name=item.user_id.name))

    def _check_facts(self, vals):
        if not self.env.su and FACTS & vals.keys():
            raise UserError(self.env._("When it was sent and what was chosen is noted by the invitation itself."))

    @api.constrains("lead_id")
    def _check_intake(self):
        if self.lead_id.filtered(lambda lead: lead.citta_pipeline != "intake"):
            raise ValidationError(self.env._("Invitations are for first contacts and pathways."))

    # -- actions -------------------------------------------------------------

    def action_send(self):
        """Send the invitation; a letter is printed.

        :return: the letters to print, or True
        :raise UserError: see ``_on_send``
        """
        self._workflow_move("send")
        letters = self.filtered(lambda item: item.channel == "letter")
        return letters.action_print() if letters else True

    def action_print(self):
        """Print the letter.

        :return: the report
        :raise UserError: it is not sent yet, or over
        """
        if self.filtered(lambda item: item.state not in ("sent", "booked")):
            raise UserError(self.env._("A letter is printed once it is sent, as long as it can be answered."))
        return self.env.ref("citta_lavoro.invitation_report_action").report_action(self)

    def action_book(self):
        """Take the time that the person said, for instance on the phone.

        :raise UserError: no time is chosen, or it is gone
        """
        return self._workflow_move("book")

    def action_release(self):
        """Take the time back and ask the person to choose another."""
        return self._workflow_move("release")

    def action_attend(self):
        """Note that the person came.

        :raise UserError: the meeting has not begun
        """
        return self._workflow_move("attend")

    def action_miss(self):
        """Note that the person did not come: a call is put on the operator's list.

        :raise UserError: the meeting has not begun
        """
        return self._workflow_move("miss")

    def action_decline(self):
        """Note that the person said no."""
        return self._workflow_move("decline")

    def action_cancel(self):
        """Call the invitation off; who has chosen a time is told."""
        return self._workflow_move("cancel")

    def action_invite_again(self):
        """Invite the same person once more, in the same way.

        :return: the new invitation's form
        """
        self.ensure_one()
        again = self.create({
            "lead_id": self.lead_id.id, "pathway_id": self.pathway_id.id, "channel": self.channel, "message": self.message, "own_slots": self.own_slots,
        })
        return again._get_records_action()

    def action_open_record(self):
        """Show the first contact or the pathway.

        :return: its form
        """
        return self._get_record().get_formview_action()

    # -- tools ------------------------------------------------------------------

    @api.model
    def _get_links(self):
        """Model → the field that leads to it."""
        return {"crm.lead": "lead_id", "citta.pathway": "pathway_id"}

    def _get_record(self):
        return self.lead_id or self.pathway_id

    @api.model
    def _get_obstacle(self, record):
        """Why this first contact or pathway cannot be invited, as a sentence, or False."""
        body = record.citta_body_id if record._name == "crm.lead" else record.body_id
        return record._get_invitation_obstacle() or (not body and self.env._("No body follows this contact: take it on first."))

    def _note(self, facts):
        # sudo: facts are the invitation's own to write
        self.sudo().write(facts)

    # -- transitions ---------------------------------------------------------

    def _on_send(self):
        """Send what can reach the person and can be answered.

        :raise UserError: the person is not to be invited, no address, nothing to choose from, or the term is over
        """
        for item in self:
            item._check_welcome()
            item._check_sendable()
        self._note({"date_sent": self._get_today(), "sendings": 1})
        self._deliver("invitation")

    def _on_book(self):
        """Put the meeting into the operator's calendar and take the place, last of all.

        :raise UserError: the time is gone
        """
        for item in self:
            item._check_welcome()
            item._take(item.slot_id)

    def _on_release(self):
        """The time is free again; the person is asked to choose another."""
        self._give_back()
        self._deliver("moved")

    def _on_decline(self):
        """The operator calls: nobody is lost over a date."""
        self._give_back()
        for item in self:
            item._ask_operator(self.env._("Call: the invitation was declined"))

    def _on_expire(self):
        """No answer is an answer: the operator calls."""
        for item in self:
            item._ask_operator(self.env._("Call: no answer to the invitation"))

    def _on_cancel(self):
        """The place is free again; who had chosen it is told."""
        self._give_back()._deliver("cancelled")
