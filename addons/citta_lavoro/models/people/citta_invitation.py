from base64 import b64encode
from datetime import time, timedelta
from urllib.parse import urlsplit

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime
from odoo.tools.misc import str2bool

from ...tools.qr_code import qr_uri
from ...tools.slots import to_local, to_utc
from .invitation import TODO
from .meeting_slot import HOLDING, ZONE

TEMPLATES = {"invitation": "invitation", "booked": "invitation_booked", "reminder": "invitation_reminder", "moved": "invitation_over", "cancelled": "invitation_over"}
AGAIN_DAYS = 7
CALENDAR_FILE = "appuntamento.ics"
MIDNIGHT = time()


class Invitation(models.Model):
    """How an invitation reaches the person, what its page says, and the daily round."""

    _inherit = "citta.invitation"

    # -- checks --------------------------------------------------------------

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

    @api.model
    def _get_unreachable(self, record, channel):
        """Why it cannot be reached this way, as a sentence, or False."""
        if channel == "sms" and not self._has_sms():
            return self.env._("No SMS service is set up here: choose e-mail or letter.")
        reasons = {
            "email": self.env._("No e-mail address is known."), "sms": self.env._("No phone number is known that takes SMS."),
            "letter": self.env._("No postal address is known."),
        }
        return not self._get_address(record._get_invitee(), channel) and reasons[channel]

    def _check_welcome(self):
        """:raise UserError: the person is not to be invited"""
        if self.env.su and self.env.context.get("install_mode"):
            return
        if why := self._get_obstacle(self._get_record()):
            raise UserError(self.env._("%(person)s cannot be invited: %(why)s", person=self.person_name, why=why))

    def _check_sendable(self):
        """:raise UserError: nothing would arrive, or there is nothing to choose from"""
        why = self._get_unreachable(self._get_record(), self.channel)
        if not why and self.date_expiry < self._get_today():
            why = self.env._("The day by which to answer is over.")
        if not why and not self._get_slots():
            why = self.env._("There is no free time to choose from: enter slots first.")
        if why:
            raise UserError(self.env._("%(person)s cannot be invited: %(why)s", person=self.person_name, why=why))

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

    # -- reaching the person ---------------------------------------------------

    @api.model
    def _has_sms(self):
        """Whether SMS may be sent: a service of others learns the number, so that the controller has to switch it on."""
        # sudo: whether it is switched on is no secret
        return "sms.sms" in self.env and str2bool(self.env["ir.config_parameter"].sudo().get_param("citta.invitation.sms", "0"), False)

    @api.model
    def _get_address(self, invitee, channel):
        """Where it goes, or False.

        :param invitee: see ``citta.invitee.mixin._get_invitee``
        """
        letter = ", ".join((invitee["street"], invitee["town"])) if invitee["street"] and invitee["town"] else False
        return {"email": invitee["email"], "sms": invitee["phone"], "letter": letter}[channel]

    def _get_route(self):
        """How news reach the person: as invited, else as is possible without paper; False: by a call only."""
        invitee = self._get_record()._get_invitee()
        open_ways = [way for way in ("email", "sms") if invitee["email" if way == "email" else "phone"] and (way == "email" or self._has_sms())]
        return self.channel if self.channel in open_ways else next(iter(open_ways), False)

    def _deliver(self, kind):
        """Send one of the letters, in the person's language; what cannot be sent is put on the operator's list.

        :param str kind: ``invitation``, ``booked``, ``reminder``, ``moved`` or ``cancelled``
        """
        if self.env.context.get("citta_silent"):
            return
        # sudo: the letters carry the key of the page, which no user may read
        for item_sudo in self.sudo():
            route = item_sudo._get_route()
            if kind == "invitation" and item_sudo.channel == "letter":
                continue
            if route == "email":
                template = self.env.ref(f"citta_lavoro.mail_template_{TEMPLATES[kind]}")
                # sudo: as above
                template.sudo().send_mail(item_sudo.id, email_values={
                    "email_to": item_sudo._get_record()._get_invitee()["email"],
                    "attachments": [(CALENDAR_FILE, b64encode(item_sudo.with_context(lang=item_sudo.lang)._make_ics()))] if kind == "booked" else [],
                })
            elif route == "sms":
                item_sudo._send_sms(kind)
            elif kind != "booked":
                item_sudo._ask_operator(self.env._("Call: tell the person about the meeting"))

    def _send_sms(self, kind):
        """Put a message into Odoo's queue, which sends it after the commit."""
        item = self.with_context(lang=self.lang)
        words = {"name": item._get_first_name(), "url": item._get_url(), "when": item._say_meeting(), "phone": item.body_id.phone or ""}
        texts = {
            "invitation": item.env._("%(name)s, we would like to meet you. Choose when: %(url)s", **words),
            "booked": item.env._("%(name)s, we meet on %(when)s. If you cannot come: %(url)s", **words),
            "reminder": item.env._("%(name)s, we meet tomorrow: %(when)s. If you cannot come, call %(phone)s", **words),
            "moved": item.env._("%(name)s, our meeting cannot take place. Please choose another time: %(url)s", **words),
            "cancelled": item.env._("%(name)s, our meeting is called off. Questions? Call %(phone)s", **words),
        }
        invitee = self._get_record()._get_invitee()
        self.env["sms.sms"].create({"number": invitee["phone"], "body": texts[kind], "partner_id": self.pathway_id.partner_id.id})

    def _tell_chosen(self):
        """Confirm to the person, and put the meeting before the operator, also to note afterwards who came."""
        self.ensure_one()
        operator = self.slot_id.user_id
        self.activity_unlink([TODO])
        self.activity_schedule(
            TODO, user_id=operator.id, date_deadline=to_local(self._get_moment(), ZONE).date(),
            summary=self.env._("Meeting: note whether the person came"),
        )
        body = self.env._("Time chosen: %(when)s", when=self._say_meeting())
        robot = self.env.ref("base.partner_root")
        self.message_post(body=body, author_id=robot.id, partner_ids=(operator | self.user_id).partner_id.ids)
        self._get_record()._message_log(body=body, author_id=robot.id)
        self._deliver("booked")

    def _ask_operator(self, summary):
        """Put a task on the operator's list, at the first contact or the pathway."""
        # sudo: also the person's own answer and the daily round set the task
        item_sudo = self.sudo()
        item_sudo._get_record().activity_schedule(TODO, user_id=item_sudo.user_id.id, summary=summary)

    def _note(self, facts):
        # sudo: facts are the invitation's own to write
        self.sudo().write(facts)

    # -- words -----------------------------------------------------------------

    def _get_url(self):
        """The address of the page, which nobody can guess."""
        # sudo: see _deliver
        return f"{self.get_base_url()}/invito/{self.sudo().token}"

    def _get_code_url(self):
        """The picture of the page's address for the camera of a phone."""
        return qr_uri(self._get_url())

    def _make_ics(self):
        """The chosen time as a file for the person's calendar; another time, sent again, takes the place of the first.

        :return: bytes of an iCalendar file
        """
        uid = f"invito-{self.id}@{urlsplit(self.get_base_url()).hostname}"
        return self.slot_id._make_ics(uid, self._get_moment(), self.event_id.stop or self.slot_id.stop)

    def _get_first_name(self):
        return next(iter((self.person_name or "").split()), "")

    @api.model
    def _get_today(self):
        """The day where the people are: the round, the visitor and the operator mean the same one."""
        return to_local(fields.Datetime.now(), ZONE).date()

    def _get_moment(self):
        return self.date_meeting or self.slot_id.start

    def _say_meeting(self):
        """Day and hour of the meeting in words; empty where none is chosen."""
        moment = self._get_moment()
        return format_datetime(self.env, moment, tz=ZONE, dt_format="EEEE d MMMM, HH:mm") if moment else ""

    def _get_slots(self):
        """The times from which this person may choose.

        :return: slots, in superuser mode
        """
        # sudo: what is offered does not depend on who looks
        slots = self.env["citta.meeting.slot"].sudo()
        if not (self.body_id and self.territory_id):
            return slots
        return slots._get_open(self.body_id, self.territory_id, self.user_id if self.own_slots else None)

    def _get_page(self):
        """What the page behind the link shows.

        :return: ``choose``, ``booked`` (may still be changed), ``today`` (by phone only), or why there is nothing to choose
        """
        if not self:
            return "unknown"
        today = self._get_today()
        if self.state in ("draft", "cancelled") or (self.state in ("sent", "booked") and self._get_record()._get_invitation_obstacle()):
            return "withdrawn"
        if self.state == "sent":
            return "choose" if self.date_expiry >= today else "expired"
        if self.state != "booked":
            return self.state if self.state in ("expired", "declined") else "used"
        if self._get_moment() <= fields.Datetime.now():
            return "used"
        day = to_local(self._get_moment(), ZONE).date()
        return "booked" if day > to_local(fields.Datetime.now(), ZONE).date() else "today"

    def _get_agenda(self):
        """What the person finds among the next dates: a meeting, or a time to choose.

        :return: list of dictionaries with ``date``, ``label`` and ``url``
        """
        labels = {"choose": self.env._("Choose a time for a meeting"), "booked": self.env._("Meeting"), "today": self.env._("Meeting")}
        return [
            {
                "date": item.date_expiry if page == "choose" else to_local(item._get_moment(), ZONE).date(),
                "label": " – ".join(filter(None, (labels[page], item._say_meeting()))), "url": item._get_url(),
            }
            for item in self if (page := item._get_page()) in labels
        ]

    # -- crons -----------------------------------------------------------------

    @api.model
    def _cron_invitations(self):
        """Call off what nobody may be invited to any more, remind of tomorrow's meetings, ask once more, give up."""
        today = self._get_today()
        self._call_off()
        self._remind(today)
        self._send_again(today)
        self._give_up(today)

    @api.model
    def _call_off(self):
        """A consent that was withdrawn, a case that was closed: no letter goes out, the place is free."""
        waiting = self.search([("state", "in", ("sent", "booked"))])
        over = waiting.filtered(lambda item: item._get_record()._get_invitation_obstacle())
        over.with_context(citta_silent=True)._workflow_move("cancel")
        return over

    @api.model
    def _remind(self, today):
        """The day before, once for each time that was chosen."""
        begin, end = (to_utc(today + timedelta(days=days), MIDNIGHT, ZONE) for days in (1, 2))
        near = self.search([("state", "=", "booked"), ("date_meeting", ">=", begin), ("date_meeting", "<", end)])
        near = near.filtered(lambda item: item.date_reminded != item.date_meeting)
        for item in near:
            item.date_reminded = item.date_meeting
            item._deliver("reminder")
        return near

    @api.model
    def _send_again(self, today):
        """A second time after a week without answer; a letter is left to the operator."""
        silent = self.search([
            ("state", "=", "sent"), ("sendings", "=", 1), ("date_sent", "<=", today - relativedelta(days=AGAIN_DAYS)), ("date_expiry", ">=", today),
        ])
        for item in silent:
            item.sendings = 2
            if item.channel == "letter":
                item._ask_operator(self.env._("Call, or send the letter again: no answer to the invitation"))
            else:
                item._deliver("invitation")
        return silent

    @api.model
    def _give_up(self, today):
        lost = self.search([("state", "=", "sent"), ("date_expiry", "<", today)])
        lost._workflow_move("expire")
        return lost
