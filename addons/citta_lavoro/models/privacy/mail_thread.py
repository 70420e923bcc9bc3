from odoo import models


class MailThread(models.AbstractModel):
    """What is written beside a person's record reaches whoever may read it today: core writes to everybody who ever followed it."""

    _inherit = "mail.thread"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Leave out colleagues for whom the record is out of sight by now: the person went to another body, or they left the team."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if not self.ids or self._name not in self.env["citta.privacy.registry"]._get_held_models():
            return recipients
        return [one for one in recipients if not one["uid"] or one["ushare"] or self._citta_is_seen_by(one["uid"])]

    def _citta_is_seen_by(self, user_id):
        """Whether a user may read all of these records."""
        return self.with_user(user_id)._filtered_access("read") == self
