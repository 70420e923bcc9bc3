from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .case_common import CasePortalCommon
from .test_people_assessment import CODES, AssessmentCommon

PAGE = "/my/percorso/bussola"


class CompassCommon(AssessmentCommon):
    """The programme's own survey, and how its answers are found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.survey = cls.env.ref("citta_lavoro.survey_compass")

    def question(self, code):
        return self.survey.question_ids.filtered(lambda one: one.citta_domain_id == self.domain(code))

    def priority(self):
        return self.survey.question_ids.filtered(lambda one: one.citta_ask == "priority")

    def answer(self, code, level):
        return self.question(code).suggested_answer_ids.filtered(lambda one: one.citta_value == str(level))

    def choice(self, code):
        return self.priority().suggested_answer_ids.filtered(lambda one: one.citta_domain_id == self.domain(code))

    def begun(self, pathway=None, **levels):
        """A set of answers under way."""
        pathway = pathway or self.pathway
        compass = self.env["survey.user_input"]._open_citta("citta_compass", pathway, partner=pathway.partner_id)
        for code, level in levels.items():
            compass._save_lines(self.question(code), str(self.answer(code, level).id))
        return compass


@tagged("post_install", "-at_install")
class TestCompass(CasePortalCommon, CompassCommon):
    """The person fills in the compass alone, on the pages of Odoo's Survey."""

    def begin(self, login="p_ada"):
        """The person presses the button.

        :return: the answers under way
        """
        self.post(PAGE, login=login)
        pathway = self.of_b if login == "p_bea" else self.pathway
        return pathway.compass_ids.filtered(lambda one: one.state != "done")

    def call(self, name, compass, **params):
        return self.make_jsonrpc_request(f"/survey/{name}/{self.survey.access_token}/{compass.access_token}", params)

    def turn(self, compass, page, priorities=(), **levels):
        """Answer one page and go on.

        :return: what the browser shows next, or the error
        """
        answers = {str(self.question(code).id): str(self.answer(code, level).id) for code, level in levels.items()}
        answers[str(self.priority().id)] = [str(self.choice(code).id) for code in priorities]
        return self.call("submit", compass, page_id=self.survey.page_ids[page].id, **answers)[1]

    def finish(self, compass, priorities=(), **levels):
        for page in range(4):
            last = self.turn(compass, page, priorities, **levels)
        return last

    def send(self, login="p_ada", priorities=(), **levels):
        """From the door to the thanks."""
        return self.finish(self.begin(login), priorities, **levels)

    # -- the way through -----------------------------------------------------

    def test_answers_make_a_confirmed_assessment_and_go(self):
        self.assertIn("There is no mark", self.page(PAGE).text)
        compass = self.begin()
        self.assertEqual((compass.state, compass.partner_id, compass.email, compass.nickname), ("in_progress", self.ada.partner_id, False, False))
        page = self.url_open(compass.get_start_url())
        self.assertIn("How close do you feel to a job that suits you?", page.text)
        self.assertIn('role="radiogroup"', page.text)
        self.assertIn(f'href="{PAGE}"', page.text)
        thanks = self.finish(compass, ["work"], work=2, money=4)
        self.assertIn(f"{PAGE}?notice=sent", thanks["survey_content"])
        for core in ("/survey/retry", "/survey/print"):
            self.assertNotIn(core, thanks["survey_content"])
        own = self.pathway.assessment_ids
        self.assertEqual((own.state, own.filled_by, own._get_levels()), (
            "done", "person", {self.domain("work").id: 2, self.domain("money").id: 4}
        ))
        self.assertEqual(own.line_ids.filtered("is_priority").domain_id, self.domain("work"))
        self.assertEqual(own.line_ids.domain_id.mapped("code"), list(CODES))
        self.assertEqual((own.sudo().user_input_id, compass.state), (compass, "done"))
        self.assertFalse(self.env["survey.user_input.line"].search([("survey_id", "=", self.survey.id)]), "no second copy stays")
        self.assertIn("Thank you", self.page(f"{PAGE}?notice=sent").text)

    def test_what_was_begun_is_gone_on_with(self):
        compass = self.begin()
        self.turn(compass, 0, work=2)
        self.assertIn("Go on where you left off", self.page(PAGE).text)
        self.assertEqual(self.begin(), compass)
        page = self.url_open(compass.get_start_url()).text
        self.assertIn("Is the place where you live safe and steady?", page)
        self.assertNotIn("How close do you feel", page)
        for number in (1, 2, 3):
            self.turn(compass, number, money=3)
        self.assertEqual(self.pathway.assessment_ids._get_levels(), {self.domain("work").id: 2, self.domain("money").id: 3})

    def test_an_answer_is_changed_by_going_back(self):
        compass = self.begin()
        self.turn(compass, 0, work=2)
        pages = self.survey.page_ids
        self.call("submit", compass, page_id=pages[1].id, previous_page_id=pages[0].id)
        self.finish(compass, work=5)
        self.assertEqual(self.pathway.assessment_ids._get_levels(), {self.domain("work").id: 5})

    def test_sent_twice_it_counts_once(self):
        compass = self.begin()
        self.finish(compass, work=2)
        self.assertEqual(self.turn(compass, 3, work=5), {"error": "unauthorized"})
        compass._mark_done()
        self.assertEqual(self.pathway.assessment_ids.mapped("mean"), [2])
        self.assertNotIn('name="answer"', self.page(PAGE).text)
        self.assertFalse(self.begin(), "once a day")
        self.assertEqual(len(self.pathway.compass_ids), 1)

    def test_nothing_said_is_nothing_kept(self):
        self.send(priorities=["work"])
        self.assertFalse(self.pathway.assessment_ids)
        self.assertIn("You answered no question", self.page(f"{PAGE}?notice=sent").text)
        self.send(work=1)
        self.assertEqual(self.pathway.assessment_ids.mapped("mean"), [1])

    def test_what_was_not_offered_is_no_answer(self):
        compass = self.begin()
        work, money = self.question("work"), self.question("money")
        self.call("submit", compass, page_id=self.survey.page_ids[0].id, **{
            str(work.id): [str(self.answer("money", 5).id), {"comment": "Sono malata"}],
            str(self.question("training").id): str(self.choice("digital").id),
        })
        self.finish(compass, money=2)
        own = self.pathway.assessment_ids
        self.assertEqual(own._get_levels(), {self.domain("money").id: 2})
        self.assertFalse(own.line_ids.filtered("is_priority"))
        self.assertFalse(self.env["survey.user_input.line"].search([("question_id", "in", (work | money).ids)]))

    def test_an_answer_without_a_meaning_is_nothing_said(self):
        silent = self.env["survey.question.answer"].create({"question_id": self.question("work").id, "value": "I would rather not say"})
        compass = self.begun(money=4)
        compass._save_lines(self.question("work"), str(silent.id))
        compass._mark_done()
        self.assertEqual(self.pathway.assessment_ids._get_levels(), {self.domain("money").id: 4})

    def test_the_own_way_is_shown_without_the_suggestion(self):
        self.confirmed(days=1, work=1, money=1, housing=1)
        self.send(work=4, money=3, housing=4)
        self.pathway.assessment_ids.filtered(lambda one: one.filled_by == "person").date = self.today - timedelta(days=60)
        self.send(work=5, money=3, housing=4)
        page = self.page(PAGE).text
        self.assertIn("Distance travelled", page)
        self.assertIn("Very good", page)
        for hidden in ("Reskilling", "Work reintegration", "3 points"):
            self.assertNotIn(hidden, page)

    # -- the wrong hands -----------------------------------------------------

    def test_nobody_answers_for_another(self):
        compass = self.begin()
        self.turn(compass, 0, work=1)
        address = f"/survey/{self.survey.access_token}/{compass.access_token}"
        self.authenticate("p_bea", "p_bea")
        for path in (compass.get_start_url(), address, compass.get_print_url(), f"/survey/retry/{self.survey.access_token}/{compass.access_token}"):
            answer = self.url_open(path, allow_redirects=False)
            self.assertEqual((answer.status_code, answer.headers["Location"].endswith(PAGE)), (303, True), path)
        self.assertEqual(self.turn(compass, 1, money=5), {"error": "answer_wrong_user"})
        for name in ("begin", "next_question"):
            self.assertEqual(self.call(name, compass)[1], {"error": "answer_wrong_user"})
        self.assertEqual(compass.user_input_line_ids.filtered("suggested_answer_id").suggested_answer_id, self.answer("work", 1))
        self.finish(self.begin("p_bea"), work=5)
        self.assertEqual((len(self.of_b.assessment_ids), len(self.pathway.assessment_ids)), (1, 0))

    def test_without_login_nothing_opens(self):
        compass = self.begin()
        self.authenticate(None, None)
        for path in (compass.get_start_url(), compass.get_print_url(), f"/survey/{self.survey.access_token}/{compass.access_token}"):
            answer = self.url_open(path, allow_redirects=False)
            self.assertEqual((answer.status_code, answer.headers["Location"].endswith(PAGE)), (303, True), path)
        self.assertEqual(self.turn(compass, 0, work=5), {"error": "survey_auth"})
        answer = self.url_open(PAGE, data={"csrf_token": "x"}, allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])
        with mute_logger("odoo.http"):
            self.assertEqual(self.post(PAGE, csrf=False).status_code, 400)
        self.assertFalse(compass.user_input_line_ids)

    def test_the_survey_alone_opens_nothing(self):
        self.authenticate("p_ada", "p_ada")
        for path in (self.survey.get_start_url(), self.survey.get_print_url(), f"/survey/test/{self.survey.access_token}"):
            self.assertEqual(self.url_open(path, allow_redirects=False).status_code, 303, path)
        self.assertFalse(self.survey.user_input_ids)

    def test_done_is_not_done_again(self):
        compass = self.begin()
        self.finish(compass, work=2)
        self.url_open(f"/survey/retry/{self.survey.access_token}/{compass.access_token}")
        self.assertEqual(self.survey.user_input_ids, compass)

    def test_a_colleague_without_a_pathway_begins_nothing(self):
        self.authenticate("p_operator", "p_operator")
        self.begin("p_operator")
        self.assertFalse(self.survey.user_input_ids)

    def test_over_rpc_nobody_reads_them(self):
        compass = self.begin()
        self.turn(compass, 0, work=1)
        new_test_user(self.env, "p_survey", groups="base.group_user,survey.group_survey_manager")
        for login in ("p_operator", "p_operator_b", "p_coordinator", "p_administrator", "p_survey", "p_ada", "p_bea"):
            self.authenticate(login, login)
            for record in (compass, compass.user_input_line_ids):
                for method, args in (("search_read", [[], ["id"]]), ("read", [record.ids, ["id"]]), ("web_read", [record.ids, {"survey_id": {}}])):
                    with self.subTest(login=login, method=method, model=record._name):
                        self.assertEqual(self.ask(record._name, method, args), [])

    def ask(self, model, method, args):
        """What Odoo's own RPC answers, nothing if it refuses for want of rights."""
        params = {"model": model, "method": method, "args": args, "kwargs": {}}
        try:
            with mute_logger("odoo.http"):
                return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params)
        except JsonRpcException as refusal:
            self.assertIn("odoo.exceptions.AccessError", str(refusal))
            return []

    # -- the end ---------------------------------------------------------------

    def test_a_closed_pathway_asks_nothing(self):
        compass = self.begin()
        address = compass.get_start_url()
        self.turn(compass, 0, work=1)
        self.pathway.with_user(self.operator).write({"state": "closed", "outcome": "job", "closing_reason": "Fine"})
        self.assertFalse(compass.exists(), "half an answer goes with the exit")
        self.assertNotIn('name="answer"', self.page(PAGE).text)
        self.assertTrue(self.url_open(address, allow_redirects=False).headers["Location"].endswith(PAGE))
        self.assertFalse(self.begin())
        self.assertFalse(self.pathway.assessment_ids)

    def test_an_old_half_answer_gives_way(self):
        compass = self.begin()
        compass.deadline = fields.Datetime.now() - timedelta(hours=1)
        self.assertEqual(self.turn(compass, 0, work=1), {"error": "answer_deadline"})
        fresh = self.begin()
        self.assertFalse(compass.exists())
        self.assertGreater(fresh.deadline, fields.Datetime.now() + timedelta(days=29))

    def test_a_survey_out_of_use_is_not_offered(self):
        self.survey.action_archive()
        self.assertNotIn('name="answer"', self.page(PAGE).text)
        self.assertFalse(self.begin())


