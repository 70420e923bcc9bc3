from odoo import api, fields, models


class CrmLead(models.Model):
    """A first contact: who got in touch, through whom, from where. The case itself is a pathway."""

    _inherit = "crm.lead"

    citta_pipeline = fields.Selection(
        related="team_id.citta_pipeline", string="Programme pipeline", store=True, index="btree_not_null"
    )
    citta_programme_id = fields.Many2one("citta.programme", "Programme", index="btree_not_null", ondelete="restrict")
    citta_territory_id = fields.Many2one(
        "citta.territory", "Territory", compute="_compute_citta_territory_id", store=True, readonly=False,
        index="btree_not_null", ondelete="restrict",
    )
    citta_city_id = fields.Many2one("res.city", "Municipality", index="btree_not_null", ondelete="restrict")
    citta_body_id = fields.Many2one(
        "res.partner", "Followed by", index="btree_not_null", ondelete="restrict",
        help="The partner body in charge; empty: whoever of the territory takes it up first.",
    )

    @api.depends("citta_city_id", "citta_programme_id")
    def _compute_citta_territory_id(self):
        for lead in self:
            city_territory = lead.citta_city_id.citta_territory_id
            lead.citta_territory_id = (
                city_territory or lead.citta_programme_id.territory_id or lead.citta_territory_id
            )
