from odoo import api, fields, models

from .posting_rule import TOO_MUCH


class DonationLine(models.Model):
    """The part of a gift that is meant for one initiative."""

    _name = "citta.donation.line"
    _description = "Part of a gift"
    _inherit = ["citta.amount.mixin"]
    _order = "donation_id, id"
    _rec_name = "fund_line_id"

    donation_id = fields.Many2one("citta.donation", "Gift", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="donation_id.company_id", store=True, index=True, precompute=True)
    fund_id = fields.Many2one(related="donation_id.fund_id")
    currency_id = fields.Many2one(related="donation_id.currency_id")
    fund_line_id = fields.Many2one(
        "citta.fund.line", "Initiative", required=True, index=True, ondelete="restrict", domain="[('fund_id', '=', fund_id)]"
    )
    amount = fields.Monetary(required=True)

    _amount_positive = models.Constraint(f"CHECK (amount > 0 AND amount < {TOO_MUCH})", "Each part of a gift has an amount above zero and below a billion.")

    @api.constrains("fund_line_id", "amount", "donation_id")
    def _check_parts(self):
        self.donation_id._check_parts()

    @api.model_create_multi
    def create(self, vals_list):
        donations = self.env["citta.donation"].browse({vals["donation_id"] for vals in vals_list if vals.get("donation_id")})
        donations._refuse_if_posted()
        return super().create(vals_list)

    def write(self, vals):
        """Parts of a recorded gift stay."""
        self.check_access("write")
        self.donation_id._refuse_if_posted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        self.donation_id._refuse_if_posted()
