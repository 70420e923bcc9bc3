from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

MARKS = {"present": "✓", "absent": "✗", "excused": "–"}


class InternshipDay(models.Model):
    """One day of an internship: there, not there, or excused, and for how long."""

    _name = "citta.internship.day"
    _description = "Day of an internship"
    _inherit = ["citta.pathway.item"]
    _order = "date desc, id desc"
    _rec_name = "date"

    internship_id = fields.Many2one("citta.internship", "Internship", required=True, index=True, ondelete="cascade")
    # precomputed: the scope is derived from it while the record is made, and checked at once
    pathway_id = fields.Many2one(related="internship_id.pathway_id", store=True, precompute=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    presence = fields.Selection(
        [("present", "Present"), ("absent", "Absent"), ("excused", "Excused")], required=True, default="present",
        help="Excused: the firm is closed or the internship is suspended; such a day counts neither way.",
    )
    hours_planned = fields.Float(
        "Hours planned", required=True, digits=(4, 2), compute="_compute_hours_planned", store=True, readonly=False, precompute=True
    )
    hours = fields.Float("Hours done", digits=(4, 2), compute="_compute_hours", store=True, readonly=False, precompute=True)

    _once = models.UniqueIndex("(internship_id, date)", "This day is filled in already.")
    _hours_possible = models.Constraint(
        "CHECK (hours_planned > 0 AND hours_planned <= 12 AND hours >= 0 AND hours <= 12)", "A day has between 0 and 12 hours."
    )
    _present_with_hours = models.Constraint(
        "CHECK ((presence = 'present') = (hours > 0))", "Whoever was there did some hours, and nobody else."
    )

    @api.depends("internship_id")
    def _compute_hours_planned(self):
        """A fifth of the week, unless somebody says otherwise."""
        for day in self:
            day.hours_planned = day.hours_planned or round(day.internship_id.weekly_hours / 5, 2)

    @api.depends("presence", "hours_planned")
    def _compute_hours(self):
        for day in self:
            day.hours = (day.hours or day.hours_planned) if day.presence == "present" else 0

    @api.depends("partner_id.name", "presence")
    @api.depends_context("citta_one_internship")
    def _compute_display_name(self):
        """In a calendar of many, whose day it is: the name has all the room, and a mark says how it went."""
        labels = dict(self._fields["presence"]._description_selection(self.env))
        alone = self.env.context.get("citta_one_internship")
        for day in self:
            name = day.partner_id.name
            day.display_name = labels.get(day.presence, "") if alone or not name else f"{MARKS[day.presence]} {name}"

    @api.constrains("date", "internship_id")
    def _check_date(self):
        """A presence lies within the internship and in the past."""
        today = fields.Date.context_today(self)
        for day in self:
            if not day.internship_id.date_start <= day.date <= day.internship_id.date_last:
                raise ValidationError(self.env._("This day is not one of the internship."))
            if day.date > today:
                raise ValidationError(self.env._("A presence is filled in when the day has come."))

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: the internship is not running"""
        days = super().create(vals_list)
        days._check_running()
        return days

    def write(self, vals):
        """:raise UserError: the internship is not running, or the day would go to another one"""
        if not self.env.su and {"internship_id", "pathway_id"} & vals.keys():
            raise UserError(self.env._("A day stays with its internship."))
        self._check_running()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_while_running(self):
        self._check_running()

    def _check_running(self):
        """Presences of an internship that is over are signed and counted."""
        over = self.internship_id.filtered(lambda one: one.state != "running")
        if over and not self.env.su:
            raise UserError(self.env._("Presences are filled in while the internship is running."))

    def _get_figures(self):
        """What the arithmetic in ``tools/internship.py`` takes."""
        return [(day.presence, day.hours, day.hours_planned) for day in self]
