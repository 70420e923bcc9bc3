from odoo import api, fields, models


class CohortJoin(models.TransientModel):
    """Many people put into an edition at a time."""

    _name = "citta.cohort.join"
    _description = "People for an edition"
    _inherit = ["citta.chosen.mixin", "citta.reach.mixin"]

    pathway_ids = fields.Many2many("citta.pathway", string="Pathways", default=lambda self: self._default_chosen("citta.pathway"))
    programme_id = fields.Many2one("citta.programme", compute="_compute_programme_id")
    cohort_id = fields.Many2one("citta.cohort", "Edition", required=True, ondelete="cascade", domain="[('programme_id', '=', programme_id)]")

    @api.depends("pathway_ids")
    def _compute_programme_id(self):
        for wizard in self:
            wizard.programme_id = wizard.pathway_ids.programme_id[:1]

    def action_confirm(self):
        """Put all of them into the edition; who is in another one changes over.

        :return: the edition's pathways
        :raise UserError: nobody is chosen, or there are too few places; nobody is put in then
        """
        self.ensure_one()
        self._check_chosen(self.pathway_ids)
        self.pathway_ids.cohort_id = self.cohort_id
        return self.cohort_id.action_open_pathways()
