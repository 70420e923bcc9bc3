import re
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase


class FollowUpCase(PeopleCase):
    """A pathway that ended with a job half a year ago."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway = cls._pathway("Ada Prova", referent_id=cls.operator.id, date_start=cls.today - relativedelta(years=1))
        cls.pathway.action_activate()
        cls.pathway.write({"state": "closed", "outcome": "job", "date_end": cls.today - relativedelta(months=6)})
        cls.three, cls.six, cls.twelve = cls.pathway.follow_up_ids.sorted("date_due")
        cls.items = cls.env["citta.follow.up"]


@tagged("post_install", "-at_install")
class TestFollowUp(FollowUpCase):
    """Three questions at three, six and twelve months: by form, by reminder, by call, or not reached."""

    def test_planned_at_the_exit_called_off_at_the_return(self):
        self.assertEqual(self.six.date_due, self.today)
        self.assertEqual([item.months for item in (self.three, self.six, self.twelve)], ["3", "6", "12"])
        self.pathway.action_reopen()
        self.assertEqual(set((self.three | self.six | self.twelve).mapped("state")), {"cancelled"})
        self.pathway.write({"state": "closed", "outcome": "training"})
        self.assertEqual(len(self.pathway.follow_up_ids), 6)

    def test_asked_reminded_twice_called_and_given_up(self):
        self.assertIn(self.six, self.items._send_due(self.today))
        self.assertEqual((self.six.state, self.six.date_asked), ("asked", self.today))
        self.assertEqual(self.twelve.state, "planned")
        mails = self.env["mail.mail"].search([("model", "=", "citta.follow.up"), ("res_id", "=", self.six.id)])
        self.assertIn(self.six.sudo().token, mails.body_html)
        for days, reminders in ((6, 0), (7, 1), (8, 1), (14, 2), (20, 2), (30, 2)):
            self.items._remind(self.today + timedelta(days=days))
            self.assertEqual(self.six.reminders, reminders, days)
        self.assertEqual(self.six.activity_ids.user_id, self.operator)
        self.items._give_up(self.today + timedelta(days=61))
        self.assertEqual(self.six.state, "missed")

    def test_without_address_the_referent_calls(self):
        self.pathway.partner_id.email = False
        with self.assertRaises(UserError):
            self.six.action_ask()
        self.items._send_due(self.today)
        self.assertEqual(self.six.activity_ids.user_id, self.operator)
        call = self.six.with_user(self.operator)
        with self.assertRaisesRegex(UserError, "situation first"):
            call.action_answer()
        call.situation = "job"
        call.action_answer()
        self.assertEqual((call.state, call.channel, call.date_answered, call.is_lasting), ("answered", "call", self.today, True))
        self.assertFalse(self.six.activity_ids)

    def test_an_answer_is_not_rewritten(self):
        self.six.situation = "search"
        self.six.action_answer()
        self.assertFalse(self.six.is_lasting)
        with self.assertRaises(UserError):
            self.six.with_user(self.operator).situation = "job"
        with self.assertRaises(UserError):
            self.six.action_miss()

    def test_the_figure_is_the_share_that_lasts(self):
        kpi = self.env["citta.kpi"].create({"name": "L", "programme_id": self.programme.id, "source": "lasting_outcomes"})
        self.assertEqual(kpi.actual, 0)
        self.six.situation = "job"
        self.six.action_answer()
        other = self._pathway("Bea Prova", date_start=self.today - relativedelta(years=1))
        other.write({"state": "closed", "outcome": "job", "date_end": self.today - relativedelta(months=6)})
        second = other.follow_up_ids.filtered(lambda item: item.months == "6")
        second.situation = "search"
        second.action_answer()
        lost = self._pathway("Cia Prova", date_start=self.today - relativedelta(years=1))
        lost.write({"state": "closed", "outcome": "dropped_out", "date_end": self.today - relativedelta(months=6)})
        third = lost.follow_up_ids.filtered(lambda item: item.months == "6")
        third.situation = "job"
        third.action_answer()
        kpi.invalidate_recordset()
        self.assertEqual(kpi.actual, 50, "who had no outcome at the exit is not counted")
        self.assertEqual(kpi.action_open_source()["res_model"], "citta.follow.up")

    def test_roles(self):
        self.six.with_user(self.operator).read(["state"])
        self.six.with_user(self.coordinator).read(["state"])
        for user in (self.operator_b, self.operator_west, self.employee, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.six.with_user(user).read(["state"])
        with self.assertRaises(AccessError):
            self.six.with_user(self.coordinator).read(["token"])
        with self.assertRaises(AccessError):
            self.items.with_user(self.operator).create({"pathway_id": self.pathway.id, "months": "3", "date_due": self.today})
        with self.assertRaises(AccessError):
            self.six.with_user(self.operator).unlink()


@tagged("post_install", "-at_install")
class TestFollowUpForm(HttpCase, FollowUpCase):
    """The form behind an address nobody can guess: answered once, and it tells nothing."""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("citta.form.min_seconds", "0")
        self.six.action_ask()
        self.path = f"/come-va/{self.six.sudo().token}"

    def send(self, **values):
        text = self.url_open(self.path).text
        hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("csrf_token", "citta_stamp")}
        return self.url_open(self.path, data={**hidden, **values}, allow_redirects=False)

    def test_the_form_shows_no_name(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("Ada", page.text)
        self.assertIn("P-East", page.text)
        self.assertEqual(page.headers["X-Robots-Tag"], "noindex")

    def test_answered_once(self):
        answer = self.send(situation="self_employment", is_helpful="yes", note="Bottega aperta", wants_call="yes")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(
            (self.six.state, self.six.situation, self.six.channel, self.six.is_lasting, self.six.note),
            ("answered", "self_employment", "form", True, "Bottega aperta"),
        )
        self.assertTrue(self.six.activity_ids, "the person wishes a call")
        self.assertIn("Thank you", self.url_open(self.path).text)
        again = self.url_open(self.path, data={"situation": "search"})
        self.assertNotEqual(again.status_code, 500)
        self.assertEqual(self.six.situation, "self_employment")

    def test_nothing_chosen_or_forged(self):
        for values in ({}, {"situation": "boss"}):
            with mute_logger("odoo.http"):
                answer = self.send(note="Ecco", **values)
            self.assertEqual(answer.status_code, 422)
            self.assertIn("Ecco", answer.text)
        self.assertEqual(self.six.state, "asked")

    def test_wrong_and_called_off_addresses(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open("/come-va/indovinello").status_code, 404)
            self.six._workflow_move("miss")
            self.assertEqual(self.url_open(self.path).status_code, 200, "a late answer is welcome")
            self.pathway.action_reopen()
            self.assertEqual(self.url_open(f"/come-va/{self.twelve.sudo().token}").status_code, 404)
