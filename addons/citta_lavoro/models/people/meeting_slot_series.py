from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.slots import MOST, series
from ..common.ir_cron import ZONE
from .meeting_slot import KINDS
from .weekdays_mixin import WEEKDAYS


class MeetingSlotSeries(models.TransientModel):
    """Many slots at once: some days of the week, between two hours, one after the other."""

    _name = "citta.meeting.slot.series"
    _description = "Series of meeting slots"
    _inherit = ["citta.reach.mixin", "citta.weekdays.mixin"]

    user_id = fields.Many2one(
        "res.users", "Operator", required=True, ondelete="cascade", domain="[('share', '=', False)]", default=lambda self: self.env.user
    )
    body_id = fields.Many2one(
        "res.partner", "Body", required=True, ondelete="cascade", domain="[('citta_body_kind', '!=', False)]",
        default=lambda self: self.env.user.citta_body_ids[:1],
    )
    territory_id = fields.Many2one(
        "citta.territory", "Territory", required=True, ondelete="cascade", default=lambda self: self.env.user.citta_territory_ids[:1]
    )
    kind = fields.Selection(KINDS, "How", required=True, default="place")
    location = fields.Char("Place")
    video_url = fields.Char("Address of the video call")
    capacity = fields.Integer("Places each", required=True, default=1)

    date_from = fields.Date("First day", required=True, default=fields.Date.context_today)
    date_to = fields.Date("Last day", required=True, default=lambda self: fields.Date.context_today(self) + timedelta(days=6))
    hour_from = fields.Float("Between", required=True, default=9)
    hour_to = fields.Float("And", required=True, default=12)
    duration = fields.Float("Length", required=True, default=0.75)
    pause = fields.Float("Pause between two")

    possible = fields.Integer("Slots", compute="_compute_possible")
    left_out = fields.Text("Left out", compute="_compute_possible", help="Times at which the operator has another slot or is busy, and times gone by.")

    @api.depends("user_id", "date_from", "date_to", "hour_from", "hour_to", "duration", "pause", *WEEKDAYS)
    def _compute_possible(self):
        for wizard in self:
            slots = wizard._get_slots()
            clear = wizard._get_clear(slots)
            wizard.possible = len(clear)
            wizard.left_out = "\n".join(slot._say_when() for slot in slots - clear)

    def action_confirm(self):
        """Make the slots; those at whose time the operator is taken are left out.

        :return: the slots that were made
        :raise UserError: there is none
        """
        self.ensure_one()
        clear = self._get_clear(self._get_slots())
        if not clear:
            raise UserError(self.env._("No slot fits: look at the days and hours, and at what was left out."))
        slots = self.env["citta.meeting.slot"].create([{"start": slot.start, **self._prepare_slot_values()} for slot in clear])
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.meeting_slot_action")
        return {**action, "domain": [("id", "in", slots.ids)], "views": [(False, "list"), (False, "form")]}

    def _prepare_slot_values(self):
        """What all slots of the series have in common."""
        links = {name: self[name].id for name in ("user_id", "body_id", "territory_id")}
        return {**links, **{name: self[name] for name in ("duration", "kind", "location", "video_url", "capacity")}}

    def _get_slots(self):
        """All slots of the series, not stored."""
        slots = self.env["citta.meeting.slot"]
        if not (self.date_from and self.date_to and self.user_id):
            return slots
        starts = series(self.date_from, self.date_to, self._get_weekdays(), self.hour_from, self.hour_to, self.duration, self.pause, ZONE)
        for start in starts[:MOST]:
            slots += slots.new({"start": start, "user_id": self.user_id.id, "duration": self.duration})
        return slots

    @api.model
    def _get_clear(self, slots):
        """Those of them that are yet to come and at which nothing else stands."""
        ahead = slots.filtered(lambda slot: slot.start > fields.Datetime.now())
        return ahead - ahead._get_busy() - ahead._get_overlapping()
