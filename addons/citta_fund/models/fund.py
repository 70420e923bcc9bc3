from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .fund_public import FIGURES
from .posting_rule import TOO_MUCH

INFLOWS = ("received", "matched")


class Fund(models.Model):
    """A pot of money for the programme's initiatives, kept in somebody's books.

    Its figures are questions to the ledger: sums over posted journal items that carry one of its lines. The form, the
    indicator and the public page ask through ``_get_figures`` and so show the same number.
    """

    _name = "citta.fund"
    _description = "Fund"
    _inherit = ["citta.amount.mixin", "citta.fund.public", "citta.fund.endowment", "citta.fund.guard", "mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, help="Short name in the public address of the fund: small letters, digits, hyphens.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", "Company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    programme_id = fields.Many2one("citta.programme", "Programme", index="btree_not_null", ondelete="restrict")
    description = fields.Html(translate=True)

    # holder
    holder_partner_id = fields.Many2one(
        "res.partner", "Holder", required=True, ondelete="restrict", compute="_compute_holder_partner_id", store=True, readonly=False, precompute=True,
        help="The body whose bank account the gifts reach.",
    )
    is_third_party = fields.Boolean(
        "Held by a third party", tracking=True, help="The gifts are cashed by another body: it issues the receipts, we do not."
    )
    books_differ = fields.Boolean("Books of another body", compute="_compute_books_differ")

    # books
    bank_journal_id = fields.Many2one("account.journal", "Bank journal", domain="[('type', '=', 'bank')]", check_company=True, index="btree_not_null", ondelete="restrict")
    cash_journal_id = fields.Many2one("account.journal", "Cash journal", domain="[('type', '=', 'cash')]", check_company=True, ondelete="restrict")
    fee_account_id = fields.Many2one(
        "account.account", "Fees of providers", domain="[('account_type', 'in', ('expense', 'expense_direct_cost'))]", check_company=True, ondelete="restrict",
        help="Where the fee is booked that a payment provider keeps from its payout.",
    )
    journal_id = fields.Many2one(
        "account.journal", "Journal of the fund", domain="[('type', '=', 'general')]", check_company=True, ondelete="restrict",
        help="For matches and refunds.",
    )
    partner_bank_id = fields.Many2one(
        "res.partner.bank", "Bank account", compute="_compute_partner_bank_id", store=True, readonly=False, ondelete="restrict"
    )
    opening_move_id = fields.Many2one("account.move", "Opening entry", readonly=True, copy=False, ondelete="restrict")
    analytic_account_id = fields.Many2one("account.analytic.account", "Analytic account", check_company=True, ondelete="restrict")
    analytic_plan_id = fields.Many2one("account.analytic.plan", "Analytic plan", ondelete="restrict", help="Where each initiative gets an analytic account of its own.")
    posting_rule_ids = fields.One2many("citta.posting.rule", "fund_id", "Posting rules")
    match_rule_ids = fields.One2many("citta.match.rule", "fund_id", "Matching rules")

    # initiatives
    line_ids = fields.One2many("citta.fund.line", "fund_id", "Initiatives")
    default_line_id = fields.Many2one("citta.fund.line", "Default initiative", compute="_compute_default_line_id")

    # public
    goal_amount = fields.Monetary("Goal", tracking=True)
    is_published = fields.Boolean("Published", copy=False, tracking=True)
    remind_late = fields.Boolean("Remind of late pledges", help="Once, when the day it was expected by has passed.")
    mail_receipts = fields.Boolean("E-mail receipts", help="Each receipt goes to its donor by e-mail once its PDF is made.")

    # figures
    summary_mark = fields.Integer(readonly=True, copy=False, help="Journal items up to this one are summed by month.")
    count_mark = fields.Integer(readonly=True, copy=False, help="Gifts up to this one are counted by month.")
    received = fields.Monetary(compute="_compute_figures")
    matched = fields.Monetary(compute="_compute_figures")
    yielded = fields.Monetary("Yield of the endowment", compute="_compute_figures")
    endowed = fields.Monetary("Endowment", compute="_compute_figures", help="Capital that the spending rule does not set free.")
    committed = fields.Monetary(compute="_compute_figures")
    paid = fields.Monetary(compute="_compute_figures")
    free = fields.Monetary("Free balance", compute="_compute_figures")
    donation_count = fields.Integer("Gifts", compute="_compute_counts")
    pledge_count = fields.Integer("Pledges", compute="_compute_counts")

    _code_uniq = models.UniqueIndex("(code)", "Another fund has this code already.")
    _code_is_slug = models.Constraint("CHECK (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$')", "The code takes small letters, digits and hyphens only.")
    _goal_positive = models.Constraint(f"CHECK (goal_amount >= 0 AND goal_amount < {TOO_MUCH})", "A goal is zero or more, and below a billion.")

    @api.depends("bank_journal_id.bank_account_id")
    def _compute_partner_bank_id(self):
        for fund in self:
            fund.partner_bank_id = fund.bank_journal_id.bank_account_id or fund.partner_bank_id

    @api.depends("line_ids.sequence")
    def _compute_default_line_id(self):
        for fund in self:
            fund.default_line_id = fund.line_ids[:1]

    @api.depends("company_id")
    def _compute_holder_partner_id(self):
        for fund in self.filtered(lambda fund: not (fund.is_third_party and fund.holder_partner_id)):
            fund.holder_partner_id = fund.company_id.partner_id

    @api.depends("holder_partner_id", "company_id.partner_id")
    def _compute_books_differ(self):
        """What another body cashes belongs in a mirror of its books, not in ours."""
        for fund in self:
            fund.books_differ = bool(fund.holder_partner_id) and fund.holder_partner_id != fund.company_id.partner_id

    def _compute_figures(self):
        figures = self._get_figures()
        for fund in self:
            for name in FIGURES:
                fund[name] = figures.get(fund.id, {}).get(name, 0.0)

    @api.depends_context("uid")
    def _compute_counts(self):
        for name, model in (("donation_count", "citta.donation"), ("pledge_count", "citta.pledge")):
            visible = self.env[model].has_access("read")
            groups = self.env[model]._read_group([("fund_id", "in", self.ids)], ["fund_id"], ["__count"]) if visible else []
            counts = {fund.id: count for fund, count in groups}
            for fund in self:
                fund[name] = counts.get(fund.id, 0)

    @api.model_create_multi
    def create(self, vals_list):
        funds = super().create(vals_list)
        for fund in funds.filtered(lambda fund: fund.company_id.chart_template):
            fund._create_default_posting_rules()
        return funds

    # -- actions -------------------------------------------------------------

    def action_view_donations(self):
        """Open the gifts of the fund."""
        return self._open_own("citta_fund.donation_action")

    def action_view_pledges(self):
        """Open the pledges to the fund."""
        return self._open_own("citta_fund.pledge_action")

    def action_view_items(self):
        """Open the journal items behind the figures."""
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_account_moves_all_a")
        action["domain"] = [("citta_fund_line_id.fund_id", "in", self.ids), ("parent_state", "=", "posted")]
        action["context"] = {}
        return action

    def action_propose_posting_rules(self):
        """Add the posting rules that are missing, with accounts made for them where the chart has none."""
        self._create_default_posting_rules()
        return True

    def action_make_analytic_accounts(self):
        """Give each initiative that has none an analytic account in the fund's plan, by the user's own right on them."""
        for fund in self.filtered("analytic_plan_id"):
            for line in fund.line_ids.filtered(lambda line: not line.analytic_account_id):
                line.analytic_account_id = self.env["account.analytic.account"].create({
                    "name": line.name, "code": f"{fund.code}/{line.code}", "plan_id": fund.analytic_plan_id.id, "company_id": fund.company_id.id,
                })
        return True

    def action_undo_opening(self):
        """Take the opening balances out of the books by a reversal, so that right ones can be entered. Treasurer only."""
        self._require_treasurer()
        for fund in self.filtered("opening_move_id"):
            # sudo: the copies of the items are opening balances, too; the right to undo was checked above
            own = fund.sudo()
            own.opening_move_id._reverse_moves(cancel=True)
            own.opening_move_id = False
        return True

    # -- business ------------------------------------------------------------

    def _get_figures(self):
        """The money of each fund, to the cent, from posted journal items in one grouped query.

        :return: fund id → dict of received, matched, committed, paid and free
        """
        return self._sum_figures(self._get_line_figures())

    def _sum_figures(self, by_line):
        """The figures of each fund from those of its initiatives.

        :param by_line: as of ``_get_line_figures``
        """
        figures = {fund.id: dict.fromkeys(FIGURES, 0.0) for fund in self}
        for line, found in by_line.items():
            for name, value in found.items():
                figures[line.fund_id.id][name] += value
        for fund in self:
            figures[fund.id] = {name: fund.currency_id.round(value) for name, value in figures[fund.id].items()}
        return figures

    def _get_line_figures(self, rows=None):
        """The same by initiative.

        :param rows: balances that were read already, as of ``citta.fund.summary._read``
        :return: ``citta.fund.line`` record → dict as above
        """
        figures, inflows, figure_of = {}, {}, self.env["account.move.line"]._get_citta_figures()
        # sudo: totals only; whoever sees a fund may know its balance, the items behind it stay closed
        rows = rows or self.env["citta.fund.summary"].sudo()._read(self)
        lines = self.env["citta.fund.line"].browse({row[0] for row in rows}).grouped("id")
        for line_id, month, nature, balance in rows:
            line = lines[line_id]
            found = figures.setdefault(line, dict.fromkeys(FIGURES, 0.0))
            name, sign = figure_of[nature]
            found[name] += sign * balance
            if name in INFLOWS:
                months = inflows.setdefault(line, {})
                months[month] = months.get(month, 0.0) + sign * balance
        for line, amount in self._get_committed().items():
            figures.setdefault(line, dict.fromkeys(FIGURES, 0.0))["committed"] += amount
        for line, found in figures.items():
            found["endowed"] = line.fund_id._get_endowed(inflows.get(line, {}))
            found["free"] = found["received"] + found["matched"] + found["yielded"] - found["endowed"] - found["committed"] - found["paid"]
        return figures

    def _get_month_figures(self, rows=None):
        """Received, matched and paid by month, from the same question.

        :param rows: balances that were read already
        :return: first day of the month → dict
        """
        figures, figure_of = {}, self.env["account.move.line"]._get_citta_figures()
        # sudo: totals only, as for the whole fund
        for _line, month, nature, balance in rows or self.env["citta.fund.summary"].sudo()._read(self):
            found = figures.setdefault(month, dict.fromkeys(("received", "matched", "yielded", "paid"), 0.0))
            name, sign = figure_of[nature]
            found[name] = round(found[name] + sign * balance, 2)
        return figures

    def _get_committed(self):
        """What is promised and not yet paid, by initiative: nothing until something is awarded.

        To be extended by what commits money.

        :return: ``citta.fund.line`` record → amount
        """
        return {}

    def _get_gift_account(self, kind):
        """The account a gift of ``kind`` is credited to.

        :raise UserError: when the fund has no rule for it
        """
        self.ensure_one()
        rule = self.posting_rule_ids.filtered(lambda rule: rule.kind == kind)
        if not rule:
            raise UserError(self.env._("The fund “%(fund)s” has no posting rule for this kind of gift.", fund=self.display_name))
        return rule.account_id

    def _create_default_posting_rules(self):
        for fund in self:
            missing = set(self.env["citta.posting.rule"]._get_kinds()) - set(fund.posting_rule_ids.mapped("kind"))
            self.env["citta.posting.rule"].create([
                {"fund_id": fund.id, "kind": kind, "account_id": fund.posting_rule_ids._get_default_account(fund.company_id, kind).id}
                for kind in sorted(missing)
            ])

    @api.model
    def _get_default(self):
        """The fund of the current company, where there is but one to choose."""
        funds = self.search([("company_id", "=", self.env.company.id)], limit=2)
        return funds if len(funds) == 1 else self.browse()

    @api.model
    def _require_treasurer(self):
        """The door before everything that posts, reconciles, issues or voids.

        :raise AccessError: the user is no treasurer
        """
        if not (self.env.su or self.env.user.has_group("citta_fund.group_citta_treasurer")):
            raise AccessError(self.env._("Only the treasurer posts gifts, reconciles them and issues receipts."))

    # -- tools ---------------------------------------------------------------

    def _open_own(self, xmlid):
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        action["domain"] = [("fund_id", "in", self.ids)]
        action["context"] = {"default_fund_id": self.id if len(self) == 1 else False}
        return action

    def _get_journal(self):
        """The fund's own journal, or the first general one of its company.

        :raise UserError: when there is none
        """
        self.ensure_one()
        journal = self.journal_id or self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", self.company_id.id)], limit=1
        )
        if not journal:
            raise UserError(self.env._("The fund “%(fund)s” has no journal for its entries.", fund=self.display_name))
        return journal
