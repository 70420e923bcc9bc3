from odoo import models

from odoo.addons.base.models.res_bank import sanitize_account_number


class BankPayer(models.AbstractModel):
    """Who may stand behind a bank line: accounts known of donors, donors known of accounts, sponsors who still owe."""

    _name = "citta.bank.payer"
    _description = "Payers of bank lines"

    def _citta_find_ibans(self, partners):
        """Partner id → accounts known: entered on the contact, or paid from before."""
        found = {}
        for bank in self.env["res.partner.bank"].search([("partner_id", "in", partners.ids)]):
            found.setdefault(bank.partner_id.id, set()).add(bank.sanitized_acc_number)
        paid = self._read_group(
            [("partner_id", "in", partners.ids), ("is_reconciled", "=", True), ("account_number", "!=", False)],
            ["partner_id", "account_number"],
        )
        for partner, number in paid:
            found.setdefault(partner.id, set()).add(sanitize_account_number(number))
        return found

    def _citta_find_donors(self):
        """Account → the one contact who is known to pay from it."""
        ibans = {line._citta_facts()["iban"] for line in self.filtered(lambda line: not line.partner_id)} - {""}
        found = {}
        for bank in self.env["res.partner.bank"].search([("sanitized_acc_number", "in", list(ibans))]) if ibans else ():
            found.setdefault(bank.sanitized_acc_number, set()).add(bank.partner_id)
        written = [line.account_number for line in self if line.account_number]
        paid = self._read_group(
            [("account_number", "in", written), ("partner_id", "!=", False), ("is_reconciled", "=", True)], ["account_number", "partner_id"],
        ) if ibans else []
        for number, partner in paid:
            found.setdefault(sanitize_account_number(number), set()).add(partner)
        return {iban: partners.pop() for iban, partners in found.items() if len(partners) == 1}

    def _citta_find_debtors(self):
        """Sponsors of these lines' funds → what they still owe for matches: their transfer is no new gift."""
        rules = self.env["citta.match.rule"].search([("fund_id.bank_journal_id", "in", self.journal_id.ids)])
        owed = self.env["account.move.line"]._read_group([
            ("partner_id", "in", rules.sponsor_id.ids), ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"), ("move_id.line_ids.citta_nature", "=", "match"), ("amount_residual", ">", 0),
        ], ["partner_id"], ["amount_residual:sum"]) if rules else []
        return {partner.id: amount for partner, amount in owed}
