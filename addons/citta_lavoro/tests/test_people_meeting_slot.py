from datetime import timedelta

from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .invitation_common import InvitationCase


@tagged("post_install", "-at_install")
class TestMeetingSlot(InvitationCase):
    """Times of one operator never overlap, are seen by the own body, and stay as they are once chosen."""

    def busy(self, hours, user=None, **values):
        start = self.now + timedelta(hours=hours)
        partner = (user or self.operator).partner_id
        return self.env["calendar.event"].create({
            "name": "Other", "start": start, "stop": start + timedelta(hours=1), "partner_ids": [Command.set(partner.ids)], **values,
        })

    def open_slots(self, **values):
        return self.env["citta.meeting.slot"]._get_open(self.body_a, self.east, **values)

    def test_scope_both_ways(self):
        self.assertScoped(self.first, {"location": "x"})
        self.assertTrue(self.of_body_b.with_user(self.operator_b).location)
        mine = self.env["citta.meeting.slot"].with_user(self.operator)
        self.assertEqual(mine.search([]) & (self.first | self.of_body_b), self.first)
        for values in ({"body_id": self.body_b.id}, {"territory_id": self.west.id}):
            with self.assertRaises(AccessError):
                mine.create({
                    "start": self.now + timedelta(days=9), "location": "x", "body_id": self.body_a.id, "territory_id": self.east.id, **values,
                })

    def test_one_operator_is_in_one_place(self):
        for hours, duration in ((72, 1), (71.5, 1), (72.5, 0.25), (71, 4)):
            with self.assertRaises(ExclusionViolation, msg=hours), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._slot(hours, duration=duration)
        self.assertTrue(self._slot(73))
        self.assertTrue(self._slot(75, self.operator_b, self.body_b))
        self.third.active = False
        self.env.flush_all()
        self.assertTrue(self._slot(76))

    def test_a_slot_of_another_body_counts_too(self):
        both = self._user("p_both", "operator", self.body_a | self.body_b, self.east)
        self._slot(100, both, self.body_b)
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._slot(100.5, both)

    def test_database_holds_even_against_sql(self):
        self.env.flush_all()
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE citta_meeting_slot SET start = %s, stop = %s WHERE id = %s", (self.first.start, self.first.stop, self.second.id))
        for values in ({"duration": 0}, {"capacity": 0}, {"location": False}):
            with self.assertRaises(CheckViolation, msg=values), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self._slot(200, **values)

    def test_a_busy_calendar_refuses_and_hides(self):
        self.busy(100)
        with self.assertRaises(ValidationError):
            self._slot(100.5)
        self.busy(110, show_as="free")
        self.assertTrue(self._slot(110))
        self.assertIn(self.second, self.open_slots())
        self.busy(74)
        self.assertNotIn(self.second, self.open_slots())
        self.assertIn(self.first, self.open_slots())

    def test_offered_are_free_near_and_own(self):
        late, soon = self._slot(24 * 70), self._slot(1)
        found = self.open_slots()
        self.assertEqual(found & (self.first | self.second | late | soon | self.of_body_b), self.first | self.second)
        self.assertFalse(self.open_slots(operator=self.operator_west))

    def test_free_and_not_free(self):
        item = self._booked()
        Slot = self.env["citta.meeting.slot"]
        slots = self.first | self.second
        self.assertEqual(Slot.search([("is_free", "=", True)]) & slots, self.second)
        self.assertEqual(Slot.search([("is_free", "=", False)]) & slots, self.first)
        self.assertEqual((self.first.taken, self.first.is_free, self.second.is_free), (1, False, True))
        item.action_cancel()
        self.assertEqual(Slot.search([("is_free", "=", True)]) & slots, slots)

    def test_what_is_chosen_stays(self):
        self._booked()
        mine = self.first.with_user(self.operator)
        for values in ({"start": self.now + timedelta(hours=90)}, {"duration": 2}, {"active": False}, {"user_id": self.operator_b.id}):
            with self.assertRaises(UserError, msg=values):
                mine.write(values)
        for action in (mine.action_withdraw, mine.unlink):
            with self.assertRaises(UserError):
                action()
        mine.location = "Via Prova 1"
        mine.capacity = 2
        self.assertTrue(self.first.is_free)

    def test_places_do_not_fall_below_what_is_taken(self):
        self.first.capacity = 2
        self._booked()
        self._booked(self.pathway)
        with self.assertRaises(UserError):
            self.first.capacity = 1

    def test_free_ones_are_withdrawn_and_deleted(self):
        self.first.with_user(self.operator).action_withdraw()
        self.assertFalse(self.first.active)
        self.second.with_user(self.operator).unlink()
        self.assertFalse(self.second.exists())

    # -- series ----------------------------------------------------------------

    def series(self, user=None, **values):
        day = self.today + timedelta(days=30)
        wizard = Form(self.env["citta.meeting.slot.series"].with_user(user or self.operator))
        values = {"date_from": day, "date_to": day + timedelta(days=6), "hour_from": 9, "hour_to": 11, "location": "Via Prova", **values}
        for name, value in values.items():
            wizard[name] = value
        return wizard.save()

    def test_a_series_fills_the_days(self):
        self.operator.tz = "America/New_York"
        wizard = self.series()
        self.assertEqual((wizard.possible, wizard.left_out), (10, ""))
        action = wizard.action_confirm()
        slots = self.env["citta.meeting.slot"].search(action["domain"])
        self.assertEqual((len(slots), slots.user_id, slots.body_id, slots.territory_id), (10, self.operator, self.body_a, self.east))
        hours = {fields.Datetime.context_timestamp(slot.with_context(tz="Europe/Rome"), slot.start).strftime("%H:%M") for slot in slots}
        self.assertEqual(hours, {"09:00", "09:45"})
        self.assertFalse({slot.start.weekday() for slot in slots} & {5, 6})

    def test_a_second_time_leaves_out_what_is_taken(self):
        self.series().action_confirm()
        again = self.series(hour_to=12)
        self.assertEqual(again.possible, 10)
        self.assertEqual(len(again.left_out.splitlines()), 10)
        with self.assertRaises(UserError):
            self.series().action_confirm()
        with self.assertRaises(UserError):
            self.series(date_from=self.today - timedelta(days=20), date_to=self.today - timedelta(days=10)).action_confirm()

    def test_a_series_not_for_other_bodies(self):
        wizard = self.series()
        wizard.body_id = self.body_b
        with self.assertRaises(AccessError):
            wizard.action_confirm()
        with self.assertRaises(AccessError):
            self.series(self.employee)
