from dateutil.relativedelta import relativedelta

from odoo import fields, models


class PlanTemplateLine(models.Model):
    """One action of a template and the goal it serves; without an action, the goal alone."""

    _name = "citta.plan.template.line"
    _description = "Line of a plan template"
    _order = "template_id, sequence, id"
    _rec_name = "action"

    template_id = fields.Many2one("citta.plan.template", "Template", required=True, index=True, ondelete="cascade")
    sequence = fields.Integer(default=10)
    goal = fields.Char(required=True, help="Lines with the same goal belong together.")
    action = fields.Char()
    owner = fields.Selection([("person", "The person"), ("operator", "The operator")], "Who", required=True, default="person")
    days = fields.Integer("Days", default=14, help="Term, counted from the day on which the template is used.")

    _days_ahead = models.Constraint("CHECK (days >= 0)", "A term lies ahead: no negative days.")

    def _prepare_action(self, pathway, goal, start):
        """Values of the action that this line becomes.

        :param pathway: the pathway
        :param goal: the goal in its plan
        :param date start: the first day
        """
        return {
            "name": self.action, "pathway_id": pathway.id, "goal_id": goal.id, "owner": self.owner,
            "date_due": start + relativedelta(days=self.days),
        }
