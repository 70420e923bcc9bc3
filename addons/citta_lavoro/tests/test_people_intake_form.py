from lxml import html
from markupsafe import escape

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .test_people_intake import IntakeCase

XSS = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>"


@tagged("post_install", "-at_install")
class TestPeopleIntakeForm(IntakeCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("citta.form.min_seconds", "0")
        cls.antenna = cls.env["res.partner"].create({
            "name": "Parrocchia Esempio", "is_company": True, "citta_body_kind": "antenna", "city_id": cls.city.id,
        })

    def _page(self, url):
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return html.fromstring(response.text)

    def _send(self, url, form, **values):
        """Fill the form of a page and send it as a browser does; False takes a field out."""
        fields = {one.get("name"): one.get("value") or "" for one in form.xpath("//form//input[@type='hidden']") if one.get("name")}
        fields.update({"citta_extra": "", **values})
        return self.url_open(url, data={name: value for name, value in fields.items() if value is not False}, allow_redirects=False)

    def _talk(self, form=None, **values):
        page = form if form is not None else self._page("/parliamo-di-lavoro")
        return self._send("/parliamo-di-lavoro", page, **{
            "name": "Anna Esempio", "city": str(self.city.id), "phone": "333 1234567", "email": "", "preferred_time": "morning",
            "message": "", "consent": "yes", **values,
        })

    def _report(self, **values):
        return self._send("/segnala", self._page("/segnala"), **{
            "antenna": str(self.antenna.id), "antenna_name": "", "reporter_name": "Don Esempio", "reporter_contact": "333 0000000",
            "name": "Bruno Esempio", "city": str(self.city.id), "phone": "", "email": "bruno@esempio.example", "reason": "",
            "consent": "yes", **values,
        })

    def _leads(self, name="Anna Esempio"):
        return self.env["crm.lead"].search([("contact_name", "=", name)])

    def _value(self, response, name):
        return html.fromstring(response.text).xpath(f"//*[@name='{name}']")[0]

    # -- the citizen's form --------------------------------------------------

    def test_a_citizen_asks_to_be_called(self):
        response = self._talk(phone=" 0039.333.1234567 ", email="Anna.Esempio@ESEMPIO.example", message="Cerco lavoro\nda sarta")
        self.assertEqual((response.status_code, response.headers["Location"]), (303, "/parliamo-di-lavoro/grazie"))
        lead = self._leads()
        self.assertEqual((lead.citta_pipeline, lead.citta_source, lead.citta_city_id), ("intake", "web", self.city))
        self.assertEqual((lead.phone, lead.email_from), ("+39 3331234567", "anna.esempio@esempio.example"))
        self.assertEqual((lead.citta_programme_id, lead.citta_territory_id), (self.programme, self.east))
        self.assertEqual((lead.citta_preferred_time, lead.stage_id), ("morning", self._stage("new")))
        self.assertFalse(lead.user_id or lead.citta_body_id)
        self.assertIn("da sarta", lead.description)
        consent = lead.citta_consent_ids
        self.assertEqual((consent.channel, consent.notice_version), ("web", self.env.ref("citta_lavoro.purpose_callback").notice_version))
        self.assertIn("/parliamo-di-lavoro", consent.proof)
        self.assertIn(lead, self.env["crm.lead"].with_user(self.operator).search([]))
        thanks = self.url_open("/parliamo-di-lavoro/grazie")
        self.assertNotIn("Anna", thanks.text)

    def test_bad_input_gets_a_message_and_loses_nothing(self):
        response = self._talk(name="", city="999999", phone="12", email="anna at", message="I would like to work", consent=False)
        self.assertEqual(response.status_code, 422)
        page = html.fromstring(response.text)
        for name in ("name", "city", "phone", "email", "consent"):
            field = page.xpath(f"//*[@name='{name}']")[0]
            self.assertEqual(field.get("aria-invalid"), "true", name)
            error = page.get_element_by_id(f"error_{name}")
            self.assertIn(f"error_{name}", field.get("aria-describedby"))
            self.assertEqual(error.get("role"), "alert")
        self.assertEqual(self._value(response, "phone").get("value"), "12")
        self.assertEqual(self._value(response, "email").get("value"), "anna at")
        self.assertEqual(self._value(response, "message").text, "I would like to work")
        self.assertFalse(self._leads())
        again = self._talk(form=page, message="I would like to work")
        self.assertEqual(again.status_code, 303)
        self.assertEqual(len(self._leads()), 1)

    def test_one_way_to_be_reached_is_enough_and_needed(self):
        self.assertEqual(self._talk(phone="", email="").status_code, 422)
        self.assertEqual(self._talk(name="By Mail", phone="", email="a@esempio.example").status_code, 303)
        self.assertEqual(self._talk(name="By Phone", phone="02 9210001", email="").status_code, 303)
        self.assertFalse(self._leads())

    def test_what_is_typed_comes_back_escaped(self):
        response = self._talk(name=XSS, message=XSS, phone="no")
        self.assertEqual(response.status_code, 422)
        self.assertNotIn("<script>alert", response.text)
        self.assertNotIn("<img src=x", response.text)
        self.assertEqual(self._value(response, "name").get("value"), XSS)
        self.assertIn(str(escape("<script>")), response.text)

    def test_what_is_typed_is_text_for_the_operator_too(self):
        self._talk(name=XSS, message=XSS)
        lead = self._leads(XSS)
        self.assertEqual(len(lead), 1)
        self.assertNotIn("<script", lead.description)
        self.assertNotIn("<img", lead.description)

    def test_too_long_texts_are_refused_and_kept(self):
        response = self._talk(message="x" * 1500)
        self.assertEqual(response.status_code, 422)
        self.assertEqual(len(self._value(response, "message").text), 1500)
        response = self._talk(message="x" * 1000000)
        self.assertLess(len(response.text), 100000, "a giant text is not sent back whole")
        self.assertFalse(self._leads())

    def test_the_same_form_sent_twice_makes_one_contact(self):
        page = self._page("/parliamo-di-lavoro")
        first, second = self._talk(form=page), self._talk(form=page)
        self.assertEqual((first.status_code, second.status_code), (303, 303))
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self._leads()), 1)
        self.assertEqual(len(self._leads().citta_consent_ids), 1)

    def test_without_a_genuine_stamp_nothing_happens(self):
        for stamp in ("", "1.abc.def", False):
            response = self._talk(citta_stamp=stamp)
            self.assertEqual(response.status_code, 422)
            self.assertEqual(self._value(response, "name").get("value"), "Anna Esempio")
        other = self._page("/segnala")
        stamp = other.xpath("//input[@name='citta_stamp']")[0].get("value")
        self.assertEqual(self._talk(citta_stamp=stamp).status_code, 422, "another form's stamp")
        self.assertFalse(self._leads())

    def test_without_a_token_of_the_session_nothing_happens(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self._talk(csrf_token="wrong").status_code, 400)
        self.assertFalse(self._leads())

    def test_robots_meet_a_trap_and_persons_a_second_chance(self):
        response = self._talk(citta_extra="http://spam.example")
        self.assertEqual(response.status_code, 422)
        self.assertFalse(self._leads())
        self.assertEqual(self._talk(form=html.fromstring(response.text)).status_code, 303)

    def test_too_quick_is_refused_once(self):
        self.env["ir.config_parameter"].set_param("citta.form.min_seconds", "3600")
        response = self._talk()
        self.assertEqual(response.status_code, 422)
        self.assertEqual(self._value(response, "name").get("value"), "Anna Esempio")
        self.assertFalse(self._leads())

    def test_the_limit_is_per_source_and_loses_nothing(self):
        self.env["ir.config_parameter"].set_param("citta.form.limit", "2")
        codes = [self._talk(name=f"Anna {number}").status_code for number in range(4)]
        self.assertEqual(codes, [303, 303, 429, 429])
        response = self._talk(message="Kept words")
        self.assertEqual(response.headers["Retry-After"], "3600")
        self.assertEqual(self._value(response, "message").text, "Kept words")
        self.assertEqual(self._report().status_code, 303, "another form has a limit of its own")

    def test_a_changed_notice_is_read_again(self):
        page = self._page("/parliamo-di-lavoro")
        self.env.ref("citta_lavoro.purpose_callback").notice_version = "9.9"
        response = self._talk(form=page)
        self.assertEqual(response.status_code, 422)
        self.assertFalse(self._leads())
        self.assertEqual(self._talk(form=html.fromstring(response.text)).status_code, 303)
        self.assertEqual(self._leads().citta_consent_ids.notice_version, "9.9")

    def test_only_municipalities_of_running_programmes(self):
        self.programme_west.date_end = "2024-12-31"
        options = self._page("/parliamo-di-lavoro").xpath("//select[@name='city']/option/@value")
        self.assertIn(str(self.city.id), options)
        self.assertNotIn(str(self.city_west.id), options)
        self.assertEqual(self._talk(city=str(self.city_west.id)).status_code, 422)

    def test_the_websites_form_builder_has_no_way_in(self):
        lead = self.env["crm.lead"]
        request = type("Request", (), {"website": self.env["website"].search([], limit=1)})
        values = lead.website_form_input_filter(request, {"name": "x", "team_id": self.team.id})
        self.assertNotEqual(values.get("team_id"), self.team.id)

    # -- the antenna's form --------------------------------------------------

    def test_an_antenna_reports_and_learns_only_that_it_was_taken_up(self):
        response = self._report(reason="Cerca lavoro")
        self.assertEqual(response.status_code, 303)
        lead = self._leads("Bruno Esempio")
        self.assertEqual((lead.citta_source, lead.citta_antenna_id, lead.citta_reporter_name), ("antenna", self.antenna, "Don Esempio"))
        self.assertEqual(lead.citta_consent_ids.channel, "antenna")
        self.assertTrue(lead.citta_reference)
        url = response.headers["Location"]
        status = self.url_open(url)
        self.assertIn(lead.citta_reference, status.text)
        self.assertIn("Received", status.text)
        for secret in ("Bruno", "bruno@", "Cerca lavoro", "Don Esempio"):
            self.assertNotIn(secret, status.text)
        lead.with_user(self.operator).action_intake_take()
        status = self.url_open(url)
        self.assertIn("Taken up", status.text)
        self.assertNotIn(self.operator.name, status.text)
        self.assertEqual(status.headers["X-Robots-Tag"], "noindex")

    def test_reports_cannot_be_guessed(self):
        self._report()
        lead = self._leads("Bruno Esempio")
        for guess in (lead.citta_reference.replace("/", "-"), str(lead.id), "False", "%25"):
            response = self.url_open(f"/segnala/{guess}")
            self.assertEqual(response.status_code, 404)
            self.assertNotIn(lead.citta_reference, response.text)
        self.assertGreaterEqual(len(lead.citta_token), 32)

    def test_an_unregistered_antenna_writes_its_name(self):
        self._report(antenna="", antenna_name="Bocciofila Inventata")
        lead = self._leads("Bruno Esempio")
        self.assertEqual((lead.citta_antenna_name, lead.citta_antenna_id.id), ("Bocciofila Inventata", False))

    def test_a_report_needs_its_parts(self):
        cases = (
            ({"consent": False}, "consent"), ({"reporter_name": ""}, "reporter_name"), ({"reporter_contact": ""}, "reporter_contact"),
            ({"antenna": ""}, "antenna_name"), ({"antenna": str(self.body_a.id)}, "antenna"), ({"name": ""}, "name"),
        )
        for values, field in cases:
            response = self._report(**values)
            self.assertEqual(response.status_code, 422, field)
            self.assertTrue(html.fromstring(response.text).get_element_by_id(f"error_{field}") is not None)
        self.assertFalse(self._leads("Bruno Esempio"))

    def test_a_report_sent_twice_leads_to_one_page(self):
        page = self._page("/segnala")
        values = {
            "antenna": str(self.antenna.id), "antenna_name": "", "reporter_name": "Don", "reporter_contact": "x",
            "name": "Bruno Esempio", "city": str(self.city.id), "phone": "3331234567", "email": "", "reason": "", "consent": "yes",
        }
        first, second = self._send("/segnala", page, **values), self._send("/segnala", page, **values)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self._leads("Bruno Esempio")), 1)
