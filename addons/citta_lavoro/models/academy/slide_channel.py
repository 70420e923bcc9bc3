from odoo import api, fields, models


class SlideChannel(models.Model):
    """An online course of the Academy: who offers it and which need it answers."""

    _inherit = "slide.channel"

    citta_provider_id = fields.Many2one(
        "res.partner", "Given by", index="btree_not_null", ondelete="restrict",
        domain="[('citta_body_kind', '!=', False)]",
    )
    citta_need_id = fields.Many2one("citta.need", "Answers the need", index="btree_not_null", ondelete="restrict")
    citta_programme_id = fields.Many2one("citta.programme", "Programme", index="btree_not_null", ondelete="restrict")
    citta_territory_id = fields.Many2one(
        "citta.territory", "Territory", compute="_compute_citta_territory_id", store=True, precompute=True,
        index="btree_not_null",
    )

    @api.depends("citta_programme_id")
    def _compute_citta_territory_id(self):
        for channel in self:
            channel.citta_territory_id = channel.citta_programme_id.territory_id
