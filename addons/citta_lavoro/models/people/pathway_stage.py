from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class PathwayStage(models.Model):
    """A column of the pathway board, of all programmes or of some. The exit column follows the state: nobody is dropped into it by hand."""

    _name = "citta.pathway.stage"
    _description = "Pathway stage"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    fold = fields.Boolean("Folded", help="Shown closed on the board.")
    is_exit = fields.Boolean("Exit", help="Closed pathways stand here, and only they.")
    programme_ids = fields.Many2many(
        "citta.programme", "citta_pathway_stage_programme_rel", "stage_id", "programme_id", "Programmes", help="Empty: for all.",
    )
    is_for_all = fields.Boolean("For all programmes", compute="_compute_is_for_all", store=True)

    _one_exit = models.UniqueIndex("(is_exit) WHERE is_exit", "There is an exit stage already.")

    @api.depends("programme_ids")
    def _compute_is_for_all(self):
        for stage in self:
            stage.is_for_all = not stage.programme_ids

    @api.constrains("programme_ids", "is_exit")
    def _check_programmes(self):
        """One exit serves all, and nobody stands in a stage of another programme."""
        for stage in self.filtered("programme_ids"):
            if stage.is_exit:
                raise ValidationError(self.env._("The exit is for all programmes."))
            # sudo: every pathway counts, also out of the user's scope
            elsewhere = self.env["citta.pathway"].sudo().search_count(
                [("stage_id", "=", stage.id), ("programme_id", "not in", stage.programme_ids.ids)], limit=1
            )
            if elsewhere:
                raise ValidationError(self.env._(
                    "Pathways of another programme stand in “%(stage)s”: move them to another stage first.", stage=stage.name
                ))

    @api.model
    def _get_domain_for(self, programmes):
        """The stages in which pathways of any of these programmes may stand.

        :param programmes: none: only stages for all
        """
        every = Domain("is_for_all", "=", True)
        return every | Domain("programme_ids", "in", programmes.ids) if programmes else every

    def _is_for(self, programme):
        """Whether pathways of this programme may stand here."""
        return self.is_for_all or programme in self.programme_ids
