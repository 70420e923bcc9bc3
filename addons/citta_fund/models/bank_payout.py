from odoo import models
from odoo.exceptions import UserError

from ..tools.payout import find_payout
from .account_move_line import BOOKING

# The bank line's entry is changed in place, as core does when it undoes a reconciliation.
IN_PLACE = {
    "skip_account_move_synchronization": True, "skip_invoice_sync": True, "force_delete": True, "skip_readonly_check": True, **BOOKING,
}
# So many payments of a provider may wait for their payout and still be looked through.
MOST_WAITING = 2000


class BankPayout(models.AbstractModel):
    """A provider's payout: many online gifts in one transfer, less its fee."""

    _name = "citta.bank.payout"
    _description = "Payouts of providers"

    def _citta_find_payouts(self):
        """Which of these lines are payouts.

        :return: line id → (provider's name, open items, fee)
        """
        found, journals = {}, self.journal_id
        # sudo: providers are no business of the treasurer's rights; only their name and open items are shown
        providers = self.env["payment.provider"].sudo().search([("company_id", "in", self.company_id.ids), ("state", "!=", "disabled"), ("code", "!=", "custom")])
        for provider in providers.filtered(lambda provider: provider.journal_id in journals):
            waiting = self._citta_get_waiting(provider)
            for line in self.grouped("journal_id").get(provider.journal_id, self.browse()) if waiting else ():
                if line.id not in found and (payout := line._citta_match_payout(waiting)):
                    items = waiting.filtered(lambda item: item.id in payout.keys)
                    found[line.id] = (provider.name, items.with_env(self.env), float(payout.fee))
        return found

    def _citta_get_waiting(self, provider):
        """Open items of online gifts on the provider's outstanding account, the oldest first."""
        # sudo: where a provider's money waits is a setting, no payment is read
        account = self.env["payment.transaction"].sudo().new({"provider_id": provider.id})._citta_get_outstanding_account()
        return self.env["account.move.line"].search([
            ("account_id", "=", account.id), ("journal_id", "=", provider.journal_id.id), ("parent_state", "=", "posted"),
            ("reconciled", "=", False), ("move_id.line_ids.citta_nature", "in", ("gift", "refund")),
        ], order="date, id", limit=MOST_WAITING)

    def _citta_match_payout(self, waiting):
        text = self._citta_facts()["text"]
        # what was paid after the transfer cannot be in it
        past = waiting.filtered(lambda item: item.date <= self.date)
        named = [item.id for item in past if item.name and item.name in text]
        return find_payout(self.amount, [(item.id, item.amount_residual) for item in past], named)

    def action_citta_post_payout(self):
        """Reconcile the line with the gifts that it pays out; the fee is an expense of the books. Treasurer only.

        :raise UserError: it is no payout, or the fund has no account for fees
        """
        self.env["citta.fund"]._require_treasurer()
        for line in self:
            name, items, fee = line._citta_find_payouts().get(line.id) or (False, False, 0)
            if not items or line.is_reconciled:
                raise UserError(self.env._("No online gifts wait that would make up this transfer."))
            with self.env.cr.savepoint():
                line._citta_take_payout(name, items, fee)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _citta_take_payout(self, name, items, fee):
        """Replace the suspense by the gifts' items and the fee, then close the former."""
        total = sum(items.mapped("amount_residual"))
        paid = {"account_id": items.account_id.id, "name": self.env._("Payout of %(provider)s", provider=name), "balance": -total}
        wanted = [paid]
        if not self.currency_id.is_zero(fee):
            wanted.append({"account_id": self._citta_get_fee_account().id, "name": self.env._("Fee of %(provider)s", provider=name), "balance": fee})
        new = self._citta_replace_suspense(wanted)
        (items | new.filtered(lambda item: item.account_id == items.account_id)).reconcile()

    def _citta_get_fee_account(self):
        account = self.journal_id.citta_fund_ids[:1].fee_account_id
        if not account:
            raise UserError(self.env._("Choose on the fund the account for fees of payment providers."))
        return account

    def _citta_replace_suspense(self, items):
        """Put items in the place of the suspense, for all lines in one go.

        :param items: list of values that balance the liquidity items; where there are several lines, each names its ``move_id``
        :return: the new items
        :raise UserError: a line is not as it was imported
        """
        moves, suspense = self.move_id, self.env["account.move.line"].concat(*(line._citta_get_suspense() for line in self))
        # the entry's chatter would only say that items came and went; where the law wants that kept, it is
        quiet = suspense.with_context(**IN_PLACE, tracking_disable=not any(self.company_id.mapped("restrictive_audit_trail")))
        with moves._check_balanced({"records": moves, "self": moves}):
            quiet.unlink()
            new = quiet.browse().create([{**item, "move_id": item.get("move_id") or moves.id} for item in items])
        return new.with_env(self.env)

    def _citta_get_suspense(self):
        """The item that waits on the suspense account.

        :raise UserError: the line is not as it was imported
        """
        _liquidity, suspense, others = self._seek_for_lines()
        if len(suspense) != 1 or others:
            raise UserError(self.env._("This bank line is not as it was imported: undo its reconciliation first."))
        return suspense
