from odoo import api, models
from odoo.exceptions import UserError


class BankHand(models.AbstractModel):
    """Bank lines that are typed in, where the bank gives no file."""

    _name = "citta.bank.hand"
    _description = "Bank lines by hand"

    @api.model
    def default_get(self, fields):
        """The account of a fund; core would propose any bank journal of the company."""
        values = super().default_get(fields)
        if self.env.context.get("citta_by_hand"):
            journals = self.env["citta.fund"].search([("company_id", "=", self.env.company.id)]).bank_journal_id
            values["journal_id"] = journals[:1].id
        return values

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.context.get("citta_by_hand") and not all(vals.get("amount") for vals in vals_list):
            raise UserError(self.env._("Write how much came in, or with a minus how much went out."))
        return super().create(vals_list)

    # -- actions -------------------------------------------------------------

    def action_citta_hand_done(self):
        """The line is saved: show it among those that wait, or among what went out."""
        self.ensure_one()
        name = "account_bank_statement_line_action" if self.amount > 0 else "account_bank_statement_line_return_action"
        return {**self.env["ir.actions.act_window"]._for_xml_id(f"citta_fund.{name}"), "target": "main"}

    def action_citta_hand_again(self):
        """The line is saved: an empty form for the next one, of the same account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_fund.account_bank_statement_line_hand_action")
        return {**action, "context": {"citta_by_hand": True, "default_date": self.date}}
