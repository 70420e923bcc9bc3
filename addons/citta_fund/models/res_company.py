from odoo import fields, models


class ResCompany(models.Model):
    """The issuer of receipts: it owns a number range for each year, counted on a cold row of its own."""

    _name = "res.company"
    _inherit = ["res.company", "citta.claim.mixin"]

    citta_tax_profile_ids = fields.One2many("citta.tax.profile", "company_id", "Tax profiles")

    def _citta_next_receipt(self, year):
        """The next number of a year, without gaps: a rollback gives it back.

        :param int year: year of issue
        """
        self.ensure_one()
        return self._claim_next(f"receipt-{year}")
