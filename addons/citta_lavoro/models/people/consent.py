from odoo import models

TODO = "mail.mail_activity_data_todo"


class Consent(models.Model):
    """Whom no letter reaches is asked by who follows the person."""

    _inherit = "citta.consent"

    def _ask_in_person(self):
        """Put it on the list of the referent, or of whoever has taken the first contact on."""
        super()._ask_in_person()
        for consent in self:
            # sudo: the daily round acts for nobody in particular
            pathways_sudo = self.env["citta.pathway"].sudo().search([("partner_id", "=", consent.partner_id.id or 0), ("state", "!=", "closed")])
            answers = [(one, one._get_keeper()) for one in pathways_sudo] or [(consent.lead_id, consent.lead_id.user_id)]
            for record, user in answers:
                if user:
                    record.activity_schedule(
                        TODO, date_deadline=consent.date_expiry, user_id=user.id,
                        summary=self.env._("Ask whether the consent still holds: %s", consent.purpose_id.name),
                    )
