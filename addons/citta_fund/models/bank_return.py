from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from odoo.addons.base.models.res_bank import sanitize_account_number

from ..tools import bank_scoring
from .posting_rule import STANDING

# A payer may have a direct debit or a transfer called back for 13 months (art. 76 directive (EU) 2015/2366).
MOST_DAYS = 400
DECIDERS = "citta_fund.group_citta_treasurer,citta_fund.group_citta_fund_auditor"


class BankReturn(models.AbstractModel):
    """Money that leaves the fund's account because a gift bounced or was given back."""

    _name = "citta.bank.return"
    _description = "Gifts that go back"

    citta_return_gift_id = fields.Many2one("citta.donation", "Gift that goes back", compute="_compute_citta_return")
    citta_return_reasons = fields.Char("Why it goes back", compute="_compute_citta_return")

    @api.depends_context("uid")
    def _compute_citta_return(self):
        may_decide = self.env.su or self.env.user.has_groups(DECIDERS)
        outgoing = self.browse() if not may_decide else self.filtered(lambda line: line.amount < 0 and not line.is_reconciled and line.journal_id.citta_fund_ids)
        candidates = outgoing._citta_find_returnable()
        for line in self:
            gift, score = line._citta_best_return(candidates) if line in outgoing else (self.env["citta.donation"], None)
            line.citta_return_gift_id = gift
            line.citta_return_reasons = score and line._citta_explain_return(gift, score)

    def _citta_find_returnable(self):
        """Gifts of these lines' amounts that are in the books, or that are owed back."""
        if not self:
            return {}
        gifts = self.env["citta.donation"].search([
            ("fund_id.bank_journal_id", "in", self.journal_id.ids), ("amount", "in", [-line.amount for line in self]),
            ("statement_line_id", "!=", False), ("state", "in", (*STANDING, "refunded")),
            ("date_received", ">=", min(self.mapped("date")) - timedelta(days=MOST_DAYS)),
        ], order="date_received desc, id desc", limit=2000)
        return {gift: self._citta_describe_gift(gift) for gift in gifts if gift.state != "refunded" or gift._get_owed_items()}

    def _citta_describe_gift(self, gift):
        return {
            "reference": gift.pledge_id.reference or "", "amount": gift.amount, "name": gift.partner_id.name or gift.statement_line_id.partner_name,
            "ibans": {sanitize_account_number(gift.statement_line_id.account_number) or ""} - {""},
        }

    def _citta_best_return(self, candidates):
        """The gift that most speaks for: its amount alone is not enough, a gift already owed back comes first."""
        own = {
            gift: known for gift, known in candidates.items()
            if gift.fund_id.bank_journal_id == self.journal_id and gift.date_received <= self.date
        }
        ranking = bank_scoring.rank({**self._citta_facts(), "amount": -self.amount}, own)
        fitting = [(gift, score) for gift, score in ranking if "amount" in score.reasons]
        owed = [pair for pair in fitting if pair[0].state == "refunded"]
        return (owed or fitting or [(self.env["citta.donation"], None)])[0]

    def _citta_explain_return(self, gift, score):
        said = {
            "reference": self.env._("reference of its pledge"), "mistyped": self.env._("reference of its pledge but for one slip"),
            "number": self.env._("number of its pledge"), "amount": self.env._("same amount"), "iban": self.env._("same account"),
            "name": self.env._("same name"), "near_name": self.env._("nearly the same name"), "date": self.env._("in time"),
        }
        first = self.env._(
            "gift %(gift)s of %(date)s over %(amount)s", gift=gift.name, date=format_date(self.env, gift.date_received),
            amount=format_amount(self.env, gift.amount, gift.currency_id),
        )
        owed = [self.env._("it is owed back already")] if gift.state == "refunded" else []
        return " · ".join([first, *(said[reason] for reason in score.reasons), *owed])

    def action_citta_post_return(self):
        """Take the gift back, with its match and receipt, and close what is owed with this line. Treasurer only.

        :raise UserError: no gift is known to go back with it
        """
        self.env["citta.fund"]._require_treasurer()
        for line in self:
            gift = line.citta_return_gift_id
            if not gift:
                raise UserError(self.env._("No gift is known that would go back with this line: reconcile it by hand."))
            with self.env.cr.savepoint():
                line._citta_take_return(gift)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _citta_take_return(self, gift):
        if gift.state != "refunded":
            gift._refund(gift._get_payable_place(), self.date)
        owed = gift._get_owed_items()
        paid = self._citta_replace_suspense([{
            "account_id": owed.account_id.id, "partner_id": owed.partner_id.id, "name": gift.name, "balance": -self.amount,
        }])
        (owed | paid).reconcile()
