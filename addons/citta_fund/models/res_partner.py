from odoo import api, fields, models


class ResPartner(models.Model):
    """Donors are contacts; the fund's officers keep those who are no persons of the programme."""

    _inherit = "res.partner"

    citta_fiscal_code = fields.Char(
        "Fiscal code",
        groups="citta_lavoro.group_citta_operator,citta_lavoro.group_citta_privacy_officer,base.group_partner_manager,"
        "citta_fund.group_citta_fund_officer,citta_fund.group_citta_fund_auditor",
    )

    @api.model
    def _get_contact_editor_groups(self):
        """Officers of the fund record donors.

        :return: comma-separated external ids
        """
        return f"{super()._get_contact_editor_groups()},citta_fund.group_citta_fund_officer"
