from odoo import api, fields, models


class IndicatorValue(models.Model):
    """What one indicator says of one municipality in one period."""

    _name = "citta.indicator.value"
    _description = "Indicator value"
    _order = "indicator_id, period desc, city_id, id"
    _rec_name = "period_label"

    indicator_id = fields.Many2one("citta.indicator", "Indicator", required=True, index=True, ondelete="cascade")
    city_id = fields.Many2one("res.city", "Municipality", required=True, index=True, ondelete="restrict")
    territory_id = fields.Many2one(related="city_id.citta_territory_id", store=True, index=True)
    period = fields.Date("First day", required=True, help="The first day of the month, quarter or year.")
    period_label = fields.Char("Period", compute="_compute_period_label")
    value = fields.Float(required=True, digits=(16, 2), aggregator="avg")
    unit = fields.Char(related="indicator_id.unit")
    note = fields.Char(help="For instance that the figure is provisional.")

    _value_uniq = models.UniqueIndex(
        "(indicator_id, city_id, period)", "This indicator has a value for that municipality and period already."
    )
    _period_starts_month = models.Constraint(
        "CHECK (EXTRACT(day FROM period) = 1)", "A period is named by its first day: 1 January, 1 April…"
    )

    @api.depends("period", "indicator_id.periodicity")
    def _compute_period_label(self):
        for value in self:
            value.period_label = value._get_period_label()

    def _get_period_label(self):
        """``2026``, ``2026 Q2`` or ``2026-05``, as often as the indicator is measured."""
        if not self.period:
            return False
        year, month = self.period.year, self.period.month
        labels = {"year": f"{year}", "quarter": f"{year} Q{(month + 2) // 3}"}
        return labels.get(self.indicator_id.periodicity, f"{year}-{month:02d}")
