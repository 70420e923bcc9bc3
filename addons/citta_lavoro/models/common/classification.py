from odoo import api, fields, models
from odoo.exceptions import ValidationError

SCHEMES = [
    ("cp2021", "CP2021 (occupations, ISTAT)"),
    ("isco08", "ISCO-08 (occupations, ILO)"),
    ("esco", "ESCO (occupations and skills, EU)"),
    ("ateco2025", "ATECO 2025 (economic activities)"),
]
LONGEST_CODE = 16


class Classification(models.Model):
    """One entry of an official classification: an occupation, a skill, an economic sector."""

    _name = "citta.classification"
    _description = "Classification"
    _order = "scheme, code, id"
    _rec_names_search = ["code", "name"]
    _parent_store = True

    scheme = fields.Selection(SCHEMES, required=True)
    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "citta.classification", "Parent", index="btree_not_null", ondelete="restrict", domain="[('scheme', '=', scheme)]"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("citta.classification", "parent_id", "Children")
    uri = fields.Char("Web address", help="The entry's permanent address in linked data, where the scheme has one.")
    crosswalk_ids = fields.Many2many(
        "citta.classification", "citta_classification_crosswalk_rel", "entry_id", "target_id", "Corresponds to", copy=False,
        domain="[('scheme', '!=', scheme)]", help="The same in another scheme.",
    )
    crosswalk_from_ids = fields.Many2many(
        "citta.classification", "citta_classification_crosswalk_rel", "target_id", "entry_id", "Named by", readonly=True, copy=False,
    )

    _code_uniq = models.UniqueIndex("(scheme, code)", "This scheme has that code already.")

    @api.depends("code", "name")
    def _compute_display_name(self):
        """A code that people know by heart stands before the name; a machine's key does not."""
        for entry in self:
            entry.display_name = f"{entry.code} {entry.name}" if entry.code and len(entry.code) <= LONGEST_CODE else entry.name

    @api.constrains("parent_id", "scheme")
    def _check_parent_scheme(self):
        for entry in self:
            if entry.parent_id and entry.parent_id.scheme != entry.scheme:
                raise ValidationError(self.env._("The parent belongs to another scheme."))

    @api.constrains("crosswalk_ids", "scheme")
    def _check_crosswalk(self):
        for entry in self:
            if entry.scheme in (entry.crosswalk_ids | entry.crosswalk_from_ids).mapped("scheme"):
                raise ValidationError(self.env._("“%(entry)s” corresponds to an entry of another scheme, not of its own.", entry=entry.name))

    def _check_scheme(self, schemes):
        """Whether these entries say what a field is for: an occupation is no economic sector.

        :param schemes: codes of ``SCHEMES`` that fit
        :raise ValidationError: an entry belongs to another scheme
        """
        for entry in self:
            if entry.scheme not in schemes:
                raise ValidationError(self.env._("“%(entry)s” belongs to a scheme that does not fit here.", entry=entry.display_name))
