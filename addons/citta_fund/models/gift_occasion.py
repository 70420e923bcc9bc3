from odoo import api, fields, models

TRIBUTES = [
    ("memory", "In memory of"),
    ("honour", "In honour of"),
    ("occasion", "On the occasion of"),
]


class GiftOccasion(models.AbstractModel):
    """What brought a gift about: a campaign, as Odoo's links and cookies tell it, and the person or day it is dedicated to."""

    _name = "citta.gift.occasion"
    _description = "Occasion of a gift"
    _inherit = ["utm.mixin"]

    tribute = fields.Selection(TRIBUTES, "Dedication")
    tribute_name = fields.Char("Dedicated to", size=80, help="Whom or what the gift is dedicated to.")
    tribute_public = fields.Boolean("Dedication may be shown", help="The donor wants it on the public page of the fund.")
    tribute_approved = fields.Boolean("Dedication read over", copy=False, help="Only then it stands on the public page: anybody may have written it.")

    _tribute_is_whole = models.Constraint(
        "CHECK ((tribute IS NULL) = (coalesce(tribute_name, '') = ''))", "A dedication says how and to whom; without one both stay empty."
    )

    @api.model
    def _get_occasion_fields(self):
        """What a gift takes over from its pledge.

        :return: names of fields
        """
        return ["tribute", "tribute_name", "tribute_public", "tribute_approved", "campaign_id", "source_id", "medium_id"]

    def _get_tribute_text(self):
        """The dedication in words, in the language of the context; an empty string where there is none."""
        if not self.tribute:
            return ""
        return f"{dict(self._fields['tribute']._description_selection(self.env))[self.tribute]} {self.tribute_name}"

    def _prepare_occasion_vals(self):
        """The values of the occasion, as another record takes them over."""
        return {name: self[name].id if self._fields[name].type == "many2one" else self[name] for name in self._get_occasion_fields()}
