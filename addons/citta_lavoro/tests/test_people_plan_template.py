from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon


@tagged("post_install", "-at_install")
class TestPlanTemplateUse(CaseCommon):
    """What a template adds to a plan, twice, from which day, and for which programme."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["citta.plan.template"].create({"name": "Cucina", "line_ids": [
            Command.create({"goal": "Lavorare in cucina", "action": "Scrivere il CV", "days": 7}),
            Command.create({"goal": "Lavorare in cucina", "action": "Visitare il forno", "days": 60}),
        ]})

    def apply(self, template=None, user=None, pathway=None, **values):
        return self.env["citta.plan.apply"].with_user(user or self.operator).create({
            "pathway_id": (pathway or self.pathway).id, "template_id": (template or self.template).id, **values,
        }).action_apply()

    def terms(self):
        return {action.name: action.date_due for action in self.pathway.action_ids}

    def test_terms_are_counted_from_the_day_that_is_chosen(self):
        self.apply(date_start=date(2024, 2, 28))
        self.assertEqual(self.terms(), {"Scrivere il CV": date(2024, 3, 6), "Visitare il forno": date(2024, 4, 28)})

    def test_terms_are_counted_from_today_otherwise(self):
        self.apply()
        self.assertEqual(self.terms()["Scrivere il CV"], self.today + timedelta(days=7))

    def test_a_second_use_leaves_the_terms_alone(self):
        self.apply(date_start=self.today)
        before = self.terms()
        with self.assertRaises(UserError):
            self.apply(date_start=self.today + timedelta(days=90))
        self.assertEqual(self.terms(), before)

    def test_what_was_dropped_may_come_again(self):
        self.apply()
        self.pathway.action_ids.filtered(lambda one: one.name == "Scrivere il CV").action_drop()
        self.apply()
        self.assertEqual(sorted(self.pathway.action_ids.mapped("name")), ["Scrivere il CV", "Scrivere il CV", "Visitare il forno"])
        self.assertEqual(len(self.pathway.goal_ids), 1)

    def test_two_templates_share_a_goal(self):
        other = self.template.copy({"name": "Mensa"})
        other.line_ids[0].action = "Provare in mensa"
        self.apply()
        self.apply(other)
        self.assertEqual(self.pathway.goal_ids.mapped("name"), ["Lavorare in cucina"])
        self.assertEqual(set(self.terms()), {"Scrivere il CV", "Visitare il forno", "Provare in mensa"})
        self.assertEqual(self.pathway.action_ids.goal_id, self.pathway.goal_ids)

    def test_a_later_change_of_the_template_changes_no_plan(self):
        self.apply()
        before = self.terms()
        self.template.line_ids.write({"days": 1, "action": "Altro"})
        self.template.unlink()
        self.assertEqual(self.terms(), before)

    def test_a_template_of_another_programme_is_refused(self):
        self.template.programme_id = self.programme_west
        with self.assertRaises(UserError):
            self.apply()
        self.assertFalse(self.pathway.goal_ids)
        self.template.programme_id = self.programme
        self.apply()
        self.assertEqual(len(self.pathway.action_ids), 2)

    def test_nobody_uses_one_on_anothers_pathway(self):
        for user in (self.operator_b, self.operator_west, self.employee, self.env.ref("base.public_user")):
            with self.assertRaises(UserError):
                self.apply(user=user)
        self.assertFalse(self.pathway.goal_ids | self.of_b.goal_ids)
        self.apply(user=self.coordinator, pathway=self.of_b)
        self.assertEqual(self.of_b.goal_ids.body_id, self.body_b)

    def test_terms_never_lie_behind(self):
        for days in (-1, -30):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
                self.template.line_ids[0].days = days
                self.env.flush_all()

    def test_an_empty_template_adds_nothing(self):
        empty = self.env["citta.plan.template"].with_user(self.coordinator).create({"name": "Vuoto"})
        with self.assertRaises(UserError):
            self.apply(empty)
        with self.assertRaises(AccessError):
            empty.with_user(self.operator).unlink()
        empty.with_user(self.coordinator).unlink()
        self.assertFalse(empty.exists())
