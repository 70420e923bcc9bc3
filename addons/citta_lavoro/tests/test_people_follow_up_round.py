from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_people_follow_up import FollowUpCase, FollowUpPages


@tagged("post_install", "-at_install")
class TestFollowUpRound(FollowUpCase):
    """The daily round after the exit: run twice it does once; each state, each body, each figure."""

    def mails(self, item):
        """Letters with the form, without notices to colleagues."""
        mails = self.env["mail.mail"].search([("model", "=", "citta.follow.up"), ("res_id", "=", item.id)])
        return mails.filtered(lambda mail: "/come-va/" in mail.body_html)

    def asked(self, days=0):
        """The six months' question, asked some days ago."""
        self.six.action_ask()
        self.six.date_asked = self.today - timedelta(days=days)
        return self.six

    def finish(self, name, outcome, situation=None, months="6", **values):
        """A person who left half a year ago, and what was answered."""
        pathway = self._pathway(name, date_start=self.today - relativedelta(years=1), **values)
        pathway.write({"state": "closed", "outcome": outcome, "date_end": self.today - relativedelta(months=6)})
        item = pathway.follow_up_ids.filtered(lambda one: one.months == months)
        if situation:
            item.situation = situation
            item.action_answer()
        return item

    # -- the cron --------------------------------------------------------------

    def test_the_round_twice_on_a_day_sends_once(self):
        self.three.unlink()
        for _again in range(2):
            self.items._cron_follow_up()
        self.assertEqual((self.six.state, len(self.mails(self.six)), self.six.reminders), ("asked", 1, 0))
        self.assertEqual((self.twelve.state, len(self.mails(self.twelve))), ("planned", 0))

    def test_the_reminder_is_sent_once_a_week_and_twice_in_all(self):
        for days, letters in ((6, 1), (7, 2), (7, 2), (13, 2), (14, 3), (14, 3), (40, 3)):
            if self.six.state == "planned":
                self.asked()
            self.six.date_asked = self.today - timedelta(days=days)
            self.items._cron_follow_up()
            self.assertEqual(len(self.mails(self.six)), letters, f"day {days}")

    def test_the_call_is_put_on_the_list_once(self):
        self.asked(20)
        self.items._cron_follow_up()
        self.assertFalse(self.six.activity_ids)
        self.six.date_asked -= timedelta(days=1)
        for _again in range(2):
            self.items._cron_follow_up()
        self.assertEqual(self.six.activity_ids.user_id, self.operator)
        self.assertEqual(len(self.six.activity_ids), 1)

    def test_who_answered_is_neither_reminded_nor_given_up(self):
        self.asked(50)
        self.six.situation = "pause"
        self.six.with_user(self.operator).action_answer()
        letters = len(self.mails(self.six))
        self.items._remind(self.today)
        self.items._give_up(self.today + timedelta(days=90))
        self.assertEqual((self.six.state, len(self.mails(self.six)), len(self.six.activity_ids)), ("answered", letters, 0))

    def test_an_exit_noted_late_is_not_asked_about_what_is_long_past(self):
        late = self._pathway("Zoe Prova", referent_id=self.operator.id, date_start=self.today - relativedelta(years=2))
        late.action_activate()
        late.write({"state": "closed", "outcome": "job", "date_end": self.today - relativedelta(months=7)})
        self.items._cron_follow_up()
        three, six, twelve = late.follow_up_ids.sorted("date_due")
        self.assertEqual((three.state, six.state, twelve.state), ("missed", "asked", "planned"))
        self.assertEqual((len(self.mails(three)), len(self.mails(six))), (0, 1))

    def test_given_up_after_sixty_days_and_not_before(self):
        self.assertNotIn(self.six, self.items._give_up(self.today + timedelta(days=60)))
        self.assertIn(self.six, self.items._give_up(self.today + timedelta(days=61)))
        self.assertNotIn(self.six, self.items._give_up(self.today + timedelta(days=62)))
        self.assertEqual(self._log(self.six), [("planned", "missed")])

    def _log(self, record):
        rows = self.env["citta.workflow.log"].search([("res_model", "=", record._name), ("res_id", "=", record.id)], order="id")
        return [(row.from_state, row.to_state) for row in rows]

    def test_without_referent_a_coordinator_calls(self):
        self.pathway.partner_id.email = False
        self.pathway.referent_id = False
        for _again in range(2):
            self.items._send_due(self.today)
        self.assertEqual((self.six.state, self.six.activity_ids.user_id, len(self.mails(self.six))), ("planned", self.coordinator, 0))
        self.assertEqual(len(self.six.activity_ids), 1)

    def test_who_was_erased_is_asked_nothing_any_more(self):
        self.asked(30)
        letters = self.mails(self.six)
        self.env["citta.privacy.erasure"].create({"partner_id": self.pathway.partner_id.id}).action_erase()
        self.assertEqual([one.state for one in (self.three, self.six, self.twelve)], ["cancelled"] * 3)
        self.assertFalse(letters.exists() | self.mails(self.six))
        self.assertFalse((self.three | self.six | self.twelve).sudo().mapped("token")[0])
        for day in (self.today, self.today + timedelta(days=400)):
            for method in (self.items._send_due, self.items._remind, self.items._give_up):
                self.assertFalse(method(day) & self.pathway.follow_up_ids)
        self.assertFalse(self.env["mail.activity"].search([("res_model", "=", "citta.follow.up"), ("res_id", "in", self.pathway.follow_up_ids.ids)]))

    def test_an_answer_given_before_the_erasure_still_counts(self):
        self.six.situation = "job"
        self.six.action_answer()
        self.env["citta.privacy.erasure"].create({"partner_id": self.pathway.partner_id.id}).action_erase()
        self.assertEqual((self.six.state, self.six.situation, self.six.is_lasting), ("answered", "job", True))

    # -- calls -------------------------------------------------------------------

    def test_a_call_is_written_down_from_each_open_state(self):
        for state, item in (("planned", self.twelve), ("asked", self.six), ("missed", self.three)):
            if state == "asked":
                item.action_ask()
            if state == "missed":
                item.with_user(self.operator).action_miss()
            self.assertEqual(item.state, state)
            item.with_user(self.operator).situation = "internship"
            item.with_user(self.operator).action_answer()
            self.assertEqual((item.state, item.channel, item.date_answered, item.is_lasting), ("answered", "call", self.today, True))
            self.assertEqual(self._log(item)[-1], (state, "answered"))

    def test_what_was_called_off_takes_no_answer(self):
        self.pathway.action_reopen()
        self.six.situation = "job"
        for name in ("action_ask", "action_answer", "action_miss"):
            with self.assertRaises(UserError, msg=name):
                getattr(self.six, name)()
        self.assertEqual((self.six.state, self.six.date_answered, self.six.is_lasting), ("cancelled", False, False))

    def test_the_state_alone_is_no_answer(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.six.with_user(self.operator).write({"state": "answered"})
            self.six.flush_recordset()
        self.env.invalidate_all()
        self.assertEqual((self.six.state, self.six.situation), ("planned", False))

    def test_the_form_is_sent_once(self):
        self.six.with_user(self.operator).action_ask()
        with self.assertRaises(UserError):
            self.six.with_user(self.operator).action_ask()
        self.assertEqual(len(self.mails(self.six)), 1)

    def test_other_bodies_neither_ask_nor_answer(self):
        for user in (self.operator_b, self.operator_west, self.employee, self.env.ref("base.public_user")):
            for name in ("action_ask", "action_answer", "action_miss"):
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    getattr(self.six.with_user(user), name)()
            with self.assertRaises(AccessError, msg=user.login):
                self.six.with_user(user).write({"situation": "job"})
        self.assertEqual((self.six.state, self.six.situation, len(self.mails(self.six))), ("planned", False, 0))

    def test_each_question_once_and_each_key_its_own(self):
        keys = (self.three | self.six | self.twelve).sudo().mapped("token")
        self.assertEqual(len(set(keys)), 3)
        self.assertTrue(all(len(key) >= 32 for key in keys))
        values = {"pathway_id": self.pathway.id, "date_due": self.today}
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.items.create({**values, "months": "6"})
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.items.create({**values, "months": "3", "token": keys[0]}).flush_recordset()

    def test_a_copied_question_has_no_answer_and_another_key(self):
        self.six.situation = "job"
        self.six.action_answer()
        self.env.flush_all()
        copied = self.six.copy()
        self.assertEqual((copied.state, copied.situation, copied.channel, copied.date_answered), ("planned", False, False, False))
        self.assertNotEqual(copied.sudo().token, self.six.sudo().token)

    # -- the figure --------------------------------------------------------------

    def test_what_lasts_by_outcome_and_situation(self):
        for outcome, situation, lasting in (
            ("job", "job", True), ("job", "pause", False), ("training", "internship", True), ("training", "search", False), ("other", "job", False),
            ("dropped_out", "training", False),
        ):
            item = self.finish(f"Prova {outcome} {situation}", outcome, situation)
            self.assertEqual(item.is_lasting, lasting, f"{outcome} {situation}")

    def test_only_six_months_of_the_own_programme_and_who_answered(self):
        kpi = self.env["citta.kpi"].create({"name": "L", "programme_id": self.programme.id, "source": "lasting_outcomes"})
        self.six.situation = "job"
        self.six.action_answer()
        self.finish("Bea Prova", "job", "search", months="3")
        self.finish("Cia Prova", "job")
        self.finish("Dea Prova", "job", "search", programme=self.programme_west)
        kpi.invalidate_recordset()
        self.assertEqual(kpi.actual, 100)
        for name in ("Eva Prova", "Fea Prova", "Gea Prova"):
            self.finish(name, "job", "search")
        kpi.invalidate_recordset()
        self.assertEqual(kpi.actual, 25)


@tagged("post_install", "-at_install")
class TestFollowUpKey(FollowUpPages):
    """The key: wrong, of another question, opened twice, in other hands."""

    def test_one_key_answers_one_question(self):
        self.send("Bottega", situation="job")
        self.env.invalidate_all()
        self.assertEqual((self.six.situation, self.twelve.state, self.twelve.situation), ("job", "planned", False))
        self.assertEqual(self.url_open(self.path).status_code, 200)
        self.assertEqual((self.six.situation, self.six.note, self.six.channel), ("job", "Bottega", "form"))

    def test_opened_twice_it_is_one(self):
        for _again in range(2):
            self.url_open(self.path)
        self.assertEqual(len(self.under_way()), 1)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.survey._create_answer(citta_follow_up_id=self.six.id)

    def test_a_key_nobody_has_opens_nothing(self):
        for path in ("/come-va/False", "/come-va/" + "x" * 32, self.path[:-1]):
            with mute_logger("odoo.http"):
                self.assertEqual(self.url_open(path).status_code, 404, path)
        for path in (self.survey.get_start_url(), self.survey.get_print_url(), f"/survey/test/{self.survey.access_token}"):
            self.url_open(path, allow_redirects=False)
        self.assertFalse(self.survey.user_input_ids)
        self.assertEqual(self.six.state, "asked")

    def test_the_key_opens_whoever_is_logged_in(self):
        for login in ("p_employee", self._portal_user(self.pathway, "p_ada").login):
            self.authenticate(login, login)
            self.assertIn("What are you doing now?", self.url_open(self.path).text, login)
        self.assertEqual(len(self.under_way()), 1)

    def test_nobody_makes_answers_of_nothing(self):
        for values in ({}, {"citta_pathway_id": self.pathway.id, "partner": self.pathway.partner_id}, {"citta_follow_up_id": False}):
            with self.assertRaises(UserError):
                self.survey._create_answer(**values)
        compass = self.env.ref("citta_lavoro.survey_compass")
        with self.assertRaises(UserError):
            compass._create_answer(partner=self.pathway.partner_id, citta_follow_up_id=self.six.id)

    def test_answers_are_for_nobodys_eyes(self):
        self.url_open(self.path)
        answers = self.under_way()
        answers._save_lines(self.question("note"), "Bottega")
        survey_user = new_test_user(self.env, "p_survey", groups="base.group_user,survey.group_survey_manager")
        for user in (self.operator, self.coordinator, self.administrator, self.employee, survey_user, self.env.ref("base.public_user")):
            for record in (answers, answers.user_input_line_ids):
                with self.subTest(user=user.login, model=record._name), self.assertRaises(AccessError):
                    record.with_user(user).read(["survey_id"])

    def test_half_an_answer_goes_after_its_term_and_with_the_person(self):
        self.url_open(self.path)
        answers = self.under_way()
        answers._save_lines(self.question("note"), "Bottega")
        held = {one["model"]: one["records"] for one in self.env["citta.privacy.export"]._collect(self.pathway.partner_id, self.env["crm.lead"])}
        self.assertIn("Bottega", str(held["survey.user_input.line"]))
        token = answers.access_token
        self.env["citta.privacy.erasure"].create({"partner_id": self.pathway.partner_id.id}).action_erase()
        self.assertFalse(answers.user_input_line_ids.mapped("value_text_box")[0])
        self.assertNotEqual(answers.access_token, token)
        answers.deadline = fields.Datetime.now() - timedelta(minutes=1)
        self.env["survey.user_input"]._gc_citta_unfinished()
        self.assertFalse(answers.exists())

    def test_the_wording_is_free_and_the_rest_is_not(self):
        job = self.question("situation").suggested_answer_ids[0]
        job.with_user(self.administrator).value = "I have a job"
        for record, values in (
            (self.survey, {"users_login_required": True}), (self.survey, {"users_can_go_back": True}), (self.question("situation"), {"constr_mandatory": False}),
            (self.question("note"), {"question_type": "char_box"}),
        ):
            with self.subTest(values=values), self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
                record.write(values)
                record.flush_recordset()
            self.env.invalidate_all()
        with self.assertRaises(ValidationError):
            job.citta_value = "boss"
        with self.assertRaises(UserError):
            self.env["survey.question"].create({"survey_id": self.survey.id, "title": "What else?", "question_type": "text_box"})
