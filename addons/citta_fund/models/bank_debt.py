from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

# What says that a transfer is meant for a pledge.
NAMED = {"reference", "mistyped", "number"}


class BankDebt(models.AbstractModel):
    """A sponsor's transfer: it pays what the sponsor owes for matches, and is no new gift."""

    _name = "citta.bank.debt"
    _description = "Payments of sponsors"

    def _citta_find_debtors(self):
        """(account, sponsor) → what is still owed there for matches, less what is owed back.

        What is owed to a fund is paid on its own account: of two funds, the one that did not get the money goes on asking.
        """
        found = {}
        for journal, lines in self.grouped("journal_id").items():
            rules = self.env["citta.match.rule"].with_context(active_test=False).search([("fund_id.bank_journal_id", "=", journal.id)])
            owed = self.env["account.move.line"]._read_group(
                lines._citta_get_debts_domain(rules.sponsor_id), ["partner_id"], ["amount_residual:sum"],
            ) if rules else []
            found.update({(journal, partner): amount for partner, amount in owed if amount > 0})
        return found

    def _citta_get_debts_domain(self, sponsors):
        """Open items of matches and of their reversals in the funds of these lines' accounts."""
        return Domain([
            ("partner_id", "in", sponsors.ids), ("company_id", "in", self.company_id.ids), ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"), ("reconciled", "=", False), ("move_id.line_ids", "any", [
                ("citta_nature", "=", "match"), ("citta_fund_line_id.fund_id.bank_journal_id", "in", self.journal_id.ids),
            ]),
        ])

    def _citta_pays_debt(self, debt, reasons):
        """Whether the line may pay what its sponsor owes. One that names a pledge is left to somebody's look, as is one of more than is owed.

        :param reasons: what speaks for the best pledge
        """
        return bool(debt) and not self.citta_chosen_pledge_id and not NAMED & set(reasons) and self.currency_id.compare_amounts(self.amount, debt) <= 0

    def _citta_debt_proposal(self, sponsor, debt):
        said = self.env._("this sponsor owes %(amount)s for matches: the transfer pays them; for a gift beside choose its pledge", amount=self._citta_money(debt))
        return {**self._citta_no_proposal(), "citta_donor_id": sponsor.id, "citta_certainty": "sponsor", "citta_reasons": said}

    # -- actions -------------------------------------------------------------

    def action_citta_post_debt(self):
        """Close with the line what its sponsor owes for matches, the oldest first. Treasurer only.

        :raise UserError: no sponsor who owes so much stands behind the line
        """
        self.env["citta.fund"]._require_treasurer()
        for line in self:
            if line.citta_certainty != "sponsor":
                raise UserError(self.env._("No sponsor who owes so much for matches stands behind this bank line."))
            with self.env.cr.savepoint():
                self.env["citta.donation"]._check_lines_free(line)
                line._citta_take_debt(line.citta_donor_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _citta_take_debt(self, sponsor):
        """Put what is paid in the place of the suspense, by the accounts on which it is owed, and close it there."""
        self._citta_set_payers([sponsor.id])
        owed = self.env["account.move.line"].search(self._citta_get_debts_domain(sponsor), order="date, id").grouped("account_id")
        paid = self._citta_replace_suspense([
            {"account_id": account.id, "partner_id": sponsor.id, "name": self.env._("Payment of matches"), "balance": -share}
            for account, share in self._citta_share_debt(owed)
        ])
        for item in paid:
            (owed[item.account_id] | item).reconcile()

    def _citta_share_debt(self, owed):
        """What of the line falls on each account where its sponsor owes.

        :param owed: account → open items, the oldest first
        :return: list of (account, amount)
        """
        left, shares = self.amount, []
        for account, items in owed.items():
            share = self.currency_id.round(min(left, sum(items.mapped("amount_residual"))))
            if share > 0:
                shares.append((account, share))
                left -= share
        return shares
