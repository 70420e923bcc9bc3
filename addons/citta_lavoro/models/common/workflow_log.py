from odoo import api, fields, models


class WorkflowLog(models.Model):
    """One move of one record from one state to another: who, when, why. Written by the mixin only."""

    _name = "citta.workflow.log"
    _description = "Workflow log"
    _order = "id desc"
    _rec_name = "transition"

    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True, readonly=True)
    transition = fields.Char(required=True, readonly=True)
    from_state = fields.Char(required=True, readonly=True)
    to_state = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Who", required=True, readonly=True, default=lambda self: self.env.uid, ondelete="restrict"
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    reason = fields.Text(readonly=True)

    # in words, for whoever reads the log; the columns above are for machines
    from_label = fields.Char("From", compute="_compute_labels", compute_sudo=False)
    to_label = fields.Char("To", compute="_compute_labels", compute_sudo=False)

    _record_idx = models.Index("(res_model, res_id)")

    @api.depends("res_model", "from_state", "to_state")
    @api.depends_context("lang")
    def _compute_labels(self):
        for row in self:
            label = self.env[row.res_model]._workflow_label if row.res_model in self.env else str
            row.from_label, row.to_label = label(row.from_state), label(row.to_state)
