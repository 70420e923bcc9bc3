from odoo import fields, models
from odoo.exceptions import UserError


class PlanApply(models.TransientModel):
    """Choosing a template for a pathway's plan."""

    _name = "citta.plan.apply"
    _description = "Use a plan template"
    _inherit = ["citta.reach.mixin"]

    pathway_id = fields.Many2one("citta.pathway", "Pathway", required=True, readonly=True, ondelete="cascade")
    programme_id = fields.Many2one(related="pathway_id.programme_id")
    template_id = fields.Many2one(
        "citta.plan.template", "Template", required=True, ondelete="cascade",
        domain="['|', ('programme_id', '=', False), ('programme_id', '=', programme_id)]",
    )
    date_start = fields.Date("Terms counted from", required=True, default=fields.Date.context_today)
    line_ids = fields.One2many(related="template_id.line_ids")

    def action_apply(self):
        """Put the template's goals and actions into the plan.

        :return: the order to close the dialogue
        :raise UserError: everything stands in the plan already, or the template is another programme's
        """
        self.ensure_one()
        if self.template_id.programme_id not in (self.programme_id, self.programme_id.browse()):
            raise UserError(self.env._("This template belongs to another programme."))
        if not self.template_id._apply(self.pathway_id, self.date_start):
            raise UserError(self.env._("All of this template stands in the plan already."))
        return {"type": "ir.actions.act_window_close"}
