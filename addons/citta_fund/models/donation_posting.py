from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.matching import split_amount
from .account_move_line import Booked

# The bank line's entry is changed in place, as core does when it undoes a reconciliation.
IN_PLACE = {"skip_account_move_synchronization": True, "force_delete": True, "skip_readonly_check": True}


class DonationPosting(models.AbstractModel):
    """How a gift gets into the books, and out again.

    The money came by a bank line, whose own entry says bank / suspense. Posting changes the suspense item into the
    gift's items (account by posting rule, donor, initiative, nature): one entry, nothing to reconcile, and undoing the
    reconciliation of the line brings the suspense back. Then the match, then the receipt, whose number is taken last.
    """

    _name = "citta.donation.posting"
    _description = "Posting of gifts"

    # -- in ------------------------------------------------------------------

    def _post_from_statement_line(self, st_line, pledge=None, vals=None):
        """Record and post the gift that came by a bank line; all of it or nothing.

        :param st_line: incoming line of the fund's bank journal, not reconciled
        :param pledge: the pledge it answers, if any
        :param dict vals: further values of the gift
        :return: the gift; ``self`` where a draft was given
        :raise AccessError: the user is no treasurer
        :raise UserError: the line cannot be taken
        """
        self.env["citta.fund"]._require_treasurer()
        st_line.ensure_one()
        with self.env.cr.savepoint():
            self._check_line_free(st_line)
            gift = self._prepare_draft(st_line, pledge or self.env["citta.pledge"], dict(vals or {}))
            gift._check_bank_line(st_line)
            gift._take_bank_line(st_line)
            if not self.env.context.get("citta_complete_later"):
                gift._complete()
        return gift

    def _prepare_draft(self, st_line, pledge, vals):
        """The draft to post: the given one brought up to date, or a new one.

        :param st_line: the bank line
        :param pledge: the pledge, maybe empty
        :param dict vals: further values, which win
        """
        given = {**(pledge._prepare_donation_vals() if pledge else {}), **vals}
        if self:
            self.ensure_one()
            self._check_draft()
            self.write({**given, **self._get_bank_vals(st_line)})
            return self
        given.setdefault("partner_id", st_line.partner_id.id)
        given["fund_id"] = given.get("fund_id") or self._find_fund(st_line).id
        return self.create({**self._get_bank_vals(st_line), **given, "amount": st_line.amount})

    def _find_fund(self, st_line):
        fund = self.env["citta.fund"].search([("bank_journal_id", "=", st_line.journal_id.id)], limit=2)
        if len(fund) != 1:
            raise UserError(self.env._("Say for which fund this bank line is: its journal does not tell."))
        return fund

    def _get_bank_vals(self, st_line):
        trace = [st_line.move_id.name, st_line.account_number, st_line.payment_ref]
        return {"date_received": st_line.date, "trace": " · ".join(part for part in trace if part)}

    def _check_line_free(self, st_line):
        """Whether a bank line is money that came in and that nothing has been made of yet.

        :raise UserError: with what is in the way
        """
        taken = self.env["citta.donation"].search([("statement_line_id", "=", st_line.id), ("date_undone", "=", False)], limit=1)
        # sudo: whether a list stands on the line holds for every user
        taken = taken or st_line.sudo().citta_sheet_ids.filtered(lambda sheet: sheet.state == "posted" and sheet.donation_ids.move_id)[:1]
        if taken:
            raise UserError(self.env._("This bank line is the gift “%(gift)s” already.", gift=taken.display_name))
        if st_line.is_reconciled:
            raise UserError(self.env._("This bank line has been reconciled already."))
        if st_line.amount <= 0:
            raise UserError(self.env._("Only money that came in is a gift."))
        if st_line.foreign_currency_id or st_line.currency_id != st_line.company_id.currency_id:
            raise UserError(self.env._("Only gifts in the currency of the books can be posted here."))

    def _check_bank_line(self, st_line):
        """Whether this gift is what came by that line.

        :raise UserError: with what does not fit
        """
        if self.fund_id.bank_journal_id != st_line.journal_id:
            raise UserError(self.env._("The money did not come on the bank account of “%(fund)s”.", fund=self.fund_id.display_name))
        if self.currency_id.compare_amounts(self.amount, st_line.amount):
            raise UserError(self.env._("The gift and the bank line are of different amounts."))
        if self.means in ("cash", "in_kind"):
            raise UserError(self.env._("What came by the bank is neither cash nor in kind."))

    def _check_draft(self):
        if self.state != "draft":
            raise UserError(self.env._("“%(gift)s” has been posted already.", gift=self.display_name))

    def _take_bank_line(self, st_line):
        liquidity, suspense, others = st_line._seek_for_lines()
        if len(suspense) != 1 or others:
            raise UserError(self.env._("This bank line is not as it was imported: undo its reconciliation first."))
        partner = self.partner_id.id
        items = [Command.delete(suspense.id), *map(Command.create, self._prepare_items("gift", -1))]
        st_line.with_context(**IN_PLACE).write({
            "partner_id": partner,
            "line_ids": [Command.update(liquidity.id, {"partner_id": partner}), *items],
        })
        self._set_facts(statement_line_id=st_line.id, move_id=st_line.move_id.id)

    def _post_from_transaction(self, transaction):
        """Record and post the gift that a provider has confirmed, all of it or nothing; a second call changes nothing.

        The money waits on the provider's outstanding account until its payout comes by the bank. Called in superuser mode.

        :param transaction: a done payment of a pledge
        :return: the gift
        """
        known = self.search([("payment_transaction_id", "=", transaction.id)], limit=1)
        if known:
            return known
        pledge, method = transaction.citta_pledge_id, transaction.payment_method_id.name
        gift = self.create({
            **pledge._prepare_donation_vals(), "amount": transaction.amount, "date_received": fields.Date.context_today(self), "means": "card",
            "trace": " · ".join(filter(None, (method, transaction.reference, transaction.provider_reference))),
        })
        journal, account = transaction._citta_get_money_place()
        money = {"account_id": account.id, "partner_id": gift.partner_id.id, "name": transaction.reference, "balance": gift.amount}
        own = gift._prepare_move(journal, gift.date_received, [money, *gift._prepare_items("gift", -1)])
        # the gift's entry and those of its matches are made in one go, which costs little more than one of them
        plan, matches = self.env["citta.match.rule"]._plan(gift), self.env["citta.match.entry"]
        moves = gift._post_moves([own, *matches._prepare_moves(plan)])
        gift._set_facts(move_id=moves[0].id, payment_transaction_id=transaction.id)
        matches._record(plan, moves[1:])
        gift._issue_if_wanted()
        return gift

    def _post_cash(self):
        self.env["citta.fund"]._require_treasurer()
        self._check_draft()
        if self.means != "cash":
            raise UserError(self.env._("Gifts in cash are posted here; others from their bank line, gifts in kind not at all."))
        account = self.fund_id.cash_journal_id.default_account_id
        if not account:
            raise UserError(self.env._("The fund has no cash journal."))
        cash = {"account_id": account.id, "partner_id": self.partner_id.id, "name": self.name, "balance": self.amount}
        move = self._create_move(self.fund_id.cash_journal_id, self.date_received, [cash, *self._prepare_items("gift", -1)])
        self._set_facts(move_id=move.id)
        self._complete()

    def _complete(self):
        """What follows once gifts are in the books: the matches in their order, then the receipts, their numbers last."""
        for gifts in self.grouped("fund_id").values():
            self.env["citta.match.rule"]._match(gifts)
        self._issue_if_wanted()

    def _issue_if_wanted(self):
        able = self.filtered(lambda gift: gift.wants_receipt and not gift.receipt_obstacle)
        for gifts in able.grouped("company_id").values():
            self.env["citta.receipt"]._issue_many(list(gifts))

    # -- out -----------------------------------------------------------------

    def _refund(self, account=None):
        """Book the money back.

        :param account: where it went back from; default: it is owed to the donor
        """
        self._leave(self.env._("The gift was refunded."))
        account = account or self.partner_id.with_company(self.company_id).property_account_payable_id
        if not account:
            raise UserError(self.env._("To refund a gift its donor must be known."))
        owed = {"account_id": account.id, "partner_id": self.partner_id.id, "name": self.name, "balance": -self.amount}
        today, booked = fields.Date.context_today(self), self.move_id.line_ids.filtered("citta_nature").account_id[:1]
        move = self._create_move(self.fund_id._get_journal(), today, [*self._prepare_items("refund", 1, account=booked), owed])
        self._set_facts(refund_move_id=move.id)

    def _undo(self):
        if self.sheet_id:
            raise UserError(self.env._("This gift came with the list “%(sheet)s”: undo the list.", sheet=self.sheet_id.name))
        if self.state == "accepted":
            self.env["citta.fund"]._require_treasurer()
            self._set_facts(date_undone=fields.Date.context_today(self))
            return
        self._leave(self.env._("The recording of the gift was undone."))
        if self.statement_line_id:
            self.statement_line_id.with_context(citta_undo=True).action_undo_reconciliation()
        else:
            # sudo: the copy of a gift's item is one more item of that gift; the right to undo was checked above
            self.move_id.sudo()._reverse_moves(cancel=True)
        self._set_facts(date_undone=fields.Date.context_today(self))

    def _leave(self, reason):
        """Whatever hangs on a posted gift falls with it.

        :param str reason: kept on the voided receipt
        """
        self.ensure_one()
        self.env["citta.fund"]._require_treasurer()
        if self.state not in ("posted", "receipted"):
            raise UserError(self.env._("“%(gift)s” is not in the books, or not any more.", gift=self.display_name))
        receipt, others = self.receipt_id, self.receipt_id.line_ids.donation_id - self
        receipt._void(reason)
        self.match_entry_ids.filtered("is_standing")._reverse()
        if others:
            # the other payments on the same paper are proved as before
            receipt._replace(others)

    # -- receipt -------------------------------------------------------------

    def _issue_receipt(self):
        self.env["citta.fund"]._require_treasurer()
        if self.state == "draft":
            raise UserError(self.env._("No receipt before the money is in."))
        if self.receipt_obstacle:
            raise UserError(self.receipt_obstacle)
        return self.env["citta.receipt"]._issue(self)

    # -- tools ---------------------------------------------------------------

    def _prepare_items(self, nature, sign, amount=None, kind=None, account=None):
        """The journal items that move the initiatives of this gift.

        :param str nature: what they are for the fund
        :param int sign: -1 credits, 1 debits
        :param amount: shared out over the initiatives; default: the gift's own parts
        :param str kind: kind of gift by which the account is chosen; default: the gift's own
        :param account: the account where that is known: what is taken back leaves where it was booked, whatever the rule is now
        """
        weights = self.line_ids.mapped("amount")
        parts = split_amount(self.amount if amount is None else amount, weights)
        account = account or self.fund_id._get_gift_account(kind or self.kind)
        return [
            {
                "name": f"{self.name} {line.fund_line_id.name}",
                "account_id": account.id,
                "partner_id": self.partner_id.id,
                "balance": sign * float(part),
                "citta_fund_line_id": line.fund_line_id.id,
                "citta_nature": Booked(nature),
                "analytic_distribution": line.fund_line_id._get_analytic_distribution(),
            }
            for line, part in zip(self.line_ids, parts, strict=True) if part
        ]

    def _prepare_move(self, journal, date, items):
        """An entry about this gift.

        :param items: list of values of its items
        """
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": date,
            "ref": self.name,
            "line_ids": [Command.create(item) for item in items],
        }

    @api.model
    def _post_moves(self, vals_list):
        """Make and post entries, in their order."""
        moves = self.env["account.move"].create(vals_list)
        moves.action_post()
        return moves

    def _create_move(self, journal, date, items):
        return self._post_moves([self._prepare_move(journal, date, items)])

    def _get_owed_items(self):
        """What is still owed to the donor of a refunded gift: open items of the counter-entry."""
        # sudo: that something is owed is a fact of the gift
        items = self.sudo().refund_move_id.line_ids
        return items.filtered(lambda item: item.account_id.account_type == "liability_payable" and not item.reconciled).with_env(self.env)

    def _has_money(self):
        """Whether a reconciled payment to us proves this gift; cash is proved by nothing but our own word."""
        # sudo: that the money came is a fact of the gift, bank line and online payment stay closed
        gift = self.sudo()
        line, payment = gift.statement_line_id or gift.sheet_id.statement_line_id, gift.payment_transaction_id
        if line:
            return line.is_reconciled and gift.move_id == line.move_id
        return bool(payment) and payment.state == "done" and gift.move_id.state == "posted"
