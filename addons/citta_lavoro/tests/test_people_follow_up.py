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


class FollowUpPages(HttpCase, FollowUpCase):
    """The questions behind the key, as a browser sends them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env.ref("citta_lavoro.survey_follow_up")

    def setUp(self):
        super().setUp()
        self.six.action_ask()
        self.path = f"/come-va/{self.six.sudo().token}"

    def question(self, ask):
        return self.survey.question_ids.filtered(lambda one: one.citta_ask == ask)

    def under_way(self, item=None):
        return self.env["survey.user_input"].search([("citta_follow_up_id", "=", (item or self.six).id), ("state", "!=", "done")])

    def submit(self, answers, note="", **values):
        """Send the whole page.

        :param values: question → code of the answer
        :return: what the browser shows next, or the error
        """
        chosen = {
            str(self.question(ask).id): str(self.question(ask).suggested_answer_ids.filtered(lambda one, code=code: one.citta_value == code).id)
            for ask, code in values.items()
        }
        path = f"/survey/submit/{self.survey.access_token}/{answers.access_token}"
        return self.make_jsonrpc_request(path, {str(self.question("note").id): note, **chosen})[1]

    def send(self, note="", **values):
        """Open the key and answer."""
        self.url_open(self.path)
        return self.submit(self.under_way(), note, **values)


@tagged("post_install", "-at_install")
class TestFollowUpForm(FollowUpPages):
    """The questions behind an address nobody can guess: answered once, and they tell nothing."""

    def test_the_form_shows_no_name(self):
        page = self.url_open(self.path)
        self.assertEqual(page.status_code, 200)
        self.assertIn("/survey/", page.url)
        self.assertNotIn("Ada", page.text)
        self.assertIn("P-East", page.text)
        self.assertIn("What are you doing now?", page.text)
        self.assertEqual((page.headers["X-Robots-Tag"], page.headers["Referrer-Policy"]), ("noindex", "no-referrer"))
        for step in page.history:
            self.assertEqual(step.status_code, 303)
        self.assertFalse(self.under_way().partner_id | self.under_way().create_uid.partner_id & self.pathway.partner_id)

    def test_answered_once(self):
        thanks = self.send("Bottega aperta", situation="self_employment", is_helpful="yes", wants_call="yes")
        self.assertIn("Your answer has arrived", thanks["survey_content"])
        for core in ("/survey/retry", "/survey/print"):
            self.assertNotIn(core, thanks["survey_content"])
        self.assertEqual(
            (self.six.state, self.six.situation, self.six.is_helpful, self.six.channel, self.six.is_lasting, self.six.note, self.six.wants_call),
            ("answered", "self_employment", "yes", "form", True, "Bottega aperta", True),
        )
        self.assertTrue(self.six.activity_ids, "the person wishes a call")
        self.assertFalse(self.env["survey.user_input.line"].search([("survey_id", "=", self.survey.id)]), "no second copy stays")
        self.assertIn("Thank you", self.url_open(self.path).text)
        self.assertFalse(self.under_way())
        done = self.env["survey.user_input"].search([("citta_follow_up_id", "=", self.six.id)])
        self.assertEqual(self.submit(done, "Altro", situation="search"), {"error": "unauthorized"})
        self.url_open(f"/survey/retry/{self.survey.access_token}/{done.access_token}")
        self.assertEqual((self.six.situation, self.survey.user_input_ids), ("self_employment", done))

    def test_nothing_chosen_or_forged(self):
        for values in ({}, {"is_helpful": "yes"}):
            self.assertEqual(self.send("Ecco", **values)["error"], "validation")
            self.assertEqual(self.six.state, "asked")
        answers = self.under_way()
        foreign = self.question("is_helpful").suggested_answer_ids[0]
        self.make_jsonrpc_request(f"/survey/submit/{self.survey.access_token}/{answers.access_token}", {
            str(self.question("situation").id): str(foreign.id), str(self.question("note").id): "Ecco",
        })
        self.assertEqual((self.six.state, self.six.situation, self.six.note), ("asked", False, False))
        self.send("x" * 3000, situation="job")
        self.assertEqual((self.six.state, len(self.six.note)), ("answered", 1000))

    def test_wrong_and_called_off_addresses(self):
        self.url_open(self.path)
        half = self.under_way()
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open("/come-va/indovinello").status_code, 404)
            self.six._workflow_move("miss")
            self.assertEqual(self.url_open(self.path).url, self.url_open(half.get_start_url()).url, "a late answer is welcome")
            self.pathway.action_reopen()
            self.assertEqual(self.url_open(f"/come-va/{self.twelve.sudo().token}").status_code, 404)
        self.assertFalse(self.under_way(self.twelve))

    def test_what_was_answered_on_the_phone_meanwhile_stays(self):
        self.url_open(self.path)
        half = self.under_way()
        self.six.situation = "job"
        self.six.action_answer()
        self.assertEqual(self.submit(half, "Altro", situation="search"), {"error": "survey_closed"})
        self.assertIn("Thank you", self.url_open(half.get_start_url()).text)
        half._mark_done()
        self.assertEqual((self.six.situation, self.six.channel, self.six.note), ("job", "call", False))

    def test_out_of_use_it_asks_for_the_number(self):
        self.survey.action_archive()
        with mute_logger("odoo.http"):
            page = self.url_open(self.path)
        self.assertEqual(page.status_code, 404)
        self.assertIn("/parliamo-di-lavoro", page.text)
