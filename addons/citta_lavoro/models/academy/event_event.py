from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

SEATS = "seats"


class EventEvent(models.Model):
    """Labs, Academy courses and public events: who gives them, which need they answer, and a guard on their places."""

    _name = "event.event"
    _inherit = ["event.event", "citta.claim.mixin"]

    citta_kind = fields.Selection(
        selection_add=[("lab", "Work-design lab"), ("course", "Academy course"), ("public", "Public event")]
    )
    citta_provider_id = fields.Many2one(
        "res.partner", "Given by", index="btree_not_null", ondelete="restrict",
        domain="[('citta_body_kind', '!=', False)]",
    )
    citta_need_id = fields.Many2one("citta.need", "Answers the need", index="btree_not_null", ondelete="restrict")
    citta_delivery_type_id = fields.Many2one(
        "citta.delivery.type", "Counts as", compute="_compute_citta_delivery_type_id", store=True, readonly=False, index="btree_not_null",
        ondelete="restrict", domain="[('unit', 'in', ('hours', 'meetings'))]",
        help="The service that everybody gets who is present: the hours of the session, or one meeting. Empty: none is counted.",
    )
    citta_session_ids = fields.One2many("citta.session", "event_id", "Sessions")
    citta_session_count = fields.Integer("Number of sessions", compute="_compute_citta_session_count")
    citta_waiting_count = fields.Integer("Waiting", compute="_compute_citta_waiting_count")

    @api.depends("citta_kind")
    def _compute_citta_delivery_type_id(self):
        """Labs and courses count as hours until somebody says otherwise; whoever comes to a public event gets no service."""
        kind = self.env.ref("citta_lavoro.delivery_type_lab", raise_if_not_found=False)
        for event in self:
            event.citta_delivery_type_id = event.citta_kind in ("lab", "course") and (event.citta_delivery_type_id or kind)

    @api.depends("citta_session_ids")
    def _compute_citta_session_count(self):
        counts = dict(self.env["citta.session"]._read_group([("event_id", "in", self.ids)], ["event_id"], ["__count"]))
        for event in self:
            event.citta_session_count = counts.get(event, 0)

    @api.depends("registration_ids.citta_waiting")
    def _compute_citta_waiting_count(self):
        counts = dict(self.env["event.registration"]._read_group(
            [("event_id", "in", self.ids), ("citta_waiting", "=", True)], ["event_id"], ["__count"]
        ))
        for event in self:
            event.citta_waiting_count = counts.get(event, 0)

    @api.depends("citta_kind")
    def _compute_event_registrations_open(self):
        """Registrations to an event of the programme stay open when it is full: whoever comes waits in line."""
        super()._compute_event_registrations_open()
        for event in self:
            if not event.event_registrations_open and event._citta_takes_waiting():
                event.event_registrations_open = True

    @api.constrains("citta_delivery_type_id")
    def _check_citta_delivery_type(self):
        if "vouchers" in self.citta_delivery_type_id.mapped("unit"):
            raise ValidationError(self.env._("A presence counts in hours or as a meeting: a voucher is entered by hand."))

    @api.constrains("citta_kind", "is_multi_slots", "event_ticket_ids")
    def _check_citta_places(self):
        for event in self.filtered("citta_kind"):
            if event.is_multi_slots or any(ticket.seats_max for ticket in event.event_ticket_ids):
                raise ValidationError(self.env._(
                    "The places of an event of the programme are limited on the event, not by slots or tickets."
                ))

    @api.model
    def default_get(self, fields):
        """No text of core's stands in the form of an event of the programme; see ``create``."""
        values = super().default_get(fields)
        if values.get("citta_kind") and "description" in values:
            values["description"] = False
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Give each event of the programme its counter at once, so that the first two to register meet on it."""
        # core would tell of a show with thousands of guests, and a lab would be published with it
        ours = self.env.context.get("default_citta_kind")
        events = super().create([
            {"description": False, **vals} if vals.get("citta_kind", ours) else vals for vals in vals_list
        ])
        for event in events.filtered("citta_kind"):
            event._claim_ensure_row(SEATS)
        return events

    def write(self, vals):
        """Keep the counter of places true when their number or the kind changes, and services what they count as.

        :raise UserError: more places are taken than the new number
        """
        guarded = self.filtered("citta_kind")
        result = super().write(vals)
        if {"citta_kind", "seats_max", "seats_limited", "event_type_id"} & vals.keys():
            self._citta_adjust_places(guarded)
        if {"citta_kind", "citta_delivery_type_id"} & vals.keys():
            # sudo: whoever may change the event may have no right on presences
            self.sudo().citta_session_ids.attendance_ids._count_services()
        return result

    # -- actions -------------------------------------------------------------

    def action_open_sessions(self):
        """Open the sessions of this event.

        :return: a window action
        """
        return self.env["ir.actions.act_window"]._citta_narrow("session_action", [("event_id", "=", self.id)], default_event_id=self.id)

    def action_open_registrations(self):
        """Open who is registered, confirmed first, then the waiting list.

        :return: a window action
        """
        return self.env["ir.actions.act_window"]._citta_narrow("event_registration_action", [("event_id", "=", self.id)], default_event_id=self.id)

    def get_formview_id(self, access_uid=None):
        """Links open our small form for who has none of the rights of Odoo's Events."""
        if self._citta_needs_own_form():
            return self.env.ref("citta_lavoro.event_event_view_form").id
        return super().get_formview_id(access_uid=access_uid)

    @api.model
    def _citta_needs_own_form(self):
        """Odoo's own forms need rights on a dozen models, which our roles do not have."""
        return not self.env.user.has_group("event.group_event_user")

    # -- places --------------------------------------------------------------

    def _get_claim_capacity(self, kind):
        """The number of places, or None where they are not limited."""
        if kind != SEATS:
            return super()._get_claim_capacity(kind)
        return self.seats_max if self.seats_limited and self.seats_max else None

    def _verify_seats_availability(self, slot_tickets):
        """Nobody is refused at an event of the programme: the counter decides who has a place and who waits.

        :param slot_tickets: as in Odoo
        """
        self.ensure_one()
        return None if self.citta_kind else super()._verify_seats_availability(slot_tickets)

    def _citta_takes_waiting(self):
        """Whether the event is full and not over, so that one can still join the line."""
        self.ensure_one()
        return bool(
            self.citta_kind and self.event_registrations_sold_out and self.event_registrations_started
            and self._citta_is_ahead()
        )

    def _citta_is_ahead(self):
        """Whether the event is neither cancelled nor over."""
        return self.kanban_state != "cancel" and (not self.date_end or self.date_end >= fields.Datetime.now())

    def _citta_places_left(self):
        """How many places are free by the counter; None where they are not limited."""
        capacity = self._get_claim_capacity(SEATS)
        return None if capacity is None else capacity - self._claim_used(SEATS)

    def _citta_adjust_places(self, guarded):
        """Start or stop counting where the kind was set or removed; elsewhere move the ceiling.

        :param guarded: the events that were counted before the change
        """
        counted = self.filtered("citta_kind")
        for event in guarded - counted:
            event._claim_release(SEATS, event._claim_used(SEATS))
        for event in counted:
            event._claim_resize(SEATS)
            if event not in guarded and not event._claim(SEATS, event.seats_taken):
                raise UserError(self.env._("More people are registered to “%(event)s” than it has places.", event=event.name))
        counted._citta_call_waiting()

    def _citta_call_waiting(self):
        """Give free places to those who wait, in order. Confirmations go out by Odoo's own mail scheduler."""
        for event in self.filtered(lambda event: event._citta_is_ahead()):
            while event._citta_places_left() != 0 and (first := event._citta_get_line()[:1]):
                first.write({"state": "open"})

    def _citta_get_line(self):
        """The registrations that wait, first in line first."""
        # sudo: the line is one for all bodies; who stands first may be followed by another one
        return self.env["event.registration"].sudo().search(
            [("event_id", "=", self.id), ("citta_waiting", "=", True)], order="citta_waiting_date, id"
        )
