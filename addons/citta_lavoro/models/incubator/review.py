from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..common.workflow_mixin import Transition

CRITERIA = ("score_need", "score_feasible", "score_market", "score_team")
SCORES = [("1", "1 – weak"), ("2", "2"), ("3", "3 – fair"), ("4", "4"), ("5", "5 – strong")]


class Review(models.Model):
    """One reviewer's judgement of one idea, formed without seeing the others' and without a conflict of interest."""

    _name = "citta.review"
    _description = "Review of an idea"
    _inherit = ["citta.fixed.mixin", "citta.workflow.mixin"]
    _order = "lead_id, id"
    _rec_name = "lead_id"

    _fixed_fields = frozenset({"lead_id", "reviewer_id"})
    _workflow_transitions = {
        "submit": Transition(("draft",), "submitted"),
        "recuse": Transition(("draft",), "recused"),
    }

    lead_id = fields.Many2one(
        "crm.lead", "Idea", required=True, index=True, ondelete="cascade", domain="[('citta_pipeline', '=', 'incubator')]"
    )
    territory_id = fields.Many2one(related="lead_id.citta_territory_id", store=True, index=True)
    reviewer_id = fields.Many2one(
        "res.users", "Reviewer", required=True, index=True, ondelete="restrict", readonly=True,
        default=lambda self: self.env.uid,
    )
    state = fields.Selection(
        [("draft", "To write"), ("submitted", "Handed in"), ("recused", "Conflict of interest")],
        default="draft", required=True, readonly=True, copy=False,
    )
    score_need = fields.Selection(SCORES, "Answers a need of the territory")
    score_feasible = fields.Selection(SCORES, "Feasible")
    score_market = fields.Selection(SCORES, "Somebody pays or supports it")
    score_team = fields.Selection(SCORES, "Person or group able to carry it")
    comment = fields.Text()
    conflict = fields.Text("Conflict of interest", help="What ties you to the person, the idea or its proposer.")
    score = fields.Float(compute="_compute_score", store=True, digits=(16, 2), aggregator="avg")
    others = fields.Text(
        "The others' reviews", compute="_compute_others", compute_sudo=True,
        help="Shown once your own is handed in, so that each judgement is formed alone.",
    )

    _once = models.UniqueIndex("(lead_id, reviewer_id)", "You have a review of this idea already.")
    _submitted_is_complete = models.Constraint(
        "CHECK (state != 'submitted' OR (score_need IS NOT NULL AND score_feasible IS NOT NULL"
        " AND score_market IS NOT NULL AND score_team IS NOT NULL))",
        "Give all scores before handing the review in.",
    )
    _recused_with_reason = models.Constraint(
        "CHECK (state != 'recused' OR conflict IS NOT NULL)", "Say what the conflict of interest is."
    )

    @api.depends(*CRITERIA)
    def _compute_score(self):
        for review in self:
            given = [int(review[name]) for name in CRITERIA if review[name]]
            review.score = sum(given) / len(given) if given else 0.0

    @api.depends("state")
    def _compute_others(self):
        for review in self:
            others = review.lead_id.citta_review_ids - review if review.state == "submitted" else review.browse()
            review.others = "\n".join(
                f"{other.reviewer_id.name}: {other.score:g} – {other.comment or ''}"
                for other in others if other.state == "submitted"
            )

    # -- create, write -------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Everybody reviews in the own name only.

        :raise AccessError: a review in another's name
        """
        for vals in vals_list:
            if not self.env.su and vals.get("reviewer_id", self.env.uid) != self.env.uid:
                raise AccessError(self.env._("A review is written by its reviewer."))
        return super().create(vals_list)

    def write(self, vals):
        """A review belongs to its reviewer until it is handed in; then it stands.

        :raise AccessError: somebody else's review
        :raise UserError: it was handed in, or the reviewer stepped back
        """
        if not self.env.su:
            self._check_own()
        return super().write(vals)

    def _check_own(self):
        for review in self:
            if review.reviewer_id != self.env.user:
                raise AccessError(self.env._("A review is written by its reviewer."))
            if review.state != "draft":
                raise UserError(self.env._("This review was handed in: it stands as it is."))

    # -- transitions ---------------------------------------------------------

    def action_submit(self):
        """Hand the review in; from then on the others' reviews of the idea can be read."""
        return self._workflow_move("submit")

    def action_recuse(self):
        """Step back because of a conflict of interest: no scores are kept."""
        return self._workflow_move("recuse")

    def _on_recuse(self):
        """A reviewer in conflict leaves no score behind."""
        # sudo: the review is closed for its reviewer by now; only scores are taken away
        self.sudo().write(dict.fromkeys((*CRITERIA, "comment"), False))
