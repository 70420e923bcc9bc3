from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestPlan(PeopleCase):
    """Goals, actions and confidential notes: parts of a pathway, in its scope."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway = cls._pathway("Ada Prova")
        cls.of_b = cls._pathway("Bea Prova", cls.body_b)
        cls.goal = cls.env["citta.goal"].create({"name": "Lavorare in cucina", "pathway_id": cls.pathway.id})
        cls.action = cls.env["citta.action"].create(
            {"name": "Portare il CV", "pathway_id": cls.pathway.id, "goal_id": cls.goal.id}
        )

    # -- scope ---------------------------------------------------------------

    def test_parts_carry_the_scope_of_the_pathway(self):
        for part in (self.goal, self.action):
            self.assertEqual((part.partner_id, part.body_id, part.territory_id), (self.pathway.partner_id, self.body_a, self.east))

    def test_parts_follow_a_pathway_that_moves(self):
        self.env["citta.privacy.deed"].create({"partner_id": self.body_b.id, "reference": "1/2026"})
        self.pathway.with_user(self.coordinator).body_id = self.body_b
        self.assertEqual((self.goal.body_id, self.action.body_id), (self.body_b, self.body_b))
        self.assertEqual(self.action.with_user(self.operator_b).name, "Portare il CV")

    def test_parts_are_closed_to_other_scopes(self):
        for part in (self.goal, self.action):
            for user in (self.operator_b, self.operator_west, self.employee):
                with self.assertRaises(AccessError):
                    part.with_user(user).read(["name"])
                with self.assertRaises(AccessError):
                    part.with_user(user).write({"name": "Preso"})
                with self.assertRaises(AccessError):
                    part.with_user(user).unlink()
            self.assertEqual(part.with_user(self.coordinator).body_id, self.body_a)

    def test_no_part_is_put_into_anothers_pathway(self):
        for model in ("citta.goal", "citta.action"):
            for forged in ({}, {"body_id": self.body_a.id}, {"body_id": self.body_a.id, "partner_id": self.pathway.partner_id.id}):
                with self.assertRaises(UserError):
                    self.env[model].with_user(self.operator).create({"name": "X", "pathway_id": self.of_b.id, **forged})
        with self.assertRaises(UserError):
            self.action.with_user(self.operator).write({"pathway_id": self.of_b.id})

    def test_the_scope_of_a_part_is_not_forged(self):
        for forged in ({"body_id": self.body_b.id}, {"territory_id": self.west.id}, {"partner_id": self.body_b.id}):
            with self.assertRaises(ValidationError):
                self.action.with_user(self.operator).write(forged)

    def test_a_goal_serves_its_own_pathway(self):
        other = self.env["citta.goal"].create({"name": "Altro", "pathway_id": self.of_b.id})
        with self.assertRaises(ValidationError):
            self.action.write({"goal_id": other.id})

    # -- course ----------------------------------------------------------------

    def test_an_action_is_done_once(self):
        action = self.action.with_user(self.operator)
        action.action_done()
        self.assertEqual((action.state, action.date_done, action.done_by_id), ("done", self.today, self.operator))
        with self.assertRaises(UserError):
            action.action_done()
        with self.assertRaises(UserError):
            action.action_drop()
        action.action_reopen()
        self.assertEqual((action.state, action.date_done, action.done_by_id.id), ("open", False, False))

    def test_a_goal_is_reached_dropped_taken_up(self):
        goal = self.goal.with_user(self.operator)
        goal.action_reach()
        with self.assertRaises(UserError):
            goal.action_drop()
        goal.action_reopen()
        goal.action_drop()
        self.assertEqual(goal.state, "dropped")

    def test_a_part_is_born_open(self):
        for model, state in (("citta.goal", "reached"), ("citta.action", "done")):
            with self.assertRaises(UserError):
                self.env[model].with_user(self.operator).create({"name": "X", "pathway_id": self.pathway.id, "state": state})

    def test_what_was_settled_stays_in_the_plan(self):
        (self.action.with_user(self.operator)).action_done()
        (self.goal.with_user(self.operator)).action_reach()
        for part in (self.action, self.goal):
            with self.assertRaises(UserError):
                part.with_user(self.operator).unlink()
        mistyped = self.env["citta.action"].with_user(self.operator).create({"name": "X", "pathway_id": self.pathway.id})
        mistyped.unlink()
        self.assertFalse(mistyped.exists())

    def test_a_closed_pathway_takes_nothing_more(self):
        self.action.action_done()
        self.pathway.write({"state": "closed", "outcome": "job"})
        for model in ("citta.goal", "citta.action"):
            with self.assertRaises(UserError):
                self.env[model].with_user(self.operator).create({"name": "X", "pathway_id": self.pathway.id})
        with self.assertRaises(UserError):
            self.action.with_user(self.operator).action_reopen()

    def test_an_action_is_overdue_while_open(self):
        self.action.date_due = self.today - timedelta(days=1)
        self.assertTrue(self.action.is_late)
        self.action.action_done()
        self.assertFalse(self.action.is_late)


@tagged("post_install", "-at_install")
class TestNote(PeopleCase):
    """Each note says for whom it is, and reaches nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway = cls._pathway("Ada Prova")
        cls.colleague = cls._user("p_colleague", "operator", cls.body_a, cls.east)
        Note = cls.env["citta.note"].with_user(cls.operator)
        cls.notes = {
            visibility: Note.create({"pathway_id": cls.pathway.id, "visibility": visibility, "text": visibility})
            for visibility in ("team", "body", "author")
        }

    def visible(self, user):
        found = self.env["citta.note"].with_user(user).search([("pathway_id", "=", self.pathway.id)])
        return set(found.mapped("visibility"))

    def test_each_reader_sees_what_is_meant_for_them(self):
        self.assertEqual(self.visible(self.operator), {"team", "body", "author"})
        self.assertEqual(self.visible(self.colleague), {"team", "body"})
        self.assertEqual(self.visible(self.coordinator), {"team"})
        self.assertEqual(self.visible(self.administrator), {"team"})
        self.assertEqual(self.visible(self.operator_b), set())
        self.assertEqual(self.visible(self.operator_west), set())

    def test_unseen_notes_are_not_read_by_id(self):
        for user, hidden in ((self.colleague, "author"), (self.coordinator, "body"), (self.operator_b, "team")):
            with self.assertRaises(AccessError):
                self.notes[hidden].with_user(user).read(["text"])
        with self.assertRaises(AccessError):
            self.env["citta.note"].with_user(self.employee).search([])

    def test_notes_stay_with_the_body_when_the_person_moves(self):
        self.env["citta.privacy.deed"].create({"partner_id": self.body_b.id, "reference": "1/2026"})
        self.pathway.with_user(self.coordinator).body_id = self.body_b
        self.assertEqual(self.visible(self.operator_b), {"team"})
        self.assertEqual(self.visible(self.colleague), {"body"})

    def test_only_the_author_writes(self):
        with self.assertRaises(AccessError):
            self.notes["team"].with_user(self.colleague).write({"text": "cambiato"})
        self.notes["team"].with_user(self.operator).write({"text": "corretto"})
        with self.assertRaises(AccessError):
            self.notes["team"].with_user(self.operator).unlink()

    def test_nobody_writes_in_anothers_name_or_pathway(self):
        Note = self.env["citta.note"]
        values = {"pathway_id": self.pathway.id, "text": "x"}
        with self.assertRaises(AccessError):
            Note.with_user(self.operator).create({**values, "author_id": self.colleague.id})
        with self.assertRaises(AccessError):
            Note.with_user(self.operator_b).create(values)
        forged = Note.with_user(self.operator).create({**values, "author_body_id": self.body_b.id})
        self.assertEqual(forged.author_body_id, self.body_a)
        with self.assertRaises(AccessError):
            forged.write({"author_body_id": self.body_b.id})
        with self.assertRaises(AccessError):
            forged.write({"author_id": self.colleague.id})

    def test_notes_are_written_after_the_end_too(self):
        self.pathway.write({"state": "closed", "outcome": "job"})
        note = self.env["citta.note"].with_user(self.operator).create({"pathway_id": self.pathway.id, "text": "ancora"})
        self.assertEqual(note.author_id, self.operator)
