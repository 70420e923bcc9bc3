from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import internship as tools


class InternshipSheet(models.TransientModel):
    """The sheet of one month, to be signed by the person and both tutors."""

    _name = "citta.internship.sheet"
    _description = "Monthly sheet of presences"
    _inherit = ["citta.reach.mixin"]

    internship_id = fields.Many2one("citta.internship", "Internship", required=True, readonly=True, ondelete="cascade")
    month = fields.Date("A day of the month", required=True, default=fields.Date.context_today)

    @api.depends("internship_id", "month")
    def _compute_display_name(self):
        for sheet in self:
            sheet.display_name = f"{sheet.internship_id.display_name} {sheet.month and sheet.month.strftime('%m-%Y')}"

    def action_print(self):
        """Print the sheet.

        :return: the report's action
        :raise UserError: the internship has no day in this month
        """
        self.ensure_one()
        self.internship_id.check_access("read")
        if not tools.covered(self.internship_id.date_start, self.internship_id.date_last, self.month):
            raise UserError(self.env._("The internship has no day in this month."))
        return self.env.ref("citta_lavoro.internship_sheet_report_action").report_action(self)

    def _get_rows(self):
        """Every calendar day of the month within the internship, with its presence where one is filled in.

        :return: list of (day, record or an empty one)
        """
        first = self.month.replace(day=1)
        start, end = max(first, self.internship_id.date_start), min(tools.latest_end(first, 1), self.internship_id.date_last)
        known = {day.date: day for day in self.internship_id.day_ids}
        return [(day, known.get(day, self.env["citta.internship.day"])) for day in tools.days_between(start, end, set(range(7)))]

    def _get_figures(self):
        """The month's total, or nothing where no presence is filled in."""
        rows = self.internship_id._get_months()
        return next((row["figures"] for row in rows if row["month"] == self.month.replace(day=1)), None)
