from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.workflow_mixin import Transition


class Goal(models.Model):
    """What the person wants to reach, in the person's words; actions lead there."""

    _name = "citta.goal"
    _description = "Goal"
    _inherit = ["citta.workflow.mixin", "citta.pathway.item"]
    _order = "pathway_id, sequence, id"

    _ends_with_pathway = True
    _workflow_transitions = {
        "reach": Transition(("open",), "reached"),
        "drop": Transition(("open",), "dropped"),
        "reopen": Transition(("reached", "dropped"), "open"),
    }

    name = fields.Char("Goal", required=True)
    sequence = fields.Integer(default=10)
    date_due = fields.Date("By")
    state = fields.Selection(
        [("open", "Open"), ("reached", "Reached"), ("dropped", "Dropped")],
        required=True, default="open", readonly=True, copy=False,
    )
    action_ids = fields.One2many("citta.action", "goal_id", "Actions")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        if not self.env.su and any(goal.state != "open" for goal in self):
            raise UserError(self.env._("A goal that was reached or dropped stays in the plan."))

    def action_reach(self):
        """The goal is reached."""
        return self._workflow_move("reach")

    def action_drop(self):
        """The goal no longer fits; it stays visible in the plan."""
        return self._workflow_move("drop")

    def action_reopen(self):
        """Take the goal up again.

        :raise UserError: the pathway is closed
        """
        return self._workflow_move("reopen")

    # -- transitions ---------------------------------------------------------

    def _on_reopen(self):
        """A closed pathway has nothing open."""
        self._check_pathway_open()
