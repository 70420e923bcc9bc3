from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools.canvas import LONGEST_LINE

BLOCKS = [
    ("talent", "Talents"),
    ("value", "Values"),
    ("constraint", "Constraints"),
    ("need", "What the territory needs"),
    ("profession", "The re-designed profession"),
    ("experiment", "Experiments"),
    ("next_step", "Next step"),
]


class CanvasLine(models.Model):
    """One entry in one block of a canvas; it may become a goal of the plan."""

    _name = "citta.canvas.line"
    _description = "Entry of a canvas"
    _inherit = ["citta.pathway.item"]
    _order = "canvas_id, sequence, id"
    _rec_name = "text"

    canvas_id = fields.Many2one("citta.canvas", "Canvas", required=True, index=True, ondelete="cascade")
    # precomputed: the scope is derived from it while the record is made, and checked at once
    pathway_id = fields.Many2one(related="canvas_id.pathway_id", store=True, precompute=True)
    block = fields.Selection(BLOCKS, required=True)
    sequence = fields.Integer(default=10)
    text = fields.Char("Entry", required=True, size=LONGEST_LINE)
    goal_id = fields.Many2one("citta.goal", "Goal", readonly=True, index="btree_not_null", ondelete="set null")
    skill_id = fields.Many2one(
        "hr.skill", "Skill", index="btree_not_null", ondelete="set null", help="The skill that this talent stands for: opportunities ask for skills."
    )
    is_noted = fields.Boolean("Among the skills", compute="_compute_is_noted")

    _skill_of_talent = models.Constraint("CHECK (skill_id IS NULL OR block = 'talent')", "Only a talent stands for a skill.")

    @api.depends("skill_id", "pathway_id.skill_ids.skill_id")
    def _compute_is_noted(self):
        for line in self:
            line.is_noted = line.skill_id and line.skill_id in line.pathway_id.skill_ids.skill_id

    @api.model_create_multi
    def create(self, vals_list):
        """Entries are written into the current version only.

        :raise UserError: the version is an old one
        """
        given = {"pathway_id"} if self.env.su else {"pathway_id", "goal_id"}
        lines = super().create([{name: vals[name] for name in vals if name not in given} for vals in vals_list])
        lines.canvas_id._check_editable()
        return lines

    def write(self, vals):
        """:raise UserError: the version is an old one, or the entry would move to another"""
        if not self.env.su:
            if {"canvas_id", "pathway_id", "goal_id"} & vals.keys():
                raise AccessError(self.env._("An entry stays on its canvas; its goal is made by the button."))
            self.canvas_id._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        if not self.env.su:
            self.canvas_id._check_editable()

    def action_make_goal(self):
        """Take the entry into the plan as a goal.

        :raise UserError: it is a goal already, or the canvas is an old one
        """
        self.canvas_id._check_editable()
        for line in self:
            if line.goal_id:
                raise UserError(self.env._("“%(entry)s” is a goal of the plan already.", entry=line.text))
            goal = self.env["citta.goal"].create({"name": line.text, "pathway_id": line.pathway_id.id})
            # sudo: the link is set by this button alone
            line.sudo().goal_id = goal
        return True

    def action_note_skill(self):
        """Take the talent into the person's skills, as told by the person; level and better evidence follow there.

        :raise UserError: no skill is chosen, it stands there already, or the canvas is an old one
        """
        self.canvas_id._check_editable()
        for line in self:
            if not line.skill_id:
                raise UserError(self.env._("Choose the skill that “%(entry)s” stands for.", entry=line.text))
            if line.is_noted:
                raise UserError(self.env._("“%(skill)s” stands among the skills already.", skill=line.skill_id.name))
            self.env["citta.person.skill"].create({
                "pathway_id": line.pathway_id.id, "skill_id": line.skill_id.id, "evidence_note": self.env._("Canvas: %s", line.text),
            })
        return True
