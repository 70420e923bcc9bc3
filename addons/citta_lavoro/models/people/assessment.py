from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_date

from ...tools import assessment as tools
from ..common.workflow_mixin import Transition
from .path_rule import PATHS


class Assessment(models.Model):
    """How a person stands in each domain of life on one day: filled in by the operator on a grid, or by the person alone.

    Repeated, it shows the distance travelled. A confirmed one is frozen; the criteria of the programme then suggest one
    of the five paths and say why, and an operator decides.
    """

    _name = "citta.assessment"
    _description = "Assessment by life domain"
    _inherit = ["citta.workflow.mixin", "citta.pathway.item"]
    _order = "date desc, id desc"
    _rec_name = "date"

    _workflow_transitions = {
        "confirm": Transition(("draft",), "done"),
        "reopen": Transition(("done",), "draft"),
    }

    date = fields.Date(required=True, default=fields.Date.context_today, copy=False)
    filled_by = fields.Selection(
        [("operator", "The operator with the person"), ("person", "The person alone")], "Filled in by",
        required=True, readonly=True, default="operator",
    )
    state = fields.Selection(
        [("draft", "Being filled in"), ("done", "Confirmed")], required=True, default="draft", readonly=True, copy=False
    )
    line_ids = fields.One2many(
        "citta.assessment.line", "assessment_id", "Domains", default=lambda self: self._default_line_ids()
    )
    note = fields.Text(help="What explains the levels. Never health, justice, migration or family matters: they belong to the special data.")
    mean = fields.Float("Mean", compute="_compute_mean", store=True, digits=(2, 1), aggregator="avg")
    suggested_path = fields.Selection(PATHS, "Suggested path", readonly=True, copy=False)
    explanation = fields.Text("Why", readonly=True, copy=False)
    user_input_id = fields.Many2one(
        "survey.user_input", "Answers", readonly=True, copy=False, ondelete="set null", groups="base.group_system", help="Of which it was made."
    )
    decision_ids = fields.One2many("citta.path.decision", "assessment_id", "Decisions")

    _one_a_day = models.UniqueIndex(
        "(pathway_id, date) WHERE filled_by = 'person'", "The person has filled in an assessment today already."
    )
    _once = models.UniqueIndex("(user_input_id) WHERE user_input_id IS NOT NULL", "These answers are an assessment already.")
    _way_idx = models.Index("(pathway_id, filled_by, date) WHERE state = 'done'")

    @api.model
    def _default_line_ids(self):
        return [Command.create({"domain_id": domain.id}) for domain in self.env["citta.life.domain"].search([])]

    @api.depends("line_ids.level")
    def _compute_mean(self):
        for assessment in self:
            levels = assessment._get_levels().values()
            assessment.mean = sum(levels) / len(levels) if levels else 0

    @api.depends("partner_id", "date")
    def _compute_display_name(self):
        for assessment in self:
            person = assessment.partner_id.name
            assessment.display_name = f"{person}, {format_date(self.env, assessment.date)}" if person else False

    @api.constrains("date")
    def _check_date(self):
        if any(assessment.date > fields.Date.context_today(self) for assessment in self):
            raise ValidationError(self.env._("An assessment says how it goes today, not one day."))

    # -- create, write, delete -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Who filled it in is a fact of the door through which it came; what is suggested, of its levels."""
        if not self.env.su:
            vals_list = [{**vals, "filled_by": "operator", "suggested_path": False, "explanation": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """:raise UserError: it is confirmed"""
        if not self.env.su:
            if {"pathway_id", "filled_by", "suggested_path", "explanation"} & vals.keys():
                raise UserError(self.env._("Whose assessment it is and what it led to are not changed by hand."))
            if vals.keys() - {"state"}:
                self._check_editable()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        self._check_editable()

    # -- actions -------------------------------------------------------------

    def action_confirm(self):
        """Freeze the levels and let the criteria suggest a path."""
        return self._workflow_move("confirm")

    def action_reopen(self):
        """Correct a level; the move is logged.

        :raise UserError: a path was decided on these levels
        """
        return self._workflow_move("reopen")

    def action_decide(self):
        """Decide the path: the suggestion is shown, the reason is asked.

        :return: the decision's form
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.path_decision_action_new")
        return {**action, "context": {"default_assessment_id": self.id, "default_path": self.suggested_path}}

    # -- transitions ---------------------------------------------------------

    def _on_confirm(self):
        """Ask the criteria; what they said is frozen with the levels.

        :raise UserError: no level was said
        """
        for assessment in self:
            levels = assessment._get_levels()
            if not levels:
                raise UserError(self.env._("Say how it goes in one domain at least."))
            path, reasons = tools.suggest(assessment._get_rules(), levels, assessment._get_age())
            # sudo: the suggestion is written by this transition alone
            assessment.sudo().write({"suggested_path": path, "explanation": assessment._explain(reasons)})

    def _on_reopen(self):
        """The suggestion goes with the levels it rested on.

        :raise UserError: a path was decided on them, or they are the person's own
        """
        if not self.env.su and "person" in self.mapped("filled_by"):
            raise UserError(self.env._("What the person filled in alone stays as it was said: make an assessment together beside it."))
        if self.decision_ids:
            raise UserError(self.env._("A path was decided on this assessment: make a new one instead."))
        # sudo: the suggestion is written by the transitions alone
        self.sudo().write({"suggested_path": False, "explanation": False})

    # -- business ------------------------------------------------------------

    def _get_levels(self):
        """The levels that were said.

        :return: id of the domain → 1 to 5
        """
        return {line.domain_id.id: level for line in self.line_ids if (level := int(line.level or 0))}

    def _get_rules(self):
        """The criteria of the programme in the shape that the arithmetic wants."""
        return self.env["citta.path.rule"]._get_rules(self.pathway_id.programme_id)

    def _get_age(self):
        # sudo: the birth date is compared, not shown; a portal user confirms, too
        born = self.sudo().partner_id.citta_birth_date
        return relativedelta(self.date, born).years if born else None

    def _explain(self, reasons):
        """What the criteria said, in words.

        :param dict reasons: path → (points, rules), as ``tools.assessment.suggest`` gives it
        """
        labels = dict(self._fields["suggested_path"]._description_selection(self.env))
        return "\n".join(
            self.env._(
                "%(path)s, %(points)s points: %(reasons)s", path=labels[path], points=points,
                reasons="; ".join(f"{rule.reason} ({rule.points:+d})" for rule in rules),
            )
            for path, (points, rules) in reasons.items()
        )

    def _check_editable(self):
        """:raise UserError: confirmed, or the pathway is closed; data files may set a story up"""
        if self.env.su and self.env.context.get("install_mode"):
            return
        self._check_pathway_open()
        if any(assessment.state == "done" for assessment in self):
            raise UserError(self.env._("A confirmed assessment is frozen: reopen it, or make a new one."))
