from odoo import api, fields, models

from ...tools import internship as tools


class InternshipPresence(models.AbstractModel):
    """The presences of an internship: days, hours and rate, and what they come to month by month."""

    _name = "citta.internship.presence"
    _description = "Presences of an internship"

    day_ids = fields.One2many("citta.internship.day", "internship_id", "Presences")
    hours_done = fields.Float("Hours done", compute="_compute_presence", digits=(7, 2))
    presence_rate = fields.Float("Presence (%)", compute="_compute_presence", digits=(5, 1))
    months = fields.Html(compute="_compute_months", sanitize=False)

    @api.depends("day_ids.presence", "day_ids.hours", "day_ids.hours_planned")
    def _compute_presence(self):
        for internship in self:
            days = internship.day_ids._get_figures()
            internship.hours_done = sum(day[1] for day in days)
            internship.presence_rate = tools.rate(days)

    @api.depends("hours_done", "presence_rate", "allowance", "date_last")
    def _compute_months(self):
        for internship in self:
            rows = internship._get_months()
            internship.months = rows and self.env["ir.qweb"]._render("citta_lavoro.internship_months", {"o": internship, "rows": rows})

    # -- actions ---------------------------------------------------------------

    def action_open_days(self):
        """The calendar of presences.

        :return: its window action
        """
        self.ensure_one()
        return self.env["ir.actions.act_window"]._citta_narrow(
            "internship_day_action", [("internship_id", "=", self.id)], default_internship_id=self.id, citta_one_internship=True,
        )

    def action_fill(self):
        """Ask from when to when presences are filled in.

        :return: the dialogue
        """
        return self._ask("internship_fill_action")

    def action_print_sheet(self):
        """Ask for the month whose sheet is printed.

        :return: the dialogue
        """
        return self._ask("internship_sheet_action")

    def _ask(self, action):
        self.ensure_one()
        return self.env["ir.actions.act_window"]._citta_narrow(action, [], default_internship_id=self.id)

    # -- business --------------------------------------------------------------

    def _get_months(self):
        """Month by month: the days, and what they come to.

        :return: list of dictionaries ``month`` (its first day), ``days``, ``figures``
        """
        self.ensure_one()
        threshold, rows = self.pathway_id.programme_id.internship_presence, []
        for month, days in self.day_ids.sorted("date").grouped(lambda day: day.date.replace(day=1)).items():
            share = tools.covered(self.date_start, self.date_last, month)
            rows.append({"month": month, "days": days, "figures": tools.month_of(days._get_figures(), self.allowance, threshold, share)})
        return rows
