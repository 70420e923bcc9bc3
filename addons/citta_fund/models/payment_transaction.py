from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.citta_lavoro.models.common.ir_cron import ZONE

from .posting_rule import STANDING


class PaymentTransaction(models.Model):
    """An online payment of a pledge becomes a gift: core would make it a customer's payment, which is no income."""

    _inherit = "payment.transaction"

    citta_pledge_id = fields.Many2one("citta.pledge", "Pledge", readonly=True, index="btree_not_null", ondelete="restrict")
    citta_month = fields.Date("Month of the charge", readonly=True, copy=False, help="First day of the month that is charged to a saved card.")
    citta_is_given_back = fields.Boolean("Booked as given back", readonly=True, copy=False, help="The gift was refunded by what this payment returned.")
    citta_is_told = fields.Boolean("Shown to the treasurer", readonly=True, copy=False)

    _citta_month_uniq = models.UniqueIndex("(citta_pledge_id, citta_month) WHERE citta_month IS NOT NULL", "This month was charged already.")
    _citta_silent_idx = models.Index("(create_date) WHERE citta_month IS NOT NULL AND state = 'pending'")

    def _create_payment(self, **extra_create_values):
        """Post the gift, or its return, in place of a customer's payment.

        :return: the payment; an empty record for gifts
        """
        if not self._citta_get_pledge():
            return super()._create_payment(**extra_create_values)
        # whoever brings the notice, a gift is of the day that it is where it is given
        here = self.with_context(tz=ZONE)
        if self.operation == "refund":
            here._citta_give_back()
        else:
            here.env["citta.donation"]._post_from_transaction(here)
            if self.token_id.active and not self.citta_month:
                self.citta_pledge_id._keep_card(self.token_id)
        return self.env["account.payment"]

    def _update_state(self, allowed_states, target_state, state_message):
        """Let the pledge know what became of the charge of a month; a notice that changes nothing tells nothing."""
        changed = super()._update_state(allowed_states, target_state, state_message)
        pledges = changed.filtered("citta_month").citta_pledge_id
        if target_state == "done":
            pledges._on_charged()
        elif target_state in ("error", "cancel") and not self.env.context.get("citta_withdrawn"):
            pledges._on_charge_failed()
        return changed

    # -- business ------------------------------------------------------------

    def _citta_charge(self):
        """Send the charge of a month, once it was claimed; what the donor has stopped in the meantime is not sent."""
        self.ensure_one()
        pledge = self.citta_pledge_id
        if not pledge._may_be_charged() or pledge.payment_token_id != self.token_id:
            self.with_context(citta_withdrawn=True)._set_canceled(state_message=self.env._("The donor does not want it any more."))
            pledge._withdraw_month()
            return
        try:
            self._charge_with_token()
        except UserError as error:
            self._set_error(str(error))

    def _citta_get_pledge(self):
        return self.citta_pledge_id or self.source_transaction_id.citta_pledge_id

    def _citta_give_back(self):
        """The provider has returned money, which is booked once: as the refund of the gift or of a part of it, or as payment of what was owed for it."""
        gifts = self.env["citta.donation"].search([("payment_transaction_id", "=", self.source_transaction_id.id), ("date_undone", "=", False)])
        gift = (gifts.filtered(lambda gift: gift.state in STANDING) or gifts)[:1]
        if not gift or self.citta_is_given_back:
            return
        self.citta_is_given_back = True
        place, day = self._citta_get_money_place(), fields.Date.context_today(self, self.last_state_change)
        less = gift.currency_id.compare_amounts(-self.amount, gift.amount)
        if not less:
            (gift._pay_refund if gift.state == "refunded" else gift._refund)(place, day)
        elif less < 0 and gift.state in STANDING:
            gift._refund_part(-self.amount, place, day)
        else:
            gift._tell_treasurer(self.env._("The provider has given back %(amount)s, which is not what is owed for this gift: reconcile it by hand.", amount=-self.amount))

    def _citta_get_outstanding_account(self):
        """Where the provider's money waits for its payout."""
        return self._citta_get_money_place()[1]

    def _citta_get_money_place(self):
        """The provider's journal, and the account where its money waits: by its method there, else the company's.

        :return: (account.journal, account.account)
        """
        company = self.provider_id.company_id
        methods = self.env["account.payment.method.line"].search([("payment_provider_id", "=", self.provider_id.id), ("journal_id.company_id", "=", company.id)])
        method = methods.filtered(lambda line: line.payment_type == "inbound")[:1]
        payments = self.env["account.payment"].with_company(company)
        return method.journal_id, method.payment_account_id or payments.new({"company_id": company.id})._get_outstanding_account("inbound")
