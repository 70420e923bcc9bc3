from base64 import b64encode

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import str2bool

from ...tools.slots import to_local
from ..common.ir_cron import ZONE
from .invitation_page import CALENDAR_FILE

TEMPLATES = {"invitation": "invitation", "booked": "invitation_booked", "reminder": "invitation_reminder", "moved": "invitation_over", "cancelled": "invitation_over"}
TODO = "mail.mail_activity_data_todo"


class InvitationLetter(models.AbstractModel):
    """How an invitation and what follows it reach the person: by e-mail, SMS or letter, else by the operator's call."""

    _name = "citta.invitation.letter"
    _description = "Letters of an invitation"

    # -- checks -------------------------------------------------------------------

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

    # -- reaching the person ------------------------------------------------------

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
