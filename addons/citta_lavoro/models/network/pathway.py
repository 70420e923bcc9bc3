from odoo import fields, models

from .application import OPEN_STATES


class Pathway(models.Model):
    """The applications of the person belong to the pathway's story."""

    _inherit = "citta.pathway"

    application_ids = fields.One2many("citta.application", "pathway_id", "Applications")

    def _get_open_obligations(self):
        """An application under way is something the person waits for."""
        waiting = self.application_ids.filtered(lambda application: application.state in OPEN_STATES)
        return super()._get_open_obligations() + waiting.opportunity_id.mapped("name")

    def _drop_obligations(self, reason):
        """With the pathway's end its applications are withdrawn."""
        super()._drop_obligations(reason)
        waiting = self.application_ids.filtered(lambda application: application.state in OPEN_STATES)
        waiting._workflow_move("withdraw", reason)
