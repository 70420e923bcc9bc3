from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon


@tagged("post_install", "-at_install")
class TestDeliveryBulk(CaseCommon):
    """Units, quantities, days and lists of many people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.talk, cls.voucher = cls.env["citta.delivery.type"].create(
            [{"name": "Talk", "unit": "hours"}, {"name": "Bus", "unit": "vouchers"}]
        )
        (cls.pathway | cls.of_b).write({"date_start": cls.today - timedelta(days=60)})

    def give(self, user=None, **values):
        return self.env["citta.delivery"].with_user(user or self.operator).create(
            {"pathway_id": self.pathway.id, "type_id": self.talk.id, **values}
        )

    def bulk(self, pathways, user=None, **values):
        return self.env["citta.delivery.bulk"].with_user(user or self.operator).create(
            {"type_id": self.voucher.id, "pathway_ids": [Command.set(pathways.ids)], **values}
        )

    def many(self, count):
        pathways = self.pathway.browse()
        for number in range(count):
            pathways |= self._pathway(f"Persona {number:02}", date_start=self.today - timedelta(days=9))
        return pathways

    def made(self, action):
        return self.env["citta.delivery"].search(action["domain"])

    def test_the_unit_is_that_of_the_kind(self):
        delivery = self.give(quantity=1.25)
        self.assertEqual((delivery.unit, delivery.quantity), ("hours", 1.25))
        delivery.type_id = self.voucher
        self.assertEqual(delivery.unit, "vouchers")
        with self.assertRaises(ValueError):
            self.talk.with_user(self.administrator).write({"unit": "kilos"})

    def test_the_unit_is_not_forged(self):
        delivery = self.give(quantity=1, unit="vouchers")
        self.assertEqual(delivery.unit, "hours")
        delivery.with_user(self.operator).write({"unit": "meetings", "note": "x"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((delivery.unit, delivery.note), ("hours", "x"))

    def test_quantities_below_and_at_nothing(self):
        for quantity in (0, -1, -0.5, 0.001):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
                self.give(quantity=quantity)
        delivery = self.give(quantity=0.01)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            delivery.quantity = -2
            delivery.flush_recordset()
        self.assertEqual(delivery.quantity, 0.01)

    def test_a_service_moves_to_no_foreign_pathway(self):
        delivery = self.give(quantity=1)
        with self.assertRaises(UserError):
            delivery.write({"pathway_id": self.of_b.id})
        with self.assertRaises(UserError):
            delivery.write({"body_id": self.body_b.id})
        self.assertEqual((delivery.pathway_id, delivery.body_id), (self.pathway, self.body_a))

    def test_the_day_is_checked_when_it_changes(self):
        delivery = self.give(quantity=1)
        for day in (self.today + timedelta(days=1), self.today - timedelta(days=61)):
            with self.assertRaises(UserError):
                delivery.date = day
        delivery.date = self.today - timedelta(days=60)
        self.assertEqual(delivery.date, self.pathway.date_start)

    def test_a_list_of_thirty(self):
        people = self.many(30)
        made = self.made(self.bulk(people, quantity=2, note="Settimana").action_confirm())
        self.assertEqual((len(made), made.pathway_id), (30, people))
        self.assertEqual(set(made.mapped("unit")), {"vouchers"})
        self.assertEqual(set(made.mapped("note")), {"Settimana"})
        self.assertEqual((made.user_id, made.body_id), (self.operator, self.body_a))
        self.assertEqual(sum(made.mapped("quantity")), 60)

    def test_one_wrong_of_thirty_and_nothing_is_entered(self):
        people = self.many(29) | self.of_b
        with self.assertRaises(UserError):
            self.bulk(people).action_confirm()
        self.assertFalse(self.env["citta.delivery"].search_count([("pathway_id", "in", people.ids)]))
        late = self.many(2)
        late[1].date_start = self.today
        with self.assertRaises(UserError):
            self.bulk(late, date=self.today - timedelta(days=1)).action_confirm()
        self.assertFalse(late.delivery_ids)

    def test_saved_twice_is_entered_once(self):
        window = self.bulk(self.pathway, quantity=1)
        window.action_confirm()
        for again in (window, self.bulk(self.pathway, quantity=3)):
            with self.assertRaises(UserError) as refused:
                again.action_confirm()
            self.assertIn("Ada Prova", str(refused.exception))
        self.assertEqual(self.pathway.delivery_ids.mapped("quantity"), [1])

    def test_who_has_it_already_is_named_and_the_others_wait(self):
        second = self.many(1)
        self.bulk(self.pathway).action_confirm()
        with self.assertRaises(UserError) as refused:
            self.bulk(self.pathway | second).action_confirm()
        self.assertNotIn(second.partner_id.name, str(refused.exception))
        self.assertFalse(second.delivery_ids)

    def test_another_day_or_kind_is_another_service(self):
        self.bulk(self.pathway).action_confirm()
        self.bulk(self.pathway, date=self.today - timedelta(days=1)).action_confirm()
        self.bulk(self.pathway, type_id=self.talk.id).action_confirm()
        found = {(one.type_id, one.date) for one in self.pathway.delivery_ids}
        self.assertEqual(len(found), 3)

    def test_the_coordinator_enters_for_both_bodies(self):
        made = self.made(self.bulk(self.pathway | self.of_b, self.coordinator).action_confirm())
        self.assertEqual(made.body_id, self.body_a | self.body_b)
        self.assertEqual(made.user_id, self.coordinator)
        self.assertFalse(made.with_user(self.operator_west).search([("id", "in", made.ids)]))

    def test_negative_lists_are_refused(self):
        for quantity in (0, -3):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
                self.bulk(self.pathway, quantity=quantity).action_confirm()
        with self.assertRaises(AccessError):
            self.bulk(self.pathway, self.employee)
        self.assertFalse(self.pathway.delivery_ids)

    def test_a_closed_pathway_in_the_list(self):
        second = self.many(1)
        second.write({"state": "closed", "outcome": "job", "closing_reason": "Fine", "date_end": self.today - timedelta(days=2)})
        with self.assertRaises(UserError):
            self.bulk(self.pathway | second).action_confirm()
        self.assertFalse(self.pathway.delivery_ids)
        self.bulk(self.pathway | second, date=self.today - timedelta(days=2)).action_confirm()
        self.assertEqual(len(second.delivery_ids), 1)
