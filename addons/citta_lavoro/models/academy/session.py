from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.ir_cron import ZONE

#: What of a session its services repeat.
COUNTED = {"event_id", "date_begin", "date_end"}


class Session(models.Model):
    """One meeting of a lab or course: when, where, with whom; presence is taken here."""

    _name = "citta.session"
    _description = "Session"
    _inherit = ["mail.thread"]
    _order = "date_begin, id"

    name = fields.Char("Topic", required=True, default=lambda self: self.env._("Session"))
    event_id = fields.Many2one(
        "event.event", "Lab or course", required=True, index=True, ondelete="cascade",
        domain="[('citta_kind', 'in', ('lab', 'course', 'public'))]",
    )
    territory_id = fields.Many2one(related="event_id.citta_territory_id", store=True, index=True)
    date_begin = fields.Datetime("Begin", required=True)
    date_end = fields.Datetime("End", required=True)
    place = fields.Char()
    facilitator_id = fields.Many2one(
        "res.partner", "Facilitator", index="btree_not_null", ondelete="restrict", domain="[('citta_is_person', '=', False)]"
    )
    attendance_ids = fields.One2many("citta.attendance", "session_id", "Presences")
    present_count = fields.Integer("Present", compute="_compute_counts")
    expected_count = fields.Integer("Expected", compute="_compute_counts")

    _dates_in_order = models.Constraint("CHECK (date_end > date_begin)", "A session ends after it begins.")

    @api.depends("attendance_ids.status")
    def _compute_counts(self):
        for session in self:
            session.expected_count = len(session.attendance_ids)
            session.present_count = len(session.attendance_ids.filtered(lambda one: one.status == "present"))

    @api.depends("name", "event_id.name", "date_begin")
    def _compute_display_name(self):
        for session in self:
            day = fields.Datetime.context_timestamp(session, session.date_begin) if session.date_begin else None
            session.display_name = f"{session.name} ({day:%d/%m/%Y})" if day else session.name

    def write(self, vals):
        """Services given there follow the day and the hours."""
        result = super().write(vals)
        if COUNTED & vals.keys():
            self.attendance_ids._count_services()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_attended(self):
        if self.attendance_ids.filtered("status"):
            raise UserError(self.env._("Presence was taken at this session: it stays, also for the bodies whose people were there."))

    # -- actions -------------------------------------------------------------

    def action_take_presence(self):
        """Put everybody who has a place on the presence sheet and open it; doing it again adds only newcomers.

        :return: the window action of the sheet
        """
        self.ensure_one()
        self._add_expected()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.attendance_sheet_action")
        action["name"] = self.display_name
        action["domain"] = [("session_id", "=", self.id)]
        action["context"] = {"default_session_id": self.id, "create": False}
        return action

    def action_all_present(self):
        """Mark as present everybody whose presence nobody has marked yet."""
        self.attendance_ids.filtered(lambda one: not one.status).status = "present"

    # -- business ------------------------------------------------------------

    def _add_expected(self):
        """One row for each seated registration that has none.

        :return: the new rows
        """
        missing = [
            {"session_id": session.id, "registration_id": registration.id}
            for session in self
            for registration in session._get_seated() - session.attendance_ids.registration_id
        ]
        return self.env["citta.attendance"].create(missing)

    def _get_seated(self):
        """The registrations of the lab or course that have a place."""
        return self.env["event.registration"].search(
            [("event_id", "=", self.event_id.id), ("state", "in", ("open", "done"))], order="name, id"
        )

    # -- services ------------------------------------------------------------

    def _is_held(self):
        """Whether it is over."""
        return self.date_end <= fields.Datetime.now()

    def _get_day(self):
        """The day on which it was, where people meet."""
        return fields.Datetime.context_timestamp(self.with_context(tz=ZONE), self.date_begin).date()

    def _prepare_service(self):
        """What everybody who was there was given: the hours it took, or one meeting."""
        kind = self.event_id.citta_delivery_type_id
        hours = round((self.date_end - self.date_begin).total_seconds() / 3600, 2)
        return {
            "type_id": kind.id, "date": self._get_day(), "quantity": max(hours, 0.01) if kind.unit == "hours" else 1,
            "user_id": (self.event_id.user_id or self.env.user).id,
        }

    def _update_services(self, deliveries):
        """Write what differs, at once for all that were given here."""
        values = self._prepare_service()
        values.pop("user_id")
        first = deliveries[0]
        if (first.type_id.id, first.date, first.quantity) != (values["type_id"], values["date"], values["quantity"]):
            deliveries.write(values)

    def _count_later(self):
        """Presences marked while a session goes on are counted when it is over."""
        ends = set(self.filtered(lambda one: not one._is_held()).mapped("date_end"))
        if ends and not self.env.context.get("install_mode"):
            # sudo: whoever takes presence may have no right on scheduled actions
            self.env.ref("citta_lavoro.ir_cron_services").sudo()._trigger(ends)
