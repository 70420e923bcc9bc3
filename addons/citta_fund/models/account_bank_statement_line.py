from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, split_every

DECIDERS = "citta_fund.group_citta_treasurer,citta_fund.group_citta_fund_auditor"
# What a posted gift was recorded from.
RECORDED = {"amount", "amount_currency", "foreign_currency_id", "payment_ref", "partner_id", "date", "journal_id", "move_id", "is_reconciled"}
# What is recognised as money for gifts and matches that are in the books already.
NO_GIFTS = ("payout", "sponsor")
# So many lines are made before what is known of them is forgotten again.
PORTION = 500


class AccountBankStatementLine(models.Model):
    """A movement on a fund's bank account, which may be a gift: what speaks for which pledge, and one button."""

    _name = "account.bank.statement.line"
    _inherit = [
        "account.bank.statement.line", "citta.bank.proposal", "citta.bank.payer", "citta.bank.payout", "citta.bank.debt", "citta.bank.return",
        "citta.bank.queue", "citta.bank.decide", "citta.bank.hand",
    ]

    citta_donation_ids = fields.One2many("citta.donation", "statement_line_id", "Gifts", groups=DECIDERS)
    citta_sheet_ids = fields.One2many("citta.donation.sheet", "statement_line_id", "Lists of gifts", groups=DECIDERS)
    citta_is_gift_line = fields.Boolean("May be a gift", compute="_compute_citta_is_gift_line")
    citta_chosen_pledge_id = fields.Many2one(
        "citta.pledge", "Chosen pledge", groups=DECIDERS, copy=False, index="btree_not_null", ondelete="set null"
    )
    citta_pledge_id = fields.Many2one(
        "citta.pledge", "Pledge", compute="_compute_citta_proposal", inverse="_inverse_citta_pledge_id", groups=DECIDERS,
        domain="[('fund_id.bank_journal_id', '=', journal_id)]",
    )
    citta_donor_id = fields.Many2one(
        "res.partner", "Donor", compute="_compute_citta_proposal", inverse="_inverse_citta_donor_id", groups=DECIDERS
    )
    citta_points = fields.Integer("Points", compute="_compute_citta_proposal")
    citta_certainty = fields.Selection(
        [("certain", "Certain"), ("likely", "Likely"), ("doubtful", "Doubtful"), ("unknown", "Unknown"), ("chosen", "Chosen"), ("payout", "Payout"),
         ("sponsor", "Sponsor's payment")],
        "Certainty", compute="_compute_citta_proposal",
    )
    citta_reasons = fields.Char("Why", compute="_compute_citta_proposal")

    @api.depends("journal_id.citta_fund_ids", "amount", "is_reconciled")
    def _compute_citta_is_gift_line(self):
        # sudo: whether the journal is a fund's is no secret to whoever sees the line
        journals = self.sudo().journal_id.filtered("citta_fund_ids")
        for line in self:
            line.citta_is_gift_line = line.amount > 0 and not line.is_reconciled and line.journal_id in journals

    @api.depends("payment_ref", "ref", "amount", "partner_name", "account_number", "partner_id", "is_reconciled", "citta_chosen_pledge_id")
    @api.depends_context("uid")
    def _compute_citta_proposal(self):
        may_decide = self.env.su or self.env.user.has_groups(DECIDERS)
        proposals = self.filtered("citta_is_gift_line")._citta_propose() if may_decide else {}
        for line in self:
            line.update(proposals.get(line.id) or self._citta_no_proposal())

    def _inverse_citta_pledge_id(self):
        for line in self:
            line.citta_chosen_pledge_id = line.citta_pledge_id

    def _inverse_citta_donor_id(self):
        for line in self:
            line.partner_id = line.citta_donor_id

    @api.model_create_multi
    def create(self, vals_list):
        """A line of a fund's account that names a pledge is born with its donor: to write it afterwards costs as much as the line itself."""
        self._citta_name_payers(vals_list)
        if len(vals_list) <= PORTION:
            return super().create(vals_list)
        lines = self.browse()
        for portion in split_every(PORTION, vals_list, list):
            lines += super().create(portion)
            # a statement of any length is read in the memory of one portion
            self.env.flush_all()
            self.env.invalidate_all()
        return lines

    def write(self, vals):
        """What a gift was recorded from stays as it was; undoing the gift opens the line again."""
        if RECORDED & set(vals):
            self._citta_refuse_with_gift()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_gift(self):
        self._citta_refuse_with_gift()

    # -- actions -------------------------------------------------------------

    def action_undo_reconciliation(self):
        """Undo the reconciliation, unless a gift stands on the line: the gift is undone, and the line with it."""
        self._citta_refuse_with_gift()
        return super().action_undo_reconciliation()

    def unreconcile_bank_line(self):
        """The same for the reconciliation screen.

        :raise UserError: a gift stands on the line
        """
        self._citta_refuse_with_gift()
        return super().unreconcile_bank_line()

    def action_citta_post_gift(self):
        """Post each line as the gift that the screen shows: on its pledge, for its donor. Treasurer only.

        :return: a notification that says what was posted, matched and receipted
        :raise UserError: a line cannot be taken; nothing is posted then
        """
        self.env["citta.fund"]._require_treasurer()
        if known := self.filtered(lambda line: line.citta_certainty in NO_GIFTS)[:1]:
            raise UserError(self.env._("“%(line)s” is no new gift (%(reasons)s): reconcile it by its own button.", line=known.payment_ref, reasons=known.citta_reasons))
        return self._citta_tell(self._citta_post())

    def action_citta_post_certain(self):
        """Post all waiting lines whose reference and amount are right. Treasurer only; the others stay.

        :return: a notification that says what was posted
        """
        self.env["citta.fund"]._require_treasurer()
        # one who is on it already keeps the line
        waiting = self.search(self._citta_undecided_domain(), order="date, id")
        return self._citta_tell(*waiting._citta_post_or_queue())

    # -- business ------------------------------------------------------------

    @api.model
    def _citta_waiting_domain(self):
        return [("journal_id.citta_fund_ids", "!=", False), ("amount", ">", 0), ("is_reconciled", "=", False)]

    def _citta_post(self, pledges=None):
        """Post each line as its gift, with matches and receipts, all in one go.

        :param pledges: line → pledge; default: as the screen shows it
        """
        pledges = pledges or {line: line.citta_pledge_id for line in self}
        vals_list = [pledges[line]._prepare_donation_vals() if pledges[line] else {"partner_id": line.citta_donor_id.id} for line in self]
        return self.env["citta.donation"]._post_from_statement_lines(self, vals_list)

    def _citta_tell(self, gifts, later=0):
        """A notification about posted gifts and those that follow in the background, then the list anew."""
        parts = [
            self.env._("Gifts posted: %(count)s, %(amount)s", count=len(gifts), amount=self._citta_money(sum(gifts.mapped("amount")))),
            self.env._("matched by sponsors: %(amount)s", amount=self._citta_money(sum(gifts.mapped("amount_matched")))),
            self.env._("receipts issued: %(names)s", names=", ".join(gifts.receipt_id[:5].mapped("name")) or "0"),
            *([self.env._("%(count)s more follow in the background", count=later)] if later else []),
        ]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if gifts else "info",
                "message": "; ".join(parts) if gifts else self.env._("Nothing was certain enough to be posted without looking."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _citta_refuse_with_gift(self):
        # sudo: the guard holds for every user, also for those who may not see gifts
        if self.sudo()._citta_get_posted():
            raise UserError(self.env._("A gift was posted from this bank line: undo the gift instead."))

    def _citta_get_posted(self):
        """What was posted from these lines and was not undone: their lists of gifts, or else their gifts."""
        return self.citta_sheet_ids.filtered(lambda sheet: sheet.state == "posted") or self.citta_donation_ids.filtered(lambda gift: not gift.date_undone)

    # -- tools ---------------------------------------------------------------

    def _citta_money(self, amount):
        return format_amount(self.env, amount, self.currency_id[:1] or self.env.company.currency_id)

    # -- life with the reconciliation screen ---------------------------------

    def _auto_reconcile(self):
        """Money on a fund's account is not reconciled by guess: it waits for the treasurer's look."""
        return super(AccountBankStatementLine, self.filtered(lambda line: not line.citta_is_gift_line))._auto_reconcile()

    def _retrieve_partner(self):
        """Nor is its payer guessed by a part of a name."""
        return super(AccountBankStatementLine, self.filtered(lambda line: not line.citta_is_gift_line))._retrieve_partner()

    def _recompute_suspense_line(self, data, reconcile_auxiliary_id, manual_reference):
        """For a known partner the screen proposes the receivable account; a gift is no payment of an invoice."""
        result = super()._recompute_suspense_line(data, reconcile_auxiliary_id, manual_reference)
        receivable, suspense = self.partner_id.property_account_receivable_id, self.journal_id.suspense_account_id
        for item in result["data"] if self.citta_is_gift_line and receivable else ():
            if item["kind"] == "suspense" and item["account_id"][0] == receivable.id:
                item["account_id"] = [suspense.id, suspense.display_name]
                result["can_reconcile"] = False
        return result
