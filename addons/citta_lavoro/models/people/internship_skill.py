from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

PLAN = {"internship_id", "skill_id", "level_target_id", "pathway_id"}


class InternshipSkill(models.Model):
    """A competence to be learned in an internship, and how far the host's tutor says it went."""

    _name = "citta.internship.skill"
    _description = "Competence of an internship"
    _inherit = ["citta.pathway.item"]
    _order = "internship_id, skill_type_id, id"
    _rec_name = "skill_id"

    internship_id = fields.Many2one("citta.internship", "Internship", required=True, index=True, ondelete="cascade")
    # precomputed: the scope is derived from it while the record is made, and checked at once
    pathway_id = fields.Many2one(related="internship_id.pathway_id", store=True, precompute=True)
    skill_id = fields.Many2one("hr.skill", "Competence", required=True, index=True, ondelete="restrict")
    skill_type_id = fields.Many2one(related="skill_id.skill_type_id", string="Kind", store=True, precompute=True)
    level_target_id = fields.Many2one(
        "hr.skill.level", "To reach", domain="[('skill_type_id', '=', skill_type_id)]", ondelete="restrict", index="btree_not_null"
    )
    level_end_id = fields.Many2one(
        "hr.skill.level", "Reached", domain="[('skill_type_id', '=', skill_type_id)]", ondelete="restrict", index="btree_not_null", copy=False
    )
    comment = fields.Char("What shows it", copy=False)

    _once = models.UniqueIndex("(internship_id, skill_id)", "This competence stands in the project already.")

    @api.constrains("skill_id", "level_target_id", "level_end_id")
    def _check_levels(self):
        for line in self:
            if (line.level_target_id | line.level_end_id).skill_type_id - line.skill_id.skill_type_id:
                raise ValidationError(self.env._("This level is none of the skill “%(skill)s”.", skill=line.skill_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: the project is agreed"""
        lines = super().create(vals_list)
        lines._check_draft()
        return lines

    def write(self, vals):
        """The plan is written before it is agreed, the levels reached when it runs or is over.

        :raise UserError: too late or too early
        """
        self.check_access("write")
        if PLAN & vals.keys():
            self._check_draft()
        elif not self.env.su and self.internship_id.filtered(lambda one: one.state not in ("running", "ended", "interrupted") or one.date_fed):
            raise UserError(self.env._("Levels reached are written from the first day on, until they are taken over."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_in_draft(self):
        self._check_draft()

    def _check_draft(self):
        if not self.env.su and self.internship_id.filtered(lambda one: one.state != "draft"):
            raise UserError(self.env._("The project is agreed: its competences stay."))

    def _feed(self):
        """Set the level of today on the person's skill; a paper as evidence is not replaced by the tutor's word."""
        self.ensure_one()
        skill = self.pathway_id.skill_ids.filtered(lambda one: one.skill_id == self.skill_id)
        vals = {"level_id": self.level_end_id.id}
        if skill.evidence not in ("document", "attestation"):
            vals |= {"evidence": "seen", "evidence_note": self.comment or self.internship_id.host_id.name}
        if skill:
            skill.write(vals)
        else:
            skill.create({**vals, "pathway_id": self.pathway_id.id, "skill_id": self.skill_id.id})
