from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .academy_common import AcademyCase


@tagged("post_install", "-at_install")
class TestSession(AcademyCase):
    """Presence: everybody with a place is on the sheet once, and the pathway knows how faithfully one comes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.of_ada = cls._register(cls.lab, "Ada Prova", partner_id=cls.ada.partner_id.id)
        cls.of_bea = cls._register(cls.lab, "Bea Prova", partner_id=cls.bea.partner_id.id)
        cls.of_cleo = cls._register(cls.lab, "Cleo Prova", partner_id=cls.cleo.partner_id.id)
        cls.session = cls._session(cls.lab)

    def mark(self, session, registration, status):
        session._add_expected()
        session.attendance_ids.filtered(lambda one: one.registration_id == registration).status = status

    # -- the sheet ---------------------------------------------------------------

    def test_the_sheet_lists_who_has_a_place(self):
        action = self.session.with_user(self.operator).action_take_presence()
        rows = self.env["citta.attendance"].with_user(self.operator).search(action["domain"])
        self.assertEqual(rows.registration_id, self.of_ada | self.of_bea)
        self.assertEqual(set(rows.mapped("status")), {False})

    def test_taking_presence_twice_adds_nobody_twice(self):
        self.session.action_take_presence()
        self.session.attendance_ids[0].action_present()
        self.session.action_take_presence()
        self.assertEqual(len(self.session.attendance_ids), 2)
        self.assertEqual(self.session.present_count, 1)

    def test_taking_presence_again_adds_who_moved_up(self):
        self.session.action_take_presence()
        self.of_ada.action_cancel()
        self.session.action_take_presence()
        self.assertIn(self.of_cleo, self.session.attendance_ids.registration_id)

    def test_marking_the_rest_present_keeps_what_was_marked(self):
        self.session.action_take_presence()
        self.session.attendance_ids[0].action_excused()
        self.session.action_all_present()
        self.assertEqual(self.session.attendance_ids.mapped("status"), ["excused", "present"])

    def test_a_person_is_on_a_sheet_once(self):
        self.session.action_take_presence()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["citta.attendance"].create({"session_id": self.session.id, "registration_id": self.of_ada.id})

    def test_who_waits_or_goes_elsewhere_is_not_on_the_sheet(self):
        elsewhere = self._register(self._event("Other"), "Else")
        for registration in (self.of_cleo, elsewhere):
            with self.assertRaises(ValidationError):
                self.env["citta.attendance"].create({"session_id": self.session.id, "registration_id": registration.id})

    def test_times_run_forwards(self):
        self.session.action_take_presence()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.session.attendance_ids[0].write({"time_in": self.now, "time_out": self.now - timedelta(hours=1)})
            self.env.flush_all()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.session.date_end = self.session.date_begin
            self.env.flush_all()

    # -- faithfulness ----------------------------------------------------------

    def test_rate_and_absences_in_a_row(self):
        sessions = [self._session(self.lab, days) for days in (5, 4, 6, 7)]
        by_date = sorted(sessions, key=lambda one: one.date_begin)
        for session, status in zip(by_date, ("present", "absent", "absent", "absent"), strict=True):
            self.mark(session, self.of_ada, status)
        self.assertEqual(self.ada.attendance_rate, 25.0)
        self.assertEqual(self.ada.absences_in_row, 3)
        self.assertTrue(self.ada.is_absence_risk)
        self.mark(by_date[-1], self.of_ada, "excused")
        self.assertEqual(self.ada.absences_in_row, 0)
        self.assertFalse(self.ada.is_absence_risk)

    def test_the_order_is_the_sessions_not_the_marking(self):
        early, late = self._session(self.lab, 4), self._session(self.lab, 8)
        self.mark(late, self.of_bea, "present")
        self.mark(early, self.of_bea, "absent")
        self.assertEqual(self.bea.absences_in_row, 0)
        late.date_begin = self.now + timedelta(days=3, hours=1)
        self.assertEqual(self.bea.absences_in_row, 1)

    def test_risky_pathways_are_found_by_their_operator(self):
        for days in (4, 5, 6):
            self.mark(self._session(self.lab, days), self.of_ada, "absent")
        found = self.env["citta.pathway"].with_user(self.operator).search([("is_absence_risk", "=", True)])
        self.assertIn(self.ada, found)
        self.assertNotIn(self.bea, found)

    def test_another_bodys_operator_marks_and_the_pathway_follows(self):
        self.session.with_user(self.operator_b).action_take_presence()
        rows = self.session.attendance_ids.with_user(self.operator_b)
        rows.filtered(lambda one: one.registration_id == self.of_ada).action_absent()
        self.assertEqual(self.ada.absences_in_row, 1)

    # -- rights ----------------------------------------------------------------

    def test_other_territories_take_no_presence(self):
        self.session.action_take_presence()
        for operation in (
            lambda: self.session.with_user(self.operator_west).action_take_presence(),
            lambda: self.session.attendance_ids[0].with_user(self.operator_west).action_present(),
            lambda: self.session.attendance_ids[0].with_user(self.operator_west).read(["status"]),
        ):
            with self.assertRaises(AccessError):
                operation()
        self.assertFalse(self.env["citta.session"].with_user(self.operator_west).search([("id", "=", self.session.id)]))

    def test_employees_and_portal_get_nothing(self):
        self.session.action_take_presence()
        for user in (self.employee, self._portal_user(self.ada, "s_portal")):
            for model in ("citta.session", "citta.attendance"):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_the_portal_does_not_even_know_the_figures(self):
        portal = self._portal_user(self.ada, "s_portal_read")
        known = self.env["citta.pathway"].with_user(portal).fields_get()
        for name in ("is_absence_risk", "absences_in_row", "attendance_ids", "registration_ids"):
            self.assertNotIn(name, known)
            with self.assertRaises(AccessError):
                self.ada.with_user(portal).read([name])
