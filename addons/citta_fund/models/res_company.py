from odoo import fields, models


class ResCompany(models.Model):
    """The issuer of receipts: it owns a number range for each year, counted on a cold row of its own."""

    _name = "res.company"
    _inherit = ["res.company", "citta.claim.mixin"]

    citta_tax_profile_ids = fields.One2many("citta.tax.profile", "company_id", "Tax profiles")

    def _citta_take_receipts(self, year, count):
        """Take the next numbers of a year, without gaps: a rollback gives them back.

        :param int year: year of issue
        :param int count: how many
        :return: the first of them
        """
        self.ensure_one()
        return int(self._claim_move(f"receipt-{year}", count)[0]) - count + 1

    def _citta_get_treasurer(self):
        """Who is told what only a person can look into; maybe nobody.

        :return: res.users record
        """
        self.ensure_one()
        # sudo: who is a treasurer of the company is asked, nothing of it is shown
        treasurers = self.env.ref("citta_fund.group_citta_treasurer").sudo().all_user_ids
        return treasurers.filtered(lambda user: self in user.company_ids)[:1].with_env(self.env)
