from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# After so many months in a row without success the card is left alone.
MOST_FAILURES = 3


class PledgeCharge(models.AbstractModel):
    """A monthly pledge that is charged to the card its donor has saved, by the token of the payment provider.

    Once a month by the database. The month is claimed and committed before anything is sent: a server that stops in
    between has sent it at most once, and a charge whose outcome nobody knows is shown to the treasurer, never sent again.
    """

    _name = "citta.pledge.charge"
    _description = "Monthly charge of a saved card"

    payment_token_id = fields.Many2one("payment.token", "Saved card", readonly=True, copy=False, index="btree_not_null", ondelete="set null")
    card = fields.Char(compute="_compute_card", help="The card that is charged each month until the donor stops it.")
    charge_failures = fields.Integer("Charges that failed in a row", readonly=True, copy=False)

    @api.depends("payment_token_id")
    def _compute_card(self):
        for pledge in self:
            # sudo: of the donor's card the officer sees the last digits, as on any slip
            pledge.card = pledge.sudo().payment_token_id.display_name

    # -- actions -------------------------------------------------------------

    def action_forget_card(self):
        """Leave the card alone: the months to come are asked for by reminders again."""
        self.check_access("write")
        self._forget_card(self.env._("The saved card is not charged any more."))
        return True

    # -- business ------------------------------------------------------------

    def _may_save_card(self, user):
        """Whether whoever pays this pledge may save the card for its months to come.

        A donor who has an access of their own must be the one who is logged in: what is saved shows in that portal.

        :param user: who pays; the public user for visitors
        """
        # sudo: whether a donor has an access decides; nothing of it is shown
        pledge = self.sudo()
        return bool(pledge.date_next) and (not pledge.partner_id.user_ids or user in pledge.partner_id.user_ids)

    def _keep_card(self, token):
        """Charge the months to come to the card that this month was paid with.

        :param token: payment.token record of the donor
        """
        self.ensure_one()
        if self.date_next and token != self.payment_token_id:
            # sudo: the card is set by a payment that came through and by nothing else
            self.sudo().write({"payment_token_id": token.id, "charge_failures": 0})

    def _forget_card(self, reason):
        """Go back to reminders. The caller has checked that donor or officer asks for it.

        :param str reason: kept in the thread
        """
        # sudo: donors may not write pledges; leaving their card alone is theirs to say
        for pledge in self.sudo().filtered("payment_token_id"):
            pledge.write({"payment_token_id": False, "charge_failures": 0})
            pledge.message_post(body=reason)

    def _stop(self):
        """Leave the card of a stopped pledge alone, too."""
        super()._stop()
        # sudo: as for stopping itself, which the caller has checked
        self.sudo().filtered("date_stopped").write({"payment_token_id": False, "charge_failures": 0})

    def _may_be_charged(self):
        """Whether the donor still wants it and the card is there."""
        # sudo: the token of the donor is looked at, not shown
        token = self.sudo().payment_token_id
        return bool(self.date_next and token.active and token.partner_id == self.partner_id and token.company_id == self.company_id)

    def _claim_month(self):
        """Expect one month more and draw up its charge, to be committed before it is sent. A second one of the month is refused.

        :return: the payment.transaction
        """
        self.ensure_one()
        # sudo: how many months were asked for is written by this step and by the reminders alone; the token is the donor's
        pledge = self.sudo()
        pledge.instalments += 1
        token, transactions = pledge.payment_token_id, pledge.env["payment.transaction"]
        return transactions.create({
            "provider_id": token.provider_id.id, "payment_method_id": token.payment_method_id.id, "token_id": token.id, "operation": "offline",
            "reference": transactions._compute_reference(token.provider_id.code, prefix=pledge.reference), "state": "pending",
            "amount": pledge.amount, "currency_id": pledge.currency_id.id, "partner_id": token.partner_id.id, "citta_pledge_id": pledge.id,
            "citta_month": self._get_month(),
        })

    def _withdraw_month(self):
        """Nothing was sent for the month that was claimed: it is not expected by card."""
        # sudo: as for the claim
        self.sudo().instalments -= 1

    def _on_charged(self):
        """A month has come in by card: failures before it are forgotten."""
        # sudo: the count is written by what the provider says alone
        self.sudo().filtered("charge_failures").charge_failures = 0

    def _on_charge_failed(self):
        """Ask for the month by e-mail; after three in a row the card is left alone. Nothing is said of a card that was given up."""
        for pledge in self.filtered("payment_token_id"):
            # sudo: as for the count above; templates and outgoing mail are no business of anybody's rights
            own = pledge.sudo()
            own.charge_failures += 1
            last = own.charge_failures >= MOST_FAILURES
            if own.partner_id.email:
                template = own.env.ref("citta_fund.mail_template_charge_failed")
                template.with_context(citta_last_charge=last).send_mail(own.id)
            own.date_reminded = fields.Date.context_today(self)
            if last:
                own._forget_card(self.env._("The card failed %(count)s months in a row: the donor gets reminders again.", count=MOST_FAILURES))

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_charge(self, limit=500):
        """Charge the month of each pledge whose day has come. Claim, sending and gift are committed one after the other.

        :param int limit: how many in one run
        """
        crons = self.env["ir.cron"]
        self._tell_unknown()
        for pledge in self._find_due(limit):
            if not pledge._may_be_charged():
                pledge._forget_card(self.env._("The saved card cannot be charged: the donor gets reminders again."))
                continue
            charge = pledge._claim_month()
            crons._commit_progress(1)
            charge._citta_charge()
            crons._commit_progress()
            charge._post_process()
            if not crons._commit_progress():
                return

    @api.model
    def _find_due(self, limit):
        """Pledges with a card whose month is due and was not charged yet."""
        charged = self.env["payment.transaction"]._search([("citta_month", "=", self._get_month())]).select("citta_pledge_id")
        due = Domain("payment_token_id", "!=", False) & Domain("date_next", "<=", fields.Date.context_today(self))
        return self.search(due & Domain("id", "not in", charged), limit=limit, order="date_next, id")

    @api.model
    def _tell_unknown(self):
        """Show the treasurer the charges of which nothing was heard for a day: the provider's own page knows the outcome."""
        silent = self.env["payment.transaction"].search([
            ("citta_month", "!=", False), ("state", "=", "pending"), ("provider_reference", "=", False), ("citta_is_told", "=", False),
            ("create_date", "<", fields.Datetime.now() - timedelta(days=1)),
        ])
        for charge in silent:
            pledge = charge.citta_pledge_id
            pledge.activity_schedule(
                "mail.mail_activity_data_todo", user_id=pledge.company_id._citta_get_treasurer().id or pledge.create_uid.id,
                note=self.env._("Nothing was heard of the charge %(reference)s: look it up on the provider's page, it is not sent again.", reference=charge.reference),
            )
        silent.citta_is_told = True

    # -- tools ---------------------------------------------------------------

    @api.model
    def _get_month(self):
        return fields.Date.context_today(self).replace(day=1)
