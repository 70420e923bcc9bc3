from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon, CasePortalCommon


class TeamCommon(CaseCommon):
    """Ada's case of body A, with what there is to see of it; body B has a deed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deed = cls.env["citta.privacy.deed"].create({"partner_id": cls.body_b.id, "reference": "Prot. 1", "date_start": "2024-01-01"})
        case = {"pathway_id": cls.pathway.id}
        Note = cls.env["citta.note"].with_user(cls.operator)
        cls.goal = cls.env["citta.goal"].create({**case, "name": "Cucinare"})
        cls.team_note, cls.body_note, cls.coordinator_note = (
            Note.create({**case, "text": visibility, "visibility": visibility}) for visibility in ("team", "body", "coordinator")
        )
        cls.parts = cls.goal, cls.env["citta.canvas"].create(case), cls.env["citta.experience"].create({**case, "name": "Cuoca"})

    def join(self, user=None, by=None, **values):
        """A colleague of body B comes into the team of Ada's case."""
        return self.env["citta.case.member"].with_user(by or self.operator).create({
            "pathway_id": self.pathway.id, "user_id": (user or self.operator_b).id, "is_informed": True, **values,
        })

    def sees(self, record, user=None):
        """Whether a colleague finds a record."""
        self.env.flush_all()
        self.env.invalidate_all()
        return bool(record.with_user(user or self.operator_b).search([("id", "=", record.id)]))


