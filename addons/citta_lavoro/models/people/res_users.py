from odoo import fields, models


class ResUsers(models.Model):
    """The cases in whose team a user is: record rules compare with these lists, as with bodies and territories."""

    _inherit = "res.users"

    citta_case_ids = fields.Many2many("citta.pathway", string="Cases of others", compute="_compute_citta_cases", compute_sudo=True)
    citta_case_partner_ids = fields.Many2many(
        "res.partner", string="Persons of these cases", compute="_compute_citta_cases", compute_sudo=True
    )

    def _compute_citta_cases(self):
        members = self.env["citta.case.member"]
        for user in self:
            current = members.search_fetch([("user_id", "=", user.id), ("state", "=", "current")], ["pathway_id", "partner_id"])
            user.citta_case_ids, user.citta_case_partner_ids = current.pathway_id, current.partner_id
