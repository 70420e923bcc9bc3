from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.tools import format_datetime

from ...tools.qr_code import qr_uri
from ...tools.slots import to_local
from ..common.ir_cron import ZONE

CALENDAR_FILE = "appuntamento.ics"


class InvitationPage(models.AbstractModel):
    """What the page behind an invitation's link shows, and what the person's own area tells of it."""

    _name = "citta.invitation.page"
    _description = "Page of an invitation"

    def _get_url(self):
        """The address of the page, which nobody can guess."""
        # sudo: the key of the page is nobody's to read; whoever may read the invitation may follow the way to it
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
