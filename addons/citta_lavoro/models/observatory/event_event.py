from odoo import api, fields, models

SCOPE_FIELDS = {"citta_territory_id", "citta_city_id", "citta_programme_id", "citta_observatory_id", "citta_kind"}


class EventEvent(models.Model):
    """An event of the programme says of which kind it is, where it belongs and who may see it."""

    _inherit = "event.event"

    citta_kind = fields.Selection(
        [("observatory", "Observatory meeting")], "Kind", index="btree_not_null",
        help="Empty: an event that is none of the programme.",
    )
    citta_programme_id = fields.Many2one("citta.programme", "Programme", index="btree_not_null", ondelete="restrict")
    citta_city_id = fields.Many2one("res.city", "Municipality", index="btree_not_null", ondelete="restrict")
    citta_territory_id = fields.Many2one(
        "citta.territory", "Territory", compute="_compute_citta_territory_id", store=True, readonly=False,
        precompute=True, index="btree_not_null", ondelete="restrict",
    )
    citta_observatory_id = fields.Many2one(
        "citta.observatory", "Observatory", index="btree_not_null", ondelete="restrict"
    )
    citta_minutes = fields.Html("Minutes", help="What was said and decided. No names of persons who are followed.")

    _citta_kind_has_territory = models.Constraint(
        "CHECK (citta_kind IS NULL OR citta_territory_id IS NOT NULL)",
        "An event of the programme needs a programme or a municipality: it decides who may see it.",
    )

    @api.depends("citta_city_id", "citta_programme_id", "citta_observatory_id")
    def _compute_citta_territory_id(self):
        for event in self:
            event.citta_territory_id = (
                event.citta_observatory_id.territory_id
                or event.citta_city_id.citta_territory_id
                or event.citta_programme_id.territory_id
                or event.citta_territory_id
            )

    def write(self, vals):
        """An event is not moved out of the territories of who writes it: Odoo's rules look only at where it was.

        :raise AccessError: the new place is outside the user's scope
        """
        result = super().write(vals)
        if SCOPE_FIELDS & vals.keys():
            self.check_access("write")
        return result
