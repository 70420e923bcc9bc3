from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .account_move_line import BOOKING
from .posting_rule import STANDING


class DonationReversal(models.AbstractModel):
    """How a gift gets out of the books again: given back, or never one. Its match and its receipt fall with it."""

    _name = "citta.donation.reversal"
    _description = "Reversal of gifts"

    # -- business ------------------------------------------------------------

    def _refund(self, place=None, day=None):
        """Book the money back.

        :param place: (journal, account) from which it went back already; default: it is owed to the donor
        :param day: on which it went; default: today
        """
        self._leave(self.env._("The gift was refunded."), day=day)
        self._book_refund(place, day)

    def _book_refund(self, place=None, day=None):
        """The counter-entry, which stands where the money went back from, so that it is found there with what is paid out."""
        if not (place or self.partner_id):
            raise UserError(self.env._("To refund a gift its donor must be known."))
        journal, account = place or self._get_payable_place()
        owed = {"account_id": account.id, "partner_id": self.partner_id.id, "name": self.name, "balance": -self.amount}
        day, booked = day or fields.Date.context_today(self), self.move_id.line_ids.filtered("citta_nature").account_id[:1]
        move = self._create_move(journal, day, [*self._prepare_items("refund", 1, account=booked), owed])
        self._set_facts(refund_move_id=move.id)

    def _get_payable_place(self):
        """Where the money is owed to the donor. That of an unknown one, which is gone already, stands there without a name.

        :return: (journal, account)
        """
        partner = self.partner_id or self.company_id.partner_id
        return self.fund_id._get_journal(), partner.with_company(self.company_id).property_account_payable_id

    def _pay_refund(self, place, day):
        """What was owed to the donor has gone back from a place of its own: the counter-entry moves there. In superuser mode.

        :param place: (journal, account)
        :param day: on which it went
        """
        if self._get_owed_items():
            self.refund_move_id._reverse_moves(cancel=True)
            self._book_refund(place, day)

    def _undo_refund(self):
        """Take back a refund that was a mistake, as long as nothing was paid: what is owed falls, the gift counts and is matched again."""
        self.ensure_one()
        self.env["citta.fund"]._require_treasurer()
        # sudo: the copies of the counter-entry are items of the gift, too; the right was checked in the line above
        counter = self.sudo().refund_move_id
        if self.state != "refunded" or not self._get_owed_items():
            raise UserError(self.env._("“%(gift)s” is owed back no more: the money went.", gift=self.display_name))
        counter._reverse_moves(cancel=True)
        self._set_facts(refund_move_id=False)
        self.message_post(body=self.env._("The refund %(entry)s was taken back.", entry=counter.name))
        self._complete()
        self._restore_receipt(fields.Date.context_today(self, counter.create_date))

    def _restore_receipt(self, day):
        """A receipt fell on the day of the refund: another stands for it, also where the donor had not asked for one."""
        fallen = self.receipt_line_ids.receipt_id.filtered(lambda receipt: receipt.date_void == day)
        if fallen and not self.receipt_obstacle:
            self._issue_receipt()

    def _undo(self):
        if self.sheet_id:
            raise UserError(self.env._("This gift came with the list “%(sheet)s”: undo the list.", sheet=self.sheet_id.name))
        self._refuse_closed_period(self.statement_line_id.move_id)
        self._leave(self.env._("The recording of the gift was undone."), (*STANDING, "accepted"))
        self._set_facts(date_undone=fields.Date.context_today(self))
        if self.means == "in_kind":
            return
        if self.statement_line_id:
            self.statement_line_id.with_context(**BOOKING).action_undo_reconciliation()
        else:
            # sudo: the copy of a gift's item is one more item of that gift; the right to undo was checked above
            self.move_id.sudo()._reverse_moves(cancel=True)

    def _leave(self, reason, states=STANDING, day=None):
        """Whatever hangs on a posted or accepted gift falls with it.

        :param str reason: kept on the voided receipt
        :param states: out of which it may be taken
        :param day: of the entries that take the matches back; default: today
        """
        self.ensure_one()
        self.env["citta.fund"]._require_treasurer()
        if self.state not in states:
            raise UserError(self.env._("“%(gift)s” is not in the books, or not any more.", gift=self.display_name))
        receipt, others = self.receipt_id, self.receipt_id.line_ids.donation_id - self
        receipt._void(reason)
        self.match_entry_ids.filtered("is_standing")._reverse(day)
        if others:
            # the other payments on the same paper are proved as before
            receipt._replace_for(others)

    # -- tools ---------------------------------------------------------------

    @api.model
    def _refuse_closed_period(self, move):
        """An entry of a closed period is not taken back: what stands in it has a contrary of today.

        :param move: the bank line's entry; empty where the gift came otherwise, whose contrary is of today anyway
        :raise UserError: with what is to be done
        """
        if move and move._get_violated_lock_dates(move.date, False):
            raise UserError(self.env._("The books of %(date)s are closed: refund the gift instead, which books the contrary today.", date=format_date(self.env, move.date)))

    def _tell_treasurer(self, note):
        """Leave a task at the gift for what only a person can look into."""
        treasurer = self.company_id._citta_get_treasurer() or self.create_uid
        self.activity_schedule("mail.mail_activity_data_todo", user_id=treasurer.id, note=note)

    def _get_owed_items(self):
        """What is still owed to the donor of a refunded gift: open items of the counter-entry."""
        # sudo: that something is owed is a fact of the gift
        items = self.sudo().refund_move_id.line_ids
        return items.filtered(lambda item: item.account_id.account_type == "liability_payable" and not item.reconciled).with_env(self.env)
