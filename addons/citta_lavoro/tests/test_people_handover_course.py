from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .privacy_common import OfficerCase

ANSWERS = {"action_accept": "accepted", "action_refuse": "refused"}
ACTIONS = ("action_send", *ANSWERS, "action_withdraw")
CLOSED = ("accepted", "refused", "expired", "withdrawn")


@tagged("post_install", "-at_install")
class TestHandoverCourse(OfficerCase):
    """A hand-over in each state, before each body: who may move it, what moves with it, what stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway.action_activate()
        cls.body_c = cls.env["res.partner"].create({"name": "Body C", "is_company": True, "citta_body_kind": "social_cooperative"})
        cls.operator_c = cls._user("h_operator_c", "operator", cls.body_c, cls.east)
        cls.coordinator_c = cls._user("h_coordinator_c", "coordinator", cls.body_c, cls.east)
        cls.operator_b_west = cls._user("h_operator_b_west", "operator", cls.body_b, cls.west)
        cls.deed = cls.env["citta.privacy.deed"].create({"partner_id": cls.body_b.id, "reference": "1/2026"})
        cls.env["citta.privacy.deed"].create({"partner_id": cls.body_c.id, "reference": "2/2026"})
        cls.handovers = cls.env["citta.handover"]

    def hand(self, state="proposed", user=None, **values):
        """A hand-over from A to B, brought to a state by those who may."""
        handover = self.handovers.with_user(user or self.operator).create({
            "pathway_id": self.pathway.id, "to_body_id": self.body_b.id, "reason": "Nearer to home", "is_informed": True, **values,
        })
        if state != "draft":
            handover.action_send()
        if state == "refused":
            handover.with_user(self.operator_b).refusal_reason = "No room"
        if state in ("accepted", "refused"):
            getattr(handover.with_user(self.operator_b), {"accepted": "action_accept", "refused": "action_refuse"}[state])()
        if state == "expired":
            handover.sudo().date_expiry = self.today - timedelta(days=1)
            self.handovers._cron_expire()
        if state == "withdrawn":
            handover.action_withdraw()
        self.env.invalidate_all()
        return handover

    def left(self):
        return self.pathway.body_id, self.pathway.referent_id

    # -- states --------------------------------------------------------------

    def test_what_came_too_late_is_not_accepted_before_the_round_notes_it(self):
        handover = self.hand()
        handover.sudo().date_expiry = self.today - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "answer is over"), self.env.cr.savepoint():
            handover.with_user(self.operator_b).action_accept()
        self.env.invalidate_all()
        self.assertEqual((handover.state, self.left()[0]), ("proposed", self.body_a))
        with self.assertRaises(UserError):
            handover.with_user(self.operator_b).write({"is_informed": False})

    def test_what_is_over_is_not_moved_again_by_anybody(self):
        for state in CLOSED:
            with self.env.cr.savepoint() as point:
                handover, before = self.hand(state), self.left()
                closed, log = handover.date_closed, self._log(handover)
                for user in (self.operator, self.operator_b, self.coordinator):
                    for name in ACTIONS:
                        with self.assertRaises(UserError, msg=f"{state} {user.login} {name}"):
                            getattr(handover.with_user(user), name)()
                    with self.assertRaises(UserError, msg=f"{state} {user.login}"):
                        handover.with_user(user).write({"state": "draft"})
                self.assertEqual((handover.sudo().state, handover.sudo().date_closed, self.left()), (state, closed, before))
                self.assertEqual(self._log(handover), log)
                point.rollback()

    def test_a_draft_is_not_answered_and_has_no_term(self):
        handover = self.hand("draft")
        for user in (self.operator, self.operator_b, self.coordinator):
            for name in ANSWERS:
                with self.assertRaises(UserError, msg=f"{user.login} {name}"):
                    getattr(handover.with_user(user), name)()
        self.assertEqual((handover.state, handover.date_sent, handover.date_expiry), ("draft", False, False))
        self.assertEqual(self.left(), (self.body_a, self.operator))

    def test_a_hand_over_starts_as_a_draft_and_in_its_proposer_s_name(self):
        for state in ("proposed", *CLOSED):
            with self.assertRaises(UserError, msg=state):
                self.handovers.with_user(self.operator).create({
                    "pathway_id": self.pathway.id, "to_body_id": self.body_b.id, "reason": "x", "state": state,
                })
        handover = self.hand("draft", from_body_id=self.body_c.id, from_user_id=self.operator_c.id)
        self.assertEqual((handover.from_body_id, handover.from_user_id), (self.body_a, self.operator))

    def test_two_weeks_to_answer(self):
        handover = self.hand()
        self.assertEqual((handover.date_sent, handover.date_expiry), (self.today, self.today + timedelta(days=14)))
        handover.sudo().date_expiry = self.today
        self.assertNotIn(handover, self.handovers._cron_expire(), "the last day is a day to answer")
        self.assertEqual(handover.state, "proposed")

    def test_expiry_tells_the_proposer_once(self):
        handover = self.hand("expired")
        self.assertFalse(self.handovers._cron_expire() & handover)
        tasks = handover.sudo().activity_ids.filtered(lambda one: one.user_id == self.operator)
        self.assertEqual(len(tasks), 1)
        self.assertEqual((handover.date_closed, self.left()), (self.today, (self.body_a, self.operator)))
        self.assertIn("nobody answered in time", "".join(self.pathway.message_ids.mapped("body")))

    def test_after_each_end_without_acceptance_it_is_proposed_anew(self):
        for state in ("refused", "expired", "withdrawn"):
            self.assertEqual(self.hand(state).state, state)
        again = self.hand("accepted")
        self.assertEqual((again.state, self.left()), ("accepted", (self.body_b, self.operator_b)))
        self.assertEqual(len(self.pathway.handover_ids), 4)

    def test_a_withdrawn_draft_leaves_no_word_on_the_pathway(self):
        before = len(self.pathway.message_ids)
        self.hand("draft").action_withdraw()
        self.assertEqual(len(self.pathway.message_ids), before)

    # -- who -----------------------------------------------------------------

    def test_a_third_body_neither_sees_nor_moves(self):
        handover = self.hand()
        for user in (self.operator_c, self.operator_b_west, self.operator_west, self.employee):
            self.assertFalse(self.has_sight(user, handover), user.login)
            for name in ACTIONS:
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    getattr(handover.with_user(user), name)()
            with self.assertRaises(AccessError, msg=user.login):
                handover.with_user(user).write({"refusal_reason": "x"})
        self.assertEqual((handover.state, handover.refusal_reason, self.left()), ("proposed", False, (self.body_a, self.operator)))

    def has_sight(self, user, handover):
        """Whether a search or a reading shows it."""
        try:
            return handover in self.handovers.with_user(user).search([]) or bool(handover.with_user(user).read(["reason"]))
        except AccessError:
            return False

    def test_a_coordinator_of_a_third_body_takes_back_but_does_not_answer(self):
        handover = self.hand().with_user(self.coordinator_c)
        self.assertFalse(handover.is_mine_to_answer)
        handover.refusal_reason = "x"
        for name in ANSWERS:
            with self.assertRaises(AccessError, msg=name):
                getattr(handover, name)()
        handover.action_withdraw()
        self.assertEqual(handover.state, "withdrawn")

    def test_the_receiver_reads_the_proposal_and_nothing_of_the_case(self):
        goal = self.env["citta.goal"].create({"name": "Shop", "pathway_id": self.pathway.id})
        handover = self.hand().with_user(self.operator_b)
        self.assertIn("Ada Prova", handover.display_name)
        self.assertIn("Goals: 1", handover.shared)
        for record in (self.pathway, goal):
            with self.assertRaises(AccessError, msg=record._name):
                record.with_user(self.operator_b).read(["state"])
        self.assertEqual(handover.sudo().activity_ids.filtered(lambda one: one.user_id == self.operator_b).date_deadline, handover.date_expiry)

    def test_a_draft_withdrawn_by_its_body_alone(self):
        handover = self.hand("draft")
        with self.assertRaises(AccessError):
            handover.with_user(self.operator_b).action_withdraw()
        with self.assertRaises(AccessError):
            handover.with_user(self.operator_b).action_send()
        with self.assertRaises(AccessError):
            handover.unlink()
        self.assertEqual(handover.state, "draft")

    # -- deed ----------------------------------------------------------------

    def test_a_deed_of_another_body_or_programme_does_not_help(self):
        self.deed.partner_id = self.body_c
        with self.assertRaisesRegex(UserError, "no privacy deed in force"), self.env.cr.savepoint():
            self.hand()
        self.deed.write({"partner_id": self.body_b.id, "programme_id": self.programme_west.id})
        with self.assertRaisesRegex(UserError, "no privacy deed in force"), self.env.cr.savepoint():
            self.hand()
        self.assertFalse(self.pathway.handover_ids)
        self.deed.programme_id = self.programme
        self.assertEqual(self.hand().obstacle, False)

    def test_a_deed_of_tomorrow_does_not_help_today(self):
        self.deed.date_start = self.today + timedelta(days=1)
        handover = self.hand("draft")
        self.assertIn("Body B", handover.obstacle)
        with self.assertRaises(UserError):
            handover.write({"state": "proposed"})
        self.assertEqual((handover.state, handover.date_sent), ("draft", False))

    # -- what follows --------------------------------------------------------

    def test_everything_of_the_case_follows_and_stays_whole(self):
        items = {
            name: self.env[name].create({"pathway_id": self.pathway.id, **values}) for name, values in (
                ("citta.goal", {"name": "Shop"}), ("citta.action", {"name": "Call"}),
                ("citta.suspension", {"reason": "away", "date_planned": self.today + timedelta(days=3)}),
            )
        }
        self.hand("accepted")
        for name, item in items.items():
            self.assertEqual(item.body_id, self.body_b, name)
            item.with_user(self.operator_b).read(["pathway_id"])
            with self.assertRaises(AccessError, msg=name):
                item.with_user(self.operator).read(["pathway_id"])
        self.assertEqual(self.pathway.partner_id.citta_body_id, self.body_b)
        self.pathway.with_user(self.coordinator).read(["state"])

    def test_the_old_body_keeps_the_proof_but_not_the_case(self):
        handover = self.hand("accepted")
        self.assertEqual(handover.with_user(self.operator).read(["state"])[0]["state"], "accepted")
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.operator).write({"date_next_contact": self.today})
        with self.assertRaises(AccessError):
            self.hand("draft", to_body_id=self.body_c.id)

    def test_back_to_the_first_body_needs_its_own_deed(self):
        self.hand("accepted")
        values = {"user": self.operator_b, "to_body_id": self.body_a.id}
        with self.assertRaisesRegex(UserError, "Body A"), self.env.cr.savepoint():
            self.hand(**values)
        self.env["citta.privacy.deed"].create({"partner_id": self.body_a.id, "reference": "2/2026"})
        back = self.hand(**values)
        with self.assertRaises(AccessError):
            back.with_user(self.operator_b).action_accept()
        back.with_user(self.operator).action_accept()
        self.env.invalidate_all()
        self.assertEqual(self.left(), (self.body_a, self.operator))

    def test_to_the_own_body_nobody_is_handed(self):
        with self.assertRaisesRegex(CheckViolation, "two_bodies"), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.hand("draft", to_body_id=self.body_a.id)
        self.assertFalse(self.pathway.handover_ids)

    def test_who_went_elsewhere_meanwhile_is_not_taken_over(self):
        handover = self.hand()
        self.pathway.with_user(self.coordinator).write({"body_id": self.body_c.id, "referent_id": self.operator_c.id})
        with self.assertRaisesRegex(UserError, "Another body follows"), self.env.cr.savepoint():
            handover.with_user(self.operator_b).action_accept()
        self.assertEqual(self.left(), (self.body_c, self.operator_c))

    def test_a_draft_of_who_went_elsewhere_is_not_sent(self):
        handover = self.hand("draft")
        self.pathway.with_user(self.coordinator).write({"body_id": self.body_c.id, "referent_id": self.operator_c.id})
        with self.assertRaisesRegex(UserError, "Another body follows"), self.env.cr.savepoint():
            handover.with_user(self.coordinator).action_send()
        self.assertEqual(handover.state, "withdrawn")

    def test_what_was_proposed_ends_when_the_person_is_moved(self):
        handover = self.hand()
        self.pathway.with_user(self.coordinator).write({"body_id": self.body_c.id, "referent_id": self.operator_c.id})
        self.env.invalidate_all()
        self.assertEqual((handover.state, handover.date_closed), ("withdrawn", self.today))
        self.assertFalse(handover.with_user(self.operator_b).is_mine_to_answer)
        self.assertEqual(handover.sudo().activity_ids.user_id, self.operator, "the other body waits no more, the proposer is told")
        self.assertIn("Hand-over to Body B withdrawn", "".join(self.pathway.message_ids.mapped("body")))

    def test_who_takes_the_person_on_proposes_anew(self):
        for state in ("draft", "proposed"):
            with self.subTest(state=state), self.env.cr.savepoint() as point:
                self.hand(state)
                self.pathway.with_user(self.coordinator).write({"body_id": self.body_c.id, "referent_id": self.operator_c.id})
                self.env.invalidate_all()
                self.assertFalse(self.pathway.with_user(self.operator_c).action_hand_over()["res_id"])
                self.assertEqual(self.hand(user=self.operator_c).from_body_id, self.body_c)
                point.rollback()

    def test_a_closed_pathway_is_not_handed_over(self):
        self.pathway.write({"state": "closed", "outcome": "job"})
        with self.assertRaises(UserError):
            self.hand("draft")
        self.assertFalse(self.pathway.handover_ids)

    def test_a_user_of_both_bodies_gives_and_somebody_else_takes(self):
        self.operator.citta_body_ids = [Command.link(self.body_b.id)]
        handover = self.hand()
        self.assertFalse(handover.is_mine_to_answer)
        with self.assertRaisesRegex(UserError, "somebody else"), self.env.cr.savepoint():
            handover.action_accept()
        self.env.invalidate_all()
        self.assertEqual(self.left()[0], self.body_a, "proposed is not accepted")
        handover.with_user(self.operator_b).action_accept()
        self.env.invalidate_all()
        self.assertEqual(self._log(handover), [("draft", "proposed"), ("proposed", "accepted")])
        self.assertEqual(self.left(), (self.body_b, self.operator_b))
