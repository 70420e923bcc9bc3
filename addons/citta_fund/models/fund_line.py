from odoo import fields, models
from odoo.exceptions import UserError


class FundLine(models.Model):
    """An initiative of a fund: what gifts can be meant for. Journal items carry it; its money is read from them."""

    _name = "citta.fund.line"
    _description = "Initiative of a fund"
    _order = "fund_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    fund_id = fields.Many2one("citta.fund", "Fund", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="fund_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="fund_id.currency_id")
    analytic_account_id = fields.Many2one("account.analytic.account", "Analytic account", check_company=True, ondelete="restrict", help="Empty: the fund's own.")
    milestone_ids = fields.One2many("citta.fund.milestone", "fund_line_id", "Milestones")
    free = fields.Monetary("Free balance", compute="_compute_free")

    _code_uniq = models.UniqueIndex("(fund_id, code)", "This fund has an initiative with this code already.")

    def write(self, vals):
        """An initiative stays with its fund: money was given, promised or counted for it there.

        :raise UserError: it would move to another
        """
        if "fund_id" in vals and any(line.fund_id.id != vals["fund_id"] for line in self):
            raise UserError(self.env._("An initiative stays with its fund: make one of the same name in the other."))
        return super().write(vals)

    def _get_analytic_distribution(self):
        """How the journal items of the initiative are shared out over analytic accounts; False where it has none."""
        account = self.analytic_account_id or self.fund_id.analytic_account_id
        return {str(account.id): 100} if account else False

    def _compute_free(self):
        figures = self.fund_id._get_line_figures()
        for line in self:
            line.free = figures.get(line, {}).get("free", 0.0)
