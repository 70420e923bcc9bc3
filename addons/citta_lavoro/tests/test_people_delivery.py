from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon


@tagged("post_install", "-at_install")
class TestDelivery(CaseCommon):
    """Services by hand, from meetings, and for many at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.talk, cls.voucher = cls.env["citta.delivery.type"].create(
            [{"name": "Talk", "unit": "hours"}, {"name": "Bus", "unit": "vouchers"}]
        )
        (cls.pathway | cls.of_b).write({"date_start": cls.today - timedelta(days=60)})
        cls.delivery = cls.give()

    @classmethod
    def give(cls, user=None, **values):
        return cls.env["citta.delivery"].with_user(user or cls.operator).create(
            {"pathway_id": cls.pathway.id, "type_id": cls.talk.id, "quantity": 1.5, **values}
        )

    def bulk(self, pathways, user=None, **values):
        Wizard = self.env["citta.delivery.bulk"].with_user(user or self.operator)
        return Wizard.with_context(active_model="citta.pathway", active_ids=pathways.ids).create({"type_id": self.voucher.id, **values})

    def meeting(self, hours=-2, **values):
        start = fields.Datetime.now() + timedelta(hours=hours)
        return self.env["calendar.event"].with_user(self.operator).create({
            "name": "Meeting", "start": start, "stop": start + timedelta(hours=1.5), "citta_pathway_id": self.pathway.id, **values,
        })

    def test_by_hand_in_its_unit(self):
        self.assertEqual((self.delivery.unit, self.delivery.user_id, self.delivery.date), ("hours", self.operator, self.today))
        self.assertScoped(self.delivery, {"note": "x"})
        with self.assertRaises(UserError):
            self.give(pathway_id=self.of_b.id)

    def test_impossible_ones(self):
        for day in (self.today + timedelta(days=1), self.today - timedelta(days=61)):
            with self.assertRaises(UserError):
                self.give(date=day)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.give(quantity=0)

    def test_late_entries_reach_to_the_end_of_the_pathway(self):
        self.delivery.date = self.today - timedelta(days=9)
        self.pathway.write({"state": "closed", "outcome": "job", "date_end": self.today - timedelta(days=3)})
        self.assertTrue(self.give(date=self.today - timedelta(days=3)))
        with self.assertRaises(UserError):
            self.give(date=self.today - timedelta(days=2))

    def test_no_service_is_moved_behind_the_end(self):
        early, other = self.give(date=self.today - timedelta(days=9)), self._pathway("Cia Prova", date_start=self.today - timedelta(days=60))
        elsewhere = self.give(pathway_id=other.id, date=self.today)
        self.delivery.date = self.today - timedelta(days=9)
        self.pathway.write({"state": "closed", "outcome": "job", "date_end": self.today - timedelta(days=3)})
        for delivery, values in ((early, {"date": self.today - timedelta(days=2)}), (elsewhere, {"pathway_id": self.pathway.id})):
            with self.assertRaises(ValidationError) as refused:
                delivery.with_user(self.operator).write(values)
            self.assertIn("Ada Prova", str(refused.exception))
        early.with_user(self.operator).write({"date": self.today - timedelta(days=3)})
        elsewhere.with_user(self.operator).write({"pathway_id": self.pathway.id, "date": self.today - timedelta(days=4)})
        self.assertEqual(elsewhere.pathway_id, self.pathway)

    def test_for_many_at_once(self):
        second = self._pathway("Cia Prova")
        second.date_start = self.today - timedelta(days=5)
        both = self.pathway | second
        action = self.bulk(both, quantity=2).action_confirm()
        made = self.env["citta.delivery"].search(action["domain"])
        self.assertEqual(made.pathway_id, both)
        self.assertEqual(set(made.mapped("quantity")), {2})
        with self.assertRaises(UserError) as refused:
            self.bulk(both).action_confirm()
        self.assertIn("Ada Prova", str(refused.exception))
        with self.assertRaises(UserError):
            self.bulk(self.env["citta.pathway"]).action_confirm()

    def test_for_many_never_beyond_the_scope(self):
        with self.assertRaises(UserError):
            self.bulk(self.pathway | self.of_b).action_confirm()
        self.assertFalse(self.of_b.delivery_ids)

    def test_a_meeting_is_counted_once(self):
        held = self.meeting()
        context = held.action_citta_deliver()["context"]
        self.assertEqual((context["default_pathway_id"], context["default_quantity"]), (self.pathway.id, 1.5))
        values = {name.removeprefix("default_"): value for name, value in context.items()}
        self.give(**values)
        with self.assertRaises(UserError):
            held.action_citta_deliver()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.give(**values)

    def test_what_a_meeting_brought_stays_with_it(self):
        delivery = self.give(event_id=self.meeting().id)
        for other in (False, self.meeting(hours=-5).id):
            with self.assertRaisesRegex(UserError, "stays with it"):
                delivery.event_id = other
        delivery.quantity = 2
        delivery.unlink()

    def test_a_colleague_gives_it(self):
        for stranger in (self._portal_user(self.pathway, "p_ada"), self.env.ref("base.public_user")):
            with self.assertRaisesRegex(ValidationError, "portal users"):
                self.give(user_id=stranger.id)

    def test_a_quantity_is_a_number(self):
        for value in (float("nan"), float("inf"), float("-inf")):
            with self.assertRaisesRegex(UserError, "“Quantity” is no number"):
                self.give(quantity=value)
            with self.assertRaisesRegex(UserError, "“Quantity” is no number"):
                self.delivery.write({"quantity": value})

    def test_a_meeting_to_come_is_not_counted(self):
        for meeting in (self.meeting(hours=5), self.meeting(citta_pathway_id=False)):
            with self.assertRaises(UserError):
                meeting.action_citta_deliver()

    def test_meetings_with_persons_are_private(self):
        held = self.meeting(name="Colloquio riservato")
        self.assertEqual(held.privacy, "private")
        self.assertFalse(self.meeting(citta_pathway_id=False).privacy)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotIn("riservato", held.with_user(self.operator_b).name)
        self.assertFalse(held.with_user(self.operator_b).citta_pathway_id)
        with self.assertRaises(AccessError):
            held.with_user(self.employee).read(["citta_pathway_id"])
        self.assertEqual(self.pathway.with_user(self.operator).action_open_meetings()["domain"], [("citta_pathway_id", "=", self.pathway.id)])

    def test_only_the_administrator_changes_kinds(self):
        with self.assertRaises(AccessError):
            self.talk.with_user(self.coordinator).write({"unit": "meetings"})
        self.talk.with_user(self.administrator).write({"name": "Colloquio"})
        self.assertEqual(self.talk.name, "Colloquio")