@tagged("post_install", "-at_install")
class TestCompassAnswers(CompassCommon):
    """The set of answers as a record: whose it is, how often, and how it ends."""

    def test_one_is_under_way_at_a_time(self):
        compass = self.begun(work=1)
        self.assertEqual(self.begun(), compass)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.survey._create_answer(partner=self.pathway.partner_id, citta_pathway_id=self.pathway.id)

    def test_one_set_of_answers_is_one_assessment(self):
        compass = self.begun(work=1)
        compass._mark_done()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.pathway.assessment_ids.sudo().copy({"user_input_id": compass.id, "date": self.today - timedelta(days=9)})

    def test_it_is_the_person_of_the_pathway_or_nobody(self):
        create = self.survey._create_answer
        other = self.env["survey.survey"].create({"title": "Other", "question_and_page_ids": [Command.create({"title": "How?"})]})
        for deed in (
            lambda: create(email="x@esempio.example"), lambda: create(partner=self.of_b.partner_id, citta_pathway_id=self.pathway.id),
            lambda: create(user=self.administrator), lambda: other._create_answer(partner=self.pathway.partner_id, citta_pathway_id=self.pathway.id),
        ):
            with self.assertRaises(UserError):
                deed()
        wizard = self.env["survey.invite"].create({"survey_id": self.survey.id, "emails": "x@esempio.example", "subject": "x", "body": "x"})
        with self.assertRaises(UserError):
            wizard.action_invite()

    def test_a_trial_run_of_the_administrator_counts_for_nobody(self):
        trial = self.survey._create_answer(user=self.administrator, test_entry=True)
        trial._save_lines(self.question("work"), str(self.answer("work", 1).id))
        trial._mark_done()
        self.assertFalse(self.env["citta.assessment"].search([("partner_id", "=", self.administrator.partner_id.id)]))

    def test_whoever_follows_the_survey_is_not_told(self):
        self.survey.message_subscribe(self.administrator.partner_id.ids, self.env.ref("survey.mt_survey_survey_user_input_completed").ids)
        compass = self.begun(work=1)
        compass._mark_done()
        self.assertFalse(self.env["mail.message"].search([("model", "=", "survey.user_input"), ("res_id", "=", compass.id)]))

    def test_what_is_never_finished_goes_after_its_term(self):
        old, young = self.begun(work=1), self.begun(self.of_b, work=1)
        old.deadline = fields.Datetime.now() - timedelta(minutes=1)
        self.env["survey.user_input"]._gc_citta_unfinished()
        self.assertFalse(old.exists())
        self.assertTrue(young.exists())

    def test_the_assessment_does_not_forge_its_origin(self):
        compass = self.begun(work=1)
        forged = self.assess(work=2)
        for user in (self.operator, self.administrator):
            with self.assertRaises(AccessError):
                forged.with_user(user).write({"user_input_id": compass.id})
            with self.assertRaises(AccessError):
                forged.with_user(user).create({"pathway_id": self.pathway.id, "user_input_id": compass.id})

    def test_the_copy_holds_what_is_held_and_the_erasure_takes_it(self):
        done = self.begun(work=1)
        token = done.access_token
        done._mark_done()
        half = self.begun(money=5)
        person = self.pathway.partner_id
        held = {one["model"]: one["records"] for one in self.env["citta.privacy.export"]._collect(person, self.env["crm.lead"])}
        self.assertEqual((len(held["survey.user_input"]), len(held["survey.user_input.line"])), (2, 1))
        self.assertIn("Very good", str(held["survey.user_input.line"]))
        self.assertNotIn(token, str(held))
        self.close(self.pathway)
        self.env["citta.privacy.erasure"].create({"partner_id": person.id}).action_erase()
        self.assertFalse(half.exists())
        self.assertEqual((done.access_token, done.email, done.nickname), (f"anonymous-{done.id}", False, False))
        self.assertEqual(self.pathway.assessment_ids.mean, 1, "the figure stays")

    def test_answers_are_for_nobodys_eyes(self):
        compass = self.begun(work=1)
        done = self.begun(self.of_b, work=1)
        done._mark_done()
        more = [
            new_test_user(self.env, login, groups=groups) for login, groups in (
                ("p_survey", "base.group_user,survey.group_survey_user"), ("p_surveys", "base.group_user,survey.group_survey_manager"),
                ("p_privacy", "base.group_user,citta_lavoro.group_citta_privacy_officer"), ("p_delegate", "base.group_portal"),
            )
        ]
        fresh = self._pathway("Cia Prova")
        new = {"survey_id": self.survey.id, "partner_id": fresh.partner_id.id, "citta_pathway_id": fresh.id}
        for user in (self.operator, self.operator_b, self.coordinator, self.administrator, self.employee, self.env.ref("base.public_user"), *more):
            for record in (compass, done, compass.user_input_line_ids):
                mine = record.with_user(user)
                with self.subTest(user=user.login, model=record._name):
                    if mine.has_access("read") or mine.browse().has_access("read"):
                        self.assertFalse(mine.search([("id", "in", record.ids)]))
                        self.assertEqual(mine.formatted_read_group([("id", "in", record.ids)], [], ["__count"])[0]["__count"], 0)
                        self.assertFalse([one for one in mine.name_search("", limit=None) if one[0] in record.ids])
                    for deed in (
                        lambda one: one.read(["survey_id"]), lambda one: one.web_read({"display_name": {}}), lambda one: one.write({"create_uid": 1}),
                        lambda one: one.export_data(["id"]), lambda one: one.unlink(), lambda one: one.copy(), lambda one: one.check_access("read"),
                    ):
                        with self.assertRaises(UserError):
                            deed(mine)
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.env["survey.user_input"].with_user(user).create(new)
        for field in ("compass_ids", "assessment_ids.user_input_id"):
            with self.assertRaises(AccessError):
                self.env["citta.pathway"].with_user(self.operator).search([(field, "!=", False)])


