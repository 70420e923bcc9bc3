from odoo import api, fields, models


class CanvasCompare(models.TransientModel):
    """Two versions of a person's canvas, side by side."""

    _name = "citta.canvas.compare"
    _description = "Compare two versions of a canvas"
    _inherit = ["citta.reach.mixin"]

    pathway_id = fields.Many2one("citta.pathway", "Pathway", required=True, readonly=True, ondelete="cascade")
    older_id = fields.Many2one(
        "citta.canvas", "Before", domain="[('pathway_id', '=', pathway_id)]", ondelete="cascade",
        compute="_compute_older_id", store=True, readonly=False, precompute=True,
    )
    newer_id = fields.Many2one(
        "citta.canvas", "After", required=True, domain="[('pathway_id', '=', pathway_id)]", ondelete="cascade"
    )
    table = fields.Html(compute="_compute_table", sanitize=False)

    @api.depends("newer_id")
    def _compute_older_id(self):
        for wizard in self:
            others = wizard.newer_id.pathway_id.canvas_ids - wizard.newer_id
            older = others.filtered(lambda one, new=wizard.newer_id: one.version < new.version)
            wizard.older_id = older[:1] or others[-1:]

    @api.depends("older_id", "newer_id")
    def _compute_table(self):
        for wizard in self:
            # an empty canvas would stand there by its technical name
            wizard.table = self.env["ir.qweb"]._render("citta_lavoro.canvas_compare_table", {
                "older": wizard.older_id, "newer": wizard.newer_id,
                "rows": wizard.newer_id._compare_with(wizard.older_id),
            }) if wizard.older_id else False
