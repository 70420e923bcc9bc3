from odoo import models
from odoo.exceptions import UserError


class PrivacyLookupWizard(models.TransientModel):
    """Odoo's look-up by name and e-mail, together with what our register knows, and with the erasure."""

    _inherit = "privacy.lookup.wizard"

    def action_lookup(self):
        """Look up as Odoo does, and add the records that carry neither name nor e-mail."""
        action = super().action_lookup()
        found = self.env["citta.privacy.registry"]._find(self._get_citta_partners(), self._get_citta_leads())
        known = {(line.res_model, line.res_id) for line in self.line_ids}
        # sudo: only numbers of models come out
        numbers = self.env["ir.model"].sudo()
        self.env["privacy.lookup.wizard.line"].create([
            {"wizard_id": self.id, "res_model_id": numbers._get_id(name), "res_id": number, "is_active": True}
            for name, records in found.items() for number in records.ids if (name, number) not in known
        ])
        return action

    def action_citta_erase(self):
        """Prepare the erasure of the person that was looked up; only the privacy officer carries it out.

        :return: the erasure's form
        :raise UserError: nobody, or more than one person, has this e-mail
        """
        partners, leads = self._get_citta_partners(), self._get_citta_leads()
        if len(partners | leads.partner_id) > 1 or (not partners and len(leads) != 1):
            raise UserError(self.env._("This e-mail is of nobody, or of more than one: open the person and erase from there."))
        values = {"partner_id": partners.id} if partners else {"lead_id": leads.id}
        # sudo: whoever may use Odoo's look-up may prepare an erasure
        return self.env["citta.privacy.erasure"].sudo().create(values)._get_records_action()

    def _get_citta_partners(self):
        # sudo: the officer of privacy looks for persons wherever they are
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        return partners.search([("email_normalized", "=", (self.email or "").strip().lower()), ("is_company", "=", False)])

    def _get_citta_leads(self):
        # sudo: as above
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        return leads.search([("email_normalized", "=", (self.email or "").strip().lower()), ("partner_id", "=", False)])
