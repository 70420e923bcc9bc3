from odoo import api, fields, models
from odoo.exceptions import ValidationError

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
