from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2.errors import CheckViolation, ForeignKeyViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_people_assessment import AssessmentCommon


@tagged("post_install", "-at_install")
class TestPathRule(AssessmentCommon):
    """Every kind of criterion at its edge, what they add up to, and who may change them."""

    def rule(self, path="upskilling", subject="domain", comparison="at_most", value=2, points=1, code="work", **values):
        return self.env["citta.path.rule"].create({
            "name": f"{subject} {comparison} {value}", "programme_id": self.programme.id, "path": path, "subject": subject,
            "comparison": comparison, "value": value, "points": points,
            "domain_id": self.domain(code).id if subject == "domain" else False, **values,
        })

    def suggested(self, days=0, **levels):
        return self.confirmed(days=days, **levels).suggested_path

    def test_a_level_at_most(self):
        self.rule(value=2)
        self.assertEqual([self.suggested(work=level) for level in (1, 2, 3, 5)], ["upskilling", "upskilling", False, False])

    def test_a_level_at_least(self):
        self.rule(comparison="at_least", value=4)
        self.assertEqual([self.suggested(work=level) for level in (1, 3, 4, 5)], [False, False, "upskilling", "upskilling"])

    def test_what_was_not_said_never_speaks(self):
        self.rule(value=5)
        self.assertFalse(self.suggested(money=1))
        self.assertFalse(self.suggested(work=0, money=1))

    def test_hard_domains_at_least(self):
        self.rule("inclusion", "barriers", "at_least", 2)
        self.assertFalse(self.suggested(work=2, money=3, housing=5))
        self.assertEqual(self.suggested(work=2, money=1), "inclusion")

    def test_hard_domains_at_most(self):
        self.rule("reintegration", "barriers", "at_most", 1)
        self.assertEqual(self.suggested(work=3, money=4), "reintegration")
        self.assertEqual(self.suggested(work=2, money=4), "reintegration")
        self.assertFalse(self.suggested(work=2, money=2))

    def test_the_age_counts_full_years_on_the_day_of_the_assessment(self):
        self.rule("relocation", "age", "at_least", 50)
        self.pathway.partner_id.citta_birth_date = self.today - relativedelta(years=50)
        self.assertEqual(self.suggested(work=3), "relocation")
        self.assertFalse(self.suggested(days=1, work=3))
        self.pathway.partner_id.citta_birth_date = False
        self.assertFalse(self.suggested(work=3))

    def test_the_age_at_most(self):
        self.rule("upskilling", "age", "at_most", 29)
        self.pathway.partner_id.citta_birth_date = self.today - relativedelta(years=30) + timedelta(days=1)
        self.assertEqual(self.suggested(work=3), "upskilling")
        self.pathway.partner_id.citta_birth_date = self.today - relativedelta(years=30)
        self.assertFalse(self.suggested(work=3))

    def test_of_equals_the_more_intense_help(self):
        for path in ("upskilling", "inclusion", "reintegration", "reskilling"):
            self.rule(path, points=2)
        done = self.confirmed(work=1)
        self.assertEqual(done.suggested_path, "inclusion")
        self.assertEqual(
            [line.split(",")[0] for line in done.explanation.splitlines()],
            ["Work and inclusion", "Reskilling", "Upskilling", "Work reintegration"],
        )

    def test_more_points_win_over_more_help(self):
        self.rule("inclusion", points=2)
        self.rule("reintegration", points=2)
        self.rule("reintegration", value=1, points=1)
        self.assertEqual([self.suggested(work=2), self.suggested(work=1)], ["inclusion", "reintegration"])

    def test_points_against_a_path(self):
        self.rule("upskilling", points=2)
        self.rule("upskilling", points=-3, code="digital")
        self.assertEqual(self.suggested(work=1, digital=4), "upskilling")
        against = self.confirmed(work=1, digital=1)
        self.assertFalse(against.suggested_path)
        self.assertEqual(against.explanation, "Upskilling, -1 points: domain at_most 2 (+2); domain at_most 2 (-3)")

    def test_none_fits_and_the_operator_decides_all_the_same(self):
        self.rule(value=1)
        done = self.confirmed(work=5)
        self.assertEqual((done.suggested_path, done.explanation), (False, ""))
        decision = self.env["citta.path.decision"].with_user(self.operator).create(
            {"assessment_id": done.id, "path": "reintegration", "reason": "Sa già dove andare"}
        )
        self.assertEqual((decision.suggested_path, decision.is_followed, self.pathway.path), (False, False, "reintegration"))

    def test_a_criterion_put_away_or_of_another_programme_is_silent(self):
        self.rule("inclusion", points=9, active=False)
        self.rule("relocation", points=9, programme_id=self.programme_west.id)
        self.rule("upskilling")
        self.assertEqual(self.suggested(work=1), "upskilling")

    def test_a_criterion_changed_later_changes_no_confirmed_one(self):
        rule = self.rule()
        done = self.confirmed(work=1)
        kept = done.explanation
        rule.write({"path": "inclusion", "name": "altro"})
        self.assertEqual((done.suggested_path, done.explanation), ("upskilling", kept))
        done.action_reopen()
        self.assertFalse(done.suggested_path)
        done.action_confirm()
        self.assertEqual((done.suggested_path, done.explanation), ("inclusion", "Work and inclusion, 1 points: altro (+1)"))

    def test_a_criterion_of_a_domain_needs_it(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.rule(domain_id=False)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.rule(subject="age", domain_id=self.domain("work").id)

    def test_who_makes_and_takes_away_criteria(self):
        rule = self.rule()
        values = {"name": "x", "path": "inclusion", "subject": "age", "value": 1}
        for user in (self.operator, self.coordinator):
            self.assertEqual(rule.with_user(user).path, "upskilling")
            with self.assertRaises(AccessError):
                rule.with_user(user).create(values)
            with self.assertRaises(AccessError):
                rule.with_user(user).unlink()
        for user in (self.employee, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                rule.with_user(user).read(["path"])
        made = rule.with_user(self.administrator).create(values)
        self.assertEqual(made.points, 1)
        made.unlink()
        self.assertFalse(made.exists())


@tagged("post_install", "-at_install")
class TestAssessmentLevels(AssessmentCommon):
    """Levels within their limits, the mean, and the arithmetic of the way."""

    def test_levels_have_limits(self):
        assessment = self.assess(work=1, money=5)
        self.assertEqual(assessment.mean, 3)
        for level in ("6", "-1", "10", "x", 3.5):
            with self.assertRaises(ValueError):
                assessment.line_ids[0].write({"level": level})
            with self.assertRaises(ValueError):
                self.env["citta.assessment.line"].with_user(self.operator).create(
                    {"assessment_id": assessment.id, "domain_id": self.domain("digital").id, "level": level}
                )
        self.assertEqual(sorted(assessment._get_levels().values()), [1, 5])

    def test_the_mean_leaves_out_what_was_not_said(self):
        assessment = self.assess(work=1, money=2, housing=0)
        self.assertEqual(assessment.mean, 1.5)
        assessment.line_ids[2].level = "3"
        self.assertEqual(assessment.mean, 2)
        assessment.line_ids.write({"level": False})
        self.assertEqual(assessment.mean, 0)

    def test_a_line_stays_where_it_is(self):
        assessment, other = self.assess(work=1), self.assess(days=1, money=1)
        for values in ({"assessment_id": other.id}, {"pathway_id": self.of_b.id}):
            with self.assertRaises(UserError):
                assessment.line_ids.with_user(self.operator).write(values)
        self.assertEqual(assessment.line_ids.assessment_id, assessment)
        with self.assertRaises(ForeignKeyViolation), mute_logger("odoo.sql_db"):
            self.domain("work").unlink()

    def test_the_way_back_is_told_as_well(self):
        self.confirmed(days=60, work=4, money=5, housing=3)
        self.confirmed(days=30, work=1, money=1, housing=1)
        self.confirmed(days=5, work=2, money=5, housing=3)
        way = self.pathway._get_distance()
        self.assertEqual([row.change for _name, row in way["rows"]], [-2, 0, 0])
        self.assertEqual(way["mean"], -0.7)
        self.assertIn("-2", self.pathway.distance.replace("−", "-"))

    def test_nothing_in_common_is_no_distance(self):
        self.confirmed(days=60, work=4)
        self.confirmed(days=5, money=2)
        way = self.pathway._get_distance()
        self.assertEqual([row.change for _name, row in way["rows"]], [None, None])
        self.assertIsNone(way["mean"])

    def test_the_way_of_one_person_takes_nothing_of_another(self):
        self.confirmed(days=60, work=1)
        theirs = self.assess(self.of_b, days=5, user=self.operator_b, work=5)
        theirs.action_confirm()
        self.assertEqual(self.pathway._get_distance()["first"], self.pathway._get_distance()["last"])
        self.assertEqual(self.of_b._get_distance()["last"], theirs)

    def test_moves_are_for_who_follows_the_person(self):
        draft = self.assess(work=1)
        for user in (self.operator_b, self.operator_west, self.employee):
            with self.assertRaises(AccessError):
                draft.with_user(user).action_confirm()
        self.assertEqual(draft.state, "draft")
        draft.with_user(self.coordinator).action_confirm()
        with self.assertRaises(AccessError):
            draft.with_user(self.operator_b).action_reopen()
        with self.assertRaises(UserError):
            draft.with_user(self.operator).write({"state": "draft", "note": "x"})
        self.assertEqual((draft.state, draft.suggested_path), ("done", "reskilling"))

    def test_the_person_alone_once_a_day_for_each_pathway(self):
        Assessment = self.env["citta.assessment"].sudo()
        for pathway in (self.pathway, self.of_b):
            Assessment.create({"pathway_id": pathway.id, "filled_by": "person"})
        Assessment.create({"pathway_id": self.pathway.id, "filled_by": "person", "date": self.today - timedelta(days=1)})
        self.assertEqual(len(self.pathway.assessment_ids), 2)
        self.assertEqual(len(self.of_b.assessment_ids), 1)

    def test_no_decision_through_the_back_door(self):
        done = self.confirmed(work=1)
        with self.assertRaises(UserError):
            done.with_user(self.operator).write({"decision_ids": [Command.create({"path": "inclusion", "reason": "x"})]})
        with self.assertRaises(ValueError):
            self.env["citta.path.decision"].with_user(self.operator).create(
                {"assessment_id": done.id, "path": "holiday", "reason": "x"}
            )
        self.assertFalse(done.decision_ids)
        self.assertFalse(self.pathway.path)
