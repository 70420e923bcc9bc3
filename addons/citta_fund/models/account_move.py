from odoo import models
from odoo.exceptions import UserError

from .account_move_line import RECORDED, is_booking

# What an entry of a gift or a match says.
BOOKED_FACTS = {"date", "journal_id", "line_ids", "partner_id", "currency_id"}


class AccountMove(models.Model):
    """Entries that carry money of a fund are undone through the gift, so that match and receipt follow."""

    _inherit = "account.move"

    def write(self, vals):
        """Entries of a fund that change their state or day are summed anew; those of gifts and matches stay posted.

        :raise UserError: such an entry would leave the books by itself, whatever button or call asks for it
        """
        if vals.get("state", "posted") != "posted" and not self.env.su:
            self._citta_refuse_reopening()
        if BOOKED_FACTS & set(vals) and not (self.env.su or is_booking(self.env)):
            self._citta_refuse_rewriting()
        if {"state", "date"} & set(vals):
            # sudo: which funds are touched is no secret of the entry
            self.env["citta.fund.summary"].sudo()._drop(self.sudo().line_ids)
        return super().write(vals)

    def _compute_field_value(self, field):
        """The kind of an electronic invoice is asked of invoices only: for every entry the Italian localisation would search half a dozen times for nothing."""
        invoices = self.filtered(lambda move: move.is_invoice(include_receipts=True)) if field.name == "l10n_it_document_type" else self
        if invoices:
            super(AccountMove, invoices)._compute_field_value(field)

    def button_draft(self):
        """Refuse to reopen an entry that a gift or a match stands on."""
        self._citta_refuse_reopening()
        return super().button_draft()

    def button_cancel(self):
        """Refuse to cancel such an entry."""
        self._citta_refuse_reopening()
        return super().button_cancel()

    def _citta_refuse_reopening(self):
        posted = self.filtered(lambda move: move.state == "posted")
        if posted.line_ids.filtered("citta_nature"):
            raise UserError(self.env._("This entry belongs to a fund: undo or refund the gift instead."))

    def _citta_refuse_rewriting(self):
        """Posted entries of gifts and matches stay as they are, whatever keys a call brings along.

        :raise UserError: one of these is such an entry
        """
        # sudo: the guard holds for every user, also for one who may not see the entry
        posted = self.sudo().filtered(lambda move: move.state == "posted")
        if posted.line_ids.filtered(lambda item: item.citta_nature in RECORDED):
            raise UserError(self.env._("This entry belongs to a fund: undo or refund the gift instead."))
