from odoo import fields, models


class PlanTemplate(models.Model):
    """A plan to start from: goals and actions that often go together, with their terms counted from the first day."""

    _name = "citta.plan.template"
    _description = "Plan template"
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    programme_id = fields.Many2one(
        "citta.programme", "Programme", index="btree_not_null", ondelete="cascade", help="Empty: for every programme."
    )
    line_ids = fields.One2many("citta.plan.template.line", "template_id", "Lines", copy=True)

    def _apply(self, pathway, start):
        """Add the template's goals and actions to a plan; what stands there and is open already is not doubled.

        :param pathway: the pathway
        :param date start: the day from which the terms are counted
        :return: how many goals and actions were added
        """
        self.ensure_one()
        goals = {goal.name: goal for goal in pathway.goal_ids if goal.state == "open"}
        there = {action.name for action in pathway.action_ids if action.state == "open"}
        added = 0
        for line in self.line_ids:
            if line.goal not in goals:
                goals[line.goal] = goals_new = self.env["citta.goal"].create({"name": line.goal, "pathway_id": pathway.id})
                added += len(goals_new)
            if line.action and line.action not in there:
                there.add(line.action)
                added += len(self.env["citta.action"].create(line._prepare_action(pathway, goals[line.goal], start)))
        return added
