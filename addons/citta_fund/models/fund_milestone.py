from odoo import api, fields, models

from odoo.addons.citta_lavoro.tools.suppression import is_small


class FundMilestone(models.Model):
    """What an initiative has reached with the gifts: told to its donors, and on the fund's page where it is published."""

    _name = "citta.fund.milestone"
    _description = "Milestone of an initiative"
    _order = "date desc, id desc"

    name = fields.Char("What was reached", required=True, translate=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    fund_line_id = fields.Many2one("citta.fund.line", "Initiative", required=True, index=True, ondelete="cascade")
    fund_id = fields.Many2one(related="fund_line_id.fund_id", store=True, index=True)
    company_id = fields.Many2one(related="fund_line_id.company_id", store=True, index=True)
    description = fields.Text(translate=True, help="No names of persons: what is published is read by everybody.")
    people_count = fields.Integer("People reached", help="Numbers below five are not shown outside the team.")
    is_published = fields.Boolean("Published", help="On the page of the fund, and to the donors of the initiative.")

    _count_positive = models.Constraint("CHECK (people_count >= 0)", "No fewer than nobody can be reached.")
    _published_idx = models.Index("(fund_id, date DESC) WHERE is_published")

    # -- business ------------------------------------------------------------

    @api.model
    def _get_public(self, lines, since=None, limit=10):
        """The published milestones of initiatives, the last ones first; small numbers of people are hidden.

        :param lines: citta.fund.line records
        :param since: a date; earlier ones are left out
        :return: list of dicts of ``name``, ``date``, ``description``, ``initiative`` and ``people`` (None where it is small, 0 where none is told)
        """
        domain = [("fund_line_id", "in", lines.ids), ("is_published", "=", True), *([("date", ">=", since)] if since else [])]
        # sudo: what is published is everybody's
        return [
            {
                "name": one.name, "date": one.date, "description": one.description, "initiative": one.fund_line_id.name,
                "people": None if is_small(one.people_count) else one.people_count,
            }
            for one in self.sudo().search_fetch(domain, ["name", "date", "description", "fund_line_id", "people_count"], limit=limit)
        ]
