from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestHandover(PeopleCase):
    """From body A to body B: shown, proposed, answered by the other body only, and never without a deed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway = cls._pathway("Ada Prova", referent_id=cls.operator.id)
        cls.pathway.action_activate()
        cls.goal = cls.env["citta.goal"].create({"name": "Shop", "pathway_id": cls.pathway.id})
        notes = cls.env["citta.note"].with_user(cls.operator)
        cls.team_note, cls.own_note = notes.create([
            {"text": text, "pathway_id": cls.pathway.id, "visibility": text} for text in ("team", "body")
        ])
        cls.special = cls.env["citta.person.sensitive"].create({"partner_id": cls.pathway.partner_id.id, "health": "x"})
        cls.deed = cls.env["citta.privacy.deed"].create({"partner_id": cls.body_b.id, "reference": "1/2026"})

    def propose(self, send=True, user=None, **values):
        handover = self.env["citta.handover"].with_user(user or self.operator).create({
            "pathway_id": self.pathway.id, "to_body_id": self.body_b.id, "reason": "Nearer to home", "is_informed": True, **values,
        })
        if send:
            handover.action_send()
        return handover

    def test_what_is_shared_is_shown_before(self):
        handover = self.propose(send=False)
        self.assertIn("Goals: 1", handover.shared)
        self.assertIn("status declarations: 0", handover.shared)
        self.assertIn("team of the territory: 1", handover.shared)
        self.assertIn("private ones: 1", handover.not_shared)
        self.assertIn("Special data", handover.not_shared)
        handover.share_sensitive = "yes"
        self.assertIn("Special data", handover.shared)

    def test_accepted_the_scope_follows(self):
        handover = self.propose().with_user(self.operator_b)
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.operator_b).read(["state"])
        self.assertTrue(handover.is_mine_to_answer)
        handover.action_accept()
        self.env.invalidate_all()
        self.assertEqual((self.pathway.body_id, self.pathway.referent_id), (self.body_b, self.operator_b))
        self.assertEqual(handover.to_user_id, self.operator_b)
        self.assertEqual(self.goal.body_id, self.body_b)
        self.pathway.with_user(self.operator_b).read(["state"])
        self.pathway.partner_id.with_user(self.operator_b).read(["name"])
        self.team_note.with_user(self.operator_b).read(["text"])
        with self.assertRaises(AccessError):
            self.own_note.with_user(self.operator_b).read(["text"])
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.operator).read(["state"])
        self.assertFalse(self.special.exists(), "special data do not go along unless the person agreed")

    def test_either_body_opens_the_form_with_its_messages(self):
        handover = self.propose()
        asked = handover.activity_ids.filtered(lambda one: one.user_id == self.operator_b)
        self.assertTrue(asked)
        self.env.invalidate_all()
        handover.with_user(self.operator_b)._message_get_suggested_recipients()
        handover.with_user(self.operator_b).action_accept()
        self.assertFalse(asked.exists(), "what was answered is on nobody's list")
        self.assertEqual(handover.activity_ids.user_id, self.operator)
        for operator in (self.operator, self.operator_b):
            self.env.invalidate_all()
            handover.with_user(operator)._message_get_suggested_recipients()

    def test_special_data_go_along_if_the_person_agreed(self):
        self.propose(share_sensitive="yes").with_user(self.operator_b).action_accept()
        self.env.invalidate_all()
        self.assertEqual(self.special.exists().body_id, self.body_b)

    def test_refused_with_a_reason_and_nothing_moves(self):
        handover = self.propose().with_user(self.operator_b)
        with self.assertRaisesRegex(UserError, "Write why"), self.env.cr.savepoint():
            handover.action_refuse()
        handover.refusal_reason = "No room"
        handover.action_refuse()
        self.assertEqual((handover.state, self.pathway.body_id), ("refused", self.body_a))
        for user in (self.operator, self.operator_b):
            with self.assertRaisesRegex(UserError, "stays as it was given"):
                handover.with_user(user).refusal_reason = "They never answer"
        self.assertTrue(self.special.exists())
        self.assertIn("No room", "".join(self.pathway.message_ids.mapped("body")))

    def test_expires(self):
        handover = self.propose()
        self.assertNotIn(handover, self.env["citta.handover"]._cron_expire())
        handover.sudo().date_expiry = self.today - timedelta(days=1)
        self.assertIn(handover, self.env["citta.handover"]._cron_expire())
        self.assertEqual(handover.state, "expired")
        with self.assertRaises(UserError):
            handover.with_user(self.operator_b).action_accept()

    # -- refusals --------------------------------------------------------------

    def test_no_deed_no_hand_over(self):
        self.deed.date_end = self.deed.date_start = self.today - timedelta(days=1)
        handover = self.propose(send=False)
        self.assertIn("no privacy deed", handover.obstacle)
        with self.assertRaisesRegex(UserError, "no privacy deed in force"):
            handover.action_send()

    def test_a_deed_that_ends_before_the_answer_counts(self):
        handover = self.propose()
        self.deed.date_end = self.deed.date_start = self.today - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "no privacy deed in force"), self.env.cr.savepoint():
            handover.with_user(self.operator_b).action_accept()
        self.env.invalidate_all()
        self.assertEqual(self.pathway.body_id, self.body_a)

    def test_the_person_knows_first(self):
        with self.assertRaisesRegex(UserError, "Talk it over"):
            self.propose(is_informed=False)

    def test_each_body_has_its_own_moves(self):
        handover = self.propose()
        with self.assertRaises(AccessError):
            handover.with_user(self.operator).action_accept()
        with self.assertRaises(AccessError):
            handover.with_user(self.operator_b).action_withdraw()
        for user in (self.operator_west, self.employee, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                handover.with_user(user).action_accept()
            with self.assertRaises(AccessError):
                handover.with_user(user).read(["reason"])
        handover.action_withdraw()
        self.assertEqual(handover.state, "withdrawn")

    def test_a_draft_is_hidden_from_the_other_body(self):
        handover = self.propose(send=False)
        self.assertNotIn(handover, self.env["citta.handover"].with_user(self.operator_b).search([]))

    def test_another_body_s_person_is_not_proposed(self):
        with self.assertRaises(AccessError):
            self.propose(send=False, user=self.operator_b)

    def test_what_was_proposed_is_not_changed(self):
        handover = self.propose()
        for values in ({"reason": "x"}, {"share_sensitive": "yes"}, {"to_body_id": self.body_a.id}, {"to_user_id": self.operator.id}):
            with self.assertRaises(UserError, msg=str(values)):
                handover.write(values)
        with self.assertRaises(UserError):
            handover.write({"state": "draft"})

    def test_one_at_a_time(self):
        self.propose()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.propose()

    def test_an_open_hand_over_is_an_obligation(self):
        handover = self.propose()
        with self.assertRaisesRegex(UserError, "Hand-over to Body B"), self.env.cr.savepoint():
            self.pathway.with_user(self.operator).write({"state": "closed", "outcome": "job"})
        self.pathway.with_user(self.operator).write({"state": "closed", "outcome": "job", "closing_reason": "Found a job"})
        self.assertEqual(handover.state, "withdrawn")
