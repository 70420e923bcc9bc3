from datetime import timedelta

from psycopg2.errors import CheckViolation, NotNullViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon

CODES = ("work", "training", "housing", "money", "health_access", "family", "mobility", "digital", "language", "network")


class AssessmentCommon(CaseCommon):
    """Assessments by short words: ``work=2``."""

    def domain(self, code):
        return self.env.ref(f"citta_lavoro.life_domain_{code}")

    def assess(self, pathway=None, days=0, user=None, **levels):
        """A draft of so many days ago."""
        lines = [Command.create({"domain_id": self.domain(code).id, "level": str(level)}) for code, level in levels.items()]
        return self.env["citta.assessment"].with_user(user or self.operator).create({
            "pathway_id": (pathway or self.pathway).id, "date": self.today - timedelta(days=days), "line_ids": lines,
        })

    def confirmed(self, **kwargs):
        assessment = self.assess(**kwargs)
        assessment.action_confirm()
        return assessment


@tagged("post_install", "-at_install")
class TestAssessment(AssessmentCommon):
    """The grid, its freezing, and the distance between two of them."""

    def test_the_grid_comes_with_every_domain(self):
        grid = self.env["citta.assessment"].with_user(self.operator).create({"pathway_id": self.pathway.id})
        self.assertEqual(grid.line_ids.domain_id.mapped("code"), list(CODES))
        self.domain("digital").active = False
        again = self.env["citta.assessment"].with_user(self.operator).create({"pathway_id": self.pathway.id})
        self.assertNotIn("digital", again.line_ids.domain_id.mapped("code"))

    def test_scope(self):
        assessment = self.assess(work=2)
        self.assertScoped(assessment, {"note": "x"})
        self.assertScoped(assessment.line_ids, {"level": "5"})
        with self.assertRaises(UserError):
            self.assess(self.of_b, work=1)

    def test_who_filled_it_in_is_not_forged(self):
        forged = self.env["citta.assessment"].with_user(self.operator).create({"pathway_id": self.pathway.id, "filled_by": "person"})
        self.assertEqual(forged.filled_by, "operator")
        mixed = self.env["citta.assessment.line"].with_user(self.coordinator).create({
            "assessment_id": forged.id, "pathway_id": self.of_b.id,
            "domain_id": self.env["citta.life.domain"].create({"name": "Sleep", "code": "sleep"}).id,
        })
        self.assertEqual(mixed.pathway_id, self.pathway)
        for values in ({"filled_by": "person"}, {"suggested_path": "inclusion"}, {"pathway_id": self.of_b.id}):
            with self.assertRaises(UserError):
                forged.write(values)

    def test_a_confirmed_one_is_frozen(self):
        done = self.confirmed(work=2)
        for deed in (
            lambda: done.line_ids.write({"level": "5"}), lambda: done.write({"note": "x"}), done.line_ids.unlink, done.unlink,
            lambda: done.write({"line_ids": [Command.create({"domain_id": self.domain("money").id})]}), done.action_confirm,
        ):
            with self.assertRaises(UserError):
                deed()
        done.action_reopen()
        self.assertFalse(done.explanation)
        done.line_ids.level = "4"
        done.action_confirm()
        self.assertEqual(done.mean, 4)
        moves = self.env["citta.workflow.log"].search([("res_model", "=", done._name), ("res_id", "=", done.id)])
        self.assertEqual(moves.mapped("transition"), ["confirm", "reopen", "confirm"])

    def test_what_the_person_filled_in_alone_is_not_corrected(self):
        alone = self.env["citta.assessment"].create({"pathway_id": self.pathway.id, "filled_by": "person"})
        alone.line_ids[:1].level = "1"
        alone.action_confirm()
        for user in (self.operator, self.coordinator):
            with self.assertRaisesRegex(UserError, "stays as it was said"), self.env.cr.savepoint():
                alone.with_user(user).action_reopen()
            self.env.invalidate_all()
        self.assertEqual((alone.state, alone.line_ids[:1].level), ("done", "1"))

    def test_nothing_said_is_no_assessment(self):
        empty = self.env["citta.assessment"].with_user(self.operator).create({"pathway_id": self.pathway.id})
        with self.assertRaises(UserError):
            empty.action_confirm()

    def test_stars_taken_back_are_nothing_said(self):
        assessment = self.assess(work=0, money=4)
        assessment.action_confirm()
        self.assertEqual(assessment._get_levels(), {self.domain("money").id: 4})
        with self.assertRaises(UserError):
            self.assess(work=0).action_confirm()

    def test_a_domain_stands_once(self):
        assessment = self.assess(work=2)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            assessment.write({"line_ids": [Command.create({"domain_id": self.domain("work").id})]})

    def test_a_closed_pathway_is_assessed_no_more(self):
        draft = self.assess(work=2)
        self.close(self.pathway)
        with self.assertRaises(UserError):
            draft.line_ids.level = "3"
        with self.assertRaises(UserError):
            self.assess(work=1)

    def test_the_distance_travelled(self):
        self.assertFalse(self.pathway.distance)
        self.confirmed(days=90, work=1, money=2, housing=3)
        self.assertIn("The next time will show", self.pathway.distance)
        self.confirmed(days=10, work=3, money=2, digital=4)
        self.assess(days=1, work=5)  # a draft does not count
        way = self.pathway._get_distance()
        rows = {name: (row.first, row.last, row.change) for name, row in way["rows"]}
        self.assertEqual(rows, {"Work": (1, 3, 2), "Money": (2, 2, 0), "Housing": (3, None, None), "Digital skills": (None, 4, None)})
        self.assertEqual(way["mean"], 1.0)
        for part in ("<svg", 'role="img"', "Very hard", "So-so", "+2", ">1.0</span>"):
            self.assertIn(part, self.pathway.distance)

    def test_only_likes_are_compared(self):
        self.confirmed(days=90, work=1)
        own = self.env["citta.assessment"].sudo().create({
            "pathway_id": self.pathway.id, "filled_by": "person",
            "line_ids": [Command.set([]), Command.create({"domain_id": self.domain("work").id, "level": "5"})],
        })
        own.action_confirm()
        way = self.pathway._get_distance()
        self.assertEqual((way["first"], way["last"]), (own, own))
        self.assertEqual(self.pathway._get_distance("operator")["last"].filled_by, "operator")

    def test_the_button(self):
        action = self.pathway.with_user(self.operator).action_assess()
        self.assertEqual((action["res_id"], action["context"]), (False, {"default_pathway_id": self.pathway.id}))


