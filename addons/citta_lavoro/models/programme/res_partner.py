from odoo import fields, models

BODY_KINDS = [
    ("municipality", "Municipality"),
    ("social_cooperative", "Social cooperative"),
    ("consortium", "Consortium"),
    ("foundation", "Foundation"),
    ("public_service", "Public service"),
    ("third_sector", "Third-sector body"),
    ("training", "Training body"),
    ("trade_association", "Trade association"),
    ("company", "Company"),
    ("artisan", "Artisan"),
    ("antenna", "Community antenna"),
]


class ResPartner(models.Model):
    """Bodies get a kind; persons of the programme get a scope, so that only their own body sees them."""

    _inherit = "res.partner"

    citta_body_kind = fields.Selection(BODY_KINDS, "Kind of body", index="btree_not_null")
    citta_is_person = fields.Boolean(
        "Person of the programme", default=False, copy=False, groups="base.group_user",
        help="Hidden from everybody who does not work for the body that follows this person.",
    )
    citta_body_id = fields.Many2one(
        "res.partner", "Followed by", index="btree_not_null", ondelete="restrict", copy=False, groups="base.group_user",
    )
    citta_territory_id = fields.Many2one(
        "citta.territory", "Territory", index="btree_not_null", ondelete="restrict", copy=False, groups="base.group_user",
    )
