from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..common.workflow_mixin import Transition

DONE = frozenset({"date_done", "done_by_id"})


class Action(models.Model):
    """One thing to do by a day, by the person or by the operator. The person ticks own ones in the portal."""

    _name = "citta.action"
    _description = "Action of the plan"
    _inherit = ["citta.workflow.mixin", "citta.pathway.item"]
    _order = "date_due, id"

    _ends_with_pathway = True
    _is_obligation = True
    _workflow_transitions = {
        "done": Transition(("open",), "done"),
        "drop": Transition(("open",), "dropped"),
        "reopen": Transition(("done", "dropped"), "open"),
    }

    name = fields.Char("Action", required=True)
    goal_id = fields.Many2one(
        "citta.goal", "Goal", index="btree_not_null", ondelete="set null", domain="[('pathway_id', '=', pathway_id)]"
    )
    owner = fields.Selection(
        [("person", "The person"), ("operator", "The operator")], "Who", required=True, default="person"
    )
    date_due = fields.Date("By")
    state = fields.Selection(
        [("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
        required=True, default="open", readonly=True, copy=False,
    )
    date_done = fields.Date("Done on", readonly=True, copy=False)
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True, copy=False, ondelete="restrict")
    is_late = fields.Boolean("Overdue", compute="_compute_is_late")

    _due_idx = models.Index("(territory_id, body_id, date_due, id)")

    @api.depends("date_due", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for action in self:
            action.is_late = bool(action.state == "open" and action.date_due and action.date_due < today)

    @api.constrains("goal_id", "pathway_id")
    def _check_goal(self):
        for action in self:
            if action.goal_id and action.goal_id.pathway_id != action.pathway_id:
                raise ValidationError(self.env._("The goal belongs to another pathway."))

    # -- create, write, delete -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Who did it, and when, is noted when it is done."""
        plain = self._citta_only_defaults(self._fields.keys() - DONE)
        return super(Action, plain).create(self._citta_without_values(vals_list, DONE)).with_env(self.env)

    def write(self, vals):
        """:raise UserError: somebody writes by hand who did it, or when"""
        if not self.env.su and DONE & vals.keys():
            raise UserError(self.env._("Who did it, and when, is noted by itself when the action is done."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        if not self.env.su and any(action.state != "open" for action in self):
            raise UserError(self.env._("An action that was done or dropped stays in the plan."))

    # -- actions -------------------------------------------------------------

    def action_done(self):
        """The action is done."""
        return self._workflow_move("done")

    def action_drop(self):
        """The action is no longer needed; it stays visible in the plan."""
        return self._workflow_move("drop")

    def action_reopen(self):
        """Take the action up again.

        :raise UserError: the pathway is closed
        """
        return self._workflow_move("reopen")

    # -- transitions ---------------------------------------------------------

    def _on_done(self):
        """Keep who did it and when; what the person ticked shows in the pathway's history."""
        # sudo: these two are the transitions' own to write
        self.sudo().write({"date_done": fields.Date.context_today(self), "done_by_id": self.env.uid})
        if self.env.user.share:
            for action in self:
                action.pathway_id._message_log(body=self.env._("Done by the person: %(action)s", action=action.name))

    def _on_reopen(self):
        """What is open again was not done; a closed pathway has nothing open."""
        self._check_pathway_open()
        self.pathway_id._hold()
        # sudo: as above
        self.sudo().write({"date_done": False, "done_by_id": False})
