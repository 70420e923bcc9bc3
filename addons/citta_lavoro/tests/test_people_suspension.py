from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestSuspension(PeopleCase):
    """Pauses and extensions have a reason and an end, within the programme's limits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.programme.write({"pathway_months": 12, "suspension_days": 90, "extension_months": 3})
        cls.pathway = cls._pathway("Ada Prova", referent_id=cls.operator.id, date_start=cls.today)
        cls.pathway.action_activate()

    def ask(self, kind, user=None, **values):
        wizard = self.env["citta.pathway.pause"].with_user(user or self.operator).create({
            "pathway_id": self.pathway.id, "kind": kind, "reason": "family", **values,
        })
        wizard.action_confirm()

    def later(self, **time):
        return self.today + relativedelta(**time)

    def test_planned_end(self):
        self.assertEqual(self.pathway.date_planned_end, self.later(months=12))

    def test_a_pause_with_reason_and_end(self):
        self.ask("suspension", date_planned=self.later(days=30))
        self.assertEqual(self.pathway.state, "suspended")
        pause = self.pathway.suspension_ids
        self.assertEqual((pause.reason, pause.date_planned, pause.user_id), ("family", self.later(days=30), self.operator))
        self.assertEqual(self.pathway.date_planned_end, self.later(months=12, days=30))
        log = self.env["citta.workflow.log"].search([("res_model", "=", "citta.pathway"), ("res_id", "=", self.pathway.id)], limit=1)
        self.assertEqual(log.reason, "Care and family")
        self.pathway.action_resume()
        self.assertEqual(pause.date_end, self.today)

    def test_all_pauses_together_have_a_limit(self):
        with self.assertRaisesRegex(ValidationError, "at most 90 days"), self.env.cr.savepoint():
            self.ask("suspension", date_planned=self.later(days=91))
        self.env.invalidate_all()
        self.assertEqual(self.pathway.state, "active")
        self.ask("suspension", date_planned=self.later(days=80))
        self.pathway.suspension_ids.sudo().write({"date_start": self.later(days=-80), "date_planned": self.today})
        self.pathway.action_resume()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.ask("suspension", date_planned=self.later(days=11))
        self.ask("suspension", date_planned=self.later(days=10))

    def test_an_extension_has_a_limit_too(self):
        self.ask("extension", date_planned=self.later(months=14))
        self.assertEqual((self.pathway.state, self.pathway.date_planned_end), ("active", self.later(months=14)))
        self.assertIn("Care and family", "".join(self.pathway.message_ids.mapped("body")))
        with self.assertRaisesRegex(ValidationError, "at most 3 months"):
            self.ask("extension", date_planned=self.later(months=16))

    def test_a_pause_without_words_gets_the_longest_that_is_left(self):
        self.pathway.with_user(self.operator).action_suspend()
        self.assertEqual(self.pathway.suspension_ids.date_planned, self.later(days=90))

    def test_the_referent_is_told_when_the_pause_is_over(self):
        self.ask("suspension", date_planned=self.later(days=30))
        self.assertNotIn(self.pathway, self.env["citta.pathway"]._cron_pauses_over())
        self.pathway.suspension_ids.sudo().write({"date_start": self.later(days=-30), "date_planned": self.today})
        for _again in range(2):
            self.assertIn(self.pathway, self.env["citta.pathway"]._cron_pauses_over())
        self.assertEqual(len(self.pathway.activity_ids), 1)

    def test_decisions_are_not_rewritten_nor_taken_for_others(self):
        self.ask("suspension", date_planned=self.later(days=30))
        with self.assertRaises(UserError):
            self.pathway.suspension_ids.with_user(self.operator).write({"date_planned": self.later(days=60)})
        with self.assertRaises(AccessError):
            self.pathway.suspension_ids.with_user(self.operator).unlink()
        other = self._pathway("Bea Prova", body=self.body_b)
        with self.assertRaises(AccessError):
            self.env["citta.pathway.pause"].with_user(self.operator).create({
                "pathway_id": other.id, "reason": "family", "date_planned": self.later(days=3),
            }).action_confirm()

    def test_closing_ends_the_pause(self):
        self.ask("suspension", date_planned=self.later(days=30))
        self.pathway.write({"state": "closed", "outcome": "other"})
        self.assertEqual(self.pathway.suspension_ids.date_end, self.today)
