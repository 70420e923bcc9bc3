from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, split_every

from odoo.addons.base.models.res_bank import sanitize_account_number

from ..tools import bank_scoring
from ..tools.rf_reference import print_rf

DECIDERS = "citta_fund.group_citta_treasurer,citta_fund.group_citta_fund_auditor"
# What a posted gift was recorded from.
RECORDED = {"amount", "amount_currency", "foreign_currency_id", "payment_ref", "partner_id", "date", "journal_id", "move_id", "is_reconciled"}
# So many open pledges are compared with each line; one that is named by its reference is found among any number.
MOST_OPEN = 5000
# So many lines are made before what is known of them is forgotten again.
PORTION = 500
# So many days after it was promised or due a transfer is still in time.
GRACE = 60


class AccountBankStatementLine(models.Model):
    """A movement on a fund's bank account, which may be a gift: what speaks for which pledge, and one button."""

    _name = "account.bank.statement.line"
    _inherit = ["account.bank.statement.line", "citta.bank.payer", "citta.bank.payout", "citta.bank.return", "citta.bank.queue", "citta.bank.decide", "citta.bank.hand"]

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
        [("certain", "Certain"), ("likely", "Likely"), ("doubtful", "Doubtful"), ("unknown", "Unknown"), ("chosen", "Chosen"), ("payout", "Payout")],
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
        lines = self.sudo()
        if lines.citta_donation_ids.filtered(lambda gift: not gift.date_undone) or lines.citta_sheet_ids.filtered(lambda sheet: sheet.state == "posted"):
            raise UserError(self.env._("A gift was posted from this bank line: undo the gift instead."))

    # -- proposals -----------------------------------------------------------

    def _citta_propose(self):
        """What each line may be.

        :return: line id → values of the proposal's fields
        """
        pledges, payouts = self._citta_find_pledges(), self._citta_find_payouts()
        proposals = self._citta_propose_among(pledges, self._citta_find_ibans(pledges.partner_id | self.partner_id), self._citta_find_donors())
        for line in self.filtered(lambda line: line.id in payouts):
            # a transfer that names its pledge is that gift, also where online gifts of the same sum wait
            if proposals[line.id]["citta_certainty"] not in ("certain", "chosen"):
                proposals[line.id] = line._citta_payout_proposal(*payouts[line.id])
        return proposals

    def _citta_propose_among(self, pledges, ibans, donors, slips=True):
        """The same among given pledges.

        :param ibans: partner id → accounts known
        :param donors: account → the one contact who pays from it
        :param bool slips: whether references with a slip are looked for
        """
        debtors, candidates = self._citta_find_debtors(), self._citta_get_candidates(pledges, ibans, slips)
        return {line.id: line._citta_proposal(candidates[line.journal_id], donors, debtors) for line in self}

    def _citta_get_candidates(self, pledges, ibans, slips=True):
        """Journal → what is expected on its account, ready to be searched."""
        by_journal = pledges.grouped(lambda pledge: pledge.fund_id.bank_journal_id)
        return {
            journal: bank_scoring.Candidates({pledge: self._citta_describe(pledge, ibans) for pledge in by_journal.get(journal, ())}, slips)
            for journal in self.journal_id
        }

    def _citta_payout_proposal(self, name, items, fee):
        """A transfer of a payment provider is no new gift."""
        said = self.env._("payout of %(provider)s: %(count)s online gifts", provider=name, count=len(items))
        kept = [self.env._("fee %(amount)s", amount=self._citta_money(fee))] if fee else []
        return {**self._citta_no_proposal(), "citta_certainty": "payout", "citta_reasons": " · ".join([said, *kept])}

    def _citta_proposal(self, candidates, donors, debtors):
        ranking = candidates.rank(self._citta_facts())
        pledge, found = ranking[0] if ranking else (self.env["citta.pledge"], bank_scoring.Score(0, ()))
        chosen = self.citta_chosen_pledge_id
        if chosen:
            pledge, found = chosen, next((score for one, score in ranking if one == chosen), bank_scoring.Score(0, ()))
        donor = pledge.partner_id or self.partner_id or donors.get(self._citta_facts()["iban"], self.partner_id)
        debt = debtors.get(donor.id, 0.0)
        certain = bank_scoring.is_certain(ranking) and pledge._is_expected() and not debt
        return {
            "citta_pledge_id": pledge.id,
            "citta_donor_id": donor.id,
            "citta_points": found.points,
            "citta_certainty": "chosen" if chosen else self._citta_grade(found.points, certain),
            "citta_reasons": self._citta_explain(pledge, found.reasons, donor, debt),
        }

    def _citta_facts(self):
        """What the bank says of the line, as the scoring wants it."""
        return {
            "text": self._citta_join_text(self.payment_ref, self.ref),
            "amount": self.amount,
            "iban": sanitize_account_number(self.account_number) or "",
            "name": self.partner_name or self.partner_id.name or "",
            "date": self.date,
        }

    @api.model
    def _citta_describe(self, pledge, ibans):
        return {
            "reference": pledge.reference,
            "amount": pledge._get_expected(),
            "ibans": ibans.get(pledge.partner_id.id, set()),
            "name": pledge.partner_id.name,
            "dates": (pledge.date, (pledge.date_due or pledge.date) + timedelta(days=GRACE)),
        }

    def _citta_find_pledges(self):
        """The open pledges of these lines' funds, and any other that a line names by its reference."""
        open_ones = Domain("state", "in", ("open", "partial")) | Domain("date_next", "!=", False)
        own = Domain("fund_id.bank_journal_id", "in", self.journal_id.ids)
        return self._citta_find_named() | self.env["citta.pledge"].search(own & open_ones, order="id desc", limit=MOST_OPEN if self else 0)

    def _citta_find_named(self):
        """The pledges of these lines' funds that one of them names by its reference."""
        return self._citta_search_named(self.journal_id, [line._citta_facts()["text"] for line in self])

    @api.model
    def _citta_no_proposal(self):
        return {"citta_pledge_id": False, "citta_donor_id": False, "citta_points": 0, "citta_certainty": False, "citta_reasons": False}

    @api.model
    def _citta_grade(self, points, certain):
        if certain:
            return "certain"
        return "likely" if points >= bank_scoring.LIKELY else "doubtful" if points else "unknown"

    def _citta_explain(self, pledge, reasons, donor, debt):
        """What speaks for the proposal and what against it, in words."""
        said = {
            "reference": self.env._("reference %(reference)s is right", reference=print_rf(pledge.reference)),
            "mistyped": self.env._("reference is %(reference)s but for one slip", reference=print_rf(pledge.reference)),
            "number": self.env._("names the number of the pledge"),
            "amount": self.env._("amount as promised"),
            "iban": self.env._("account known for this donor"),
            "name": self.env._("payer's name is the donor's"),
            "near_name": self.env._("payer's name is like the donor's"),
            "date": self.env._("came in time"),
        }
        words = [said[reason] for reason in reasons]
        if debt:
            words.append(self.env._("but this sponsor still owes %(amount)s for matches: reconcile it with them", amount=self._citta_money(debt)))
        if pledge and not pledge._is_expected():
            words.append(self.env._("but the pledge is closed"))
        elif pledge and "amount" not in reasons:
            words.append(self.env._("but %(amount)s are expected", amount=self._citta_money(pledge._get_expected())))
        if not pledge:
            words.append(self.env._("no pledge; donor known by the bank's data") if donor else self.env._("nothing known: choose a pledge or a donor"))
        return " · ".join(words)

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