@tagged("post_install", "-at_install")
class TestCaseMember(TeamCommon):
    """Who is in the team sees the case and works on it; what is the body's own stays with the body."""

    def test_the_case_is_seen_from_joining_to_leaving(self):
        everything = (self.pathway, self.pathway.partner_id, self.team_note, *self.parts)
        self.assertFalse([record for record in everything if self.sees(record)])
        member = self.join(task="Cerca un tirocinio")
        self.assertEqual((member.member_body_id, member.state, member.partner_id), (self.body_b, "current", self.pathway.partner_id))
        self.assertFalse([record for record in everything if not self.sees(record)])
        member.with_user(self.operator).action_end()
        self.assertFalse([record for record in everything if self.sees(record)])
        self.assertEqual(member.date_end, self.today)

    def test_other_cases_of_the_body_stay_unseen(self):
        other = self._pathway("Altra Prova")
        self.join()
        self.assertFalse(self.sees(other) or self.sees(other.partner_id))

    def test_a_member_works_on_the_plan(self):
        self.join()
        mine = self.pathway.with_user(self.operator_b)
        self.env["citta.action"].with_user(self.operator_b).create({"name": "Telefonare al forno", "pathway_id": self.pathway.id})
        self.goal.with_user(self.operator_b).action_reach()
        mine.action_contacted()
        note = self.env["citta.note"].with_user(self.operator_b).create({"pathway_id": self.pathway.id, "text": "Detto", "visibility": "body"})
        self.assertEqual(note.author_body_id, self.body_b)
        self.assertFalse(self.sees(note, self.operator))

    def test_what_is_the_bodys_own_is_refused(self):
        self.join()
        mine = self.pathway.with_user(self.operator_b)
        pause = {"pathway_id": self.pathway.id, "reason": "wish", "date_planned": self.today + timedelta(days=9)}
        for deed in (
            lambda: mine.write({"state": "closed", "outcome": "job"}), lambda: mine.action_suspend(), lambda: mine.write({"body_id": self.body_b.id}),
            lambda: mine.action_give_portal_access(), lambda: self.env["citta.suspension"].with_user(self.operator_b).create(pause),
            lambda: self.join(self.coordinator, by=self.operator_b), lambda: mine.case_member_ids.action_end(),
        ):
            with self.assertRaisesRegex(AccessError, "Body A|coordinator|not allowed"):
                deed()
        self.assertEqual((self.pathway.state, self.pathway.body_id), ("active", self.body_a))

    def test_special_data_and_other_bodies_notes_are_not_shown(self):
        special = self.env["citta.person.sensitive"].create({"partner_id": self.pathway.partner_id.id, "health": "asma"})
        reader = self._user("c_reader", "operator", self.body_b, self.east, ",citta_lavoro.group_citta_sensitive")
        self.join(reader)
        self.assertTrue(self.sees(self.pathway, reader))
        for record in (special, self.body_note, self.coordinator_note):
            self.assertFalse(self.sees(record, reader), record)

    def test_a_note_for_coordinators(self):
        self.assertTrue(self.sees(self.coordinator_note, self.coordinator))
        self.assertTrue(self.sees(self.coordinator_note, self.operator))
        colleague = self._user("c_colleague", "operator", self.body_a, self.east)
        self.assertTrue(self.sees(self.body_note, colleague))
        self.assertFalse(self.sees(self.coordinator_note, colleague))

    # -- who may join, and who asks in ---------------------------------------------

    def test_without_a_deed_nobody_of_another_body_joins(self):
        self.deed.date_end = self.today - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "no privacy deed in force"):
            self.join()
        colleague = self._user("c_colleague", "operator", self.body_a, self.east)
        self.assertTrue(self.join(colleague, is_informed=False))

    def test_the_person_is_told_first(self):
        with self.assertRaisesRegex(UserError, "Talk it over"):
            self.join(is_informed=False)

    def test_who_cannot_work_there_does_not_join(self):
        portal = self._portal_user(self.of_b, "c_portal")
        for user in (self.operator_west, self.employee, self.administrator):
            with self.subTest(user=user.login), self.assertRaisesRegex(UserError, "Users and scopes"):
                self.join(user)
        with self.assertRaises(AccessError):
            self.join(portal)
        with self.assertRaisesRegex(UserError, "referent already"):
            self.join(self.operator)

    def test_nobody_joins_twice_or_invites_oneself(self):
        self.join()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.join()
        for user in (self.operator_b, self.operator_west):
            with self.assertRaises(AccessError):
                self.join(user, by=self.operator_west)

    def test_a_closed_case_takes_nobody_on_and_lets_everybody_go(self):
        member = self.join()
        self.close(self.pathway)
        self.assertEqual(member.state, "ended")
        self.assertFalse(self.sees(self.pathway))
        with self.assertRaisesRegex(UserError, "closed"):
            self.join()

    def test_another_body_makes_its_own_team(self):
        colleague = self._user("c_colleague", "operator", self.body_a, self.east)
        member = self.join(colleague)
        self.pathway.with_user(self.coordinator).body_id = self.body_b
        self.assertEqual(member.sudo().state, "ended")  # who asked the colleague in belongs to the body before: sees neither any more
        self.assertFalse(self.sees(self.pathway, colleague))

    def test_a_hand_over_says_before_that_the_team_ends(self):
        self.join()
        handover = self.env["citta.handover"].with_user(self.operator).create({
            "pathway_id": self.pathway.id, "to_body_id": self.body_b.id, "reason": "Vicino a casa",
        })
        self.assertIn(f"The case team ends: {self.operator_b.name}", handover.not_shared)

    def test_the_day_comes_by_itself(self):
        member, stays = self.join(date_end=self.today), self.join(self.coordinator)
        member.sudo().write({"date_start": self.today - timedelta(days=9), "date_end": self.today - timedelta(days=1)})
        self.assertEqual(self.env["citta.case.member"]._cron_end(), member)
        self.assertEqual((member.state, stays.state, member.date_end), ("ended", "current", self.today - timedelta(days=1)))
        self.assertFalse(self.sees(self.pathway))

    def test_who_joins_is_told_once(self):
        self.join()
        tasks = self.pathway.activity_ids.filtered(lambda one: one.user_id == self.operator_b)
        self.assertEqual(len(tasks), 1)
        self.assertIn("has joined the case team", self.pathway.message_ids[:1].body)

    def test_who_leaves_has_no_task_there(self):
        """The task to read the plan goes with the right to read it; others have theirs still."""
        member, stays = self.join(), self.join(self.coordinator)
        member.action_end()
        self.assertEqual(self.pathway.activity_ids.user_id, stays.user_id)


@tagged("post_install", "-at_install")
class TestCaseMemberPage(CasePortalCommon, TeamCommon):
    """The person finds the team, and nobody else's."""

    def test_the_person_finds_who_works_on_the_case(self):
        self.join(task="Cerca un tirocinio in cucina")
        self.assertIn("Cerca un tirocinio in cucina", self.page("/my/percorso").text)
        self.assertNotIn("Cerca un tirocinio in cucina", self.page("/my/percorso", "p_bea").text)

    def test_who_has_left_is_not_shown(self):
        self.join(task="Cerca un tirocinio in cucina").action_end()
        self.assertNotIn("Cerca un tirocinio in cucina", self.page("/my/percorso").text)
