from odoo import api, fields, models


class AccountJournal(models.Model):
    """A bank journal knows the funds whose gifts reach its account."""

    _inherit = "account.journal"

    citta_fund_ids = fields.One2many("citta.fund", "bank_journal_id", "Funds")

    @api.constrains("suspense_account_id")
    def _check_citta_suspense(self):
        """What waits there could not be told from gifts that are credited there."""
        self.citta_fund_ids.posting_rule_ids._check_account()
