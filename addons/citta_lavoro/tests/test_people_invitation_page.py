from datetime import timedelta

import vobject
from lxml import html

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools.slots import to_local
from .case_common import CasePortalCommon
from .invitation_common import InvitationCase

PROGRAMME_WORDS = ("P-East", "Prova", "aldo.prova", "unemploy", "pathway")


@tagged("post_install", "-at_install")
class TestInvitationPage(InvitationCase, CasePortalCommon, HttpCase):
    """The page behind the link: a visitor chooses once, an enemy learns nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("citta.form.min_seconds", "0")

    def url(self, item):
        # sudo: the key is in the person's letter only
        return f"/invito/{item.sudo().token}"

    def open(self, item):
        return self.url_open(self.url(item))

    def send(self, item, response=None, **values):
        """Press a button of the page as a browser does."""
        tree = html.fromstring((response or self.open(item)).content)
        hidden = {one.get("name"): one.get("value") or "" for one in tree.xpath("//main//form//input[@type='hidden']")}
        return self.url_open(self.url(item), data={**hidden, "citta_extra": "", **values}, allow_redirects=False)

    def offered(self, response):
        return [int(one.get("value")) for one in html.fromstring(response.content).xpath("//main//button[@name='slot']")]

    # -- choosing ----------------------------------------------------------------

    def test_a_time_is_chosen_without_a_login(self):
        item = self._sent(message="A presto")
        page = self.open(item)
        self.assertEqual(self.offered(page), [self.first.id, self.second.id, self.third.id])
        self.assertIn("A presto", page.text)
        answer = self.send(item, page, slot=str(self.second.id))
        self.assertEqual((answer.status_code, answer.headers["Location"].endswith(self.url(item))), (303, True))
        self.assertEqual((item.state, item.slot_id), ("booked", self.second))
        again = self.open(item)
        self.assertIn("We meet on", again.text)
        self.assertEqual(self.offered(again), [self.first.id, self.third.id])

    def test_the_same_form_twice_books_once(self):
        item = self._sent()
        page = self.open(item)
        for _again in range(2):
            self.assertEqual(self.send(item, page, slot=str(self.first.id)).status_code, 303)
        self.assertEqual((self.first._claim_used("places"), len(self._mails(item))), (1, 2))

    def test_two_people_and_one_time(self):
        one, two = self._sent(), self._sent(self.pathway)
        pages = {item: self.open(item) for item in (one, two)}
        self.assertEqual(self.send(one, pages[one], slot=str(self.first.id)).status_code, 303)
        late = self.send(two, pages[two], slot=str(self.first.id))
        self.assertEqual(late.status_code, 422)
        self.assertIn("not free any more", late.text)
        self.assertEqual(self.offered(late), [self.second.id, self.third.id])
        self.assertEqual((two.state, self.first._claim_used("places")), ("sent", 1))

    def test_changed_and_declined_until_the_day_before(self):
        item = self._booked()
        self.assertEqual(self.send(item, slot=str(self.third.id)).status_code, 303)
        self.assertEqual((item.slot_id, self.first._claim_used("places")), (self.third, 0))
        self.assertEqual(self.send(item, deed="decline").status_code, 303)
        self.assertEqual((item.state, self.third._claim_used("places")), ("declined", 0))
        page = self.open(item)
        self.assertEqual(page.status_code, 200)
        self.assertIn("Thank you", page.text)
        self.assertEqual(len(self._calls(self.lead)), 1)

    def test_on_the_day_itself_only_by_phone(self):
        item = self._booked()
        here = to_local(fields.Datetime.now(), "Europe/Rome")
        left = here.replace(hour=23, minute=59, second=59) - here
        self._pass(item, hours=-left / timedelta(hours=1))  # later today, whatever the time is now
        page = self.open(item)
        self.assertEqual((page.status_code, self.offered(page)), (200, []))
        self.assertIn("tel:+39020000000", page.text)
        self.assertNotIn("<form", html.tostring(html.fromstring(page.content).xpath("//main")[0]).decode())
        token = html.fromstring(self.url_open("/parliamo-di-lavoro").content).xpath("//input[@name='csrf_token']")[0].get("value")
        self.url_open(self.url(item), data={"csrf_token": token, "deed": "decline"})
        self.assertEqual(item.state, "booked")

    def test_nothing_chosen_and_foreign_times_come_back(self):
        item = self._sent()
        for slot in ("", "0", "x", "-1", str(self.of_body_b.id), "99999999999999"):
            self.assertEqual(self.send(item, slot=slot).status_code, 422, slot)
        self.assertEqual((item.state, self.of_body_b._claim_used("places")), ("sent", 0))

    def test_nothing_free_offers_a_call(self):
        item = self._sent()
        (self.first | self.second | self.third).action_withdraw()
        page = self.open(item)
        self.assertEqual(self.offered(page), [])
        self.assertIn("no time is free", page.text)
        self.send(item, page, deed="decline")
        self.assertEqual(item.state, "declined")

    def test_only_the_operator_s_own_times(self):
        colleague = self._user("p_colleague", "operator", self.body_a, self.east)
        other = self._slot(72, colleague)
        item = self._sent(own_slots=True)
        self.assertNotIn(other.id, self.offered(self.open(item)))
        self.assertEqual(self.send(item, slot=str(other.id)).status_code, 422)

    # -- the person's own calendar -------------------------------------------------

    def calendar(self, item):
        """The file, read as a calendar reads it."""
        answer = self.url_open(f"{self.url(item)}/calendario.ics")
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "text/calendar; charset=utf-8"))
        return vobject.readOne(answer.text).vevent, answer

    def test_the_chosen_time_goes_into_a_calendar(self):
        item = self._booked()
        self.assertIn(f'{self.url(item)}/calendario.ics"', self.open(item).text)
        event, answer = self.calendar(item)
        self.assertEqual(event.dtstart.value.replace(tzinfo=None), self.first.start.replace(microsecond=0))
        self.assertEqual(event.dtend.value.replace(tzinfo=None), self.first.stop.replace(microsecond=0))
        self.assertEqual((event.summary.value, event.location.value), ("Meeting", self.first.location))
        self.assertEqual(event.description.value, "You cannot come? Call +39 02 0000000.")
        self.assertIn("appuntamento.ics", answer.headers["Content-Disposition"])
        self.assertEqual((answer.headers["X-Robots-Tag"], answer.headers["Cache-Control"]), ("noindex", "no-store"))
        for word in (*PROGRAMME_WORDS, "Aldo", "Body A", self.operator.name, item.sudo().token):
            self.assertNotIn(word, answer.text)

    def test_a_call_and_a_video_say_how(self):
        item = self._booked()
        self.first.kind = "phone"
        self.assertIn("We call you", self.calendar(item)[0].description.value)
        self.assertFalse(hasattr(self.calendar(item)[0], "location"))
        self.first.write({"kind": "video", "video_url": "https://video.example/x"})
        self.assertIn("https://video.example/x", self.calendar(item)[0].description.value)

    def test_another_time_takes_the_place_of_the_first(self):
        item = self._booked()
        before = self.calendar(item)[0].uid.value
        self.send(item, slot=str(self.third.id))
        event = self.calendar(item)[0]
        self.assertEqual((event.uid.value, event.dtstart.value.replace(tzinfo=None)), (before, self.third.start.replace(microsecond=0)))
        item.event_id.write({"start": self.third.start + timedelta(hours=2), "stop": self.third.stop + timedelta(hours=2)})
        event = self.calendar(item)[0]
        self.assertEqual(event.dtstart.value.replace(tzinfo=None), (self.third.start + timedelta(hours=2)).replace(microsecond=0))
        self.assertEqual(event.dtend.value.replace(tzinfo=None), (self.third.stop + timedelta(hours=2)).replace(microsecond=0))

    def test_no_file_without_a_meeting(self):
        sent, booked = self._sent(), self._booked(self.pathway)
        answer = self.url_open(f"{self.url(sent)}/calendario.ics", allow_redirects=False)
        self.assertEqual((answer.status_code, answer.headers["Location"].endswith(self.url(sent))), (303, True))
        sent.date_expiry = self.today - timedelta(days=1)
        cancelled, declined = self._booked(self._lead(), self.second), self._booked(self._lead(), self.third)
        withdrawn = self._booked(self._lead(), self._slot(100))
        cancelled.action_cancel()
        declined.action_decline()
        withdrawn.lead_id.citta_consent_ids.action_withdraw()
        self._pass(booked)
        for name, item, status in (
            ("expired", sent, 410), ("cancelled", cancelled, 410), ("declined", declined, 200), ("withdrawn", withdrawn, 410), ("used", booked, 410),
        ):
            with self.subTest(name):
                answer = self.url_open(f"{self.url(item)}/calendario.ics")
                self.assertEqual(answer.status_code, status)
                self.assertNotIn("BEGIN:VCALENDAR", answer.text)
        for token in ("x", "A" * 32, "%00"):
            self.assertEqual(self.url_open(f"/invito/{token}/calendario.ics").status_code, 404)

    def test_the_confirmation_brings_the_file(self):
        item = self._booked()
        mail = self._mails(item).filtered(lambda one: one.subject.startswith("We meet on"))
        self.assertEqual((mail.attachment_ids.name, mail.attachment_ids.mimetype), ("appuntamento.ics", "text/calendar"))
        event = vobject.readOne(mail.attachment_ids.raw.decode()).vevent
        self.assertEqual((event.uid.value, event.summary.value), (self.calendar(item)[0].uid.value, "Meeting"))
        self.assertFalse((self._mails(item) - mail).attachment_ids)
        attachment = mail.attachment_ids
        mail.mail_message_id.unlink()
        self.assertFalse(attachment.exists(), "it goes with the letter")

    # -- enemies -------------------------------------------------------------------

    def test_guessed_links_learn_nothing(self):
        self._sent()
        for token in ("x", "A" * 32, "0", "-1", "%00", "1%27%20OR%201%3D1--", "A" * 3000):
            page = self.url_open(f"/invito/{token}", allow_redirects=False)
            self.assertEqual(page.status_code, 404, token)
            for word in (*PROGRAMME_WORDS, "Aldo", "02 0000000"):
                self.assertNotIn(word, html.fromstring(page.content).text_content() if page.content else "", token)

    def test_the_page_says_a_first_name_and_no_more(self):
        page = self.open(self._sent())
        text = html.fromstring(page.content).xpath("//main")[0].text_content()
        self.assertIn("Aldo", text)
        for word in PROGRAMME_WORDS:
            self.assertNotIn(word, text)
        self.assertEqual((page.headers["X-Robots-Tag"], page.headers["Referrer-Policy"]), ("noindex", "no-referrer"))

    def test_links_that_are_over_say_so_and_help(self):
        expired, used = self._sent(), self._booked(self.pathway)
        expired.date_expiry = self.today - timedelta(days=1)
        self._pass(used)
        draft = self._invite(self._lead())
        cancelled = self._sent(self._lead())
        cancelled.action_cancel()
        for item, word in ((expired, "time to choose is over"), (used, "meeting is over"), (draft, "no longer valid"), (cancelled, "no longer valid")):
            with self.subTest(word=word):
                page = self.open(item)
                self.assertEqual(page.status_code, 410)
                self.assertIn(word, page.text)
                self.assertIn("/parliamo-di-lavoro", page.text)
                self.assertIn("02 0000000", page.text)
                self.assertNotIn("Aldo", html.fromstring(page.content).xpath("//main")[0].text_content())
        token = html.fromstring(self.url_open("/parliamo-di-lavoro").content).xpath("//input[@name='csrf_token']")[0].get("value")
        answer = self.url_open(self.url(expired), data={"csrf_token": token, "slot": str(self.third.id)})
        self.assertEqual((answer.status_code, expired.state), (410, "sent"))

    def test_a_withdrawn_consent_shuts_the_page(self):
        item = self._booked()
        page = self.open(item)
        self.lead.citta_consent_ids.action_withdraw()
        self.assertEqual(self.open(item).status_code, 410)
        self.assertEqual(self.send(item, page, slot=str(self.second.id)).status_code, 410)
        self.assertEqual(item.slot_id, self.first)

    @mute_logger("odoo.http")
    def test_no_form_without_its_key(self):
        item = self._sent()
        answer = self.url_open(self.url(item), data={"slot": str(self.first.id)}, allow_redirects=False)
        self.assertEqual((answer.status_code, item.state), (400, "sent"))

    # -- for everybody -------------------------------------------------------------

    def test_the_pages_can_be_read_by_machines(self):
        for item in (self._sent(), self._booked(self.pathway)):
            tree = html.fromstring(self.open(item).content)
            self.assertEqual(len(tree.xpath("//h1")), 1)
            self.assertIn("Your meeting", tree.findtext(".//title"))
            ids = [one.get("id") for one in tree.xpath("//*[@id]")]
            self.assertEqual(len(ids), len(set(ids)))
            for button in tree.xpath("//main//button"):
                self.assertTrue(button.text_content().strip())

    def test_the_portal_shows_meetings_and_invitations(self):
        item = self._sent(self.pathway)
        self.assertIn(self.url(item), self.page("/my/percorso").text)
        item.sudo()._choose(self.first.sudo())
        self.assertIn(self.url(item), self.page("/my/percorso").text)
        self.assertNotIn(self.url(item), self.page("/my/percorso", "p_bea").text)

    # -- paper -----------------------------------------------------------------------

    def test_a_letter_is_printed_with_address_link_and_code(self):
        self.lead.write({"street": "Via Finta 12", "zip": "20096", "city": "Pioltello"})
        item = self._invite(channel="letter")
        with self.assertRaises(UserError):
            item.action_print()
        action = item.action_send()
        self.assertEqual(action["report_name"], "citta_lavoro.invitation_report")
        self.assertFalse(self._mails(item))
        reports = self.env["ir.actions.report"].with_user(self.operator).with_context(force_report_rendering=True)
        content, kind = reports._render_qweb_pdf("citta_lavoro.invitation_report_action", item.ids)
        text = " ".join(self.text_of(content).split())
        self.assertEqual(kind, "pdf")
        self.assertNotIn("code for the camera", text)  # the picture is there, not its description
        for shown in ("Aldo Prova", "Via Finta 12", "20096 Pioltello", "/invito/", "02 0000000"):
            self.assertIn(shown, text)
