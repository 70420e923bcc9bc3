from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.internship import days_between
from .weekdays_mixin import WEEKDAYS


class InternshipFill(models.TransientModel):
    """Fills in the presences of many days at once, by weekday; days that are there stay as they are."""

    _name = "citta.internship.fill"
    _description = "Fill in presences"
    _inherit = ["citta.reach.mixin", "citta.weekdays.mixin"]

    internship_id = fields.Many2one("citta.internship", "Internship", required=True, readonly=True, ondelete="cascade")
    date_from = fields.Date("From", required=True, compute="_compute_dates", store=True, readonly=False, precompute=True)
    date_to = fields.Date("Until", required=True, compute="_compute_dates", store=True, readonly=False, precompute=True)
    presence = fields.Selection([("present", "Present"), ("absent", "Absent"), ("excused", "Excused")], required=True, default="present")
    hours = fields.Float("Hours a day", required=True, compute="_compute_hours", store=True, readonly=False, precompute=True, digits=(4, 2))

    @api.depends("internship_id")
    def _compute_dates(self):
        """From the day after the last one that is there, until today or the last day."""
        today = fields.Date.context_today(self)
        for wizard in self:
            last = max(wizard.internship_id.day_ids.mapped("date"), default=False)
            wizard.date_to = min(today, wizard.internship_id.date_last or today)
            wizard.date_from = min(fields.Date.add(last, days=1), wizard.date_to) if last else wizard.internship_id.date_start

    @api.depends("internship_id", *WEEKDAYS)
    def _compute_hours(self):
        """The week's hours over the days that were chosen."""
        for wizard in self:
            wizard.hours = round(wizard.internship_id.weekly_hours / max(len(wizard._get_weekdays()), 1), 2)

    def action_confirm(self):
        """Fill in the days that are not there yet.

        :return: the order to close the dialogue
        :raise UserError: nothing is left to fill in, or a day is not one of the internship
        """
        self.ensure_one()
        self.internship_id.check_access("write")
        there = set(self.internship_id.day_ids.mapped("date"))
        wanted = [day for day in days_between(self.date_from, self.date_to, self._get_weekdays()) if day not in there]
        if not wanted:
            raise UserError(self.env._("Nothing is left to fill in: choose other days."))
        self._check_period(wanted)
        self.env["citta.internship.day"].create([
            {
                "internship_id": self.internship_id.id, "date": day, "presence": self.presence, "hours_planned": self.hours,
                "hours": self.hours if self.presence == "present" else 0,
            }
            for day in wanted
        ])
        return {"type": "ir.actions.act_window_close"}

    def _check_period(self, days):
        """Before any row is made: a slip in the year would make thousands."""
        internship, today = self.internship_id, fields.Date.context_today(self)
        last = min(internship.date_last, today)
        if days[0] < internship.date_start or days[-1] > last:
            raise UserError(self.env._(
                "Choose days from %(start)s to %(end)s.", start=format_date(self.env, internship.date_start), end=format_date(self.env, last)
            ))
