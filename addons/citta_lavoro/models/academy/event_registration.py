from odoo import api, fields, models

from .event_event import SEATS

SEATED = ("open", "done")


class EventRegistration(models.Model):
    """A registration to an event of the programme takes a place or stands in line; it never fails for want of one.

    One door for the form, the website, imports and RPC: whatever brings a registration to a seated state claims a
    place, whatever takes it out of one gives the place back and calls the next in line.
    """

    _inherit = "event.registration"

    citta_territory_id = fields.Many2one(
        related="event_id.citta_territory_id", string="Territory", store=True, index="btree_not_null"
    )
    citta_pathway_id = fields.Many2one(
        "citta.pathway", "Pathway", compute="_compute_citta_pathway_id", store=True, readonly=False,
        index="btree_not_null", ondelete="set null", copy=False,
    )
    citta_waiting = fields.Boolean("On the waiting list", compute="_compute_citta_waiting", store=True)
    citta_waiting_date = fields.Datetime(
        "Waiting since", readonly=True, copy=False, groups="citta_lavoro.group_citta_administrator"
    )
    citta_waiting_told = fields.Boolean(
        "Told to wait", readonly=True, copy=False, groups="citta_lavoro.group_citta_administrator"
    )
    citta_waiting_position = fields.Integer("Place in line", compute="_compute_citta_waiting_position")
    citta_attendance_ids = fields.One2many("citta.attendance", "registration_id", "Presences")

    _citta_once = models.UniqueIndex(
        "(event_id, citta_pathway_id) WHERE citta_pathway_id IS NOT NULL AND active IS TRUE AND state != 'cancel'",
        "This person is registered there already.",
    )
    _citta_line_idx = models.Index("(event_id, citta_waiting_date, id) WHERE citta_waiting IS TRUE")

    # -- compute -------------------------------------------------------------

    @api.depends("partner_id", "event_id")
    def _compute_citta_pathway_id(self):
        """The open pathway of the person in the event's programme; who registers a friend as well counts once."""
        seen = set()
        for registration in self:
            event, pathway = registration.event_id, registration._citta_find_pathway()
            taken = (event.id, pathway.id) in seen or pathway._is_registered(event, besides=registration._origin)
            registration.citta_pathway_id = False if taken else pathway
            seen.add((event.id, pathway.id))

    @api.depends("state", "active", "citta_waiting_date")
    def _compute_citta_waiting(self):
        for registration in self:
            registration.citta_waiting = bool(
                registration.citta_waiting_date and registration.state == "draft" and registration.active
            )

    @api.depends("citta_waiting", "event_id.registration_ids.citta_waiting")
    def _compute_citta_waiting_position(self):
        lines = {event: event._citta_get_line().ids for event in self.filtered("citta_waiting").event_id}
        for registration in self:
            line = lines.get(registration.event_id, [])
            registration.citta_waiting_position = line.index(registration.id) + 1 if registration.id in line else 0

    @api.constrains("active", "state", "event_id", "event_slot_id", "event_ticket_id")
    def _check_seats_availability(self):
        """Odoo's own count of places, for events that are none of the programme: ours are claimed."""
        others = self.filtered(lambda registration: not registration.event_id.citta_kind)
        return super(EventRegistration, others)._check_seats_availability()

    # -- create, write, delete -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Claim a place for each, last of all; who finds none is put on the waiting list."""
        registrations = super(EventRegistration, self._citta_without_leads(vals_list)).create(vals_list).with_env(self.env)
        registrations._citta_settle({})
        return registrations

    def write(self, vals):
        """Settle the places when a registration is confirmed, cancelled, archived or moved to another event.

        What the person got there is a service to the pathway that the registration belongs to.
        """
        moved = bool({"state", "active", "event_id"} & vals.keys())
        before = {registration.id: registration._citta_seated_at() for registration in self} if moved else {}
        result = super(EventRegistration, self._citta_without_leads([vals]) if moved else self).write(vals)
        if moved:
            self._citta_settle(before)
        if {"partner_id", "event_id", "citta_pathway_id"} & vals.keys():
            # sudo: whoever may change the registration may have no right on presences
            self.sudo().citta_attendance_ids._count_services()
        return result

    def unlink(self):
        """Give the places back and call the next in line."""
        seated = [event for registration in self if (event := registration._citta_seated_at())]
        result = super().unlink()
        for event in seated:
            event._claim_release(SEATS)
        self.env["event.event"].union(*seated)._citta_call_waiting()
        return result

    # -- places --------------------------------------------------------------

    def _citta_seated_at(self):
        """The counted event in which this registration holds a place, or an empty recordset."""
        seated = self.active and self.state in SEATED and self.event_id.citta_kind
        return self.event_id if seated else self.env["event.event"]

    def _citta_settle(self, before):
        """Claim, give back and call, comparing what was with what is.

        :param dict before: registration id → event in which it held a place
        """
        freed = self.env["event.event"]
        for registration in self:
            was, now = before.get(registration.id, freed.browse()), registration._citta_seated_at()
            if was and was != now:
                was._claim_release(SEATS)
                freed |= was
            if now and was != now:
                registration._citta_take_place(now)
        self._citta_leave_line()
        freed._citta_call_waiting()

    def _citta_take_place(self, event):
        """Claim a place at ``event``, or stand in line, where a place once held is kept."""
        if event._claim(SEATS):
            return
        # A rival may be cancelling unseen: touching the counter makes one of us two run again, so that no place
        # stays free while somebody waits.
        event._claim(SEATS, 0)
        # sudo: the place in line is nobody's to write but the guard's
        waiting = self.sudo()
        since = waiting.citta_waiting_date or fields.Datetime.now()
        super(EventRegistration, waiting._citta_without_leads([])).write({"state": "draft", "citta_waiting_date": since})
        self._citta_trigger("citta_lavoro.ir_cron_waiting")

    def _citta_leave_line(self):
        """Who has a place or gave up no longer waits."""
        # sudo: the place in line is nobody's to write but the guard's
        lined = self.sudo().filtered(lambda one: one.citta_waiting_date and one.state != "draft")
        if lined:
            super(EventRegistration, lined._citta_without_leads([])).write({"citta_waiting_date": False, "citta_waiting_told": False})

    # -- mail ----------------------------------------------------------------

    def _update_mail_schedulers(self):
        """Leave the mails of the programme's events to the scheduler's own run, after commit.

        Odoo writes them, and a counter on their common schedule, within the registration: of four people who
        register at the same moment three get an error. Other events keep Odoo's way.
        """
        ours = self.filtered("event_id.citta_kind")
        if ours.filtered(lambda registration: registration.state in SEATED):
            self._citta_trigger("event.event_mail_scheduler")
        return super(EventRegistration, self - ours)._update_mail_schedulers()

    def _citta_trigger(self, cron):
        """Have a cron run as soon as this is committed; while data files load, its own turn is soon enough."""
        if not self.env.context.get("install_mode"):
            # sudo: whoever registers may have no right on scheduled actions
            self.env.ref(cron).sudo()._trigger()

    @api.model
    def _cron_tell_waiting(self):
        """Write to those who stand in line and were not told yet; each once."""
        waiting = self.search([("citta_waiting", "=", True), ("citta_waiting_told", "=", False), ("email", "!=", False)])
        template = self.env.ref("citta_lavoro.mail_template_waiting")
        for registration in waiting:
            template.send_mail(registration.id)
            registration.citta_waiting_told = True
        return len(waiting)

    # -- tools ---------------------------------------------------------------

    def get_formview_id(self, access_uid=None):
        """Links open our small form for who has none of the rights of Odoo's Events."""
        if self.env["event.event"]._citta_needs_own_form():
            return self.env.ref("citta_lavoro.event_registration_view_form").id
        return super().get_formview_id(access_uid=access_uid)

    def _citta_without_leads(self, vals_list):
        """Keep Odoo's rules that turn registrations into sales leads away: a person is not a lead.

        :param vals_list: values that may name events besides those of ``self``
        """
        named = [vals["event_id"] for vals in vals_list if vals.get("event_id")]
        # sudo: only the kind of the events is looked at, before any right on them matters
        events = (self.env["event.event"].browse(named) | self.event_id).sudo()
        return self.with_context(event_lead_rule_skip=True) if any(events.mapped("citta_kind")) else self

    def _citta_find_pathway(self):
        """The open pathway of the person who is registered, in the event's programme or else its territory."""
        # sudo: a visitor's or another body's registration is tied to the pathway without showing it
        Pathway = self.env["citta.pathway"].sudo()
        event, partner = self.event_id, self.partner_id
        if not (partner and event.citta_territory_id):
            return Pathway
        found = Pathway.search([
            ("partner_id", "=", partner.id), ("state", "!=", "closed"), ("territory_id", "=", event.citta_territory_id.id),
        ])
        own = found.filtered(lambda pathway: pathway.programme_id == event.citta_programme_id)
        return (own or (found if not event.citta_programme_id else own))[:1]
