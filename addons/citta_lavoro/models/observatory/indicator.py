from odoo import api, fields, models

PERIODICITIES = [("month", "Month"), ("quarter", "Quarter"), ("year", "Year")]


class Indicator(models.Model):
    """A figure that the observatories follow over time: what it means, where it comes from, how often."""

    _name = "citta.indicator"
    _description = "Observatory indicator"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    definition = fields.Text(required=True, translate=True)
    source = fields.Char(required=True, help="The office and the publication that the values come from.")
    unit = fields.Char(required=True, help="%, people, firms, €…")
    periodicity = fields.Selection(PERIODICITIES, required=True, default="quarter")
    is_count = fields.Boolean("Counts people", help="Small numbers are then hidden wherever the public looks.")
    value_ids = fields.One2many("citta.indicator.value", "indicator_id", "Values")
    value_count = fields.Integer(compute="_compute_value_count")

    _code_uniq = models.UniqueIndex("(code)", "Another indicator has this code already.")

    @api.depends("value_ids")
    def _compute_value_count(self):
        counts = dict(self.env["citta.indicator.value"]._read_group(
            [("indicator_id", "in", self.ids)], ["indicator_id"], ["__count"]
        ))
        for indicator in self:
            indicator.value_count = counts.get(indicator, 0)

    def action_open_values(self):
        """Open the values of this indicator as a graph over time.

        :return: a window action
        """
        return self.env["ir.actions.act_window"]._citta_narrow("indicator_value_action", [("indicator_id", "=", self.id)], default_indicator_id=self.id)
