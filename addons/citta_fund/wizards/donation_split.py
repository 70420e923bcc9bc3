from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import clean_context


class DonationSplit(models.TransientModel):
    """One transfer that is meant for several initiatives, or for several funds of the same account."""

    _name = "citta.donation.split"
    _description = "Split a bank line"
    _inherit = ["citta.reach.mixin"]

    statement_line_id = fields.Many2one("account.bank.statement.line", "Bank line", required=True, readonly=True, ondelete="cascade")
    journal_id = fields.Many2one(related="statement_line_id.journal_id")
    currency_id = fields.Many2one(related="statement_line_id.currency_id", string="Currency")
    amount = fields.Monetary(related="statement_line_id.amount")
    partner_id = fields.Many2one("res.partner", "Donor", help="Empty: the donor is unknown.")
    wants_receipt = fields.Boolean("Wants a receipt")
    part_ids = fields.One2many("citta.donation.split.part", "split_id", "Parts")
    left = fields.Monetary("Still to share out", compute="_compute_left")

    @api.depends("part_ids.amount", "statement_line_id")
    def _compute_left(self):
        for split in self:
            split.left = split.amount - sum(split.part_ids.mapped("amount"))

    # -- actions -------------------------------------------------------------

    def action_post(self):
        """Post the line as one gift of a fund with its parts, or as one gift for each fund. Treasurer only.

        :return: the next line to decide on where it was opened from there, else the list anew
        """
        self.ensure_one()
        self.env["citta.fund"]._require_treasurer()
        self._check_parts()
        following = self.statement_line_id._citta_following()
        # what the dialogue was opened with is no default of the gifts
        self.with_context(clean_context(self.env.context))._post_parts()  # pylint: disable=context-overridden  # cleaned, not made up
        if self.env.context.get("citta_decide"):
            return self.statement_line_id._citta_open(following)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # -- business ------------------------------------------------------------

    def _post_parts(self):
        by_fund = self.part_ids.grouped(lambda part: part.fund_line_id.fund_id)
        if len(by_fund) > 1:
            self._post_several(by_fund)
            return
        [(fund, parts)] = by_fund.items()
        self.env["citta.donation"]._post_from_statement_line(self.statement_line_id, vals=self._prepare_gift(fund, parts))

    # -- tools ---------------------------------------------------------------

    def _check_parts(self):
        if not self.part_ids or self.currency_id.compare_amounts(sum(self.part_ids.mapped("amount")), self.amount):
            raise UserError(self.env._("The parts do not add up to the bank line."))
        if any(part.fund_line_id.fund_id.bank_journal_id != self.journal_id for part in self.part_ids):
            raise UserError(self.env._("The money did not come on the bank account of one of these funds."))

    def _prepare_gift(self, fund, parts):
        """The gift of one fund.

        :param parts: its rows
        """
        return {
            "fund_id": fund.id, "partner_id": self.partner_id.id, "wants_receipt": self.wants_receipt,
            "line_ids": [Command.create({"fund_line_id": part.fund_line_id.id, "amount": part.amount}) for part in parts],
        }

    def _post_several(self, by_fund):
        """One entry with the gifts of several funds: a list of gifts, which is undone as a whole."""
        first = next(iter(by_fund.values()))[0].fund_line_id
        sheet = self.env["citta.donation.sheet"].create({
            "name": self.env._("Split of %(text)s", text=self.statement_line_id.payment_ref), "fund_id": first.fund_id.id, "fund_line_id": first.id,
            "statement_line_id": self.statement_line_id.id,
        })
        gifts = self.env["citta.donation"].create([
            {**self._prepare_gift(fund, parts), "amount": sum(parts.mapped("amount")), "means": "transfer"} for fund, parts in by_fund.items()
        ])
        gifts._set_facts(sheet_id=sheet.id)
        sheet.action_post()


class DonationSplitPart(models.TransientModel):
    """One part of a transfer, for one initiative."""

    _name = "citta.donation.split.part"
    _description = "Part of a bank line"

    split_id = fields.Many2one("citta.donation.split", required=True, ondelete="cascade")
    journal_id = fields.Many2one(related="split_id.journal_id")
    currency_id = fields.Many2one(related="split_id.currency_id", string="Currency")
    fund_line_id = fields.Many2one("citta.fund.line", "Initiative", required=True, ondelete="cascade", domain="[('fund_id.bank_journal_id', '=', journal_id)]")
    fund_id = fields.Many2one(related="fund_line_id.fund_id")
    amount = fields.Monetary(required=True)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "Each part of a gift has an amount above zero.")
