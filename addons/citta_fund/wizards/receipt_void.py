from odoo import fields, models


class ReceiptVoid(models.TransientModel):
    """Asks for the reason before a receipt is voided, and whether another one follows at once."""

    _name = "citta.receipt.void"
    _description = "Void a receipt"

    receipt_id = fields.Many2one("citta.receipt", "Receipt", required=True, readonly=True, ondelete="cascade")
    reason = fields.Char(required=True, size=200)
    reissue = fields.Boolean("Issue another", help="With the donor's data as they are now.")

    def action_void(self):
        """Void the receipt; issue another for the same gift where asked. Treasurer only.

        :return: the receipt to look at
        """
        self.ensure_one()
        receipt = self.receipt_id
        if self.reissue:
            receipt = receipt._reissue(self.reason)
        else:
            receipt._void(self.reason)
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_fund.receipt_action")
        return {**action, "views": [(False, "form")], "res_id": receipt.id}
