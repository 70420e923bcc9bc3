from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

OPEN_STATES = ("received", "verified")
REMIND_DAYS = 7


class PrivacyRequestTerm(models.AbstractModel):
    """The term of a request: prolonged once with a reason, on the list of whoever answers, reminded of before it ends."""

    _name = "citta.privacy.request.term"
    _description = "Term of a request about personal data"

    # -- actions -------------------------------------------------------------

    def action_extend(self):
        """Take two months more, once; the person is told why (GDPR art. 12(3)).

        :raise UserError: no reason, the first month is over, or extended already
        """
        today = fields.Date.context_today(self)
        for request in self:
            if request.state not in OPEN_STATES or request.date_extended or request.date_due < today:
                raise UserError(self.env._("More time can be taken once, within the first month, while the request is open."))
            if not (request.extension_reason or "").strip():
                raise UserError(self.env._("Say why more time is needed: the person is told."))
            # sudo: the fact is this action's alone to write, after its checks
            request.sudo().write({"date_extended": today, "date_reminded": False})
            request._reschedule()
            request._send("citta_lavoro.mail_template_request_extended")
        return True

    # -- business ------------------------------------------------------------

    def _reschedule(self):
        """Put the answer on the list of whoever gives it now, by the day that holds now."""
        for request in self:
            # sudo: the task may be another officer's
            request.sudo().activity_unlink(["mail.mail_activity_data_todo"])
            request._schedule()

    def _schedule(self):
        if self.officer_id and self.state in OPEN_STATES:
            self.activity_schedule(
                "mail.mail_activity_data_todo", date_deadline=self.date_due - relativedelta(days=REMIND_DAYS),
                user_id=self.officer_id.id, summary=self.env._("Answer the request about personal data"),
            )

    # -- crons -----------------------------------------------------------------

    @api.model
    def _remind(self, today):
        near = self.search([("state", "in", OPEN_STATES), ("date_reminded", "=", False), ("date_due", "<=", today + relativedelta(days=REMIND_DAYS))])
        template = self.env.ref("citta_lavoro.mail_template_request_due")
        told = near.filtered("officer_id")
        for request in told:
            template.send_mail(request.id, email_values={"email_to": request.officer_id.email})
        told.date_reminded = today
        return near
