from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class Kpi(models.Model):
    """An indicator of a programme: a target that was promised beside the figure counted from the records.

    Each room names its sources in ``_get_sources``; an indicator only picks one. Figures are counted with the
    rights of whoever looks, so a card never tells more than the list behind it.
    """

    _name = "citta.kpi"
    _description = "Indicator"
    _order = "programme_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    programme_id = fields.Many2one("citta.programme", "Programme", required=True, index=True, ondelete="cascade")
    territory_id = fields.Many2one(related="programme_id.territory_id", store=True, index=True)
    source = fields.Selection(selection="_selection_source", required=True, help="Where the figure is counted.")
    target = fields.Float(digits=(16, 2))
    actual = fields.Float(compute="_compute_actual", digits=(16, 2))
    progress = fields.Float("Progress (%)", compute="_compute_progress", digits=(16, 1))
    is_money = fields.Boolean(compute="_compute_actual")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    actual_label = fields.Char("Figure", compute="_compute_actual_label")
    target_label = fields.Char("Target figure", compute="_compute_actual_label")
    icon = fields.Char(compute="_compute_actual")

    _source_uniq = models.UniqueIndex("(programme_id, source)", "This programme measures that already.")
    _target_positive = models.Constraint("CHECK (target >= 0)", "A target cannot be negative.")

    @api.constrains("source")
    def _check_source(self):
        """A selection made by a method accepts any word; an import with a slip would measure nothing, silently."""
        sources = self._get_sources()
        for kpi in self:
            if kpi.source not in sources:
                raise ValidationError(self.env._("No figure is counted under the name %s.", kpi.source))

    @api.model
    def _selection_source(self):
        return [(key, source["label"]) for key, source in self._get_sources().items()]

    @api.depends("source", "programme_id")
    @api.depends_context("uid")
    def _compute_actual(self):
        sources = self._get_sources()
        for kpi in self:
            source = sources.get(kpi.source) or {}
            kpi.icon = source.get("icon", "fa-line-chart")
            kpi.is_money = bool(source.get("money"))
            kpi.actual = kpi._measure(source)

    @api.depends("actual", "target")
    def _compute_progress(self):
        for kpi in self:
            kpi.progress = 100.0 * kpi.actual / kpi.target if kpi.target else 0.0

    @api.depends("programme_id")
    def _compute_currency_id(self):
        for kpi in self:
            kpi.currency_id = kpi.programme_id.company_id.currency_id or self.env.company.currency_id

    @api.depends("actual", "target", "is_money")
    def _compute_actual_label(self):
        for kpi in self:
            kpi.actual_label = kpi._format(kpi.actual)
            kpi.target_label = kpi.target and kpi._format(kpi.target)

    # -- actions -------------------------------------------------------------

    def action_open_source(self):
        """Open the records behind the figure.

        :return: a window action, or False when the addon that counted the figure is gone
        """
        self.ensure_one()
        source = self._get_sources().get(self.source)
        if not source:
            return False
        action = self.env["ir.actions.act_window"]._for_xml_id(source["action"])
        action["domain"] = list(self._get_source_domain(source))
        action["context"] = dict(source.get("context", {}))
        return action

    # -- hooks ---------------------------------------------------------------

    @api.model
    def _get_sources(self):
        """The figures that can be measured.

        A room adds its own by ``super()`` and an update of the dictionary.

        :return: source key → dict with ``label``, ``model``, ``action`` (external id of a window action),
            ``domain`` (a method's name on this model that returns a Domain for the programme), and optionally
            ``context``, ``icon``, ``money`` and ``measure`` (a method's name here that returns the figure
            instead of a count)
        """
        return {}

    # -- tools ---------------------------------------------------------------

    def _measure(self, source):
        """The figure of one indicator; zero where the user may not see its records."""
        if not source or not self.env[source["model"]].has_access("read"):
            return 0.0
        if measure := source.get("measure"):
            return getattr(self, measure)()
        return self.env[source["model"]].search_count(self._get_source_domain(source))

    def _get_source_domain(self, source):
        return Domain(getattr(self, source["domain"])()) if source.get("domain") else Domain.TRUE

    def _format(self, value):
        self.ensure_one()
        if self.is_money:
            return self.currency_id.format(value)
        return f"{value:.0f}"
