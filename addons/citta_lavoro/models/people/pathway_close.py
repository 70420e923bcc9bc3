from odoo import api, fields, models

from .pathway_exit import OUTCOMES


class PathwayClose(models.TransientModel):
    """Closing a pathway: the coded outcome, and a reason where something is still open."""

    _name = "citta.pathway.close"
    _description = "Close a pathway"
    _inherit = ["citta.reach.mixin"]

    pathway_id = fields.Many2one("citta.pathway", "Pathway", required=True, readonly=True, ondelete="cascade")
    outcome = fields.Selection(OUTCOMES, required=True)
    outcome_note = fields.Text("About the outcome")
    date_end = fields.Date("Closed on", required=True, default=fields.Date.context_today)
    obligations = fields.Text("Still open", compute="_compute_obligations")
    closing_reason = fields.Text("Close all the same, because")

    @api.depends("pathway_id")
    def _compute_obligations(self):
        for wizard in self:
            wizard.obligations = "\n".join(wizard.pathway_id._get_open_obligations()) if wizard.pathway_id else False

    def action_confirm(self):
        """Close the pathway with the outcome that was chosen.

        :return: the order to close the dialogue
        :raise UserError: something is open and no reason is given; the pathway is closed already
        """
        self.ensure_one()
        reason = (self.closing_reason or "").strip()
        moved = self.pathway_id.with_context(citta_workflow_transition="close", citta_workflow_reason=reason or None)
        moved.write({
            "state": "closed",
            "outcome": self.outcome,
            "outcome_note": self.outcome_note,
            "date_end": self.date_end,
            "closing_reason": reason,
        })
        return {"type": "ir.actions.act_window_close"}
