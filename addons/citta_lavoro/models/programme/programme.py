from odoo import api, fields, models


class Programme(models.Model):
    """One run of the programme in one territory: its partnership, phases, funders, targets and retention."""

    _name = "citta.programme"
    _description = "Programme"
    _inherit = ["mail.thread"]
    _order = "date_start desc, id desc"

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", "Company", default=lambda self: self.env.company, index=True)
    territory_id = fields.Many2one("citta.territory", "Territory", required=True, index=True, ondelete="restrict")
    date_start = fields.Date("Start", required=True, tracking=True)
    date_end = fields.Date("End", tracking=True)

    # partnership
    lead_partner_id = fields.Many2one("res.partner", "Lead body", required=True, ondelete="restrict")
    body_ids = fields.Many2many("res.partner", "citta_programme_body_rel", "programme_id", "partner_id", "Partner bodies")

    # money and time
    phase_ids = fields.One2many("citta.programme.phase", "programme_id", "Phases")
    funder_ids = fields.One2many("citta.programme.funder", "programme_id", "Funders")

    # targets
    kpi_ids = fields.One2many("citta.kpi", "programme_id", "Indicators")

    # privacy
    retention_months = fields.Integer(
        "Retention (months)", default=24, required=True,
        help="Months without activity after which a person is made anonymous.",
    )
    retention_notice_days = fields.Integer(
        "Notice (days)", default=30, required=True, help="Days of notice to the person before that."
    )

    _code_uniq = models.UniqueIndex("(code)", "Another programme has this code already.")
    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)", "A programme cannot end before it starts."
    )
    _retention_positive = models.Constraint(
        "CHECK (retention_months > 0 AND retention_notice_days >= 0)", "Retention needs at least one month."
    )

    # -- tools ---------------------------------------------------------------

    @api.model
    def _get_own(self):
        """The latest programme of the user's territories: what a new record belongs to unless somebody says otherwise."""
        return self.search([("territory_id", "in", self.env.user.citta_territory_ids.ids)], limit=1)
