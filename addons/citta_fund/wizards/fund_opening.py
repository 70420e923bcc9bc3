from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.account_move_line import Booked


class FundOpening(models.TransientModel):
    """What a fund that is older than these books had received and paid, as one entry. Entered once, undone by a reversal."""

    _name = "citta.fund.opening"
    _description = "Opening balances of a fund"
    _check_company_auto = True

    fund_id = fields.Many2one("citta.fund", "Fund", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="fund_id.company_id")
    currency_id = fields.Many2one(related="fund_id.currency_id")
    date = fields.Date("Balance of", required=True, default=fields.Date.context_today)
    account_id = fields.Many2one(
        "account.account", "Against the account", required=True, check_company=True, domain="[('account_type', 'not in', ('asset_receivable', 'liability_payable', 'off_balance'))]",
        help="Where the money is: the bank, or the account by which the books were opened.",
    )
    line_ids = fields.One2many("citta.fund.opening.line", "opening_id", "Initiatives", compute="_compute_line_ids", store=True, readonly=False, precompute=True)
    free = fields.Monetary("Free balance", compute="_compute_free")

    @api.depends("fund_id")
    def _compute_line_ids(self):
        for opening in self:
            opening.line_ids = [Command.clear(), *(Command.create({"fund_line_id": line.id}) for line in opening.fund_id.line_ids)]

    @api.depends("line_ids.received", "line_ids.paid")
    def _compute_free(self):
        for opening in self:
            opening.free = sum(opening.line_ids.mapped("received")) - sum(opening.line_ids.mapped("paid"))

    # -- actions -------------------------------------------------------------

    def action_post(self):
        """Post the opening entry. Treasurer only.

        :raise UserError: the fund has an opening entry, or nothing was entered
        """
        self.ensure_one()
        fund = self.fund_id
        fund._require_treasurer()
        if fund.opening_move_id:
            raise UserError(self.env._("This fund has its opening balances: undo them first."))
        items = [item for line in self.line_ids for item in line._prepare_items()]
        if not items:
            raise UserError(self.env._("Enter what the initiatives had received or paid."))
        against = {"account_id": self.account_id.id, "name": self._get_label(), "balance": self.currency_id.round(self.free)}
        move = self.env["citta.donation"]._post_moves([{
            "move_type": "entry", "journal_id": fund._get_journal().id, "date": self.date, "ref": self._get_label(),
            "line_ids": [Command.create(item) for item in [against, *items] if item["balance"]],
        }])
        # sudo: the mark is set by this step alone, the treasurer may not change the fund
        fund.sudo().opening_move_id = move
        return {"type": "ir.actions.act_window_close"}

    # -- tools ---------------------------------------------------------------

    def _get_label(self):
        return self.env._("Opening balance of “%(fund)s”", fund=self.fund_id.name)


class FundOpeningLine(models.TransientModel):
    """The opening balance of one initiative and kind of gift."""

    _name = "citta.fund.opening.line"
    _description = "Opening balance of an initiative"

    opening_id = fields.Many2one("citta.fund.opening", required=True, ondelete="cascade")
    fund_id = fields.Many2one(related="opening_id.fund_id")
    currency_id = fields.Many2one(related="opening_id.currency_id")
    fund_line_id = fields.Many2one("citta.fund.line", "Initiative", required=True, ondelete="cascade", domain="[('fund_id', '=', fund_id)]")
    kind = fields.Selection(selection="_get_kinds", string="Booked as", required=True, default="free")
    received = fields.Monetary()
    paid = fields.Monetary()

    _amounts_positive = models.Constraint("CHECK (received >= 0 AND paid >= 0)", "Opening balances are no negative amounts.")

    @api.model
    def _get_kinds(self):
        return self.env["citta.posting.rule"]._fields["kind"]._description_selection(self.env)

    def _prepare_items(self):
        """The items of this row: what was received is credited, what was paid debited, where gifts of the kind are booked."""
        if self.fund_line_id.fund_id != self.fund_id:
            raise UserError(self.env._("The initiative belongs to another fund."))
        account = self.fund_id._get_gift_account(self.kind)
        return [
            {
                "name": f"{self.opening_id._get_label()} {self.fund_line_id.name}", "account_id": account.id, "balance": sign * amount,
                "citta_fund_line_id": self.fund_line_id.id, "citta_nature": Booked(nature),
            }
            for nature, sign, amount in (("opening", -1, self.received), ("opening_paid", 1, self.paid)) if not self.currency_id.is_zero(amount)
        ]
