from odoo import api, fields, models
from odoo.exceptions import UserError

CANVAS_FIELDS = ("citta_canvas_problem", "citta_canvas_solution", "citta_canvas_customers", "citta_canvas_resources")
IDEA_FIELDS = ("citta_idea", *CANVAS_FIELDS)


class CrmLead(models.Model):
    """An idea in the incubator: what it is, whose, and which challenge it answers."""

    _inherit = "crm.lead"

    citta_challenge_id = fields.Many2one(
        "citta.challenge", "Challenge", index="btree_not_null", ondelete="set null", tracking=True
    )
    citta_pathway_id = fields.Many2one(
        "citta.pathway", "Person's pathway", index="btree_not_null", ondelete="set null", copy=False,
        groups="citta_lavoro.group_citta_operator",
    )
    citta_idea = fields.Text("The idea in a few words")
    citta_canvas_problem = fields.Text("Problem")
    citta_canvas_solution = fields.Text("Solution")
    citta_canvas_customers = fields.Text("Customers")
    citta_canvas_resources = fields.Text("Resources")
    citta_canvas_progress = fields.Integer("Canvas (%)", compute="_compute_citta_canvas_progress")
    citta_review_ids = fields.One2many("citta.review", "lead_id", "Reviews")
    citta_review_count = fields.Integer("Reviews handed in", compute="_compute_citta_reviews", compute_sudo=True)
    citta_score = fields.Float(
        "Score", compute="_compute_citta_reviews", compute_sudo=True, digits=(16, 1),
        groups="citta_lavoro.group_citta_operator",
    )

    @api.depends(*CANVAS_FIELDS)
    def _compute_citta_canvas_progress(self):
        for lead in self:
            lead.citta_canvas_progress = 25 * sum(bool(lead[name]) for name in CANVAS_FIELDS)

    @api.depends("citta_review_ids.state", "citta_review_ids.score")
    def _compute_citta_reviews(self):
        for lead in self:
            done = lead.citta_review_ids.filtered(lambda review: review.state == "submitted")
            lead.citta_review_count = len(done)
            lead.citta_score = sum(done.mapped("score")) / len(done) if done else 0.0

    # -- merge ---------------------------------------------------------------

    def _merge_get_fields(self):
        """Core's fields, the idea itself, and whose it is where the user may know that."""
        names = ["citta_challenge_id", "citta_pathway_id", *IDEA_FIELDS]
        return super()._merge_get_fields() + [name for name in names if self._has_field_access(self._fields[name], "read")]

    def _merge_dependences(self, opportunities):
        """Reviews follow the idea that stays.

        :raise UserError: somebody has reviewed more than one of the ideas: a judgement would be lost
        """
        # sudo: a review is its reviewer's alone; here it only follows its idea
        reviews = (opportunities + self).sudo().citta_review_ids
        if len(reviews.reviewer_id) < len(reviews):
            raise UserError(self.env._("Somebody has reviewed more than one of these ideas: they stay apart."))
        reviews.lead_id = self
        return super()._merge_dependences(opportunities)

    # -- actions -------------------------------------------------------------

    def action_review(self):
        """Open the user's own review of the idea; the first time it is made.

        :return: the action that opens the review
        """
        self.ensure_one()
        own = self.env["citta.review"].search([("lead_id", "=", self.id), ("reviewer_id", "=", self.env.uid)])
        own = own or self.env["citta.review"].create({"lead_id": self.id})
        return own._get_records_action()
