from odoo import api, fields, models
from odoo.exceptions import AccessError


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

    def _citta_check_write(self, vals):
        """Name, seat and fiscal code of the issuer are printed on receipts: who keeps donors leaves its contact alone.

        :raise AccessError: it would change
        """
        super()._citta_check_write(vals)
        if self.env.su or self.env.user.has_group("base.group_partner_manager"):
            return
        # sudo: whose contact it is decides, nothing of it is shown
        if self.env["res.company"].sudo().search_count([("partner_id", "in", self.ids)], limit=1):
            raise AccessError(self.env._("This is the contact of the body itself, whose data stand on receipts: its administrator keeps it."))
