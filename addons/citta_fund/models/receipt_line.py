from odoo import api, fields, models
from odoo.exceptions import UserError


class ReceiptLine(models.Model):
    """One payment on a receipt, as it was at issue. A gift stands on one valid receipt at most."""

    _name = "citta.receipt.line"
    _description = "Payment on a receipt"
    _order = "receipt_id, id"
    _rec_name = "donation_id"

    receipt_id = fields.Many2one("citta.receipt", "Receipt", required=True, readonly=True, index=True, ondelete="restrict")
    donation_id = fields.Many2one("citta.donation", "Gift", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="receipt_id.company_id", store=True, index=True, precompute=True)
    currency_id = fields.Many2one(related="receipt_id.currency_id")
    date_payment = fields.Date(required=True, readonly=True)
    means = fields.Char(required=True, readonly=True)
    trace = fields.Char(readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    items = fields.Text("What was given", readonly=True)
    is_void = fields.Boolean("Void", readonly=True)

    _gift_uniq = models.UniqueIndex("(donation_id) WHERE is_void IS NOT TRUE", "This gift has a valid receipt already.")

    def write(self, vals):
        """Only voiding is written, once."""
        self.check_access("write")
        if vals != {"is_void": True} or any(line.is_void for line in self):
            raise UserError(self.env._("A receipt is never changed: void it and issue another."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A receipt is never deleted: void it."))
