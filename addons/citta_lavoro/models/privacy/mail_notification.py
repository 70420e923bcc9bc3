from odoo import api, fields, models


class MailNotification(models.Model):
    """Whom a message has reached: whatever is from, to or about a person is hidden by a rule, which asks this column."""

    _inherit = "mail.notification"

    citta_is_person = fields.Boolean("Of a person", compute="_compute_citta_is_person", compute_sudo=True, store=True, precompute=True)

    @api.depends("res_partner_id.citta_is_person", "author_id.citta_is_person", "mail_message_id")
    def _compute_citta_is_person(self):
        """A message is called after the record that it is about."""
        held = self.env["citta.privacy.registry"]._get_held_models()
        for notification in self:
            persons = notification.res_partner_id | notification.author_id
            notification.citta_is_person = any(persons.mapped("citta_is_person")) or notification.mail_message_id.model in held
