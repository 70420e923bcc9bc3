import re
from datetime import timedelta
from unittest.mock import patch

from lxml import html

from odoo.tests import HttpCase, tagged

from odoo.addons.citta_lavoro.controllers import public_form

from .academy_common import AcademyCase


@tagged("post_install", "-at_install")
class TestAcademyPage(AcademyCase, HttpCase):
    """The public catalogue, the form to take part, and the person's own page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lab.write({"website_published": True, "citta_provider_id": cls.body_b.id})
        cls.channel = cls.env["slide.channel"].create({
            "name": "Pay slips", "citta_programme_id": cls.programme.id, "is_published": True, "citta_provider_id": cls.body_a.id,
        })

    def text(self, response):
        """The visible text of a page."""
        return re.sub(r"\s+", " ", html.fromstring(response.content).text_content())

    def slug(self, event):
        return f"/academy/{event.id}/iscrizione"

    def send(self, event=None, **values):
        """Fill the form as a visitor who takes the time."""
        url = self.slug(event or self.lab)
        page = html.fromstring(self.url_open(url).content)
        hidden = {one.get("name"): one.get("value") for one in page.xpath("//form[@id='academy_form']//input[@name]")}
        later = public_form.time.time() + 60
        with patch.object(public_form.time, "time", return_value=later):
            return self.url_open(url, data={**hidden, "name": "Dora Prova", "email": "dora@esempio.example", "phone": "", **values})

    def registrations(self, event=None):
        return self.env["event.registration"].search([("event_id", "=", (event or self.lab).id)], order="id")

    # -- catalogue -------------------------------------------------------------

    def test_what_is_on(self):
        hidden = self._event("Hidden lab")
        past = self._event("Past lab", website_published=True, date_begin=self.now - timedelta(days=9), date_end=self.now - timedelta(days=1))
        meeting = self._event("Meeting", citta_kind="observatory", website_published=True)
        text = self.text(self.url_open("/academy"))
        for shown in ("Lab East", "Given by Body B", "Pay slips", "Given by Body A"):
            self.assertIn(shown, text)
        for event in (hidden, past, meeting):
            self.assertNotIn(event.name, text)

    def test_kinds_are_told_apart(self):
        self._event("A course", citta_kind="course", website_published=True)
        for kind, shown, absent in (("laboratori", "Lab East", "A course"), ("corsi", "A course", "Lab East"), ("online", "Pay slips", "Lab East")):
            text = self.text(self.url_open(f"/academy?tipo={kind}"))
            self.assertIn(shown, text)
            self.assertNotIn(absent, text)
        self.assertIn("Lab East", self.text(self.url_open("/academy?tipo=nonsense")))

    def test_odoos_own_page_leads_to_our_form(self):
        page = html.fromstring(self.url_open(f"/event/{self.lab.id}/register").content)
        self.assertTrue(page.xpath("//a[contains(@href, '/iscrizione')]"))

    def test_an_unpublished_lab_is_not_reached(self):
        hidden = self._event("Hidden lab")
        self.assertIn(self.url_open(self.slug(hidden)).status_code, (403, 404))

    def test_events_of_others_keep_odoos_page(self):
        plain = self.env["event.event"].create({
            "name": "Plain", "date_begin": self.now, "date_end": self.now + timedelta(days=1), "website_published": True,
        })
        self.assertIn("/event/", self.url_open(self.slug(plain)).url)

    # -- the form --------------------------------------------------------------

    def test_taking_part(self):
        response = self.send()
        self.assertTrue(response.url.endswith("/iscrizione/posto"), response.url)
        registration = self.registrations()
        self.assertEqual((registration.name, registration.email, registration.state), ("Dora Prova", "dora@esempio.example", "open"))
        self.assertFalse(registration.partner_id)

    def test_the_line(self):
        for name in ("A", "B"):
            self._register(self.lab, name)
        self.assertIn("stand in line", self.text(self.url_open(self.slug(self.lab))))
        response = self.send()
        self.assertTrue(response.url.endswith("/iscrizione/attesa"), response.url)
        self.assertPlaces(self.lab, ["A", "B"], ["Dora Prova"])

    def test_twice_is_once(self):
        self.send()
        self.send(name="dora prova", email="DORA@esempio.example")
        self.assertEqual(len(self.registrations()), 1)

    def test_bad_input_keeps_what_was_typed(self):
        response = self.send(name="", email="not an address")
        self.assertEqual(response.status_code, 422)
        page = html.fromstring(response.content)
        self.assertEqual(page.xpath("//input[@name='email']/@value"), ["not an address"])
        for name in ("name", "email"):
            error, = page.xpath(f"//*[@id='error_{name}']")
            self.assertEqual(error.get("role"), "alert")
            self.assertEqual(page.xpath(f"//input[@name='{name}']/@aria-describedby"), [f"error_{name}"])
        self.assertFalse(self.registrations())

    def test_a_robot_gets_no_place(self):
        self.send(**{public_form.HONEYPOT: "x"})
        self.assertFalse(self.registrations())

    def test_wildcards_find_nobody_else(self):
        self._register(self.lab, "Dora Prova", email="dora@esempio.example")
        self.send(name="D%", email="d___@esempio.example")
        self.assertEqual(len(self.registrations()), 2)

    def test_a_past_event_takes_nobody(self):
        response_page = self.url_open(self.slug(self.lab))
        self.assertIn("academy_form", response_page.text)
        hidden = {one.get("name"): one.get("value") for one in html.fromstring(response_page.content).xpath("//form[@id='academy_form']//input[@name]")}
        self.lab.write({"date_begin": self.now - timedelta(days=9), "date_end": self.now - timedelta(days=1)})
        with patch.object(public_form.time, "time", return_value=public_form.time.time() + 60):
            response = self.url_open(self.slug(self.lab), data={**hidden, "name": "Late", "email": "late@esempio.example"})
        self.assertEqual(response.status_code, 422)
        self.assertFalse(self.registrations())

    def test_the_answer_tells_nothing(self):
        self.assertEqual(self.url_open(f"{self.slug(self.lab)}/altro").status_code, 404)
        self.assertIn("You have a place", self.text(self.url_open(f"{self.slug(self.lab)}/posto")))

    # -- the person's own page -------------------------------------------------

    def test_a_logged_in_person_registers_the_own_pathway(self):
        self._portal_user(self.ada, "w_portal")
        self.authenticate("w_portal", "w_portal")
        page = html.fromstring(self.url_open(self.slug(self.lab)).content)
        self.assertEqual(page.xpath("//input[@id='academy_name']/@value"), [self.ada.partner_id.name])
        self.send(name="Ada Prova", email="ada.prova@esempio.example")
        self.assertEqual(self.registrations().citta_pathway_id, self.ada)

    def test_own_labs_courses_and_dates(self):
        self._portal_user(self.ada, "w_portal")
        self._session(self.lab, 5, name="Who needs it")
        self.ada._enrol_in_event(self.lab)
        self.ada._enrol_in_channel(self.channel)
        self.bea._enrol_in_event(self._event("Lab of Bea"))
        self.authenticate("w_portal", "w_portal")
        text = self.text(self.url_open("/my/percorso"))
        for shown in ("Lab East", "You have a place", "Who needs it", "Pay slips"):
            self.assertIn(shown, text)
        self.assertNotIn("Lab of Bea", text)

    def test_the_own_place_in_line(self):
        self._portal_user(self.ada, "w_portal")
        for name in ("A", "B", "C"):
            self._register(self.lab, name)
        self.ada._enrol_in_event(self.lab)
        self.authenticate("w_portal", "w_portal")
        text = self.text(self.url_open("/my/percorso"))
        self.assertIn("Waiting list: place 2", text)
        self.assertNotIn("Who needs it", text)
