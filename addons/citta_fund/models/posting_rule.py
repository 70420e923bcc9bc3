from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("free", "Without restriction"),
    ("tied", "Tied by the donor"),
    ("conditional", "Conditional"),
]
# States of a gift that counts in the books.
STANDING = ("posted", "receipted")
# No transfer reaches it (EPC069-12), sums of cents stay exact below it, and neither "not a number" nor "infinite" is below it.
TOO_MUCH = 10**9
# Bank lines are reconciled by these and donors and sponsors owe on them: a gift credited there could not be told from its money.
WRONG_TYPES = {"asset_cash", "asset_receivable", "liability_payable", "liability_credit_card", "off_balance"}
# OIC 35: a free gift is income, one tied by the donor a reserve of the net equity, a conditional one a liability until the
# condition is met. The Italian chart that comes with Odoo has no such accounts, so they are made: (type, code, name).
DEFAULT_ACCOUNTS = {
    "free": ("income", "3300", "Gifts received"),
    "tied": ("equity", "2110", "Reserve tied by donors"),
    "conditional": ("liability_current", "2550", "Conditional gifts"),
}


class PostingRule(models.Model):
    """Where a kind of gift is credited in the books of a fund; the accountant may choose otherwise for each fund."""

    _name = "citta.posting.rule"
    _description = "Posting rule"
    _inherit = ["citta.label.mixin"]
    _order = "fund_id, kind"
    _rec_name = "kind"
    _check_company_auto = True

    fund_id = fields.Many2one("citta.fund", "Fund", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="fund_id.company_id", store=True, index=True)
    kind = fields.Selection(KINDS, "Kind of gift", required=True)
    account_id = fields.Many2one("account.account", "Credited account", required=True, check_company=True, ondelete="restrict")

    _kind_uniq = models.UniqueIndex("(fund_id, kind)", "This fund has a rule for this kind of gift already.")

    @api.constrains("account_id")
    def _check_account(self):
        for rule in self:
            account, journal = rule.account_id, rule.fund_id.bank_journal_id
            if account.account_type in WRONG_TYPES or account == journal.suspense_account_id:
                raise ValidationError(self.env._("Gifts are not credited to “%(account)s”, which is of money or of debts.", account=account.display_name))

    @api.model
    def _get_kinds(self):
        return [kind for kind, _label in KINDS]

    @api.model
    def _get_default_account(self, company, kind):
        """The account that another fund of the company uses, or a new one of the right type.

        :param company: res.company record
        :param str kind: kind of gift
        """
        known = self.search([("company_id", "=", company.id), ("kind", "=", kind)], limit=1).account_id
        return known or self._create_default_account(company, kind)

    @api.model
    def _create_default_account(self, company, kind):
        account_type, code, name = DEFAULT_ACCOUNTS[kind]
        accounts = self.env["account.account"].with_company(company)
        return accounts.create({
            "name": self._get_account_name(kind) or name,
            "code": accounts._search_new_account_code(code),
            "account_type": account_type,
            "company_ids": company.ids,
        })

    @api.model
    def _get_account_name(self, kind):
        """The name of an account that is made, in the user's language."""
        return {
            "free": self.env._("Gifts received"),
            "tied": self.env._("Reserve tied by donors"),
            "conditional": self.env._("Conditional gifts"),
        }[kind]
