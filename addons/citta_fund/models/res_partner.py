from odoo import api, models


class ResPartner(models.Model):
    """Donors are contacts; the fund's officers keep those who are no persons of the programme."""

    _inherit = "res.partner"

    @api.model
    def _get_contact_editor_groups(self):
        """Officers of the fund record donors.

        :return: comma-separated external ids
        """
        return f"{super()._get_contact_editor_groups()},citta_fund.group_citta_fund_officer"
