from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .academy_common import AcademyCase


@tagged("post_install", "-at_install")
class TestEnrolment(AcademyCase):
    """From the pathway into labs and courses: once, and only whom the own body follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.env["slide.channel"].create({
            "name": "Pay slips", "citta_programme_id": cls.programme.id, "is_published": True, "enroll": "public",
        })

    def enrol(self, user=None, pathway=None, **values):
        wizard = self.env["citta.enrolment"].with_user(user or self.operator).create(
            {"pathway_id": (pathway or self.ada).id, **values}
        )
        return wizard.action_enrol()

    def test_into_a_lab(self):
        action = self.enrol(event_id=self.lab.id)
        self.assertEqual(action["params"]["message"], "Registered.")
        registration = self.ada.registration_ids
        self.assertEqual((registration.event_id, registration.state), (self.lab, "open"))
        self.assertEqual(registration.name, "Ada Prova")
        self.assertEqual(self.ada.with_user(self.operator).registration_count, 1)

    def test_twice_is_once(self):
        for _time in range(2):
            self.enrol(event_id=self.lab.id)
            self.enrol(kind="channel", channel_id=self.channel.id)
        self.assertEqual(len(self.ada.registration_ids), 1)
        self.assertEqual(len(self.channel.channel_partner_ids.filtered(lambda one: one.partner_id == self.ada.partner_id)), 1)
        self.assertEqual(self.used(self.lab), 1)

    def test_again_after_cancelling(self):
        self.enrol(event_id=self.lab.id)
        self.ada.registration_ids.action_cancel()
        self.enrol(event_id=self.lab.id)
        self.assertEqual(self.ada.registration_ids.mapped("state").count("open"), 1)

    def test_a_full_lab_says_the_place_in_line(self):
        for name in ("X", "Y", "Z"):
            self._register(self.lab, name)
        form = Form(self.env["citta.enrolment"].with_user(self.operator).with_context(default_pathway_id=self.ada.id))
        form.event_id = self.lab
        self.assertIn("stand in line", form.notice)
        action = form.save().action_enrol()
        self.assertIn("place 2", action["params"]["message"])

    def test_the_wizard_says_who_is_registered_already(self):
        self.enrol(event_id=self.lab.id)
        form = Form(self.env["citta.enrolment"].with_user(self.operator).with_context(default_pathway_id=self.ada.id))
        form.event_id = self.lab
        self.assertIn("already", form.notice)

    def test_into_an_online_course(self):
        self.enrol(kind="channel", channel_id=self.channel.id)
        self.assertIn(self.ada.partner_id, self.channel.channel_partner_ids.partner_id)
        self.assertEqual(self.ada.with_user(self.operator).channel_count, 1)
        self.assertEqual(self.bea.with_user(self.operator).channel_count, 0)
        action = self.ada.with_user(self.operator).action_open_channels()
        self.assertEqual(self.env["slide.channel"].search(action["domain"]), self.channel)

    def test_nothing_chosen_is_refused(self):
        with self.assertRaises(UserError):
            self.enrol()
        with self.assertRaises(UserError):
            self.enrol(kind="channel", event_id=self.lab.id)

    def test_only_whom_the_own_body_follows(self):
        for user in (self.operator_b, self.operator_west, self.employee):
            with self.assertRaises(AccessError):
                self.ada.with_user(user)._enrol_in_event(self.lab)
            with self.assertRaises(AccessError):
                self.enrol(user, event_id=self.lab.id)
        self.assertFalse(self.ada.registration_ids)

    def test_not_into_a_lab_or_course_of_another_territory(self):
        with self.assertRaises(AccessError):
            self.enrol(event_id=self.lab_west.id)
        hidden = self.env["slide.channel"].create({
            "name": "West", "citta_programme_id": self.programme_west.id, "is_published": False, "enroll": "public",
        })
        with self.assertRaises(AccessError):
            self.enrol(kind="channel", channel_id=hidden.id)

    def test_the_pathway_opens_its_registrations(self):
        self.enrol(event_id=self.lab.id)
        action = self.ada.with_user(self.operator).action_open_registrations()
        self.assertEqual(self.env["event.registration"].with_user(self.operator).search(action["domain"]), self.ada.registration_ids)
        self.assertEqual(self.ada.action_enrol()["context"], {"default_pathway_id": self.ada.id})

    # -- online courses --------------------------------------------------------

    def test_an_operator_writes_courses_of_the_own_territory(self):
        channel = self.env["slide.channel"].with_user(self.operator).create({
            "name": "Mine", "citta_programme_id": self.programme.id, "citta_provider_id": self.body_b.id,
        })
        channel.with_user(self.operator_b).name = "Ours"
        self.assertEqual(channel.citta_territory_id, self.east)
        slide = self.env["slide.slide"].with_user(self.operator).create({"name": "One", "channel_id": channel.id, "slide_category": "article"})
        self.assertEqual(slide.channel_id, channel)
        for user in (self.operator_west, self.employee):
            with self.assertRaises(AccessError):
                channel.with_user(user).name = "Taken"

    def test_not_in_another_territory(self):
        with self.assertRaises(AccessError):
            self.env["slide.channel"].with_user(self.operator).create({"name": "West", "citta_programme_id": self.programme_west.id})
