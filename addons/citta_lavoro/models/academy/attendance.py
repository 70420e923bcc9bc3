from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common.ir_cron import ZONE

#: What may change without a service changing.
ASIDE = {"time_in", "time_out", "note"}
LATE_DAYS = 31
STATUSES = [("present", "Present"), ("excused", "Excused"), ("absent", "Absent")]


class Attendance(models.Model):
    """Whether one registered person came to one session."""

    _name = "citta.attendance"
    _description = "Presence"
    _inherit = ["citta.reach.mixin"]
    _order = "session_id, registration_name, id"
    _rec_name = "registration_name"

    session_id = fields.Many2one("citta.session", "Session", required=True, index=True, ondelete="cascade")
    registration_id = fields.Many2one("event.registration", "Registration", required=True, index=True, ondelete="cascade")
    registration_name = fields.Char(related="registration_id.name", string="Name", store=True)
    pathway_id = fields.Many2one(
        related="registration_id.citta_pathway_id", string="Pathway", store=True, index="btree_not_null"
    )
    event_id = fields.Many2one(related="session_id.event_id", string="Lab or course", store=True, index=True)
    territory_id = fields.Many2one(related="session_id.territory_id", store=True, index=True)
    date = fields.Datetime(related="session_id.date_begin", store=True)
    status = fields.Selection(STATUSES, "Presence", help="Empty: not marked yet.")
    time_in = fields.Datetime("In at")
    time_out = fields.Datetime("Out at")
    note = fields.Char(help="For instance the excuse. Nothing about health.")
    delivery_ids = fields.One2many("citta.delivery", "attendance_id", "Services", groups="citta_lavoro.group_citta_operator")

    _once = models.UniqueIndex("(session_id, registration_id)", "This person is on the sheet already.")
    _times_in_order = models.Constraint(
        "CHECK (time_in IS NULL OR time_out IS NULL OR time_out >= time_in)", "Nobody leaves before coming in."
    )

    @api.constrains("session_id", "registration_id")
    def _check_registration(self):
        for attendance in self:
            registration = attendance.registration_id
            if registration.event_id != attendance.session_id.event_id:
                raise ValidationError(self.env._("%(name)s is registered to something else.", name=registration.name))
            if registration.state not in ("open", "done"):
                raise ValidationError(self.env._("%(name)s has no place in this lab or course.", name=registration.name))

    # -- create, write -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Who was there got a service."""
        attendances = super().create(vals_list)
        attendances._count_services()
        return attendances

    def write(self, vals):
        """The service follows the presence."""
        result = super().write(vals)
        if vals.keys() - ASIDE:
            self._count_services()
        return result

    # -- actions -------------------------------------------------------------

    def action_present(self):
        """Mark as present."""
        self.status = "present"

    def action_absent(self):
        """Mark as absent without a word."""
        self.status = "absent"

    def action_excused(self):
        """Mark as absent with an excuse."""
        self.status = "excused"

    # -- services ------------------------------------------------------------

    def _count_services(self):
        """Make the services of these presences what they should be: one for each that counts, none for the others.

        The number of statements depends on the sessions, not on the people.
        """
        if not self:
            return
        # sudo: whoever takes presence at a lab, the service is entered where the person is followed, perhaps by another body
        rows = self.sudo().with_context(tz=ZONE)
        counting = rows.filtered(lambda one: one._is_service())
        deliveries = rows.env["citta.delivery"].search([("attendance_id", "in", rows.ids)])
        right = deliveries.filtered(lambda one: one.attendance_id in counting and one.pathway_id == one.attendance_id.pathway_id)
        (deliveries - right).unlink()
        for session, same in right.grouped(lambda one: one.attendance_id.session_id).items():
            session._update_services(same)
        rows.env["citta.delivery"].create([
            {**one.session_id._prepare_service(), "pathway_id": one.pathway_id.id, "attendance_id": one.id}
            for one in counting - right.attendance_id
        ])
        rows.filtered(lambda one: one.status == "present").session_id._count_later()

    def _is_service(self):
        """Whether the person was there, it is over, it is said as what it counts, and the pathway was under way on that day."""
        if self.status != "present" or not self.session_id._is_held() or not self.event_id.citta_delivery_type_id:
            return False
        return self.pathway_id._is_under_way(self.session_id._get_day())

    @api.model
    def _cron_count_services(self):
        """Count presences that were marked before their session was over."""
        now = fields.Datetime.now()
        marked = self.search([
            ("status", "=", "present"), ("pathway_id", "!=", False), ("delivery_ids", "=", False),
            ("session_id.date_end", "<=", now), ("session_id.date_end", ">=", now - timedelta(days=LATE_DAYS)),
        ])
        marked._count_services()
        return marked