@tagged("post_install", "-at_install")
class TestPath(AssessmentCommon):
    """The explained aid, and the decision that is kept."""

    def decide(self, assessment, user=None, **values):
        return self.env["citta.path.decision"].with_user(user or self.operator).create(
            {"assessment_id": assessment.id, "path": "reskilling", "reason": "Ne abbiamo parlato", **values}
        )

    def test_the_criteria_suggest_and_say_why(self):
        far = self.confirmed(work=1, training=2, money=4)
        self.assertEqual(far.suggested_path, "reskilling")
        first = far.explanation.splitlines()[0]
        self.assertEqual(
            first, "Reskilling, 3 points: the known trade leads to no job now (+2); the training does not fit the jobs in sight (+1)"
        )
        many = self.confirmed(work=2, housing=1, money=1, language=2)
        self.assertEqual(many.suggested_path, "inclusion")
        self.assertEqual(self.confirmed(work=5, training=5).suggested_path, "reintegration")

    def test_a_programme_with_own_criteria_uses_only_those(self):
        self.env["citta.path.rule"].create({
            "name": "over fifty", "programme_id": self.programme.id, "path": "relocation", "subject": "age",
            "comparison": "at_least", "value": 50,
        })
        self.assertFalse(self.confirmed(work=1).suggested_path)
        self.pathway.partner_id.citta_birth_date = self.today - timedelta(days=51 * 366)
        self.assertEqual(self.confirmed(work=1).explanation, "Collective relocation, 1 points: over fifty (+1)")
        other = self._pathway("Cia Prova", programme=self.programme_west)
        elsewhere = self.assess(other, user=self.operator_west, work=1)
        elsewhere.action_confirm()
        self.assertEqual(elsewhere.suggested_path, "reskilling")

    def test_a_criterion_names_its_domain(self):
        values = {"name": "x", "path": "inclusion", "subject": "barriers", "domain_id": self.domain("work").id}
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.env["citta.path.rule"].create(values)

    def test_only_the_administrator_changes_criteria(self):
        rule = self.env.ref("citta_lavoro.path_rule_far")
        for user in (self.operator, self.coordinator):
            with self.assertRaises(AccessError):
                rule.with_user(user).write({"points": 9})
            with self.assertRaises(AccessError):
                self.domain("work").with_user(user).write({"name": "X"})
        rule.with_user(self.administrator).write({"points": 3})
        self.assertEqual(rule.points, 3)

    def test_the_operator_decides_and_the_reason_is_kept(self):
        done = self.confirmed(work=1)
        decision = self.decide(done, path="inclusion", user_id=self.coordinator.id, suggested_path="inclusion", date="2020-01-01")
        self.assertEqual((decision.user_id, decision.suggested_path, decision.is_followed), (self.operator, "reskilling", False))
        self.assertEqual((decision.explanation, decision.date.date()), (done.explanation, self.today))
        self.assertEqual(self.pathway.path, "inclusion")
        again = self.decide(done)
        self.assertEqual((self.pathway.path, again.is_followed), ("reskilling", True))
        self.assertEqual(done.decision_ids, again | decision)

    def test_a_decision_is_never_changed_or_deleted(self):
        decision = self.decide(self.confirmed(work=1))
        for user in (self.operator, self.coordinator, self.administrator):
            with self.assertRaises(UserError):
                decision.with_user(user).write({"reason": "altro"})
            with self.assertRaises(UserError):
                decision.with_user(user).unlink()
        with self.assertRaises(UserError):
            decision.sudo().write({"reason": "altro"})
        with self.assertRaises(UserError):
            decision.assessment_id.action_reopen()
        self.assertScoped(decision, {"reason": "x"})

    def test_a_decision_needs_a_confirmed_assessment_and_a_reason(self):
        with self.assertRaises(UserError):
            self.decide(self.assess(work=1))
        theirs = self.assess(self.of_b, user=self.operator_b, work=1)
        theirs.action_confirm()
        with self.assertRaises(AccessError):
            self.decide(theirs)
        with self.assertRaises(NotNullViolation), mute_logger("odoo.sql_db"):
            self.decide(self.confirmed(work=1), reason=False)

    def test_the_path_of_a_pathway_comes_from_decisions(self):
        done = self.confirmed(work=1)
        context = done.action_decide()["context"]
        self.assertEqual(context, {"default_assessment_id": done.id, "default_path": "reskilling"})
