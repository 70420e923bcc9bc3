import re
from datetime import timedelta
from unittest.mock import patch

from lxml import html
from psycopg2.errors import UniqueViolation

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .network_common import NetworkCase

EVIL = "<script>alert('x')</script><img src=x onerror=alert(1)>"


class NetworkHttpCase(NetworkCase, HttpCase):
    """Pages and forms as a browser asks for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("citta.form.min_seconds", "0")
        cls.env["ir.config_parameter"].set_param("citta.form.limit", "1000")

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def _get(self, url, code=200):
        response = self.url_open(url)
        self.assertEqual(response.status_code, code, url)
        return response.text

    def _hidden(self, page):
        """The hidden inputs of a page: its token and its stamp."""
        tree = html.fromstring(page)
        return {name: tree.xpath(f"//input[@name='{name}']/@value")[0] for name in ("csrf_token", "citta_stamp")
                if tree.xpath(f"//input[@name='{name}']")}

    def _post(self, url, values, code=303, page=None):
        hidden = self._hidden(page or self._get(url))
        response = self.url_open(url, data={**hidden, **values}, allow_redirects=False)
        self.assertEqual(response.status_code, code, response.text[:2000])
        return response


@tagged("post_install", "-at_install")
class TestNetworkJoinPage(NetworkHttpCase):

    def _values(self, **values):
        return {
            "body_name": "Firm D", "body_kind": "company", "city": str(self.city.id), "body_code": "",
            "contact_name": "Dora Prova", "role": "Owner", "email": "dora@esempio.example", "phone": "000-1",
            "message": "Two places", "consent": "1", **values,
        }

    def _leads(self):
        return self.env["crm.lead"].search([("partner_name", "=", "Firm D")])

    def test_a_firm_asks_to_join(self):
        response = self._post("/rete/adesione", self._values())
        self.assertTrue(response.headers["Location"].endswith("/rete/adesione/grazie"))
        lead = self._leads()
        self.assertEqual((lead.citta_pipeline, lead.citta_programme_id, lead.citta_territory_id), ("network", self.programme, self.east))
        self.assertFalse(lead.user_id)
        consent = self.env["citta.consent"].search([("lead_id", "=", lead.id)])
        self.assertEqual((consent.purpose_id.code, consent.territory_id), ("callback", self.east))
        self._get("/rete/adesione/grazie")

    def test_the_same_form_twice_makes_one_request(self):
        page = self._get("/rete/adesione")
        self._post("/rete/adesione", self._values(), page=page)
        self._post("/rete/adesione", self._values(), page=page)
        self.assertEqual(len(self._leads()), 1)

    def test_bad_input_loses_nothing_and_says_why(self):
        wrong = self._values(email="dora at home", body_code="123", consent="", city="999999", body_kind="bank")
        page = self._post("/rete/adesione", wrong, code=422).text
        tree = html.fromstring(page)
        self.assertEqual(tree.xpath("//input[@id='email']/@value"), ["dora at home"])
        self.assertEqual(tree.xpath("//textarea[@id='message']/text()")[0].strip(), "Two places")
        for field in ("email", "body_code", "consent", "city", "body_kind"):
            self.assertTrue(tree.xpath(f"//*[@id='error_{field}' and @role='alert']"), field)
            self.assertIn(f"error_{field}", tree.xpath(f"//*[@id='{field}']/@aria-describedby")[0])
        self.assertFalse(self._leads())

    def test_an_address_that_reaches_nobody_outside_is_refused(self):
        for email in ("dora@localhost", "dora@", "@esempio.example"):
            with self.subTest(email=email):
                tree = html.fromstring(self._post("/rete/adesione", self._values(email=email), code=422).text)
                self.assertTrue(tree.xpath("//*[@id='error_email' and @role='alert']"))
        self.assertFalse(self._leads())

    def test_forged_fields_are_ignored(self):
        self._post("/rete/adesione", self._values(
            team_id=self.env.ref("citta_lavoro.crm_team_intake").id, stage_id=1, citta_member_id=self.member_a.id, user_id=2,
        ))
        lead = self._leads()
        self.assertEqual((lead.citta_pipeline, lead.citta_member_id.id, lead.user_id.id), ("network", False, False))

    def test_without_token_it_is_refused(self):
        with mute_logger("odoo.http"):
            response = self.url_open("/rete/adesione", data=self._values())
        self.assertEqual(response.status_code, 400)
        self.assertFalse(self._leads())


@tagged("post_install", "-at_install")
class TestNetworkPublicPages(NetworkHttpCase):

    def test_list_and_page_show_what_is_published(self):
        draft = self._opportunity("Hidden draft", publish=False)
        page = self._get("/opportunita?q=mechanic")
        self.assertIn("Apprentice mechanic", page)
        self.assertNotIn("Apprentice mechanic", self._get("/opportunita?q=zzzz"))
        self.assertNotIn("Hidden draft", self._get("/opportunita?q=Hidden"))
        self._get(f"/opportunita/{draft.id}", 404)
        self._get("/opportunita/999999999", 404)
        self._get("/opportunita?kind=nonsense&q=%25%00&page=x")

    def test_a_job_names_the_entitled_body_and_no_candidate(self):
        job = self._opportunity("Job", kind="job", entitled_body_id=self.entitled.id)
        self._application(opportunity=job)
        page = self._get(f"/opportunita/{job.id}")
        self.assertIn("Entitled", page)
        for private in ("Ada Inventati", self.pathway_a.partner_id.email, "I repair bicycles"):
            self.assertNotIn(private, page)

    def test_markup_is_shown_not_run(self):
        opportunity = self._opportunity(f"T{EVIL}"[:110], description=EVIL)
        for url in ("/opportunita?q=script", f"/opportunita/{opportunity.id}"):
            page = self._get(url)
            self.assertNotIn("<script>alert", page)
            self.assertNotIn("<img src=x", page)
            self.assertIn("&lt;script&gt;", page)

    def test_late_is_said(self):
        self.opportunity.date_deadline = self.today - timedelta(days=1)
        page = self._get(f"/opportunita/{self.opportunity.id}")
        self.assertFalse(html.fromstring(page).xpath("//*[@id='apply_link']"))
        self.assertTrue(html.fromstring(page).xpath("//*[contains(@class, 'alert-warning')]"))


@tagged("post_install", "-at_install")
class TestNetworkMemberPortal(NetworkHttpCase):

    def _offer(self, **values):
        return {
            "name": "Night shift", "kind": "internship", "description": "Work at night", "city": str(self.city.id),
            "contract_type": "", "hours_week": "20,5", "places": "2", "date_deadline": str(self.today), "entitled_body": "",
            "send": "submit", **values,
        }

    def _found(self):
        return self.env["citta.opportunity"].search([("name", "=", "Night shift")])

    def test_a_member_offers_and_changes(self):
        self._login(self.delegate_a)
        self._post("/my/rete/opportunita/nuova", self._offer(send="draft"))
        offer = self._found()
        self.assertEqual((offer.state, offer.member_id, offer.hours_week, offer.places), ("draft", self.member_a, 20.5, 2))
        self._post(f"/my/rete/opportunita/{offer.id}", self._offer(places="3"))
        offer.invalidate_recordset()
        self.assertEqual((offer.state, offer.places), ("submitted", 3))
        self.assertIn("Night shift", self._get("/my/rete?notice=submitted"))
        offer.action_publish()
        self._get(f"/my/rete/opportunita/{offer.id}", 404)

    def test_a_forged_state_or_member_has_no_effect(self):
        self._login(self.delegate_a)
        self._post("/my/rete/opportunita/nuova", self._offer(state="published", member_id=self.member_b.id))
        self.assertEqual((self._found().state, self._found().member_id), ("submitted", self.member_a))

    def test_bad_input_comes_back_with_messages(self):
        self._login(self.delegate_a)
        wrong = self._offer(kind="job", places="0", hours_week="99", date_deadline="2001-01-01", name="", city="x")
        tree = html.fromstring(self._post("/my/rete/opportunita/nuova", wrong, code=422).text)
        for field in ("name", "entitled_body", "places", "hours_week", "date_deadline", "city"):
            self.assertTrue(tree.xpath(f"//*[@id='error_{field}']"), field)
        self.assertEqual(tree.xpath("//textarea[@id='description']/text()")[0].strip(), "Work at night")
        self._post("/my/rete/opportunita/nuova", self._offer(kind="job", entitled_body=str(self.firm_b.id)), code=422)
        self.assertFalse(self._found())

    def test_another_members_opportunities_are_not_found(self):
        draft = self._opportunity("Of A", publish=False)
        self._login(self.delegate_b)
        self._get(f"/my/rete/opportunita/{draft.id}", 404)
        self._get(f"/my/rete/opportunita/{self.opportunity.id}/candidati", 404)
        page = self._get("/my/rete/opportunita/nuova")
        self._post(f"/my/rete/opportunita/{draft.id}", self._offer(), code=404, page=page)
        self.assertEqual(draft.name, "Of A")

    def test_a_firm_sees_name_contact_and_message_of_who_agreed(self):
        self._application()
        self._application(self.pathway_b, is_shown=False, message="Secret of Bruno")
        self._login(self.delegate_a)
        page = self._get(f"/my/rete/opportunita/{self.opportunity.id}/candidati")
        for shown in ("Ada Inventati", self.pathway_a.partner_id.email, "I repair bicycles"):
            self.assertIn(shown, page)
        for hidden in ("Bruno", "Secret of Bruno", self.body_a.name, self.pathway_b.partner_id.email):
            self.assertNotIn(hidden, page)
        self.env["citta.application"].search([]).consent_id.action_withdraw()
        self.assertNotIn("Ada Inventati", self._get(f"/my/rete/opportunita/{self.opportunity.id}/candidati"))

    def test_a_suspended_member_and_a_stranger_offer_nothing(self):
        self.member_b.action_suspend()
        self._login(self.delegate_b)
        self._get("/my/rete/opportunita/nuova", 404)
        self._login(self.person_a)
        self._get("/my/rete/opportunita/nuova", 404)
        self.assertNotIn("Firm A", self._get("/my/rete"))


@tagged("post_install", "-at_install")
class TestNetworkParticipantPortal(NetworkHttpCase):

    def _apply(self, opportunity=None, code=303, **values):
        url = f"/my/opportunita/{(opportunity or self.opportunity).id}"
        token = re.search(r"csrf_token: \"(\w+)\"", self._get("/my/opportunita")).group(1)
        response = self.url_open(
            f"{url}/candidatura", data={"csrf_token": token, "message": "Hello", **values}, allow_redirects=False
        )
        self.assertEqual(response.status_code, code)
        return response

    def _mine(self):
        return self.env["citta.application"].search([("partner_id", "=", self.pathway_a.partner_id.id)])

    def test_the_list_says_which_of_the_own_skills_are_asked_for(self):
        kind = self.env["hr.skill.type"].create({
            "name": "Workshop", "skill_ids": [Command.create({"name": name}) for name in ("Wheels", "Brakes", "Paint")],
            "skill_level_ids": [Command.create({"name": "Alone", "level_progress": 80})],
        })
        wheels, brakes, paint = kind.skill_ids.sorted("id")
        self.opportunity.skill_ids = wheels | paint
        self._login(self.person_a)
        self.assertNotIn("Skills of yours", self._get("/my/opportunita"))
        self.env["citta.person.skill"].create([{"pathway_id": self.pathway_a.id, "skill_id": one.id} for one in (wheels, brakes)])
        page = self._get("/my/opportunita")
        self.assertIn("Skills of yours that are asked for: Wheels", page)
        self.assertNotIn("Brakes", page)
        self.assertNotIn("Skills of yours", self._get("/opportunita"))

    def test_one_click_and_a_second_one(self):
        self._login(self.person_a)
        self._apply(is_shown="1")
        self._apply(is_shown="1")
        self.assertEqual(len(self._mine()), 1)
        self.assertTrue(self._mine().is_shown)
        self.assertIn("Apprentice mechanic", self._get("/my/candidature?notice=sent"))

    def test_the_own_page_says_to_which_firm_it_was_agreed(self):
        self._login(self.person_a)
        self._apply(is_shown="1")
        consents = html.fromstring(self._get("/my/percorso")).xpath("//section[@id='consensi']")[0].text_content()
        self.assertIn(f"{self._mine().firm_id.name}: {self.opportunity.name}", consents)

    def test_two_clicks_at_once_get_the_same_answer(self):
        self._login(self.person_a)
        with patch.object(type(self.env["citta.application"]), "_apply", side_effect=UniqueViolation):
            response = self._apply()
        self.assertTrue(response.headers["Location"].endswith("/my/candidature?notice=sent"))

    def test_consent_is_not_ticked_in_advance(self):
        self._login(self.person_a)
        page = html.fromstring(self._get(f"/my/opportunita/{self.opportunity.id}"))
        self.assertFalse(page.xpath("//input[@id='is_shown']/@checked"))
        self._apply()
        self.assertFalse(self._mine().is_shown)

    def test_late_and_full_get_a_clear_message(self):
        self._login(self.person_a)
        self.opportunity.date_deadline = self.today - timedelta(days=1)
        self.assertIn("Hello", self._apply(code=422).text)
        self.opportunity.date_deadline = False
        self._application(self.pathway_b).action_accept()
        self._apply(code=422)
        self.assertFalse(self._mine())

    def test_a_long_message_is_refused_and_kept(self):
        self._login(self.person_a)
        self.assertIn("long word", self._apply(code=422, message="long word " * 200).text)
        self.assertFalse(self._mine())

    def test_other_territory_is_not_found(self):
        west = self._pathway("Wilma Inventati", programme=self.programme_west)
        west.action_activate()
        self.person_b.partner_id = west.partner_id
        self._login(self.person_b)
        self.assertNotIn("Apprentice mechanic", self._get("/my/opportunita"))
        self._get(f"/my/opportunita/{self.opportunity.id}", 404)
        self._apply(code=404)

    def test_who_has_no_pathway_sees_the_way_in(self):
        self._login(self.delegate_a)
        self.assertIn("/parliamo-di-lavoro", self._get("/my/opportunita"))
        self._get(f"/my/opportunita/{self.opportunity.id}", 404)

    def test_own_applications_only(self):
        self._application(message="Only Ada reads this")
        application = self._mine()
        self._login(self.person_b)
        self.assertNotIn("Apprentice mechanic", self._get("/my/candidature"))
        token = re.search(r"csrf_token: \"(\w+)\"", self._get("/my/opportunita")).group(1)
        url = f"/my/candidature/{application.id}/ritira"
        self.assertEqual(self.url_open(url, data={"csrf_token": token}, allow_redirects=False).status_code, 404)
        self.assertEqual(application.state, "sent")
        self._login(self.person_a)
        token = re.search(r"csrf_token: \"(\w+)\"", self._get("/my/opportunita")).group(1)
        for _click in range(2):
            self.assertEqual(self.url_open(url, data={"csrf_token": token}, allow_redirects=False).status_code, 303)
        application.invalidate_recordset()
        self.assertEqual(application.state, "withdrawn")

    def test_the_reason_of_a_refusal_shows_if_shared(self):
        application = self._application()
        application.write({"refusal_reason": "schedule", "is_refusal_shared": False})
        application.action_refuse()
        self._login(self.person_a)
        self.assertNotIn("did not fit", self._get("/my/candidature"))
        application.is_refusal_shared = True
        self.assertIn("did not fit", self._get("/my/candidature"))
