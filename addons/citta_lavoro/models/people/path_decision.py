from odoo import api, fields, models
from odoo.exceptions import UserError

from .path_rule import PATHS


class PathDecision(models.Model):
    """Which path an operator chose for a person, what the aid had suggested, and why it was followed or not.

    Never changed and never deleted: another decision is another row.
    """

    _name = "citta.path.decision"
    _description = "Decision on the path"
    _inherit = ["citta.pathway.item", "citta.label.mixin"]
    _order = "id desc"
    _rec_name = "path"

    assessment_id = fields.Many2one("citta.assessment", "Assessment", required=True, index=True, ondelete="restrict")
    # precomputed: the scope is derived from it while the record is made, and checked at once
    pathway_id = fields.Many2one(related="assessment_id.pathway_id", store=True, precompute=True)
    suggested_path = fields.Selection(PATHS, "Suggested", readonly=True)
    explanation = fields.Text("Suggested because", readonly=True)
    shown_explanation = fields.Text("What the criteria say", related="assessment_id.explanation", related_sudo=False)
    shown_path = fields.Selection(string="The criteria suggest", related="assessment_id.suggested_path", related_sudo=False)
    path = fields.Selection(PATHS, "Decided", required=True)
    is_followed = fields.Boolean("As suggested", compute="_compute_is_followed", store=True)
    reason = fields.Text(required=True, help="As it could be told to the person.")
    user_id = fields.Many2one("res.users", "Decided by", required=True, readonly=True, ondelete="restrict", index=True)
    date = fields.Datetime(required=True, readonly=True)

    @api.depends("path", "suggested_path")
    def _compute_is_followed(self):
        for decision in self:
            decision.is_followed = decision.path == decision.suggested_path

    @api.model_create_multi
    def create(self, vals_list):
        """Who, when and what was suggested are facts, not values; the pathway then carries the path.

        :raise UserError: the assessment is not confirmed, or the pathway is closed
        """
        Assessment = self.env["citta.assessment"]
        decisions = super().create([
            {
                "assessment_id": vals.get("assessment_id"), "path": vals.get("path"), "reason": vals.get("reason"),
                **self._prepare_facts(Assessment.browse(vals.get("assessment_id"))),
            }
            for vals in vals_list
        ])
        for decision in decisions:
            # sudo: the path of a pathway is written by decisions alone
            decision.pathway_id.sudo().path = decision.path
        return decisions

    def write(self, vals):  # pylint: disable=method-required-super  # nothing is ever written
        """:raise UserError: always"""
        self.check_access("write")
        raise UserError(self.env._("A decision is never changed: decide anew, with the reason."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A decision is never deleted: decide anew, with the reason."))

    @api.model
    def _prepare_facts(self, assessment):
        """What goes into the row whatever the user sends.

        :param assessment: the confirmed assessment that the decision rests on
        :raise UserError: it is not confirmed
        """
        assessment.check_access("read")
        if assessment.state != "done":
            raise UserError(self.env._("Confirm the assessment first: a decision rests on it."))
        return {
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
            "suggested_path": assessment.suggested_path,
            "explanation": assessment.explanation,
        }
