from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .academy_common import AcademyCase


@tagged("post_install", "-at_install")
class TestEnrolmentBulk(AcademyCase):
    """Many enrolled in one lab at a time."""

    def wizard(self, pathways, user=None, **values):
        return self.env["citta.enrolment.bulk"].with_user(user or self.operator).create(
            {"event_id": self.lab.id, "pathway_ids": [Command.set(pathways.ids)], **values}
        )

    def registered(self):
        return self.env["event.registration"].search([("event_id", "=", self.lab.id), ("state", "!=", "cancel")]).citta_pathway_id

    def test_all_are_enrolled_and_none_twice(self):
        both = self.ada | self.bea
        first = self.wizard(self.ada)
        self.assertFalse(first.notice)
        first.action_confirm()
        second = self.wizard(both)
        self.assertIn(self.ada.partner_id.name, second.notice)
        self.assertNotIn(self.bea.partner_id.name, second.notice)
        action = second.action_confirm()
        self.assertEqual(self.registered(), both)
        found = self.env["event.registration"].search(action["domain"])
        self.assertEqual((len(found), found.citta_pathway_id), (2, both))

    def test_who_finds_no_place_stands_in_line(self):
        both = self.ada | self.bea
        self.lab.write({"seats_limited": True, "seats_max": 1})
        self.wizard(both).action_confirm()
        registrations = self.env["event.registration"].search([("event_id", "=", self.lab.id)], order="id")
        self.assertEqual(registrations.mapped("citta_waiting"), [False, True])

    def test_a_closed_pathway_is_enrolled_in_nothing(self):
        self.bea.write({"state": "closed", "outcome": "job", "closing_reason": "x"})
        single = self.env["citta.enrolment"].with_user(self.operator).create({"pathway_id": self.bea.id, "event_id": self.lab.id})
        for deed in (self.wizard(self.ada | self.bea).action_confirm, single.action_enrol):
            with self.assertRaisesRegex(UserError, f"not enrolled: {self.bea.partner_id.name}"), self.env.cr.savepoint():
                deed()
        self.assertFalse(self.registered())

    def test_nobody_and_strangers(self):
        with self.assertRaises(UserError):
            self.wizard(self.ada.browse()).action_confirm()
        with self.assertRaises(AccessError):
            self.wizard(self.ada, self.operator_b)
        self.assertFalse(self.registered())
