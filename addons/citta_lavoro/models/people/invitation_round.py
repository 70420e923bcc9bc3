from datetime import time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ...tools.slots import to_utc
from ..common.ir_cron import ZONE

AGAIN_DAYS = 7
MIDNIGHT = time()


class InvitationRound(models.AbstractModel):
    """The daily round over invitations: remind, ask once more, give up."""

    _name = "citta.invitation.round"
    _description = "Daily round over invitations"

    date_reminded = fields.Datetime("Reminded of", readonly=True, copy=False)

    @api.model
    def _cron_invitations(self):
        """Call off what nobody may be invited to any more, remind of tomorrow's meetings, ask once more, give up."""
        today = self._get_today()
        self._call_off()
        self._remind(today)
        self._send_again(today)
        self._give_up(today)

    @api.model
    def _call_off(self):
        """A consent that was withdrawn, a case that was closed: no letter goes out, the place is free."""
        waiting = self.search([("state", "in", ("sent", "booked"))])
        over = waiting.filtered(lambda item: item._get_record()._get_invitation_obstacle())
        over.with_context(citta_silent=True)._workflow_move("cancel")
        return over

    @api.model
    def _remind(self, today):
        """The day before, once for each time that was chosen."""
        begin, end = (to_utc(today + timedelta(days=days), MIDNIGHT, ZONE) for days in (1, 2))
        near = self.search([("state", "=", "booked"), ("date_meeting", ">=", begin), ("date_meeting", "<", end)])
        near = near.filtered(lambda item: item.date_reminded != item.date_meeting)
        for item in near:
            item.date_reminded = item.date_meeting
            item._deliver("reminder")
        return near

    @api.model
    def _send_again(self, today):
        """A second time after a week without answer; a letter is left to the operator."""
        silent = self.search([
            ("state", "=", "sent"), ("sendings", "=", 1), ("date_sent", "<=", today - relativedelta(days=AGAIN_DAYS)), ("date_expiry", ">=", today),
        ])
        for item in silent:
            item.sendings = 2
            if item.channel == "letter":
                item._ask_operator(self.env._("Call, or send the letter again: no answer to the invitation"))
            else:
                item._deliver("invitation")
        return silent

    @api.model
    def _give_up(self, today):
        lost = self.search([("state", "=", "sent"), ("date_expiry", "<", today)])
        lost._workflow_move("expire")
        return lost
