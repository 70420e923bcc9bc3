from odoo import fields, models


class CrmTeam(models.Model):
    """The pipeline of ideas: from the first page to a venture that has started."""

    _inherit = "crm.team"

    citta_pipeline = fields.Selection(selection_add=[("incubator", "Incubator")], ondelete={"incubator": "set null"})
