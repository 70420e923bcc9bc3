from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .academy_common import AcademyCase


@tagged("post_install", "-at_install")
class TestEventEvent(AcademyCase):
    """Labs and courses as the operators of a territory see and write them."""

    def form(self, user, record=None):
        event = (record or self.env["event.event"]).with_user(user).with_context(default_citta_kind="lab")
        return Form(event, view="citta_lavoro.event_event_view_form")

    def test_an_operator_creates_a_lab_with_our_form(self):
        for user in (self.operator, self.coordinator):
            with self.form(user) as form:
                form.name = f"By {user.login}"
                form.citta_programme_id = self.programme
                form.citta_city_id = self.city
                form.date_begin = self.now
                form.date_end = self.now + timedelta(days=2)
                form.seats_limited = True
                form.seats_max = 5
                form.citta_provider_id = self.body_b
                with form.citta_session_ids.new() as session:
                    session.name = "First"
                    session.date_begin = self.now
                    session.date_end = self.now + timedelta(hours=2)
            lab = form.record
            self.assertEqual(lab.citta_territory_id, self.east)
            self.assertEqual(lab.citta_session_count, 1)
            self.assertIn("after_sub", lab.sudo().event_mail_ids.mapped("interval_type"))
            self.assertTrue(lab.sudo().question_ids, "the website's form would ask nothing")

    def test_nobody_is_told_of_cores_show(self):
        form = self.form(self.operator)
        self.assertFalse(form.description)
        self.assertFalse(self.lab.description)
        other = self.env["event.event"].create({"name": "Not ours", "date_begin": self.now, "date_end": self.now + timedelta(hours=1)})
        self.assertTrue(other.description, "events of others are left as core has them")

    def test_every_view_of_the_actions_opens(self):
        session = self._session(self.lab)
        self._register(self.lab)
        session.action_take_presence()
        for user in (self.operator, self.coordinator, self.administrator):
            for name in (
                "event_event_lab_action", "event_event_course_action", "event_registration_action", "session_action",
                "attendance_action", "attendance_sheet_action", "slide_channel_action",
            ):
                action = self.env["ir.actions.act_window"].with_user(user)._for_xml_id(f"citta_lavoro.{name}")
                model = self.env[action["res_model"]].with_user(user)
                views = model.get_views([(view_id, kind) for view_id, kind in action["views"]])["views"]
                for kind, view in views.items():
                    self.assertTrue(view["arch"], f"{name} {kind}")

    def test_the_form_reads_without_more_rights(self):
        for user in (self.operator, self.coordinator):
            self._register(self.lab, user.name)
            form = self.form(user, self.lab)
            self.assertEqual(form.name, "Lab East")

    def test_other_territories_are_closed(self):
        west = self.lab_west.with_user(self.operator)
        self.assertFalse(self.env["event.event"].with_user(self.operator).search([("id", "=", west.id)]))
        for operation in (lambda: west.read(["name"]), lambda: west.write({"name": "Taken"})):
            with self.assertRaises(AccessError):
                operation()
        with self.assertRaises(AccessError):
            self.env["event.event"].with_user(self.operator).create({
                "name": "Foreign", "citta_kind": "lab", "citta_programme_id": self.programme_west.id,
                "date_begin": self.now, "date_end": self.now + timedelta(days=1),
            })

    def test_a_lab_cannot_be_moved_into_another_territory(self):
        with self.assertRaises(AccessError):
            self.lab.with_user(self.operator).write({"citta_territory_id": self.west.id})

    def test_events_of_others_are_not_touched(self):
        plain = self.env["event.event"].create({"name": "Plain", "date_begin": self.now, "date_end": self.now + timedelta(days=1)})
        with self.assertRaises(AccessError):
            plain.with_user(self.operator).write({"name": "Taken"})

    def test_the_territory_follows_city_programme_and_observatory(self):
        by_city = self._event("City", citta_programme_id=False, citta_city_id=self.city.id)
        self.assertEqual(by_city.citta_territory_id, self.east)
        self.assertEqual(self.lab_west.citta_territory_id, self.west)

    def test_figures(self):
        Kpi = self.env["citta.kpi"]
        labs, people = Kpi.create([{"name": source, "programme_id": self.programme.id, "source": source} for source in ("labs", "lab_participants")])
        self._event("Course", citta_kind="course")
        self._event("Gone", kanban_state="cancel")
        for name in ("A", "B", "C"):
            self._register(self.lab, name)
        self.assertEqual(labs.actual, 1)
        self.assertEqual(people.actual, 2, "who waits is no participant yet")
        for kpi in (labs, people):
            action = kpi.action_open_source()
            self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), kpi.actual)
