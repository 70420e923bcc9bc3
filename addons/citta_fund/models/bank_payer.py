from odoo import api, models
from odoo.fields import Domain

from odoo.addons.base.models.res_bank import sanitize_account_number

from ..tools.rf_reference import rf_candidates

DECIDERS = "citta_fund.group_citta_treasurer,citta_fund.group_citta_fund_auditor"


class BankPayer(models.AbstractModel):
    """Who may stand behind a bank line: accounts known of donors, donors known of accounts."""

    _name = "citta.bank.payer"
    _description = "Payers of bank lines"

    @api.model
    def _citta_name_payers(self, vals_list):
        """Add to values of new lines on funds' accounts the donor of the one pledge that each names; other signs are weighed when it is looked at.

        :param vals_list: values of bank lines, changed in place
        """
        if not (self.env.su or self.env.user.has_groups(DECIDERS)):
            return
        journals = self.env["account.journal"].browse({vals["journal_id"] for vals in vals_list if vals.get("journal_id")}).filtered("citta_fund_ids")
        unknown = [vals for vals in vals_list if vals.get("journal_id") in journals.ids and (vals.get("amount") or 0) > 0 and not vals.get("partner_id")]
        texts = [self._citta_join_text(vals.get("payment_ref"), vals.get("ref")) for vals in unknown]
        named = {(pledge.fund_id.bank_journal_id.id, pledge.reference): pledge.partner_id.id for pledge in self._citta_search_named(journals, texts)}
        for vals, text in zip(unknown, texts, strict=True):
            payers = {named.get((vals["journal_id"], reference)) for reference in rf_candidates(text)} - {None}
            if len(payers) == 1:
                vals["partner_id"] = payers.pop()

    @api.model
    def _citta_join_text(self, *parts):
        """What the bank writes of a line, in one text."""
        return " ".join(filter(None, parts))

    @api.model
    def _citta_search_named(self, journals, texts):
        """The pledges to funds of these journals that are named by their reference."""
        named = sorted({reference for text in texts for reference in rf_candidates(text)})
        domain = Domain("fund_id.bank_journal_id", "in", journals.ids) & Domain("reference", "in", named)
        return self.env["citta.pledge"].search(domain) if named else self.env["citta.pledge"]

    def _citta_set_payers(self, partner_ids):
        """Name the payers on lines where nobody or another stands; the import has found most of them.

        :param partner_ids: one for each line, maybe False
        """
        lines = {}
        for line, partner_id in zip(self, partner_ids, strict=True):
            if (line.partner_id.id or False) != (partner_id or False):
                lines[partner_id] = lines.get(partner_id, self.browse()) | line
        for partner_id, others in lines.items():
            others.with_context(tracking_disable=True).write({"partner_id": partner_id})

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
