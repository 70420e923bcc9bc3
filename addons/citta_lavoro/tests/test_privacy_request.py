import io
import json
import re
import zipfile
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .privacy_common import EMAIL, NAME, NEEDLES, WORDS, PrivacyCase


@tagged("post_install", "-at_install")
class TestRequest(PrivacyCase):
    """A request has its term, its check of identity and its answer; each short cut is refused."""

    def ask(self, kind="access", user=None, **values):
        return self.env["citta.privacy.request"].with_user(user or self.officer).create({
            "kind": kind, "partner_id": self.person.id, "channel": "mail", **values,
        })

    def verified(self, kind="access", **values):
        request = self.ask(kind, identity="document", **values)
        request.action_verify()
        return request

    # -- term --------------------------------------------------------------------

    def test_one_month_and_an_officer(self):
        request = self.ask()
        self.assertEqual(request.date_due, self.today + relativedelta(months=1))
        self.assertTrue(request.officer_id.has_group("citta_lavoro.group_citta_privacy_officer"))
        self.assertEqual(request.activity_ids.date_deadline, request.date_due - timedelta(days=7))

    def test_two_months_more_once_with_a_reason(self):
        request = self.ask()
        with self.assertRaisesRegex(UserError, "why more time"):
            request.action_extend()
        request.extension_reason = "Many papers"
        request.action_extend()
        self.assertEqual(request.date_due, self.today + relativedelta(months=3))
        with self.assertRaises(UserError):
            request.action_extend()
        self.assertTrue(self.env["mail.mail"].search([("model", "=", request._name), ("res_id", "=", request.id), ("email_to", "=", EMAIL)]))

    def test_no_more_time_after_the_first_month(self):
        request = self.ask(date_received=self.today - relativedelta(months=2))
        request.extension_reason = "Late"
        self.assertTrue(request.is_late)
        with self.assertRaises(UserError):
            request.action_extend()

    def test_reminded_once_a_week_before(self):
        request = self.ask()
        requests = self.env["citta.privacy.request"]
        self.assertNotIn(request, requests._remind(self.today))
        self.assertIn(request, requests._remind(request.date_due - timedelta(days=7)))
        self.assertNotIn(request, requests._remind(request.date_due))

    def test_with_more_time_reminded_again(self):
        request, requests = self.ask(), self.env["citta.privacy.request"]
        requests._remind(request.date_due - timedelta(days=7))
        request.extension_reason = "Many papers"
        request.action_extend()
        self.assertNotIn(request, requests._remind(self.today))
        self.assertIn(request, requests._remind(request.date_due - timedelta(days=7)))

    def test_another_officer_finds_it_among_the_things_to_do(self):
        request = self.ask()
        other = new_test_user(self.env, "q_other", groups="citta_lavoro.group_citta_privacy_officer")
        request.officer_id = other
        self.assertEqual((request.activity_ids.user_id, request.activity_ids.date_deadline), (other, request.date_due - timedelta(days=7)))

    def test_without_an_officer_it_is_not_noted_as_reminded(self):
        request, requests = self.ask(), self.env["citta.privacy.request"]
        request.officer_id = False
        self.assertFalse(request.activity_ids)
        self.assertNotIn(request, requests._remind(request.date_due).filtered("date_reminded"))

    # -- refusals ------------------------------------------------------------------

    def test_nothing_before_the_identity_is_checked(self):
        request = self.ask()
        with self.assertRaisesRegex(UserError, "how the identity"):
            request.action_verify()
        with self.assertRaises(UserError):
            request.action_prepare()
        with self.assertRaises(UserError):
            request.action_answer()
        erasure = self.ask("erasure")
        with self.assertRaises(UserError):
            erasure.action_erase()

    def test_no_answer_without_what_was_asked(self):
        for kind in ("access", "portability", "rectification", "erasure"):
            with self.assertRaises(UserError, msg=kind):
                self.verified(kind).action_answer()

    def test_no_refusal_without_a_reason(self):
        request = self.ask()
        with self.assertRaises(UserError):
            request.action_refuse()
        request.refusal_reason = "It is somebody else's"
        request.action_refuse()
        self.assertEqual((request.state, request.date_answered), ("refused", self.today))
        with self.assertRaises(UserError):
            request.action_verify()

    def test_one_open_request_of_a_kind(self):
        self.ask()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.ask()

    def test_what_was_asked_is_not_rewritten(self):
        request = self.ask()
        for values in ({"kind": "erasure"}, {"partner_id": self.pathway_b.partner_id.id}, {"date_received": self.today - timedelta(days=3)}):
            with self.assertRaises(UserError, msg=str(values)):
                request.write(values)
        with self.assertRaises(UserError):
            request.write({"state": "answered"})
        with self.assertRaises(AccessError):
            request.unlink()

    def test_only_officers_see_and_answer(self):
        request = self.ask()
        for user in (self.operator, self.coordinator, self.administrator, self.manager, self.login, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                request.with_user(user).read(["kind"])
            with self.assertRaises(AccessError):
                request.with_user(user).action_prepare()
            with self.assertRaises(AccessError):
                self.ask(user=user)
        with self.assertRaises(ValidationError):
            request.officer_id = self.operator

    # -- answers -------------------------------------------------------------------

    def test_the_copy_holds_everything_readable_by_machines_and_people(self):
        request = self.verified()
        request.action_prepare()
        archive = zipfile.ZipFile(io.BytesIO(request.sudo().export_id.raw))
        data = json.loads(archive.read("dati.json"))
        models = {section["model"] for section in data["sections"]}
        self.assertLessEqual({
            "res.partner", "crm.lead", "citta.pathway", "citta.goal", "citta.action", "citta.note", "citta.person.sensitive", "citta.consent",
            "citta.application", "event.registration", "survey.user_input.line", "calendar.attendee",
        }, models)
        text = json.dumps(data, ensure_ascii=False)
        for shown in (NAME, EMAIL, WORDS):
            self.assertIn(shown, text)
        for hidden in ("Zia di", "password", "Bruno"):
            self.assertNotIn(hidden, text)
        self.assertTrue(archive.read("dati.pdf").startswith(b"%PDF"))
        self.assertTrue([name for name in archive.namelist() if "Curriculum" in name])
        self.assertIn(str(request.export_id.id), request.action_look()["url"])

    def test_reading_special_data_for_the_copy_is_logged(self):
        before = self.env["citta.access.log"].search_count([])
        self.verified().action_prepare()
        self.assertGreater(self.env["citta.access.log"].search_count([]), before)

    def test_answered_and_the_copy_goes_after_a_month(self):
        request = self.verified()
        request.action_prepare()
        request.action_answer()
        self.assertEqual((request.state, request.date_answered), ("answered", self.today))
        requests = self.env["citta.privacy.request"]
        self.assertNotIn(request, requests._throw_copies_away(self.today + timedelta(days=30)))
        self.assertIn(request, requests._throw_copies_away(self.today + timedelta(days=31)))
        self.assertFalse(request.export_id)

    def test_erasure_answers_the_request_that_asked_for_it(self):
        self._close()
        request = self.verified("erasure", text=f"Cancellate {NAME}")
        erasure = self.env["citta.privacy.erasure"].browse(request.action_erase()["res_id"])
        self.assertEqual(erasure.kind, "request")
        erasure.with_user(self.officer).action_erase()
        self.assertEqual(request.state, "answered")
        self.assertEqual(self._found_texts(*NEEDLES), [])

    def test_erasure_ends_what_else_the_person_asked_with_a_note(self):
        self._close()
        waiting = self.verified("portability", text=f"Portate via {NAME}")
        unchecked = waiting.create({"kind": "erasure", "lead_id": self.lead.id, "channel": "voice", "text": WORDS})
        answered = self.verified("rectification", answer="Corretto")
        answered.action_answer()
        letters = self.env["mail.mail"].search_count([])
        self._erase()
        for request in (waiting, unchecked):
            self.assertEqual((request.state, request.date_answered), ("lapsed", self.today))
            self.assertIn("erased", request.answer)
            self.assertFalse(request.activity_ids)
        self.assertEqual(answered.state, "answered")
        self.assertLessEqual(self.env["mail.mail"].search_count([]), letters)
        self.assertEqual(self._found_texts(*NEEDLES), [])

    def test_nobody_ends_a_request_by_hand(self):
        request = self.verified()
        with self.assertRaises(UserError):
            request.write({"state": "lapsed"})
        self.assertEqual(request.state, "verified")


@tagged("post_install", "-at_install")
class TestPrivacyPortal(HttpCase, PrivacyCase):
    """The person's own page: shows what is held, takes a request once, gives the copy to nobody else."""

    def page(self, login, path="/my/dati"):
        self.authenticate(login, login)
        return self.url_open(path)

    def send(self, login, **values):
        self.env["ir.config_parameter"].set_param("citta.form.min_seconds", "0")
        text = self.page(login).text
        hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', text)[1] for name in ("csrf_token", "citta_stamp")}
        return hidden, self.url_open("/my/dati", data={**hidden, **values}, allow_redirects=False)

    def requests(self):
        return self.env["citta.privacy.request"].search([("partner_id", "=", self.pathway_a.partner_id.id)])

    def test_the_page_shows_own_data_only(self):
        page = self.page("n_ada")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Ada Inventati", page.text)
        for hidden in (NAME, "Bruno"):
            self.assertNotIn(hidden, page.text)
        self.assertIn("/my/dati", self.page("n_ada", "/my").text)

    def test_strangers_are_sent_to_log_in(self):
        answer = self.url_open("/my/dati", allow_redirects=False)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_a_request_arrives_once_with_the_login_as_proof(self):
        hidden, answer = self.send("n_ada", kind="access", text="Tutto, per favore")
        self.assertEqual(answer.status_code, 303)
        again = self.url_open("/my/dati", data={**hidden, "kind": "access"}, allow_redirects=False)
        self.assertEqual(again.headers["Location"], answer.headers["Location"])
        request = self.requests()
        self.assertEqual((len(request), request.state, request.identity, request.channel), (1, "verified", "login", "portal"))
        page = self.page("n_ada").text
        self.assertIn("My requests", page)

    def test_wrong_forms_come_back_with_messages(self):
        for values in ({"kind": ""}, {"kind": "x"}, {"kind": "rectification", "text": ""}):
            with mute_logger("odoo.http"):
                self.assertEqual(self.send("n_ada", **values)[1].status_code, 422, values)
        self.send("n_ada", kind="access")
        answer = self.send("n_ada", kind="access", text="ancora")[1]
        self.assertEqual(answer.status_code, 422)
        self.assertIn("ancora", answer.text)
        self.assertEqual(len(self.requests()), 1)

    def test_the_copy_is_for_the_person_after_the_answer(self):
        self.send("n_ada", kind="portability")
        request = self.requests()
        request.action_prepare()
        path = f"/my/dati/copia/{request.id}"
        with mute_logger("odoo.http"):
            self.assertEqual(self.page("n_ada", path).status_code, 404, "not before the answer")
            request.action_answer()
            self.assertEqual(self.page("n_bruno", path).status_code, 404)
            self.assertEqual(self.page("p_operator", path).status_code, 404)
        copy = self.page("n_ada", path)
        self.assertEqual(copy.headers["Content-Type"], "application/zip")
        self.assertIn("dati.json", zipfile.ZipFile(io.BytesIO(copy.content)).namelist())
