from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PersonSkill(models.Model):
    """One skill of a person: how far at the beginning, how far now, and what shows it."""

    _name = "citta.person.skill"
    _description = "Skill of a person"
    _inherit = ["citta.pathway.item"]
    _order = "pathway_id, skill_type_id, id"
    _rec_name = "skill_id"

    skill_id = fields.Many2one("hr.skill", "Skill", required=True, index=True, ondelete="restrict")
    # precomputed: the levels are checked against it while the record is made
    skill_type_id = fields.Many2one(related="skill_id.skill_type_id", string="Kind", store=True, precompute=True)
    skill_kind = fields.Selection(related="skill_id.skill_type_id.citta_kind", string="On the curriculum as", store=True, precompute=True, index="btree_not_null")
    is_native = fields.Boolean("Mother tongue")
    level_before_id = fields.Many2one(
        "hr.skill.level", "At the beginning", domain="[('skill_type_id', '=', skill_type_id)]", ondelete="restrict", index="btree_not_null"
    )
    level_id = fields.Many2one(
        "hr.skill.level", "Now", domain="[('skill_type_id', '=', skill_type_id)]", ondelete="restrict", index="btree_not_null"
    )
    progress = fields.Integer("Gain", compute="_compute_progress", store=True, help="Points of 100 since the beginning.", aggregator="avg")
    evidence = fields.Selection(
        [("told", "Told"), ("seen", "Seen at work"), ("document", "Document"), ("attestation", "Attestation")],
        required=True, default="told",
    )
    evidence_note = fields.Char("What shows it")
    date_valid = fields.Date("Valid until", help="For licences and certificates that expire.")
    is_expired = fields.Boolean("Expired", compute="_compute_is_expired")
    classification_id = fields.Many2one(
        "citta.classification", "Official code", domain="[('scheme', 'in', ('esco', 'cp2021', 'isco08'))]", ondelete="restrict",
        index="btree_not_null", compute="_compute_classification_id", store=True, readonly=False, precompute=True,
        help="The skill's own; another one may be said here.",
    )
    filled_by = fields.Selection(
        [("operator", "The operator"), ("person", "The person")], "Entered by", required=True, readonly=True, default="operator"
    )
    on_cv = fields.Boolean("On the CV", default=True)

    _skill_uniq = models.UniqueIndex("(pathway_id, skill_id)", "This skill stands in the pathway already.")

    @api.depends("level_before_id.level_progress", "level_id.level_progress")
    def _compute_progress(self):
        for skill in self:
            both = skill.level_before_id and skill.level_id
            skill.progress = skill.level_id.level_progress - skill.level_before_id.level_progress if both else 0

    @api.depends("skill_id")
    def _compute_classification_id(self):
        for skill in self:
            skill.classification_id = skill.skill_id.citta_classification_id

    @api.depends("date_valid")
    def _compute_is_expired(self):
        today = fields.Date.context_today(self)
        for skill in self:
            skill.is_expired = bool(skill.date_valid and skill.date_valid < today)

    @api.onchange("skill_id")
    def _onchange_skill_id(self):
        """Levels belong to a kind of skill: another kind has others."""
        if self.level_id.skill_type_id != self.skill_type_id:
            self.level_id = self.level_before_id = False

    @api.constrains("skill_id", "level_id", "level_before_id")
    def _check_levels(self):
        for skill in self:
            levels = skill.level_id | skill.level_before_id
            if levels.skill_type_id - skill.skill_id.skill_type_id:
                raise ValidationError(self.env._("This level is none of the skill “%(skill)s”.", skill=skill.skill_id.name))

    @api.constrains("is_native", "skill_kind")
    def _check_is_native(self):
        if strange := self.filtered(lambda one: one.is_native and one.skill_kind != "language")[:1]:
            raise ValidationError(self.env._("“%(skill)s” is no language: nobody has it as a mother tongue.", skill=strange.skill_id.name))

    @api.constrains("classification_id")
    def _check_classification(self):
        self.classification_id._check_scheme(("esco", "cp2021", "isco08"))

    @api.model_create_multi
    def create(self, vals_list):
        """Who entered it is a fact of the door through which it came."""
        return super().create(vals_list if self.env.su else [{**vals, "filled_by": "operator"} for vals in vals_list])

    def write(self, vals):
        """:raise UserError: who entered it, or whose it is, would change"""
        if not self.env.su and {"filled_by", "pathway_id"} & vals.keys():
            raise UserError(self.env._("Whose skill it is and who entered it are not changed."))
        return super().write(vals)
