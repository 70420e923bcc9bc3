from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_datetime

from ...tools import ics
from ..common.ir_cron import ZONE

KINDS = [("place", "In person"), ("phone", "By phone"), ("video", "Video call")]
HOLDING = ("booked", "attended", "no_show")  # states of an invitation that take a place
PLACES = "places"
WHEN_AND_WHO = {"start", "duration", "user_id", "body_id", "territory_id"}
NOTICE_HOURS, HORIZON_DAYS, MOST = 3, 60, 60


class MeetingSlot(models.Model):
    """A time at which an operator can be met: offered in invitations, and chosen as often as it has places."""

    _name = "citta.meeting.slot"
    _description = "Meeting slot"
    _inherit = ["citta.claim.mixin"]
    _order = "start, id"
    _rec_name = "start"
    _rec_names_search = ["user_id.name", "location"]

    # who
    user_id = fields.Many2one(
        "res.users", "Operator", required=True, index=True, ondelete="restrict", domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
    )
    body_id = fields.Many2one(
        "res.partner", "Body", required=True, index=True, ondelete="restrict", domain="[('citta_body_kind', '!=', False)]",
        default=lambda self: self.env.user.citta_body_ids[:1],
    )
    territory_id = fields.Many2one(
        "citta.territory", "Territory", required=True, index=True, ondelete="restrict",
        default=lambda self: self.env.user.citta_territory_ids[:1],
    )

    # when and where
    start = fields.Datetime("From", required=True, index=True)
    duration = fields.Float("Length", required=True, default=0.75)
    stop = fields.Datetime("Until", compute="_compute_stop", store=True, precompute=True)
    kind = fields.Selection(KINDS, "How", required=True, default="place")
    location = fields.Char("Place", help="Address, floor, what is written on the bell.")
    video_url = fields.Char("Address of the video call")

    # how many
    capacity = fields.Integer("Places", required=True, default=1)
    active = fields.Boolean(default=True)
    invitation_ids = fields.One2many("citta.invitation", "slot_id", "Chosen by")
    taken = fields.Integer("Places taken", compute="_compute_taken")
    is_free = fields.Boolean("Free", compute="_compute_taken", search="_search_is_free")

    _positive = models.Constraint("CHECK (duration > 0 AND duration <= 12 AND capacity > 0)", "A slot takes at most twelve hours and has a place at least.")
    _place_said = models.Constraint("CHECK (kind <> 'place' OR location IS NOT NULL)", "Say where to come.")
    # One operator is in one place at a time, also when two colleagues write at once; the ranges need no extension of PostgreSQL.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(user_id, user_id, '[]') WITH &&, tsrange(start, stop) WITH &&) WHERE (active)",
        "The operator has another slot at that time.",
    )
    _offer_idx = models.Index("(territory_id, body_id, start) WHERE active IS TRUE")

    # -- compute -------------------------------------------------------------

    @api.depends("start", "duration")
    def _compute_stop(self):
        for slot in self:
            slot.stop = slot.start and slot.start + timedelta(minutes=round(slot.duration * 60))

    @api.depends("invitation_ids.state", "capacity", "start")
    def _compute_taken(self):
        # sudo: how many chose it counts, not who
        invitations = self.env["citta.invitation"].sudo()
        counts = dict(invitations._read_group([("slot_id", "in", self.ids), ("state", "in", HOLDING)], ["slot_id"], ["__count"]))
        for slot in self:
            slot.taken = counts.get(slot._origin, 0)
            slot.is_free = bool(slot.start) and slot.start > fields.Datetime.now() and slot.taken < slot.capacity

    def _search_is_free(self, operator, value):
        """Yet to come, and with a place left."""
        if operator != "in":
            return NotImplemented
        self.flush_model(["capacity", "start"])
        self.env["citta.invitation"].flush_model(["slot_id", "state"])
        full = SQL(
            "(SELECT s.id FROM citta_meeting_slot s JOIN citta_invitation i ON i.slot_id = s.id AND i.state IN %s"
            " WHERE s.start > %s GROUP BY s.id HAVING count(*) >= s.capacity)", HOLDING, fields.Datetime.now(),
        )
        free = Domain("start", ">", fields.Datetime.now()) & Domain("id", "not in", full)
        return free if True in value else ~free

    @api.depends("start", "user_id")
    def _compute_display_name(self):
        for slot in self:
            slot.display_name = f"{slot._say_when()}, {slot.user_id.name}" if slot.start else ""

    # -- constraints ---------------------------------------------------------

    @api.constrains("start", "duration", "user_id", "active")
    def _check_clear(self):
        """Nothing stands in the operator's calendar at that time; of two slots at once the database keeps one."""
        for slot in self.filtered("active")._get_busy():
            raise ValidationError(self.env._("%(operator)s is busy at that time: %(when)s.", operator=slot.user_id.name, when=slot._say_when()))

    @api.constrains("user_id")
    def _check_user(self):
        if self.user_id.filtered("share"):
            raise ValidationError(self.env._("Slots are of colleagues: portal users offer none."))

    # -- create, write, delete -----------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: the time of a colleague who works for another body"""
        slots = super().create(vals_list)
        slots._check_colleague()
        return slots

    def write(self, vals):
        """A time that somebody has chosen stays as it is.

        :raise UserError: the slot is chosen already, has more takers than it would have places, or is a stranger's time
        """
        if WHEN_AND_WHO & vals.keys() or not vals.get("active", True):
            self._check_unchosen()
        result = super().write(vals)
        if "capacity" in vals:
            for slot in self:
                slot._claim_resize(PLACES)
        if {"user_id", "body_id"} & vals.keys():
            self._check_colleague()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_chosen(self):
        self._check_unchosen()

    def _check_colleague(self):
        """:raise UserError: see ``create``"""
        for slot in self if not self.env.su else ():
            # sudo: for whom a colleague works is compared, not shown
            if slot.body_id not in slot.user_id.sudo().citta_body_ids:
                raise UserError(self.env._("%(name)s does not work for %(body)s.", name=slot.user_id.name, body=slot.body_id.name))

    def _check_unchosen(self):
        if chosen := self.filtered("taken"):
            raise UserError(self.env._(
                "%(slot)s is chosen already: call the invitation off first, then the person is told.", slot=chosen[0].display_name
            ))

    # -- actions -------------------------------------------------------------

    def action_withdraw(self):
        """Offer these slots no more.

        :raise UserError: one of them is chosen already
        """
        self.active = False
        return True

    # -- business ------------------------------------------------------------

    def _get_claim_capacity(self, kind):
        """As many invitations as the slot has places."""
        return self.capacity if kind == PLACES else super()._get_claim_capacity(kind)

    @api.model
    def _get_open(self, body, territory, operator=None):
        """Slots that can be chosen today: free, neither too soon nor too far, and nothing came between in the calendar.

        :param body: whose slots
        :param territory: where
        :param operator: only of this colleague; None: of all
        """
        now = fields.Datetime.now()
        domain = Domain([
            ("is_free", "=", True), ("body_id", "=", body.id), ("territory_id", "=", territory.id),
            ("start", ">", now + timedelta(hours=NOTICE_HOURS)), ("start", "<", now + timedelta(days=HORIZON_DAYS)),
        ])
        found = self.search(domain & Domain("user_id", "=", operator.id) if operator else domain, limit=MOST)
        return found - found._get_busy()

    def _get_overlapping(self):
        """Slots at whose time their operator has another one."""
        if not self:
            return self
        # sudo: another body's slot takes the operator's time, too; only that there is one comes out
        rivals = self.sudo().search([
            ("user_id", "in", self.user_id.ids), ("start", "<", max(self.mapped("stop"))), ("stop", ">", min(self.mapped("start"))),
        ])
        return self.filtered(lambda slot: any(
            one.user_id == slot.user_id and one.id != slot._origin.id and one.start < slot.stop and one.stop > slot.start for one in rivals
        ))

    def _get_busy(self, besides=None):
        """Slots at whose time the operator has something else in the calendar.

        :param besides: a meeting that does not count
        """
        if not self:
            return self
        # sudo: private meetings take time, too; only whether there is one comes out
        slots_sudo = self.sudo()
        own = slots_sudo.invitation_ids.event_id | (besides or self.env["calendar.event"])
        events = own.search([
            ("partner_ids", "in", slots_sudo.user_id.partner_id.ids), ("show_as", "=", "busy"), ("id", "not in", own.ids),
            ("start", "<", max(self.mapped("stop"))), ("stop", ">", min(self.mapped("start"))),
        ])
        taken = [(event.start, event.stop, event.partner_ids) for event in events]
        operators = {slot_sudo: slot_sudo.user_id.partner_id for slot_sudo in slots_sudo}
        return self.filtered(lambda slot: any(
            start < slot.stop and stop > slot.start and operators[slot] in partners for start, stop, partners in taken
        ))

    # -- tools ---------------------------------------------------------------

    def _make_ics(self, uid, start, stop):
        """The meeting for the person's own calendar, which others may see: when, where and how, not with whom nor about what.

        :param str uid: the meeting's name among all meetings
        :return: bytes of an iCalendar file
        """
        self.ensure_one()
        ways = {"phone": self.env._("We call you: keep your phone near."), "video": self.env._("By video call: %s", self.video_url)}
        phone = self.body_id.phone
        return ics.write(
            uid, start, stop, fields.Datetime.now(), summary=self.env._("Meeting"), location=self.location if self.kind == "place" else "",
            description="\n".join(filter(None, (ways.get(self.kind), phone and self.env._("You cannot come? Call %s.", phone)))),
        )

    def _say_when(self, pattern="EEE d MMM y, HH:mm"):
        """Day and hour in words, where people meet."""
        self.ensure_one()
        return format_datetime(self.env, self.start, tz=ZONE, dt_format=pattern)
