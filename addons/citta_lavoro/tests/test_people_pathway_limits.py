from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .privacy_common import OfficerCase


@tagged("post_install", "-at_install")
class TestPathwayLimits(OfficerCase):
    """What a pathway's end, its beginning and its two bodies do not allow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway.write({"date_start": cls.today - timedelta(days=30)})
        cls.pathway.action_activate()
        cls.mine = cls.pathway.with_user(cls.operator)
        cls.goal = cls.env["citta.goal"].with_user(cls.operator).create({"name": "Work", "pathway_id": cls.pathway.id})
        cls.action = cls.env["citta.action"].with_user(cls.operator).create({"name": "Write the CV", "pathway_id": cls.pathway.id})

    def close(self, **values):
        self.mine.write({"state": "closed", "outcome": "job", "closing_reason": "Found work", **values})

    # -- the end ---------------------------------------------------------------

    def test_the_plan_of_a_closed_pathway_stays(self):
        other = self._pathway("Cia Prova").with_user(self.operator)
        elsewhere = self.goal.create({"name": "Else", "pathway_id": other.id})
        self.close()
        self.assertEqual(self.action.state, "dropped")
        for deed in (
            lambda: self.goal.write({"name": "Other"}), lambda: self.goal.write({"date_due": self.today}), self.goal.unlink, self.goal.action_reach,
            lambda: self.action.write({"name": "Other"}), lambda: elsewhere.write({"pathway_id": self.pathway.id}),
            lambda: self.goal.write({"pathway_id": other.id}),
        ):
            with self.assertRaisesRegex(UserError, "plan stays as it was"), self.env.cr.savepoint():
                deed()
            self.env.invalidate_all()
        self.mine.with_user(self.coordinator).action_reopen()
        self.goal.write({"name": "Other"})
        self.goal.unlink()

    def test_no_next_contact_is_left(self):
        self.mine.date_next_contact = self.today + timedelta(days=400)
        self.close()
        self.assertFalse(self.pathway.date_next_contact)

    def test_an_appointment_is_no_sign_of_life(self):
        self.pathway.date_next_contact = self.today + timedelta(days=400)
        self.env.flush_all()
        signs = []
        for query in self.env["citta.privacy.registry"]._get_activity_queries():
            self.env.cr.execute(query)
            signs += [day for partner, day in self.env.cr.fetchall() if partner == self.pathway.partner_id.id and day]
        self.assertTrue(signs)
        self.assertLessEqual(max(signs), self.today)

    # -- the beginning -----------------------------------------------------------

    def test_it_began_before_its_services(self):
        self.env["citta.delivery"].with_user(self.operator).create({"pathway_id": self.pathway.id, "date": self.today - timedelta(days=9)})
        with self.assertRaisesRegex(ValidationError, "was given on"), self.env.cr.savepoint():
            self.mine.date_start = self.today - timedelta(days=8)
        self.env.invalidate_all()
        self.mine.date_start = self.today - timedelta(days=9)

    # -- two bodies ----------------------------------------------------------------

    def test_nobody_takes_on_what_the_same_user_proposed(self):
        self.env["citta.privacy.deed"].create({"partner_id": self.body_b.id, "reference": "1/2026"})
        both = self._user("l_both", "operator", self.body_a | self.body_b, self.east)
        for writer, sender in ((both, both), (self.operator, both), (both, self.operator)):
            handover = self.env["citta.handover"].with_user(writer).create({
                "pathway_id": self.pathway.id, "to_body_id": self.body_b.id, "reason": "Nearer to home", "is_informed": True,
            })
            handover.with_user(sender).action_send()
            with self.assertRaisesRegex(UserError, "somebody else of Body B"), self.env.cr.savepoint():
                handover.with_user(both).action_accept()
            self.env.invalidate_all()
            self.assertFalse(handover.with_user(both).is_mine_to_answer)
            self.assertTrue(handover.with_user(self.operator_b).is_mine_to_answer)
            handover.with_user(sender).action_withdraw()
        handover = handover.with_user(self.operator).create({
            "pathway_id": self.pathway.id, "to_body_id": self.body_b.id, "reason": "Nearer to home", "is_informed": True,
        })
        handover.action_send()
        handover.with_user(both).action_accept()
        self.assertEqual(self.pathway.body_id, self.body_b)

    # -- the person ------------------------------------------------------------------

    def test_who_is_accompanied_is_not_put_away(self):
        pathway = self._pathway("Zoe Prova")
        person = pathway.partner_id
        with self.assertRaisesRegex(UserError, "open pathway"), self.env.cr.savepoint():
            person.with_user(self.operator).active = False
        pathway.write({"state": "closed", "outcome": "job"})
        person.with_user(self.operator).active = False

    def test_nobody_is_born_tomorrow(self):
        person = self.pathway.partner_id.with_user(self.operator)
        for born in (self.today + timedelta(days=1), "1899-12-31", "0198-01-01"):
            with self.assertRaisesRegex(ValidationError, "check the year"), self.env.cr.savepoint():
                person.citta_birth_date = born
            self.env.invalidate_all()

    def test_a_person_stays_a_person(self):
        person = self.pathway.partner_id.with_user(self.operator)
        for values in ({"is_company": True}, {"company_type": "company"}, {"parent_id": self.body_a.id}):
            for user in (self.operator, self.administrator):
                with self.assertRaisesRegex(UserError, "has a pathway"), self.env.cr.savepoint():
                    person.with_user(user).write(values)
                self.env.invalidate_all()
        person.write({"is_company": False, "parent_id": False, "city": "Milano", "category_id": [Command.clear()]})
        self.assertEqual((self.pathway.partner_id.is_company, self.pathway.partner_id.parent_id.id), (False, False))
