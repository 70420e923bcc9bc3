from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...tools.suppression import suppress


class FeedbackCount(models.TransientModel):
    """How many voices about what, in a period, without names: small numbers are hidden, as in everything that is published."""

    _name = "citta.feedback.count"
    _description = "Voices by theme"

    programme_id = fields.Many2one(
        "citta.programme", "Programme", required=True, ondelete="cascade", default=lambda self: self.env["citta.programme"]._get_own()
    )
    date_from = fields.Date("From", required=True, default=lambda self: fields.Date.context_today(self) - relativedelta(years=1))
    date_to = fields.Date("Until", required=True, default=fields.Date.context_today)
    table = fields.Html(compute="_compute_table", sanitize=False)

    @api.depends("programme_id", "date_from", "date_to")
    def _compute_table(self):
        for count in self:
            count.table = self.env["ir.qweb"]._render("citta_lavoro.feedback_count_table", {"tables": count._get_tables()})

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for count in self:
            count.display_name = self.env._("Voices by theme")

    def action_print(self):
        """Print the counts, to be handed out.

        :return: the report's action
        """
        self.ensure_one()
        return self.env.ref("citta_lavoro.feedback_count_report_action").report_action(self)

    def _get_tables(self):
        """By theme and by kind, counted with the rights of who looks.

        :return: list of (rows of label and number or None, total or None)
        """
        return [self._get_table("theme"), self._get_table("kind")]

    def _get_table(self, name):
        labels = self.env["citta.feedback"]._fields[name]._description_selection(self.env)
        counts = dict(self.env["citta.feedback"]._read_group([
            ("pathway_id.programme_id", "=", self.programme_id.id), ("date_received", ">=", self.date_from), ("date_received", "<=", self.date_to),
        ], [name], ["__count"]))
        numbers, total = suppress([counts.get(code, 0) for code, _label in labels])
        return list(zip([label for _code, label in labels], numbers, strict=True)), total