@tagged("post_install", "-at_install")
class TestCompassQuestions(CompassCommon):
    """The questions keep step with the domains of life, and stay questions that the programme understands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")

    def say(self, record, name):
        """A text in both languages."""
        return [record.with_context(lang=lang)[name] for lang in ("en_US", "it_IT")]

    def new_domain(self, **values):
        values = {"name": "Sleep", "code": "sleep", **values}
        return self.env["citta.life.domain"].with_user(self.administrator).create(values).sudo()

    def asked(self, domain):
        return self.survey.question_ids.filtered(lambda one: one.citta_domain_id == domain)

    def offered(self, domain):
        return self.priority().suggested_answer_ids.filtered(lambda one: one.citta_domain_id == domain)

    def test_each_domain_has_its_question_its_levels_and_its_choice(self):
        self.assertEqual([one.citta_domain_id.code for one in self.survey.question_ids if one.citta_domain_id], list(CODES))
        for code in CODES:
            question = self.question(code)
            self.assertEqual(question.title, self.domain(code).question)
            self.assertEqual(question.suggested_answer_ids.mapped("citta_value"), list("12345"))
            self.assertEqual(self.choice(code).value, self.domain(code).name)
        self.assertEqual(len(self.priority().suggested_answer_ids), len(CODES))

    def test_a_new_domain_is_asked_about_in_every_language(self):
        domain = self.new_domain(question="Do you sleep well?")
        question = self.asked(domain)
        self.assertEqual((question.title, question.question_type, question.page_id), ("Do you sleep well?", "simple_choice", self.question("network").page_id))
        self.assertEqual(self.say(question.suggested_answer_ids[0], "value"), ["Very hard", "Molto difficile"])
        self.assertEqual(question.suggested_answer_ids.mapped("citta_value"), list("12345"))
        self.assertEqual(self.offered(domain).value, "Sleep")
        compass = self.begun(self.pathway)
        compass._save_lines(question, str(question.suggested_answer_ids[3].id))
        compass._mark_done()
        self.assertEqual(self.pathway.assessment_ids._get_levels(), {domain.id: 4})

    def test_a_domain_without_a_question_is_asked_by_its_name(self):
        domain = self.new_domain()
        self.assertEqual(self.asked(domain).title, "Sleep")
        domain.name = "Rest"
        self.assertEqual((self.asked(domain).title, self.offered(domain).value), ("Rest", "Rest"))

    def test_both_screens_say_the_same(self):
        domain = self.domain("work")
        domain.with_context(lang="it_IT").write({"name": "Mestiere", "question": "Com'è il lavoro?"})
        self.assertEqual(self.say(self.question("work"), "title"), ["How close do you feel to a job that suits you?", "Com'è il lavoro?"])
        self.assertEqual(self.say(self.choice("work"), "value"), ["Work", "Mestiere"])
        self.question("work").with_user(self.administrator).with_context(lang="it_IT").title = "Che lavoro fai?"
        self.assertEqual(self.say(domain, "question"), ["How close do you feel to a job that suits you?", "Che lavoro fai?"])
        domain.update_field_translations("question", {"it_IT": "E il lavoro?"})
        self.assertEqual(self.say(self.question("work"), "title")[1], "E il lavoro?")
        self.question("work").update_field_translations("title", {"it_IT": "Il lavoro?"})
        self.assertEqual(self.say(domain, "question")[1], "Il lavoro?")

    def test_an_archived_domain_is_asked_about_no_more(self):
        compass = self.begun(digital=1, work=2)
        self.domain("digital").with_user(self.administrator).active = False
        self.assertFalse(self.asked(self.domain("digital")) | self.env["survey.question"].search([("citta_domain_id", "=", self.domain("digital").id)]))
        self.assertFalse(self.offered(self.domain("digital")))
        compass._mark_done()
        self.assertEqual(self.pathway.assessment_ids._get_levels(), {self.domain("work").id: 2})
        self.domain("digital").active = True
        self.assertEqual(self.question("digital").title, self.domain("digital").question)
        self.assertEqual(len(self.choice("digital")), 1)

    def test_an_archived_page_leads_back_to_the_first(self):
        compass = self.begun(work=2)
        compass.last_displayed_page_id = self.question("digital")
        self.domain("digital").active = False
        self.assertFalse(compass.last_displayed_page_id)

    def test_an_update_mends_what_is_out_of_step(self):
        self.domain("digital").active = False
        self.choice("work").unlink()
        self.env.cr.execute("UPDATE citta_life_domain SET active = (code != 'money') WHERE code IN ('digital', 'money')")
        self.env.invalidate_all()
        for _twice in range(2):
            self.env["citta.life.domain"]._sync_all()
            self.assertTrue(self.asked(self.domain("digital")) and self.choice("work"))
            self.assertFalse(self.asked(self.domain("money")))
            self.assertEqual(len(self.survey.question_ids), 10)

    def test_the_wording_is_free_and_the_rest_is_not(self):
        question, manager = self.question("work"), self.administrator
        self.answer("work", 3).with_user(manager).value = "So so"
        self.survey.with_user(manager).write({"title": "La bussola", "questions_layout": "one_page", "description": "<p>Su</p>"})
        for deed in (
            lambda: question.unlink(), lambda: self.survey.unlink(), lambda: self.survey.write({"survey_type": "survey"}),
            lambda: self.env["survey.survey"].with_user(manager).create({"title": "Two", "survey_type": "citta_compass"}),
            lambda: self.survey.with_user(manager).copy(), lambda: question.copy(),
            lambda: self.env["survey.question"].create({"survey_id": self.survey.id, "title": "What else?", "question_type": "text_box"}),
            lambda: question.write({"citta_ask": False}), lambda: question.write({"survey_id": self.env["survey.survey"].create({"title": "Other"}).id}),
        ):
            with self.assertRaises(UserError):
                deed()
        for record, values in (
            (self.survey, {"access_mode": "public"}), (self.survey, {"users_login_required": False}), (self.survey, {"scoring_type": "scoring_without_answers"}),
            (self.survey, {"is_time_limited": True, "time_limit": 1}), (self.survey, {"session_state": "ready"}),
            (question, {"comments_allowed": True}), (question, {"question_type": "text_box"}),
        ):
            with self.subTest(values=values), self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
                record.write(values)
                record.flush_recordset()
            self.env.invalidate_all()

    def test_a_survey_user_rewords_nothing_of_the_programme(self):
        outsider = new_test_user(self.env, "p_survey", groups="base.group_user,survey.group_survey_user")
        with self.assertRaises(AccessError):
            self.question("work").with_user(outsider).title = "?"
        other = self.env["survey.survey"].with_user(outsider).create({
            "title": "Other", "question_and_page_ids": [Command.create({"title": "How?", "question_type": "text_box", "comments_allowed": True})],
        })
        other.question_ids.title = "How are you?"
        other.question_ids.unlink()
        self.assertTrue(other.unlink())
