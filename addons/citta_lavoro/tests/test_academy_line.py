from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .academy_common import AcademyCase


@tagged("post_install", "-at_install")
class TestLine(AcademyCase):
    """The order of the line through many changes, and presence by who may take it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.all = [cls._register(cls.lab, name) for name in "ABCDEF"]

    def test_order_after_cancellations_and_more_places(self):
        first, _second, third, fourth, *_rest = self.all
        third.action_cancel()
        first.action_cancel()
        self.assertPlaces(self.lab, ["B", "D"], ["E", "F"])
        self.lab.seats_max = 3
        self.assertPlaces(self.lab, ["B", "D", "E"], ["F"])
        fourth.action_cancel()
        self.assertPlaces(self.lab, ["B", "E", "F"], [])

    def test_a_free_place_is_taken_by_the_next_who_comes(self):
        self.lab.seats_max = 7
        self._register(self.lab, "G")
        self._register(self.lab, "H")
        self.assertPlaces(self.lab, list("ABCDEFG"), ["H"])

    def test_others_do_not_cancel(self):
        for user in (self.operator_west, self.employee):
            with self.assertRaises(AccessError):
                self.all[0].with_user(user).action_cancel()
        self.assertPlaces(self.lab, ["A", "B"], list("CDEF"))

    def test_others_do_not_register(self):
        for user in (self.operator_west, self.employee):
            with self.assertRaises(AccessError):
                self.env["event.registration"].with_user(user).create({"event_id": self.lab.id, "name": "Z"})
        self.assertPlaces(self.lab, ["A", "B"], list("CDEF"))

    def test_presence_is_on_the_sheet_once(self):
        session = self._session(self.lab)
        session.action_take_presence()
        session.action_take_presence()
        self.assertEqual(session.attendance_ids.registration_id.mapped("name"), ["A", "B"])
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["citta.attendance"].create({"session_id": session.id, "registration_id": self.all[0].id})

    def test_a_foreign_operator_takes_no_presence(self):
        session = self._session(self.lab)
        session._add_expected()
        for user in (self.operator_west, self.employee):
            with self.assertRaises(AccessError):
                session.attendance_ids[0].with_user(user).write({"status": "present"})
        self.assertFalse(session.attendance_ids[0].status)

    def test_a_session_ends_after_it_begins(self):
        begin = self.now + timedelta(days=4)
        for end in (begin, begin - timedelta(hours=1)):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self._session(self.lab, date_begin=begin, date_end=end)
