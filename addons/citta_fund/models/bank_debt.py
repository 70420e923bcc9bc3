from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class BankDebt(models.AbstractModel):
    """A sponsor's transfer: it pays what the sponsor owes for matches, and is no new gift."""

    _name = "citta.bank.debt"
    _description = "Payments of sponsors"

    def _citta_find_debtors(self):
        """Sponsors of these lines' funds → what they still owe for matches, less what is owed back to them."""
        rules = self.env["citta.match.rule"].with_context(active_test=False).search([("fund_id.bank_journal_id", "in", self.journal_id.ids)])
        owed = self.env["account.move.line"]._read_group(
            self._citta_get_debts_domain(rules.sponsor_id), ["partner_id"], ["amount_residual:sum"],
        ) if rules else []
        return {partner.id: amount for partner, amount in owed if amount > 0}

    def _citta_get_debts_domain(self, sponsors):
        """Open items of matches and of their reversals."""
        return Domain([
            ("partner_id", "in", sponsors.ids), ("company_id", "in", self.company_id.ids), ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"), ("move_id.line_ids.citta_nature", "=", "match"), ("reconciled", "=", False),
        ])

    def _citta_pays_debt(self, debt, reasons):
        """Whether the line may pay what its sponsor owes. One that names a pledge is left to somebody's look, as is one of more than is owed.

        :param reasons: what speaks for the best pledge
        """
        return bool(debt) and not self.citta_chosen_pledge_id and "reference" not in reasons and self.currency_id.compare_amounts(self.amount, debt) <= 0

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
                line._citta_take_debt(line.citta_donor_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _citta_take_debt(self, sponsor):
        owed = self.env["account.move.line"].search(self._citta_get_debts_domain(sponsor), order="date, id")
        account = owed.account_id[:1]
        paid = self._citta_replace_suspense([{
            "account_id": account.id, "partner_id": sponsor.id, "name": self.env._("Payment of matches"), "balance": -self.amount,
        }])
        (owed.filtered(lambda item: item.account_id == account) | paid).reconcile()
