from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from .academy_common import AcademyCase


@tagged("post_install", "-at_install")
class TestEventRegistration(AcademyCase, CronMixinCase):
    """Places of labs: given once, never refused, and given on by themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second, cls.third, cls.fourth = (cls._register(cls.lab, name) for name in ("A", "B", "C", "D"))

    # -- the line --------------------------------------------------------------

    def test_who_finds_no_place_waits(self):
        self.assertPlaces(self.lab, ["A", "B"], ["C", "D"])
        self.assertEqual(self.third.state, "draft")
        self.assertTrue(self.third.citta_waiting)
        self.assertFalse(self.first.citta_waiting)
        self.assertEqual(self.lab.citta_waiting_count, 2)

    def test_several_at_once_are_taken_as_far_as_places_go(self):
        lab = self._event("Other")
        self.env["event.registration"].create([{"event_id": lab.id, "name": name} for name in ("X", "Y", "Z")])
        self.assertPlaces(lab, ["X", "Y"], ["Z"])

    def test_cancelling_moves_the_first_in_line_up(self):
        self.first.action_cancel()
        self.assertPlaces(self.lab, ["B", "C"], ["D"])
        self.assertFalse(self.third.citta_waiting_date)

    def test_cancelling_twice_gives_one_place_back(self):
        self.first.action_cancel()
        self.first.action_cancel()
        self.assertPlaces(self.lab, ["B", "C"], ["D"])

    def test_cancelling_all_moves_everybody_up(self):
        (self.first | self.second).action_cancel()
        self.assertPlaces(self.lab, ["C", "D"], [])

    def test_one_in_line_who_gives_up_frees_no_place(self):
        self.third.action_cancel()
        self.assertPlaces(self.lab, ["A", "B"], ["D"])

    def test_archiving_and_deleting_free_a_place_too(self):
        self.first.active = False
        self.assertPlaces(self.lab, ["B", "C"], ["D"])
        self.second.unlink()
        self.assertPlaces(self.lab, ["C", "D"], [])

    def test_unarchiving_does_not_push_anybody_out(self):
        self.first.active = False
        self.first.active = True
        self.assertPlaces(self.lab, ["B", "C"], ["D", "A"])

    def test_confirming_by_hand_does_not_jump_the_line(self):
        self.fourth.action_confirm()
        self.assertPlaces(self.lab, ["A", "B"], ["C", "D"])
        self.fourth.write({"state": "done"})
        self.assertPlaces(self.lab, ["A", "B"], ["C", "D"])

    def test_who_comes_back_stands_at_the_end(self):
        self.first.action_cancel()
        self.first.action_confirm()
        self.assertPlaces(self.lab, ["B", "C"], ["D", "A"])

    def test_moving_to_another_lab_frees_and_takes(self):
        other = self._event("Other", seats_max=1)
        self.first.event_id = other
        self.assertPlaces(self.lab, ["B", "C"], ["D"])
        self.assertPlaces(other, ["A"], [])

    def test_attending_keeps_the_place(self):
        self.first.action_set_done()
        self.assertPlaces(self.lab, ["A", "B"], ["C", "D"])

    def test_nobody_moves_up_when_it_is_over(self):
        self.lab.write({"date_begin": self.now - timedelta(days=9), "date_end": self.now - timedelta(days=1)})
        self.first.action_cancel()
        self.assertPlaces(self.lab, ["B"], ["C", "D"])

    # -- the number of places --------------------------------------------------

    def test_more_places_call_the_line(self):
        self.lab.seats_max = 3
        self.assertPlaces(self.lab, ["A", "B", "C"], ["D"])
        self.lab.seats_limited = False
        self.assertPlaces(self.lab, ["A", "B", "C", "D"], [])

    def test_fewer_places_than_taken_are_refused(self):
        with self.assertRaisesRegex(UserError, "cannot be lowered"):
            self.lab.seats_max = 1
        self.assertPlaces(self.lab, ["A", "B"], ["C", "D"])

    def test_a_limit_set_later_counts_who_is_there(self):
        open_lab = self._event("Open", seats_limited=False, seats_max=0)
        for name in ("X", "Y"):
            self._register(open_lab, name)
        open_lab.write({"seats_limited": True, "seats_max": 2})
        self._register(open_lab, "Z")
        self.assertPlaces(open_lab, ["X", "Y"], ["Z"])

    def test_an_event_that_becomes_ours_is_counted_in(self):
        event = self.env["event.event"].create({
            "name": "Plain", "date_begin": self.now, "date_end": self.now + timedelta(days=1), "seats_limited": True, "seats_max": 2,
        })
        self._register(event, "X")
        event.write({"citta_kind": "public", "citta_programme_id": self.programme.id})
        self.assertEqual(self.used(event), 1)
        event.write({"citta_kind": False})
        self.assertEqual(self.used(event), 0)

    def test_other_events_keep_odoos_way(self):
        event = self.env["event.event"].create({
            "name": "Plain", "date_begin": self.now, "date_end": self.now + timedelta(days=1), "seats_limited": True, "seats_max": 1,
        })
        self._register(event, "X")
        with self.assertRaises(ValidationError):
            self._register(event, "Y")
        self.assertEqual(self.used(event), 0)

    def test_the_database_holds_the_ceiling(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.cr.execute(
                "UPDATE citta_claim SET used = used + 1 WHERE res_model = 'event.event' AND res_id = %s", (self.lab.id,)
            )

    def test_places_are_not_limited_by_tickets_or_slots(self):
        with self.assertRaises(ValidationError):
            self.lab.event_ticket_ids = [Command.create({"name": "Seat", "seats_max": 1})]
        with self.assertRaises(ValidationError):
            self.lab.is_multi_slots = True

    def test_registrations_stay_open_when_full_and_close_at_the_end(self):
        self.assertTrue(self.lab.event_registrations_sold_out)
        self.assertTrue(self.lab.event_registrations_open)
        self.lab.write({"date_begin": self.now - timedelta(days=9), "date_end": self.now - timedelta(days=1)})
        self.assertFalse(self.lab.event_registrations_open)

    def test_the_counter_goes_with_the_event(self):
        event = self._event("Short")
        self.env["citta.claim"].invalidate_model()
        self.assertTrue(self.env["citta.claim"].search_count([("res_model", "=", "event.event"), ("res_id", "=", event.id)]))
        gone = event.id
        event.unlink()
        self.assertFalse(self.env["citta.claim"].search_count([("res_model", "=", "event.event"), ("res_id", "=", gone)]))

    def test_a_kind_needs_a_territory(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.env["event.event"].create({
                "name": "Nowhere", "citta_kind": "lab", "date_begin": self.now, "date_end": self.now + timedelta(days=1),
            })

    # -- the pathway -----------------------------------------------------------

    def test_the_persons_pathway_is_found(self):
        lab = self._event("Found", seats_max=9)
        registration = self._register(lab, partner_id=self.ada.partner_id.id)
        self.assertEqual(registration.citta_pathway_id, self.ada)
        self.assertEqual(registration.citta_territory_id, self.east)

    def test_a_closed_pathway_or_another_territory_is_not_found(self):
        self.ada.write({"state": "closed", "outcome": "job"})
        self.assertFalse(self._register(self.lab, partner_id=self.ada.partner_id.id).citta_pathway_id)
        self.assertFalse(self._register(self.lab_west, partner_id=self.bea.partner_id.id).citta_pathway_id)

    def test_a_friend_registered_by_the_person_is_not_the_person(self):
        lab = self._event("Friends", seats_max=9)
        both = self.env["event.registration"].create([
            {"event_id": lab.id, "name": name, "partner_id": self.ada.partner_id.id} for name in ("Ada", "Friend")
        ])
        later = self._register(lab, "Later", partner_id=self.ada.partner_id.id)
        self.assertEqual((both | later).mapped("citta_pathway_id"), self.ada)
        self.assertEqual(len(both.filtered("citta_pathway_id")), 1)

    def test_one_pathway_registers_once(self):
        lab = self._event("Once", seats_max=9)
        self._register(lab, citta_pathway_id=self.ada.id)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._register(lab, citta_pathway_id=self.ada.id)

    # -- mail ------------------------------------------------------------------

    def test_mails_are_left_to_the_scheduler(self):
        lab = self._event("Mails", seats_max=9)
        self.assertIn("after_sub", lab.event_mail_ids.mapped("interval_type"))
        with self.capture_triggers("event.event_mail_scheduler") as captured:
            registration = self._register(lab)
        self.assertEqual(len(captured.records), 1)
        self.assertFalse(registration.mail_registration_ids, "nothing is sent within the registration")

    def test_who_waits_is_told_once(self):
        with self.capture_triggers("citta_lavoro.ir_cron_waiting") as captured:
            self._register(self.lab, "Emma")
        self.assertEqual(len(captured.records), 1)
        told = self.env["event.registration"]._cron_tell_waiting()
        self.assertGreaterEqual(told, 3)
        self.assertEqual(self.env["event.registration"]._cron_tell_waiting(), 0)
        mails = self.env["mail.mail"].search([("model", "=", "event.registration"), ("res_id", "=", self.third.id)])
        self.assertEqual(len(mails), 1)
        self.assertIn("waiting list", mails.subject)

    # -- rights ----------------------------------------------------------------

    def test_operators_register_and_cancel_in_their_territory(self):
        for user in (self.operator, self.operator_b, self.coordinator):
            registration = self.env["event.registration"].with_user(user).create({"event_id": self.lab.id, "name": user.name})
            self.assertTrue(registration.citta_waiting)
            registration.action_cancel()
            self.assertEqual(registration.state, "cancel")
        self.assertPlaces(self.lab, ["A", "B"], ["C", "D"])

    def test_cancelling_calls_up_a_person_of_another_body(self):
        lab = self._event("Bodies", seats_max=1)
        of_b = self._pathway("Berta Prova", self.body_b)
        mine = self._register(lab, "Mine")
        theirs = self._register(lab, "Theirs", partner_id=of_b.partner_id.id)
        mine.with_user(self.operator).action_cancel()
        self.assertEqual(theirs.state, "open")

    def test_other_territories_see_nothing(self):
        Registration = self.env["event.registration"].with_user(self.operator_west)
        self.assertFalse(Registration.search([("event_id", "=", self.lab.id)]))
        for operation in (
            lambda: self.first.with_user(self.operator_west).read(["name"]),
            lambda: self.first.with_user(self.operator_west).action_cancel(),
            lambda: Registration.create({"event_id": self.lab.id, "name": "Intruder"}),
        ):
            with self.assertRaises(AccessError):
                operation()

    def test_odoos_event_roles_do_not_see_who_comes_to_our_labs(self):
        desk = new_test_user(self.env, "a_desk", groups="event.group_event_manager")
        self.assertFalse(self.env["event.registration"].with_user(desk).search([("event_id", "=", self.lab.id)]))
        with self.assertRaises(AccessError):
            self.first.with_user(desk).read(["name"])

    def test_nobody_writes_the_place_in_line(self):
        for user in (self.operator, self.coordinator):
            with self.assertRaises(AccessError):
                self.fourth.with_user(user).write({"citta_waiting_date": "2000-01-01 00:00:00"})

    def test_operators_do_not_delete(self):
        with self.assertRaises(AccessError):
            self.first.with_user(self.operator).unlink()
        with self.assertRaises(AccessError):
            self.lab.with_user(self.operator).unlink()

    def test_employees_and_portal_see_no_registration(self):
        portal = self._portal_user(self.ada, "a_portal")
        for user in (self.employee, portal):
            with self.assertRaises(AccessError):
                self.env["event.registration"].with_user(user).search([])
