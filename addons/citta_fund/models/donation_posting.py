from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL, format_date

from ..tools.matching import split_amount
from .account_move_line import Booked

# Gifts that are posted many at a time say what happened by their facts.
QUIET = {"tracking_disable": True, "mail_create_nolog": True, "mail_create_nosubscribe": True}


class DonationPosting(models.AbstractModel):
    """How a gift gets into the books.

    The money came by a bank line, whose own entry says bank / suspense. Posting puts the gift's items (account by posting
    rule, donor, initiative, nature) in the place of the suspense item: one entry, nothing to reconcile, and undoing the
    reconciliation of the line brings the suspense back. Then the match, then the receipt, whose number is taken last.
    Each step is done for all gifts of a batch at once, so that a thousand lines cost little more statements than one.
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
        st_line.ensure_one()
        given = {**(pledge._prepare_donation_vals() if pledge else {}), **(vals or {})}
        if not self:
            return self._post_from_statement_lines(st_line, [given])
        self.ensure_one()
        self.env["citta.fund"]._require_treasurer()
        with self.env.cr.savepoint():
            self._check_lines_free(st_line)
            self._check_draft()
            self.write({**given, **self._get_bank_vals(st_line, self.trace)})
            self._check_bank_line(st_line)
            st_line._citta_set_payers([self.partner_id.id])
            self._set_facts(statement_line_id=st_line.id, move_id=st_line.move_id.id)
            self._take_bank_lines()
            self._complete()
        return self

    @api.model
    def _post_from_statement_lines(self, st_lines, vals_list):
        """Record and post the gifts that came by bank lines, in one go; all of them or nothing.

        The costly steps are done once for all of them: numbers, gifts, items, pots, entries of matches, receipts.

        :param st_lines: incoming lines of funds' bank journals, not reconciled
        :param vals_list: values of each line's gift
        :return: the gifts, in the order of the lines
        :raise AccessError: the user is no treasurer
        :raise UserError: one of the lines cannot be taken
        """
        self.env["citta.fund"]._require_treasurer()
        with self.env.cr.savepoint():
            self._check_lines_free(st_lines)
            gifts = self.with_context(**QUIET).create(self._prepare_bank_gifts(st_lines, vals_list)).with_env(self.env)
            for gift, line in zip(gifts, st_lines, strict=True):
                gift._check_bank_line(line)
            st_lines._citta_set_payers([gift.partner_id.id for gift in gifts])
            for gift, line in zip(gifts, st_lines, strict=True):
                gift._set_facts(statement_line_id=line.id, move_id=line.move_id.id)
            gifts._take_bank_lines()
            gifts._complete()
        return gifts

    def _prepare_bank_gifts(self, st_lines, vals_list):
        """Values of new gifts by bank lines.

        :param vals_list: what is known of each gift, which wins
        """
        pairs = list(zip(st_lines, vals_list, strict=True))
        funds = {journal: self._find_fund(journal) for journal in {line.journal_id for line, vals in pairs if not vals.get("fund_id")}}
        return [{
            **self._get_bank_vals(line), "partner_id": line.partner_id.id, **vals,
            "fund_id": vals.get("fund_id") or funds[line.journal_id].id, "amount": line.amount,
        } for line, vals in pairs]

    @api.model
    def _find_fund(self, journal):
        fund = self.env["citta.fund"].search([("bank_journal_id", "=", journal.id)], limit=2)
        if len(fund) != 1:
            raise UserError(self.env._("Say for which fund this bank line is: its journal does not tell."))
        return fund

    def _get_bank_vals(self, st_line, known=None):
        trace = [known, st_line.move_id.name, st_line.account_number, st_line.payment_ref]
        return {"date_received": st_line.date, "trace": " · ".join(part for part in trace if part)}

    @api.model
    def _check_lines_free(self, st_lines):
        """Whether bank lines are money that came in and that nothing has been made of yet.

        The rows are locked first: a rival who posts the same line is waited for, and our request is run again on what he left.

        :raise UserError: with what is in the way
        """
        self.env.execute_query(SQL("SELECT id FROM account_bank_statement_line WHERE id IN %s ORDER BY id FOR UPDATE", tuple(st_lines.ids) or (0,)))
        taken = self.env["citta.donation"].search([("statement_line_id", "in", st_lines.ids), ("date_undone", "=", False)], limit=1)
        # sudo: whether a list stands on the line holds for every user
        taken = taken or st_lines.sudo().citta_sheet_ids.filtered(lambda sheet: sheet.state == "posted" and sheet.donation_ids.move_id)[:1]
        if taken:
            raise UserError(self.env._("This bank line is the gift “%(gift)s” already.", gift=taken.display_name))
        for line in st_lines:
            if line.is_reconciled:
                raise UserError(self.env._("This bank line has been reconciled already."))
            # an entry that somebody has set to draft or cancelled is not in the books, and no gift on it would be
            if line.move_id.state != "posted":
                raise UserError(self.env._("The entry of this bank line is not posted: post it in the accounts first."))
            if line.amount <= 0:
                raise UserError(self.env._("Only money that came in is a gift."))
            if line.foreign_currency_id or line.currency_id != line.company_id.currency_id:
                raise UserError(self.env._("Only gifts in the currency of the books can be posted here."))

    def _check_bank_line(self, st_line):
        """Whether this gift is what came by that line.

        :raise UserError: with what does not fit
        """
        if self.fund_id.bank_journal_id != st_line.journal_id:
            raise UserError(self.env._("The money did not come on the bank account of “%(fund)s”.", fund=self.fund_id.display_name))
        if self.currency_id.compare_amounts(self.amount, st_line.amount):
            raise UserError(self.env._("The gift and the bank line are of different amounts."))
        self._check_bank_means()

    def _check_bank_means(self):
        if any(gift.means in ("cash", "in_kind") for gift in self):
            raise UserError(self.env._("What came by the bank is neither cash nor in kind."))

    def _check_draft(self):
        if self.state != "draft":
            raise UserError(self.env._("“%(gift)s” has been posted already.", gift=self.display_name))
        if self.sheet_id:
            raise UserError(self.env._("This gift stands on the list “%(sheet)s”: post the list.", sheet=self.sheet_id.name))

    def _check_day(self):
        if self.date_received > fields.Date.context_today(self):
            raise UserError(self.env._("“%(gift)s” is of a day to come: what was not received is not recorded.", gift=self.display_name))

    def _take_bank_lines(self):
        """Put the gifts' items in the place of the suspense of their bank lines."""
        items = [{**item, "move_id": gift.move_id.id} for gift in self for item in gift._prepare_items("gift", -1)]
        self.statement_line_id._citta_replace_suspense(items)

    def _post_cash(self):
        """Post gifts in cash, an entry for each, made in one go."""
        self.env["citta.fund"]._require_treasurer()
        moves = self._post_moves([gift._prepare_cash_move() for gift in self])
        for gift, move in zip(self, moves, strict=True):
            gift._set_facts(move_id=move.id)
        self._complete()

    def _prepare_cash_move(self):
        """The entry of a gift in cash.

        :raise UserError: it is none, or the fund has no place for cash
        """
        self._check_draft()
        if self.means != "cash":
            raise UserError(self.env._("Gifts in cash are posted here; others from their bank line, gifts in kind not at all."))
        self._check_day()
        account = self.fund_id.cash_journal_id.default_account_id
        if not account:
            raise UserError(self.env._("The fund has no cash journal."))
        self._refuse_closed_day(self.fund_id.cash_journal_id)
        return self._prepare_own_move(self.fund_id.cash_journal_id, account, self.name)

    def _refuse_closed_day(self, journal):
        """In a closed period the entry would silently be of another day than the gift, and each month would say one thing of gifts and another of money.

        :raise UserError: with what is to be done
        """
        if self.company_id._get_violated_lock_dates(self.date_received, False, journal):
            raise UserError(self.env._(
                "“%(gift)s”: the books of %(date)s are closed. Have them opened for it, or enter the day on which the cash is booked and write in the note when it was given.",
                gift=self.display_name, date=format_date(self.env, self.date_received),
            ))

    def _complete(self):
        """What follows once gifts are in the books: the matches in their order, then the receipts, their numbers last."""
        for gifts in self.grouped("fund_id").values():
            self.env["citta.match.rule"]._match(gifts)
        self._issue_if_wanted()

    def _issue_if_wanted(self):
        able = self.filtered(lambda gift: gift.wants_receipt and not gift.receipt_obstacle)
        for gifts in able.grouped("company_id").values():
            self.env["citta.receipt"]._issue_many(list(gifts))

    # -- receipt -------------------------------------------------------------

    def _issue_receipt(self):
        self.env["citta.fund"]._require_treasurer()
        if self.state == "draft":
            raise UserError(self.env._("No receipt before the money is in."))
        if self.receipt_obstacle:
            raise UserError(self.receipt_obstacle)
        return self.env["citta.receipt"]._issue(self)

    # -- tools ---------------------------------------------------------------

    def _prepare_items(self, nature, sign, amount=None, kind=None, account=None, parts=None):
        """The journal items that move the initiatives of this gift.

        :param str nature: what they are for the fund
        :param int sign: -1 credits, 1 debits
        :param amount: shared out over the initiatives; default: the gift's own parts
        :param str kind: kind of gift by which the account is chosen; default: the gift's own
        :param account: the account where that is known: what is taken back leaves where it was booked, whatever the rule is now
        :param parts: the parts of the gift that it falls on; default: all
        """
        lines = parts or self.line_ids
        shares = split_amount(self.amount if amount is None else amount, lines.mapped("amount"))
        account = account or self.fund_id._get_gift_account(kind or self.kind)
        return [
            {
                "name": f"{self.name} {line.fund_line_id.name}",
                "account_id": account.id,
                "partner_id": self.partner_id.id,
                "balance": sign * float(share),
                "citta_fund_line_id": line.fund_line_id.id,
                "citta_nature": Booked(nature),
                "analytic_distribution": line.fund_line_id._get_analytic_distribution(),
            }
            for line, share in zip(lines, shares, strict=True) if share
        ]

    def _prepare_own_move(self, journal, account, name):
        """The entry of a gift that did not come by a bank line.

        :param account: where its money is
        :param str name: what the money is called there
        """
        money = {"account_id": account.id, "partner_id": self.partner_id.id, "name": name, "balance": self.amount, "analytic_distribution": False}
        return self._prepare_move(journal, self.date_received, [money, *self._prepare_items("gift", -1)])

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

    def _has_money(self):
        """Whether a reconciled payment to us proves this gift; cash is proved by nothing but our own word."""
        # sudo: that the money came is a fact of the gift, bank line and online payment stay closed
        gift = self.sudo()
        line, payment = gift.statement_line_id or gift.sheet_id.statement_line_id, gift.payment_transaction_id
        if line:
            return line.is_reconciled and gift.move_id == line.move_id and gift.move_id.state == "posted"
        return bool(payment) and payment.state == "done" and gift.move_id.state == "posted"
