from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .network_common import NetworkCase

SCORES = {"score_need": "5", "score_feasible": "4", "score_market": "3", "score_team": "4"}


@tagged("post_install", "-at_install")
class TestIncubatorReview(NetworkCase):

    def setUp(self):
        super().setUp()
        self.one = self._user("i_one", "reviewer", self.body_a, self.east)
        self.two = self._user("i_two", "reviewer", self.body_b, self.east)
        self.idea = self.env["crm.lead"].create({
            "name": "Mobile workshop", "type": "opportunity", "citta_programme_id": self.programme.id, "user_id": False,
            "team_id": self.env.ref("citta_lavoro.crm_team_incubator").id, "citta_body_id": self.body_a.id,
        })

    def _review(self, user, **values):
        review = self.env["citta.review"].browse(self.idea.with_user(user).action_review()["res_id"]).with_user(user)
        review.write(values)
        return review

    def test_one_review_per_reviewer(self):
        self.assertEqual(self._review(self.one), self._review(self.one))
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["citta.review"].with_user(self.one).create({"lead_id": self.idea.id})

    def test_the_others_show_only_after_the_own(self):
        first = self._review(self.one, **SCORES, comment="Strong idea")
        first.action_submit()
        second = self._review(self.two, **SCORES)
        self.assertFalse(second.others)
        self.assertNotIn(first, self.env["citta.review"].with_user(self.two).search([]))
        with self.assertRaises(AccessError):
            first.with_user(self.two).read(["comment"])
        with self.assertRaises(AccessError):
            self.idea.with_user(self.two).read(["citta_score"])
        second.action_submit()
        second.invalidate_recordset()
        self.assertIn("Strong idea", second.others)

    @mute_logger("odoo.sql_db")
    def test_an_incomplete_review_is_refused(self):
        review = self._review(self.one, score_need="5")
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            review.action_submit()
            self.env.flush_all()

    def test_what_was_handed_in_stands(self):
        review = self._review(self.one, **SCORES)
        review.action_submit()
        for values in ({"score_need": "1"}, {"state": "draft"}, {"comment": "x"}):
            with self.assertRaises(UserError):
                review.write(values)
        self.assertEqual(review.score, 4)

    def test_a_conflict_of_interest_ends_it(self):
        review = self._review(self.one, **SCORES, conflict="My brother")
        review.action_recuse()
        self.assertEqual((review.state, review.score_need, review.score), ("recused", False, 0))
        with self.assertRaises(UserError):
            review.action_submit()
        self.assertEqual(self.idea.citta_review_count, 0)

    @mute_logger("odoo.sql_db")
    def test_stepping_back_says_why(self):
        review = self._review(self.one)
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            review.action_recuse()
            self.env.flush_all()

    def test_nobody_writes_for_another(self):
        review = self._review(self.one)
        with self.assertRaises(AccessError):
            self.env["citta.review"].with_user(self.two).create({"lead_id": self.idea.id, "reviewer_id": self.one.id})
        for user in (self.two, self.coordinator, self.operator):
            with self.assertRaises(AccessError):
                review.with_user(user).write({"score_need": "1"})
        with self.assertRaises(UserError):
            review.write({"reviewer_id": self.two.id})

    def test_reviewers_read_ideas_and_change_none(self):
        self.assertIn(self.idea, self.env["crm.lead"].with_user(self.one).search([]))
        self.assertNotIn(self._lead(), self.env["crm.lead"].with_user(self.one).search([]))
        with self.assertRaises(AccessError):
            self.idea.with_user(self.one).write({"name": "Mine"})

    def test_ideas_by_body_and_territory(self):
        Lead = self.env["crm.lead"]
        for user in (self.operator, self.coordinator):
            self.assertIn(self.idea, Lead.with_user(user).search([]))
        for user in (self.operator_b, self.operator_west, self.manager):
            self.assertNotIn(self.idea, Lead.with_user(user).search([]))

    def test_canvas_and_score(self):
        self.idea.with_user(self.operator).write({"citta_canvas_problem": "x", "citta_canvas_solution": "y"})
        self.assertEqual(self.idea.citta_canvas_progress, 50)
        self._review(self.one, **SCORES).action_submit()
        self.idea.invalidate_recordset()
        self.assertEqual((self.idea.citta_review_count, self.idea.citta_score), (1, 4))

    # -- merging ideas ---------------------------------------------------------

    def _idea(self, **values):
        return self.env["crm.lead"].create({
            "name": "Repair café", "type": "opportunity", "citta_programme_id": self.programme.id, "user_id": False,
            "team_id": self.env.ref("citta_lavoro.crm_team_incubator").id, "citta_body_id": self.body_a.id, **values,
        })

    def test_merged_ideas_keep_all_reviews_and_the_idea_itself(self):
        challenge = self.env["citta.challenge"].create({"name": "Bicycles", "problem": "None repairs", "programme_id": self.programme.id})
        other = self._idea(
            citta_idea="A van with tools", citta_canvas_problem="Weeks of waiting", citta_challenge_id=challenge.id,
            citta_pathway_id=self.pathway_a.id,
        )
        first = self._review(self.one, **SCORES)
        first.action_submit()
        second = self.env["citta.review"].with_user(self.two).create({"lead_id": other.id})
        self.env.flush_all()
        self.env.invalidate_all()
        kept = (self.idea | other).with_user(self.operator)._merge_opportunity().sudo()
        self.assertEqual((kept, other.exists()), (self.idea, other.browse()))
        self.assertEqual(kept.citta_review_ids, (first | second).sudo())
        self.assertEqual((kept.citta_score, kept.citta_review_count), (4, 1))
        self.assertEqual((kept.citta_idea, kept.citta_canvas_problem), ("A van with tools", "Weeks of waiting"))
        self.assertEqual((kept.citta_challenge_id, kept.citta_pathway_id), (challenge, self.pathway_a))

    def test_two_judgements_of_one_reviewer_are_not_thrown_together(self):
        other = self._idea()
        reviews = self._review(self.one, **SCORES) | self.env["citta.review"].with_user(self.one).create({"lead_id": other.id})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            (self.idea | other).with_user(self.operator)._merge_opportunity()
        self.assertEqual(reviews.sudo().lead_id, self.idea | other)
