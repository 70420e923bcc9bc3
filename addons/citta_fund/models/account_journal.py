from odoo import fields, models


class AccountJournal(models.Model):
    """A bank journal knows the funds whose gifts reach its account."""

    _inherit = "account.journal"

    citta_fund_ids = fields.One2many("citta.fund", "bank_journal_id", "Funds")
