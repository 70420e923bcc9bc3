from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

# Whoever has never paid is asked so many months: somebody else may have typed the address.
MOST_UNPAID = 3


class PledgeRecurring(models.AbstractModel):
    """A pledge of every month: one reference for all of them, as a standing order needs it, until the donor stops it."""

    _name = "citta.pledge.recurring"
    _description = "Monthly pledge"

    recurrence = fields.Selection([("once", "Once"), ("monthly", "Every month")], required=True, default="once")
    instalments = fields.Integer("Months asked for", default=1, readonly=True, copy=False)
    date_next = fields.Date("Next on", compute="_compute_date_next", store=True, copy=False)
    date_stopped = fields.Date("Stopped on", readonly=True, copy=False)
    date_reminded = fields.Date("Reminded on", readonly=True, copy=False)

    _instalments_positive = models.Constraint("CHECK (instalments >= 1)", "A pledge asks at least once.")
    _next_idx = models.Index("(date_next) WHERE date_next IS NOT NULL")

    @api.depends("recurrence", "instalments", "date", "date_stopped", "is_cancelled", "fund_id.active")
    def _compute_date_next(self):
        for pledge in self:
            ended = pledge.date_stopped or pledge.is_cancelled or not pledge.fund_id.active
            runs = pledge.recurrence == "monthly" and pledge.date and not ended
            # counted from the first day, so that the 31st comes back after February
            pledge.date_next = runs and pledge.date + relativedelta(months=pledge.instalments)

    # -- actions -------------------------------------------------------------

    def action_stop(self):
        """No more months are asked for; what came in stays."""
        self.check_access("write")
        self._stop()
        return True

    def action_remind(self):
        """Send the reminder now."""
        self.check_access("write")
        for pledge in self:
            pledge._remind()
        return True

    # -- business ------------------------------------------------------------

    def _stop(self):
        """Stop monthly pledges; others stay as they are. The caller has checked that the donor or an officer asks for it."""
        # sudo: donors may not write pledges; this is the one thing of theirs that they may end
        for pledge in self.sudo().filtered("date_next"):
            pledge.date_stopped = fields.Date.context_today(self)
            pledge.message_post(body=self.env._("The monthly gift was stopped."))

    def _ask_next_or_end(self):
        """Ask for the next month; who was asked several times and has never paid is left in peace."""
        if self.instalments <= MOST_UNPAID or self.donation_ids:
            self._ask_next()
            return
        self._stop()
        # sudo: as for stopping itself; the job says why
        self.sudo().message_post(body=self.env._("Nothing has come in for %(count)s months: the donor is not asked any more.", count=MOST_UNPAID))

    def _ask_next(self):
        """Expect one month more and write to the donor, in one transaction: neither comes twice."""
        # sudo: how many months were asked for is written by this step alone
        pledge = self.sudo()
        pledge.instalments += 1
        pledge._remind()

    def _remind(self):
        """Queue the reminder to a donor with an address."""
        self.ensure_one()
        # sudo: templates and outgoing mail are no business of the officer's rights
        pledge = self.sudo()
        pledge.date_reminded = fields.Date.context_today(self)
        if pledge.partner_id.email:
            pledge.env.ref("citta_fund.mail_template_reminder").send_mail(pledge.id)

    # -- crons ---------------------------------------------------------------

    @api.model
    def _cron_remind(self, limit=500):
        """Ask for the next month of monthly pledges without a card, and remind once of others that are late; each is committed by itself.

        :param int limit: how many of each in one run
        """
        today = fields.Date.context_today(self)
        for pledge in self.search([("date_next", "<=", today), ("payment_token_id", "=", False)], limit=limit):
            pledge._ask_next_or_end()
            self.env["ir.cron"]._commit_progress(1)
        late = [
            ("recurrence", "=", "once"), ("state", "in", ("open", "partial")), ("date_due", "<", today), ("date_reminded", "=", False),
            ("fund_id.remind_late", "=", True), ("fund_id.active", "=", True),
        ]
        for pledge in self.search(late, limit=limit):
            pledge._remind()
            self.env["ir.cron"]._commit_progress(1)

    # -- tools ---------------------------------------------------------------

    def _get_amount_due(self):
        """All that was asked for so far."""
        return self.amount * self.instalments

    def _get_expected(self):
        """What the next transfer should bring: a month of a monthly pledge, else all that is open."""
        return self.amount if self.recurrence == "monthly" else self.amount_open or self.amount

    def _is_expected(self):
        """Whether money is still to come."""
        return bool(self.state in ("open", "partial") or self.date_next)
