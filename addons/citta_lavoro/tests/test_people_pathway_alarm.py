from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.people import pathway_alarm
from .case_common import CaseCommon

CONTACT, REVIEW = "citta_lavoro.mail_activity_type_contact", "citta_lavoro.mail_activity_type_review"


@tagged("post_install", "-at_install")
class TestPathwayAlarm(CaseCommon):
    """A contact that is overdue, a review that is due: on the right list, once, and off it when it is settled."""

    def raise_alarms(self):
        for name in pathway_alarm.ALARMS:
            last = self.env["citta.pathway"]
            while last := self.env["citta.pathway"]._raise_alarms(name, last):
                pass

    def tasks(self, kind, pathway=None):
        """Who has a task of a kind."""
        return (pathway or self.pathway).activity_search([kind]).user_id

    def test_the_first_review_comes_with_the_beginning(self):
        self.assertEqual(self.pathway.date_review, self.today + relativedelta(months=3))
        fresh = self._pathway("Altra Prova")
        self.assertFalse(fresh.date_review)
        self.programme.review_months = 0
        fresh.action_activate()
        self.assertFalse(fresh.date_review)

    def test_an_overdue_contact_reaches_the_referent_once(self):
        self.pathway.date_next_contact = self.today - timedelta(days=1)
        for _time in range(2):
            self.raise_alarms()
        self.assertEqual(self.tasks(CONTACT), self.operator)
        self.assertEqual(len(self.pathway.activity_search([CONTACT])), 1)

    def test_today_is_not_overdue(self):
        self.pathway.date_next_contact = self.today
        self.raise_alarms()
        self.assertFalse(self.tasks(CONTACT))

    def test_a_review_is_due_on_its_day(self):
        self.pathway.date_review = self.today
        self.raise_alarms()
        self.assertEqual(self.tasks(REVIEW), self.operator)
        self.assertTrue(self.pathway.is_review_due)

    def test_without_a_referent_the_coordinator_is_told(self):
        self.of_b.date_review = self.today
        self.raise_alarms()
        self.assertEqual(self.tasks(REVIEW, self.of_b), self.coordinator)

    def test_paused_and_closed_pathways_are_quiet(self):
        for pathway in (self.pathway, self.of_b):
            pathway.write({"date_review": self.today, "date_next_contact": self.today - timedelta(days=5)})
        self.pathway.action_suspend()
        self.close(self.of_b)
        self.raise_alarms()
        self.assertFalse(self.tasks(REVIEW) | self.tasks(CONTACT) | self.tasks(REVIEW, self.of_b))

    def test_what_is_settled_leaves_the_list(self):
        self.pathway.write({"date_review": self.today, "date_next_contact": self.today - timedelta(days=5)})
        self.raise_alarms()
        ada = self.pathway.with_user(self.operator)
        ada.action_contacted()
        self.assertFalse(self.tasks(CONTACT))
        self.assertTrue(self.tasks(REVIEW))
        ada.action_reviewed()
        self.assertFalse(self.tasks(REVIEW))
        self.assertEqual((ada.date_review, ada.date_last_contact), (self.today + relativedelta(months=3), self.today))
        self.assertIn("Next review", ada.message_ids[:1].body)

    def test_portions_leave_nobody_out(self):
        many = self.env["citta.pathway"].concat(*(self._pathway(f"Prova {number}", referent_id=self.operator.id) for number in range(5)))
        many.action_activate()
        many.write({"date_review": self.today})
        self.patch(pathway_alarm, "PORTION", 2)
        self.raise_alarms()
        self.assertFalse(many.filtered(lambda one: not self.tasks(REVIEW, one)))

    def test_other_bodies_review_nothing(self):
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.operator_b).action_reviewed()
