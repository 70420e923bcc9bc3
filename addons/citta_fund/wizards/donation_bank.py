from odoo import api, fields, models
from odoo.exceptions import UserError


class DonationBank(models.TransientModel):
    """The bank line by which a gift came that somebody has recorded before, a cheque for instance."""

    _name = "citta.donation.bank"
    _description = "Bank line of a gift"
    _inherit = ["citta.reach.mixin"]

    donation_id = fields.Many2one("citta.donation", "Gift", required=True, readonly=True, ondelete="cascade")
    journal_id = fields.Many2one(related="donation_id.fund_id.bank_journal_id")
    currency_id = fields.Many2one(related="donation_id.currency_id", string="Currency")
    partner_id = fields.Many2one(related="donation_id.partner_id")
    amount = fields.Monetary(related="donation_id.amount")
    waiting_line_ids = fields.Many2many("account.bank.statement.line", string="Bank lines of this amount that wait", compute="_compute_waiting_line_ids")
    statement_line_id = fields.Many2one(
        "account.bank.statement.line", "Bank line", ondelete="cascade", compute="_compute_statement_line_id", store=True, readonly=False,
        domain="[('id', 'in', waiting_line_ids)]",
    )

    @api.depends("donation_id")
    def _compute_waiting_line_ids(self):
        for choice in self:
            choice.waiting_line_ids = self.env["account.bank.statement.line"].search([
                ("journal_id", "=", choice.journal_id.id), ("amount", "=", choice.amount), ("is_reconciled", "=", False),
            ])

    @api.depends("waiting_line_ids")
    def _compute_statement_line_id(self):
        """The line of this amount that waits, where there is but one."""
        for choice in self:
            choice.statement_line_id = choice.waiting_line_ids if len(choice.waiting_line_ids) == 1 else False

    # -- actions -------------------------------------------------------------

    def action_post(self):
        """Post the gift from the bank line. Treasurer only.

        :raise UserError: no line was chosen, or it does not fit the gift
        """
        self.ensure_one()
        if not self.statement_line_id:
            raise UserError(self.env._("No bank line of this amount waits: import the statement first."))
        self.donation_id._post_from_statement_line(self.statement_line_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
