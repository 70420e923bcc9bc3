from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError


class Transition(NamedTuple):
    """One row of a workflow table.

    :param sources: states from which the move may start
    :param target: the state it leads to
    :param groups: comma-separated external ids of groups that may do it; empty: whoever may write the record
    """

    sources: tuple
    target: str
    groups: str = ""


class WorkflowMixin(models.AbstractModel):
    """A workflow as a table, enforced in ``write()`` so that buttons, imports and RPC pass the same door.

    A model that uses it sets ``_workflow_transitions`` (name → :class:`Transition`), has a selection field
    named by ``_workflow_field`` whose default is the first state, and writes side effects in
    ``_on_<transition>()`` methods, which run once, after the move. Buttons call ``action_<transition>``, which
    is one line: ``self._workflow_move("<transition>")``.
    """

    _name = "citta.workflow.mixin"
    _description = "Workflow mixin"

    _workflow_field = "state"
    _workflow_transitions: dict[str, Transition] = {}

    @api.model_create_multi
    def create(self, vals_list):
        """Records start in the first state; only data files may set up a story already under way."""
        if not (self.env.su and self.env.context.get("install_mode")):
            self._workflow_check_start(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Let only the moves of the table through; log each and run its hook once.

        :raise UserError: the table has no such move
        :raise AccessError: the move belongs to a group that the user is not in
        """
        target = vals.get(self._workflow_field)
        moves = self._workflow_plan(target) if target else {}
        origins = {record: record[self._workflow_field] for records in moves.values() for record in records}
        reason = self.env.context.get("citta_workflow_reason")
        # The named move is this record's alone: what its write and its hook set off must not inherit it.
        plain = self.with_context(citta_workflow_transition=None, citta_workflow_reason=None)
        result = super(WorkflowMixin, plain).write(vals)
        for name, records in moves.items():
            records = records.with_env(plain.env)
            records._workflow_log(name, origins, reason)
            if hook := getattr(records, f"_on_{name}", None):
                hook()
        return result

    def copy_data(self, default=None):
        """A copy starts its life anew."""
        start = self._workflow_start()
        return [{**data, self._workflow_field: start} for data in super().copy_data(default)]

    # -- business ------------------------------------------------------------

    def _workflow_move(self, name, reason=None):
        """Do the transition ``name`` on all records of ``self``.

        :param str name: a key of ``_workflow_transitions``
        :param str reason: kept in the log row
        :return: True, as buttons expect
        """
        transition = self._workflow_transitions[name]
        records = self.with_context(citta_workflow_transition=name, citta_workflow_reason=reason)
        return records.write({self._workflow_field: transition.target})

    def _workflow_plan(self, target):
        """Group the records that really change by the transition that takes them to ``target``."""
        moves = defaultdict(self.browse)
        for record in self:
            if record[self._workflow_field] != target:
                moves[record._workflow_find(target)] |= record
            elif self.env.context.get("citta_workflow_transition"):
                record._workflow_refuse(target)
        return moves

    def _workflow_find(self, target):
        """The transition that leads from the record's state to ``target`` and is open to the user."""
        state = self[self._workflow_field]
        wanted = self.env.context.get("citta_workflow_transition")
        fitting = [
            name for name, move in self._workflow_transitions.items()
            if move.target == target and state in move.sources and wanted in (None, name)
        ]
        if not fitting:
            self._workflow_refuse(target)
        allowed = [name for name in fitting if self._workflow_may(name)]
        if not allowed:
            raise AccessError(self.env._(
                "You are not allowed to move “%(record)s” to “%(state)s”.",
                record=self.display_name, state=self._workflow_label(target),
            ))
        return allowed[0]

    def _workflow_may(self, name):
        """Code that acts for a user under ``sudo()`` has checked the right itself; the table holds all the same."""
        groups = self._workflow_transitions[name].groups
        return self.env.su or not groups or self.env.user.has_groups(groups)

    def _workflow_refuse(self, target):
        raise UserError(self.env._(
            "“%(record)s” is “%(state)s” and cannot become “%(target)s” from there.",
            record=self.display_name,
            state=self._workflow_label(self[self._workflow_field]),
            target=self._workflow_label(target),
        ))

    def _workflow_log(self, name, origins, reason):
        """One log row per record; the log is nobody's to write, so it is written for the user."""
        # sudo: no group may write the log, the mixin alone does
        self.env["citta.workflow.log"].sudo().create([
            {
                "res_model": record._name,
                "res_id": record.id,
                "transition": name,
                "from_state": origins[record],
                "to_state": record[self._workflow_field],
                "user_id": self.env.uid,
                "reason": reason,
            }
            for record in self
        ])

    # -- tools ---------------------------------------------------------------

    def _workflow_start(self):
        """The state in which a record is born: the field's own default, not one passed in the context."""
        field = self._fields[self._workflow_field]
        return field.default(self) if field.default else field.get_values(self.env)[0]

    def _workflow_check_start(self, vals_list):
        field, start = self._workflow_field, self._workflow_start()
        for vals in vals_list:
            if vals.setdefault(field, start) != start:
                raise UserError(self.env._(
                    "A new “%(model)s” starts as “%(state)s”.",
                    model=self._description, state=self._workflow_label(start),
                ))

    @api.model
    def _workflow_label(self, state):
        """The state's label in the user's language."""
        labels = dict(self._fields[self._workflow_field]._description_selection(self.env))
        return labels.get(state, state)
