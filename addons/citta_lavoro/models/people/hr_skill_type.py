from odoo import fields, models


class HrSkillType(models.Model):
    """What a kind of skills is for a curriculum: languages, licences and digital skills have places of their own there."""

    _inherit = "hr.skill.type"

    citta_kind = fields.Selection(
        [("language", "Languages"), ("driving", "Driving licences"), ("digital", "Digital skills")], "On the curriculum as",
        help="Empty: skills of a trade.",
    )
