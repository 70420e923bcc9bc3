from dateutil.relativedelta import relativedelta
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestSuspensionLimits(PeopleCase):
    """What pauses and extensions add up to, at the limits of the programme, by the dialogue and without it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.programme.write({"pathway_months": 12, "suspension_days": 90, "extension_months": 3})
        cls.pathway = cls._pathway("Ada Prova", referent_id=cls.operator.id, date_start=cls.today)
        cls.pathway.action_activate()

    def later(self, **time):
        return self.today + relativedelta(**time)

    def decide(self, user=None, **values):
        """By the model itself, as an import or RPC does."""
        return self.env["citta.suspension"].with_user(user or self.operator).create({"pathway_id": self.pathway.id, "reason": "family", **values})

    def ask(self, user=None, **values):
        self.env["citta.pathway.pause"].with_user(user or self.operator).create({"pathway_id": self.pathway.id, "reason": "work", **values}).action_confirm()

    def past(self, start, days, end=None):
        """A pause of the past, ended after some days."""
        pause = self.decide(date_start=self.later(days=start), date_planned=self.later(days=start + days))
        pause.sudo().date_end = self.later(days=start + (days if end is None else end))
        pause.flush_recordset()
        return pause

    def test_to_the_day_at_the_limit_of_pauses(self):
        self.past(-200, 50)
        self.past(-100, 30)
        for days in (11, 12, 90):
            with self.assertRaisesRegex(ValidationError, "at most 90 days"), self.env.cr.savepoint():
                self.decide(date_planned=self.later(days=days))
        self.assertEqual(len(self.pathway.suspension_ids), 2)
        self.decide(date_planned=self.later(days=10))
        self.assertEqual(self.pathway.date_planned_end, self.later(months=12, days=90))

    def test_a_pause_ended_early_counts_what_it_lasted(self):
        self.past(-100, 60, end=20)
        self.assertEqual(self.pathway.date_planned_end, self.later(months=12, days=20))
        with self.assertRaises(ValidationError):
            self.decide(date_planned=self.later(days=71))
        self.decide(date_planned=self.later(days=70))

    def forget(self):
        """A pause of thirty days, taken up after two hundred."""
        self.ask(date_planned=self.later(days=30))
        self.env.flush_all()
        self.env.cr.execute("UPDATE citta_suspension SET date_start = date_start - 200, date_planned = date_planned - 200 WHERE pathway_id = %s", [self.pathway.id])
        self.env.invalidate_all()

    def test_a_pause_that_was_forgotten_is_still_ended(self):
        self.forget()
        self.pathway.with_user(self.operator).action_resume()
        self.assertEqual((self.pathway.state, self.pathway.suspension_ids.date_end), ("active", self.today))
        self.env.flush_all()
        self.assertEqual(self.pathway.date_planned_end, self.later(months=12, days=90), "the limit of the programme, not the 200 days")
        with self.assertRaisesRegex(ValidationError, "at most 90 days"):
            self.ask(date_planned=self.later(days=1))

    def test_a_pathway_whose_pause_was_forgotten_is_closed(self):
        self.forget()
        self.pathway.with_user(self.operator).write({"state": "closed", "outcome": "dropped_out"})
        self.assertEqual((self.pathway.state, self.pathway.suspension_ids.date_end), ("closed", self.today))

    def test_end_and_decider_are_not_said_in_advance(self):
        forged = {"date_end": self.later(days=-1000), "user_id": self.coordinator.id}
        for context in ({}, {f"default_{name}": value for name, value in forged.items()}):
            values = {} if context else forged
            decision = self.env["citta.suspension"].with_user(self.operator).with_context(**context).create({
                "pathway_id": self.pathway.id, "reason": "other", "date_planned": self.later(days=3), **values,
            })
            self.assertEqual((decision.date_end, decision.user_id), (False, self.operator))
            decision.sudo().date_end = self.today
            decision.flush_recordset()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            decision.sudo().date_end = self.later(days=-1)
            decision.flush_recordset()

    def test_two_open_pauses_and_one_upside_down_are_refused(self):
        self.decide(date_planned=self.later(days=5))
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.decide(date_planned=self.later(days=6))
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.decide(kind="extension", date_start=self.today, date_planned=self.later(days=-1))
        self.assertEqual(len(self.pathway.suspension_ids), 1)

    def test_to_the_day_at_the_limit_of_extensions(self):
        with self.assertRaisesRegex(ValidationError, "at most 3 months"), self.env.cr.savepoint():
            self.decide(kind="extension", date_planned=self.later(months=15, days=1))
        self.decide(kind="extension", date_planned=self.later(months=15))
        self.assertEqual(self.pathway.date_planned_end, self.later(months=15))

    def test_an_extension_ends_later_than_the_pathway_does_already(self):
        for late in (self.later(days=3), self.later(months=12)):
            with self.assertRaisesRegex(ValidationError, "already: choose a later"), self.env.cr.savepoint():
                self.ask(kind="extension", date_planned=late)
        self.assertFalse(self.pathway.suspension_ids)
        self.ask(kind="extension", date_planned=self.later(months=14))
        with self.assertRaisesRegex(ValidationError, "already: choose a later"):
            self.ask(kind="extension", date_planned=self.later(months=14))

    def test_pauses_move_the_limit_of_extensions(self):
        self.past(-60, 40)
        latest = self.later(months=12, days=40) + relativedelta(months=3)
        with self.assertRaises(ValidationError):
            self.decide(kind="extension", date_planned=latest + relativedelta(days=1))
        self.decide(kind="extension", date_planned=latest)
        self.assertEqual(self.pathway.date_planned_end, latest)

    def test_a_second_extension_does_not_add_to_the_first(self):
        self.decide(kind="extension", date_planned=self.later(months=14))
        self.decide(kind="extension", date_planned=self.later(months=13))
        self.assertEqual(self.pathway.date_planned_end, self.later(months=14))
        with self.assertRaises(ValidationError):
            self.decide(kind="extension", date_planned=self.later(months=17))

    def test_no_pause_and_no_extension_where_the_programme_gives_none(self):
        self.programme.write({"suspension_days": 0, "extension_months": 0})
        for values in ({"date_planned": self.later(days=1)}, {"kind": "extension", "date_planned": self.later(months=12, days=1)}):
            with self.assertRaises(ValidationError, msg=str(values)):
                self.ask(**values)
        self.assertEqual((self.pathway.state, self.pathway.date_planned_end), ("active", self.later(months=12)))
        self.assertFalse(self.pathway.suspension_ids)

    def test_a_refused_pause_leaves_the_pathway_running(self):
        with self.assertRaises(ValidationError):
            self.ask(date_planned=self.later(days=91))
        self.assertEqual(self.pathway.state, "active")
        self.assertFalse(self.pathway.suspension_ids)
        self.ask(date_planned=self.later(days=30))
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.ask(date_planned=self.later(days=31))
        self.assertEqual((self.pathway.state, len(self.pathway.suspension_ids)), ("suspended", 1))

    def test_resumed_and_paused_again(self):
        self.ask(date_planned=self.later(days=30))
        self.pathway.with_user(self.operator).action_resume()
        with self.assertRaises(UserError):
            self.pathway.with_user(self.operator).action_resume()
        self.assertEqual((self.pathway.state, self.pathway.date_planned_end), ("active", self.later(months=12)))
        self.ask(date_planned=self.later(days=90))
        self.assertEqual(self.pathway.suspension_ids.mapped("date_end").count(False), 1)

    def test_an_extension_of_a_paused_pathway_leaves_it_paused(self):
        self.ask(date_planned=self.later(days=30))
        self.ask(kind="extension", date_planned=self.later(months=14))
        self.assertEqual((self.pathway.state, len(self.pathway.suspension_ids)), ("suspended", 2))

    def test_the_dialogue_proposes_a_month_and_tells_the_limit(self):
        Wizard = self.env["citta.pathway.pause"].with_user(self.operator)
        pause, extension = Wizard.create([{"pathway_id": self.pathway.id, "kind": kind, "reason": "away"} for kind in ("suspension", "extension")])
        self.assertEqual((pause.date_planned, extension.date_planned), (self.later(months=1), self.later(months=12) + relativedelta(months=1)))
        self.assertIn("90", pause.limit)
        self.assertIn("3 months", extension.limit)

    def test_a_closed_pathway_is_neither_paused_nor_extended(self):
        self.pathway.write({"state": "closed", "outcome": "job"})
        for values in ({"date_planned": self.later(days=3)}, {"kind": "extension", "date_planned": self.later(months=13)}):
            with self.assertRaisesRegex(UserError, "is closed"), self.env.cr.savepoint():
                self.ask(**values)
        self.assertFalse(self.pathway.suspension_ids)

    # -- without the dialogue ----------------------------------------------------

    def test_the_pathway_follows_a_pause(self):
        self.decide(date_start=self.later(days=-3), date_planned=self.later(days=5))
        self.assertEqual(self.pathway.state, "suspended")
        log = self.env["citta.workflow.log"].search([("res_model", "=", "citta.pathway"), ("res_id", "=", self.pathway.id)], limit=1)
        self.assertEqual((log.transition, log.reason), ("suspend", "Care and family"))
        self.pathway.with_user(self.operator).action_resume()
        self.decide(date_planned=self.today)
        self.assertEqual((self.pathway.state, len(self.pathway.suspension_ids)), ("suspended", 2))

    def test_a_pause_that_is_over_when_it_is_entered_is_only_kept(self):
        pause = self.decide(date_start=self.later(days=-9), date_planned=self.later(days=-1))
        self.assertEqual((pause.date_end, self.pathway.state), (self.later(days=-1), "active"))
        self.assertEqual(self.pathway.date_planned_end, self.later(months=12, days=8))
        self.ask(date_planned=self.later(days=30))

    def test_a_pause_that_has_not_begun_is_not_entered(self):
        with self.assertRaisesRegex(UserError, "begins today or has begun"), self.env.cr.savepoint():
            self.decide(date_start=self.later(days=1), date_planned=self.later(days=9))
        self.assertEqual((self.pathway.state, len(self.pathway.suspension_ids)), ("active", 0))

    def test_what_has_not_started_is_not_paused(self):
        self.pathway = self._pathway("Bea Prova", referent_id=self.operator.id)
        with self.assertRaisesRegex(UserError, "cannot become"), self.env.cr.savepoint():
            self.decide(date_planned=self.later(days=9))
        self.assertFalse(self.pathway.suspension_ids)

    def test_an_extension_is_noted_in_the_history(self):
        self.decide(kind="extension", date_planned=self.later(months=13))
        self.assertIn("Care and family", "".join(self.pathway.message_ids.mapped("body")))

    def test_roles(self):
        decision = self.decide(date_planned=self.later(days=3))
        for user in (self.operator_b, self.operator_west, self.employee, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError, msg=user.login):
                decision.with_user(user).read(["reason"])
            with self.assertRaises(AccessError, msg=user.login):
                self.decide(user, kind="extension", date_planned=self.later(months=13))
        self.decide(self.coordinator, kind="extension", date_planned=self.later(months=13))
        self.assertEqual(self.pathway.suspension_ids.user_id, self.operator | self.coordinator)
        for values in ({"date_end": self.today}, {"reason": "other"}, {"kind": "extension"}, {"date_start": self.later(days=-9)}):
            with self.assertRaises(UserError, msg=str(values)):
                decision.write(values)
        decision.note = "Talked over"
        self.assertEqual((decision.note, decision.reason, decision.date_end), ("Talked over", "family", False))
