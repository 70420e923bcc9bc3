from odoo import fields, models


class CrmTeam(models.Model):
    """A sales team is a pipeline of the programme when it says which one."""

    _inherit = "crm.team"

    citta_pipeline = fields.Selection([("intake", "Intake")], "Programme pipeline", index="btree_not_null")
