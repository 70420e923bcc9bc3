from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .academy_common import AcademyCase


@tagged("post_install", "-at_install")
class TestPresenceService(AcademyCase):
    """Who was there got a service: it follows the presence, and nobody counts it twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        people = cls.ada | cls.bea
        people.date_start = cls.today - timedelta(days=60)
        people.action_activate()
        cls.of_ada = cls._register(cls.lab, "Ada Prova", partner_id=cls.ada.partner_id.id)
        cls.of_bea = cls._register(cls.lab, "Bea Prova", partner_id=cls.bea.partner_id.id)
        cls.session = cls._session(cls.lab, -5)
        cls.session._add_expected()

    def row(self, registration=None, session=None):
        return (session or self.session).attendance_ids.filtered(lambda one: one.registration_id == (registration or self.of_ada))

    def services(self, pathway=None):
        return self.env["citta.delivery"].search([("pathway_id", "=", (pathway or self.ada).id)])

    def close(self, days_before):
        """End the pathway so many days before the session; by the clock of the place, also at night."""
        self.ada.write({"state": "closed", "outcome": "job", "date_end": self.session._get_day() - timedelta(days=days_before)})

    def test_a_presence_is_a_service_of_that_day(self):
        self.row().with_user(self.operator).action_present()
        made = self.services()
        self.assertEqual((made.quantity, made.unit, made.date), (3, "hours", self.session._get_day()))
        self.assertEqual((made.session_id, made.body_id, made.type_id), (self.session, self.body_a, self.lab.citta_delivery_type_id))
        self.assertFalse(self.services(self.bea))

    def test_a_kind_in_meetings_counts_one(self):
        self.lab.citta_delivery_type_id = self.env.ref("citta_lavoro.delivery_type_meeting")
        self.row().action_present()
        self.assertEqual((self.services().quantity, self.services().unit), (1, "meetings"))
        with self.assertRaises(ValidationError):
            self.lab.citta_delivery_type_id = self.env.ref("citta_lavoro.delivery_type_voucher")

    def test_it_follows_a_corrected_presence(self):
        for status, number in (("present", 1), ("absent", 0), ("present", 1), ("present", 1), ("excused", 0), ("present", 1), (False, 0)):
            self.row().status = status
            self.assertEqual(len(self.services()), number, status)

    def test_it_follows_the_session_the_lab_and_the_registration(self):
        self.row().action_present()
        kept = self.services()
        self.session.write({"date_begin": self.session.date_begin - timedelta(days=1), "date_end": self.session.date_end - timedelta(days=1, hours=1)})
        self.assertEqual((kept.quantity, kept.date, self.services()), (2, self.session._get_day(), kept))
        self.lab.citta_delivery_type_id = False
        self.assertFalse(self.services())
        self.lab.citta_delivery_type_id = self.env.ref("citta_lavoro.delivery_type_meeting")
        self.assertEqual(self.services().unit, "meetings")
        self.of_ada.citta_pathway_id = self.cleo
        self.assertFalse(self.services())

    def test_what_is_not_over_is_counted_when_it_is(self):
        later = self._session(self.lab, 1)
        later._add_expected()
        later.attendance_ids.action_present()
        self.assertFalse(self.services())
        later.write({"date_begin": self.now - timedelta(hours=4), "date_end": self.now + timedelta(hours=1)})
        self.assertFalse(self.services())
        self.env.flush_all()
        self.cr.execute("UPDATE citta_session SET date_end = %s WHERE id = %s", [self.now - timedelta(minutes=1), later.id])
        self.env.invalidate_all()
        self.env["citta.attendance"]._cron_count_services()
        self.assertEqual(len(self.services()), 1)
        self.assertFalse(self.env["citta.attendance"]._cron_count_services())

    def test_only_while_the_pathway_was_under_way(self):
        self.close(1)
        self.row().action_present()
        self.assertFalse(self.services())
        self.ada.action_reopen()
        self.close(0)
        self.row().action_absent()
        self.row().action_present()
        self.assertEqual(len(self.services()), 1, "entered late, up to the end")
        self.row().action_absent()
        self.assertFalse(self.services(), "taken back, also after the end")

    def test_neither_before_the_start_nor_in_a_pause(self):
        cleo = self._register(self._event("Other"), "Cleo Prova", partner_id=self.cleo.partner_id.id)
        before = self._session(cleo.event_id, -5)
        before._add_expected()
        before.attendance_ids.action_present()
        self.cleo.date_start = self.today - timedelta(days=9)
        self.assertFalse(self.services(self.cleo), "it has not begun")
        self.cleo.action_activate()
        self.assertEqual(len(self.services(self.cleo)), 1)
        self.env["citta.suspension"].create({
            "pathway_id": self.ada.id, "reason": "away", "date_start": self.today - timedelta(days=7), "date_planned": self.today,
        })
        self.row().action_present()
        self.assertFalse(self.services())

    def test_nobody_writes_it_by_hand(self):
        self.row().action_present()
        made, values = self.services().with_user(self.operator), {"pathway_id": self.ada.id, "type_id": self.lab.citta_delivery_type_id.id}
        for deed in (
            lambda: made.write({"quantity": 9}), lambda: made.write({"attendance_id": False}), made.unlink,
            lambda: made.create({**values, "attendance_id": self.row(self.of_bea).id}),
        ):
            with self.assertRaises(UserError):
                deed()
        plain = made.with_context(default_attendance_id=self.row(self.of_bea).id).create(values)
        self.assertFalse(plain.attendance_id)
        plain.write({"quantity": 2})
        plain.unlink()

    def test_the_database_counts_a_presence_once(self):
        self.row().action_present()
        values = self.services().copy_data()[0]
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["citta.delivery"].create({**values, "attendance_id": self.row().id})

    def test_another_body_takes_the_presence(self):
        of_b = self._pathway("Dario Prova", body=self.body_b, date_start=self.today - timedelta(days=60))
        of_b.action_activate()
        big = self._event("Big", seats_max=9)
        registration = self._register(big, "Dario Prova", partner_id=of_b.partner_id.id)
        session = self._session(big, -2)
        session._add_expected()
        self.row(registration, session).with_user(self.operator).action_present()
        self.assertEqual(self.services(of_b).body_id, self.body_b)

    def test_a_whole_sheet_costs_as_much_as_a_short_one(self):
        self.statements(2)  # what is looked up once
        # one look-up more or less is the cache's; sixteen people more would be sixteen
        self.assertAlmostEqual(self.statements(4), self.statements(20), delta=2)

    def statements(self, number):
        lab = self._event(f"Lab for {number}", seats_max=99)
        for one in range(number):
            person = self._pathway(f"Sheet{number}-{one} Prova", date_start=self.today - timedelta(days=60))
            person.action_activate()
            self._register(lab, person.partner_id.name, partner_id=person.partner_id.id)
        session = self._session(lab, -3)
        session._add_expected()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        session.action_all_present()
        self.env.flush_all()
        spent = self.cr.sql_log_count - before
        self.assertEqual(self.env["citta.delivery"].search_count([("session_id", "=", session.id)]), number)
        return spent
