from odoo import fields, models


class CrmTeam(models.Model):
    """The pipeline in which firms and bodies ask to join the network."""

    _inherit = "crm.team"

    citta_pipeline = fields.Selection(selection_add=[("network", "Network")], ondelete={"network": "set null"})
