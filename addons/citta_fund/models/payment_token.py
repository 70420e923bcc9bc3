from odoo import models


class PaymentToken(models.Model):
    """A saved card knows the monthly gifts that are charged to it: who deletes it goes back to reminders."""

    _inherit = "payment.token"

    def get_linked_records_info(self):
        """Name the monthly gifts before the card is deleted.

        :return: list of dicts as of core
        """
        # sudo: the donor reads what hangs on the own card; core has checked that it is the own one where it is deleted
        pledges = self.env["citta.pledge"].sudo().search([("payment_token_id", "in", self._filtered_access("read").ids)])
        return super().get_linked_records_info() + [
            {"description": self.env._("Monthly gift"), "id": pledge.id, "name": pledge.reference, "url": "/my/donazioni"} for pledge in pledges
        ]

    def _handle_archiving(self):
        """Leave the monthly gifts of an archived card to reminders."""
        super()._handle_archiving()
        pledges = self.env["citta.pledge"].search([("payment_token_id", "in", self.ids)])
        pledges._forget_card(self.env._("The saved card was deleted: the donor gets reminders again."))
