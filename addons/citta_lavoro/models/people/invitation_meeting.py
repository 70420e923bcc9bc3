from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .invitation_letter import TODO
from .meeting_slot import HOLDING, PLACES


class InvitationMeeting(models.AbstractModel):
    """The meeting that comes of an invitation: a time is chosen, its place claimed, the calendar entry made and taken back."""

    _name = "citta.invitation.meeting"
    _description = "Meeting of an invitation"

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

    # -- actions ------------------------------------------------------------------

    def action_deliver(self):
        """Count a meeting that was held as a service of the pathway, once.

        :return: the service's form, filled in
        :raise UserError: see ``calendar.event.action_citta_deliver``
        """
        # sudo: a colleague's meeting is private; the service itself is entered under the user's own right
        return self.event_id.sudo().action_citta_deliver()

    # -- checks -------------------------------------------------------------------

    def _check_slot(self, slot_sudo):
        """:raise UserError: this time is not offered to this person, or not any more"""
        if not slot_sudo:
            raise UserError(self.env._("Choose a time first."))
        others = slot_sudo.invitation_ids.filtered(lambda one: one.state in HOLDING) - self
        in_scope = (slot_sudo.body_id, slot_sudo.territory_id) == (self.body_id, self.territory_id)
        in_time = slot_sudo.active and slot_sudo.start > fields.Datetime.now() and len(others) < slot_sudo.capacity
        if not (in_scope and in_time) or slot_sudo._get_busy(besides=self.event_id):
            raise UserError(self.env._("This time is not free any more: please choose another."))

    def _check_begun(self):
        """:raise UserError: the meeting is still to come"""
        for item in self:
            if item._get_moment() > fields.Datetime.now():
                raise UserError(self.env._("The meeting with %(person)s has not begun yet.", person=item.person_name))

    # -- transitions --------------------------------------------------------------

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

    # -- business -----------------------------------------------------------------

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
