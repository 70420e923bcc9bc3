from odoo import api, models
from odoo.exceptions import UserError, ValidationError

# Written by the steps of the ledger alone.
FACTS = {"opening_move_id", "summary_mark", "count_mark"}
# Whose money it is: receipts, entries and numbers of what came in hang on it.
BOOKS = {"company_id", "holder_partner_id", "is_third_party"}


class FundGuard(models.AbstractModel):
    """What a fund is once money has come in: it stays in the books, and with the body, that its gifts were recorded for."""

    _name = "citta.fund.guard"
    _description = "What stays of a fund"

    @api.constrains("company_id", "holder_partner_id", "is_third_party")
    def _check_holder(self):
        for fund in self:
            if fund.books_differ and not fund.is_third_party:
                raise ValidationError(self.env._(
                    "“%(holder)s” is another body: mark the fund as held by a third party, as only who cashes a gift issues its receipt.",
                    holder=fund.holder_partner_id.display_name,
                ))

    @api.constrains("partner_bank_id", "company_id", "holder_partner_id")
    def _check_partner_bank(self):
        for fund in self.filtered("partner_bank_id"):
            # sudo: whose account it is decides, nothing of it is shown
            owner = fund.sudo().partner_bank_id.partner_id.commercial_partner_id
            if owner not in (fund.holder_partner_id | fund.company_id.partner_id).commercial_partner_id:
                raise ValidationError(self.env._("The bank account is not the holder's: donors would pay somebody else."))

    @api.constrains("bank_journal_id")
    def _check_bank_journal(self):
        """The accounts that gifts are credited to are told from where this journal's money waits."""
        self.posting_rule_ids._check_account()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_facts(vals)
        # no default of a context brings sums or an opening entry along
        return super().create([{**dict.fromkeys(FACTS, False), **vals} for vals in vals_list])

    def write(self, vals):
        """Books and holder stay once a gift was recorded, the address once it was given to anybody.

        :raise UserError: with what stays
        """
        self._refuse_facts(vals)
        for fund in self if BOOKS & set(vals) else ():
            if any(fund._fields[name].convert_to_write(fund[name], fund) != vals[name] for name in BOOKS & set(vals)) and fund._is_in_books():
                raise UserError(self.env._("Gifts to “%(fund)s” are in the books: its company and its holder stay. Make another fund.", fund=fund.display_name))
        if "code" in vals and not self.env.su:
            self.filtered(lambda fund: fund.code != vals["code"])._refuse_new_address()
        return super().write(vals)

    def _refuse_new_address(self):
        """Letters, reminders and other sites lead to the fund by its code.

        :raise UserError: somebody may hold such an address
        """
        for fund in self:
            # sudo: that somebody has promised is a fact of the fund, also for who may not open it
            if fund.is_published or fund.sudo().env["citta.pledge"].search_count([("fund_id", "=", fund.id)], limit=1):
                raise UserError(self.env._(
                    "“%(fund)s” is published or has pledges: letters and links lead to its address /fondo/%(code)s, which stays. Change the name instead.",
                    fund=fund.display_name, code=fund.code,
                ))

    def _refuse_facts(self, vals):
        if FACTS & set(vals) and not self.env.su:
            raise UserError(self.env._("Sums and opening entry of a fund come from the ledger, they are not set by hand."))

    def _is_in_books(self):
        """Whether money of the fund was ever posted, or its balances were opened."""
        self.ensure_one()
        # sudo: that there is something is a fact of the fund, also for who may not open it
        fund = self.sudo().with_context(active_test=False)
        return bool(fund.opening_move_id or fund.env["account.move.line"].search_count([("citta_fund_line_id.fund_id", "=", fund.id)], limit=1)
                    or fund.env["citta.donation"].search_count([("fund_id", "=", fund.id), ("state", "!=", "draft")], limit=1))
