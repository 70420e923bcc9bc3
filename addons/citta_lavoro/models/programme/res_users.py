from odoo import fields, models


class ResUsers(models.Model):
    """Bodies and territories of a user: together they are what record rules compare with."""

    _inherit = "res.users"

    citta_body_ids = fields.Many2many(
        "res.partner", "citta_body_users_rel", "user_id", "partner_id", "Bodies",
        domain="[('citta_body_kind', '!=', False)]",
        help="The partner bodies this user works for.",
    )
    citta_territory_ids = fields.Many2many(
        "citta.territory", "citta_territory_users_rel", "user_id", "territory_id", "Territories",
    )

    def _get_invalidation_fields(self):
        """Record rules are cached per user: a change of scope must empty that cache."""
        return super()._get_invalidation_fields() | {"citta_body_ids", "citta_territory_ids"}
