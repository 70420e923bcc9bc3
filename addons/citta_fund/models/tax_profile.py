from odoo import fields, models

LEGAL_FORMS = [
    ("odv", "Voluntary organisation (ODV)"),
    ("aps", "Social promotion association (APS)"),
    ("foundation", "Foundation"),
    ("social_enterprise", "Social enterprise"),
    ("social_cooperative", "Social cooperative"),
    ("ets", "Other third-sector body"),
    ("public", "Public body"),
    ("other", "Other"),
]


class TaxProfile(models.Model):
    """What an issuer was for the tax law in a span of time: the status changes, receipts of the past do not.

    Art. 83 D.Lgs 117/2017 gives the donor a benefit only where the receiver is one of the bodies it names.
    """

    _name = "citta.tax.profile"
    _description = "Tax profile"
    _inherit = ["citta.label.mixin"]
    _order = "company_id, valid_from desc"
    _rec_name = "legal_form"

    company_id = fields.Many2one("res.company", "Issuer", required=True, index=True, ondelete="restrict", default=lambda self: self.env.company)
    legal_form = fields.Selection(LEGAL_FORMS, required=True)
    runts_number = fields.Char("RUNTS number", help="Number in the national register of third-sector bodies.")
    runts_section = fields.Char("RUNTS section")
    runts_date = fields.Date("Registered on")
    valid_from = fields.Date(required=True)
    valid_to = fields.Date()
    may_issue = fields.Boolean("Art. 83 benefit", help="Receipts of this time may refer to art. 83 D.Lgs 117/2017.")
    footer = fields.Text(translate=True, help="Printed below every receipt, for instance about stamp duty.")

    _dates_in_order = models.Constraint("CHECK (valid_to IS NULL OR valid_to >= valid_from)", "A profile ends before it starts.")
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(company_id, company_id, '[]') WITH &&, daterange(valid_from, valid_to, '[]') WITH &&)",
        "Two tax profiles of an issuer overlap.",
    )

    def _get_at(self, company, date):
        """The profile of an issuer on a day, maybe empty.

        :param company: res.company record
        :param date: the day of the payment
        """
        date = fields.Date.to_date(date)
        return company.with_env(self.env).citta_tax_profile_ids.filtered(
            lambda profile: profile.valid_from <= date and (not profile.valid_to or profile.valid_to >= date)
        )[:1]

    def _get_register_text(self):
        """Legal form and register data as they are printed, in the language of the context."""
        form = dict(self._fields["legal_form"]._description_selection(self.env)).get(self.legal_form, "")
        number = self.runts_number and self.env._("RUNTS no. %(number)s", number=self.runts_number)
        section = self.runts_section and self.env._("section %(section)s", section=self.runts_section)
        return ", ".join(part for part in (form, number, section) if part)
