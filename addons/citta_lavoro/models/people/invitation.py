import secrets

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..common.workflow_mixin import Transition
from .meeting_slot import HOLDING, PLACES

CHANNELS = [("email", "E-mail"), ("sms", "SMS"), ("letter", "Letter")]
FACTS = {"token", "event_id", "held_slot_id", "date_meeting", "date_sent", "date_reminded", "sendings"}
VALID_DAYS = 21
TODO = "mail.mail_activity_data_todo"


class Invitation(models.Model):
    """One person invited to a meeting: by e-mail, SMS or letter, with a link behind which a time is chosen without a login."""

    _name = "citta.invitation"
    _description = "Invitation to a meeting"
    _inherit = ["citta.workflow.mixin", "citta.fixed.mixin", "citta.reach.mixin", "mail.thread", "mail.activity.mixin"]
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

    # meeting
    slot_id = fields.Many2one(
        "citta.meeting.slot", "Time", index="btree_not_null", ondelete="restrict", copy=False,
        domain="[('is_free', '=', True), ('body_id', '=', body_id), ('territory_id', '=', territory_id)]",
    )
    held_slot_id = fields.Many2one(
        "citta.meeting.slot", "Place held", readonly=True, index="btree_not_null", ondelete="restrict", copy=False,
        help="Where a place is claimed for this invitation.",
    )
    event_id = fields.Many2one("calendar.event", "Meeting", readonly=True, index="btree_not_null", ondelete="set null", copy=False)
    date_meeting = fields.Datetime(related="event_id.start", string="Meeting on", store=True, index="btree_not_null")
    date_reminded = fields.Datetime("Reminded of", readonly=True, copy=False)

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
        items = super().create(vals_list)
        for item in items:
            item._get_record().check_access("write")
            item._check_welcome()
        return items

    def write(self, vals):
        """What happened is noted by the invitation itself.

        :raise UserError: somebody writes it by hand, or another time over one that is chosen
        """
        self._check_facts(vals)
        if not self.env.su and "slot_id" in vals and any(item.state in HOLDING and item.slot_id.id != vals["slot_id"] for item in self):
            raise UserError(self.env._("A time is chosen already: press “Ask for another time”, so that the person is told."))
        return super().write(vals)

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
        return self._get_record()._get_records_action()

    def action_deliver(self):
        """Count a meeting that was held as a service of the pathway, once.

        :return: the service's form, filled in
        :raise UserError: see ``calendar.event.action_citta_deliver``
        """
        # sudo: a colleague's meeting is private; the service itself is entered under the user's own right
        return self.event_id.sudo().action_citta_deliver()

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

    def _on_attend(self):
        """The first contact has its first talk, the pathway its last contact."""
        self._check_begun()
        # sudo: the fact is the meeting's own; who notes it may write the invitation
        items_sudo = self.sudo()
        items_sudo.activity_unlink([TODO])
        for item_sudo in items_sudo:
            item_sudo._get_record()._note_meeting(item_sudo._get_moment())

    def _on_miss(self):
        """Who did not come is called."""
        self._check_begun()
        # sudo: as above
        self.sudo().activity_unlink([TODO])
        for item in self:
            item._ask_operator(self.env._("Call: did not come to the meeting"))

    def _on_expire(self):
        """No answer is an answer: the operator calls."""
        for item in self:
            item._ask_operator(self.env._("Call: no answer to the invitation"))

    def _on_cancel(self):
        """The place is free again; who had chosen it is told."""
        self._give_back()._deliver("cancelled")

    # -- meeting ---------------------------------------------------------------

    def _choose(self, slot):
        """The person chooses a time, or another one.

        :param slot: one of ``_get_slots``
        :raise UserError: it is gone
        """
        self.ensure_one()
        if self.state == "booked":
            return slot == self.slot_id or self._take(slot)
        return self.with_context(citta_workflow_transition="book").write({"slot_id": slot.id, "state": "booked"})

    def _take(self, slot):
        """Enter the meeting, tell both, and claim the place as the last step; a place held before is given back.

        :raise UserError: it is gone
        """
        # sudo: the person has no login here, and the operator no right on a colleague's calendar
        item_sudo, slot_sudo = self.sudo(), slot.sudo()
        item_sudo._check_slot(slot_sudo)
        held, event = item_sudo.held_slot_id, item_sudo.event_id
        values = item_sudo._prepare_event_values(slot_sudo)
        events = event.with_context(no_mail_to_attendees=True, dont_notify=True, mail_create_nolog=True)
        if event:
            events.write(values)
        else:
            event = events.create(values)
        item_sudo.write({"slot_id": slot.id, "event_id": event.id, "held_slot_id": slot.id})
        item_sudo._tell_chosen()
        if not slot_sudo._claim(PLACES):
            raise UserError(self.env._("Somebody else has just chosen this time: please choose another."))
        if held:
            held._claim_release(PLACES)
        return True

    def _give_back(self):
        """Free the place and take the meeting out of the calendar.

        :return: those that had a place
        """
        # sudo: the meeting and the place go with the invitation, whoever ends it
        items_sudo = self.sudo()
        items_sudo.activity_unlink([TODO])
        had = self.browse()
        for item_sudo in items_sudo.filtered("held_slot_id"):
            slot, event = item_sudo.held_slot_id, item_sudo.event_id
            item_sudo.write({"slot_id": False, "held_slot_id": False, "event_id": False})
            event.with_context(no_mail_to_attendees=True).unlink()
            slot._claim_release(PLACES)
            had |= item_sudo
        return had.with_env(self.env)

    def _prepare_event_values(self, slot_sudo):
        """The meeting as the operator finds it in the calendar: private, with how to reach the person.

        :param slot_sudo: the time that was chosen
        :return: values of a ``calendar.event``
        """
        invitee = self._get_record()._get_invitee()
        return {
            "name": self.env._("Meeting with %s", invitee["name"]), "start": slot_sudo.start, "stop": slot_sudo.stop, "privacy": "private",
            "show_as": "busy", "user_id": slot_sudo.user_id.id, "partner_ids": [Command.set(slot_sudo.user_id.partner_id.ids)],
            "location": slot_sudo.location if slot_sudo.kind == "place" else False,
            "videocall_location": slot_sudo.video_url if slot_sudo.kind == "video" else False,
            "description": ", ".join(filter(None, (invitee["phone"], invitee["email"]))), "citta_pathway_id": self.pathway_id.id,
        }
