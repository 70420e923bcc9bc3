from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .privacy_common import OfficerCase


@tagged("post_install", "-at_install")
class TestDeedWindow(OfficerCase):
    """From which day to which day a deed holds, several at once, the reminder at its edges, who may write one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.deeds = cls.env["citta.privacy.deed"]

    def deed(self, start=0, end=None, user=None, **values):
        """A deed of body B from one day to another, counted from today."""
        return self.deeds.with_user(user or self.officer).create({
            "partner_id": self.body_b.id, "reference": "1/2026", "date_start": self.today + timedelta(days=start),
            "date_end": end is not None and self.today + timedelta(days=end), **values,
        })

    def covered(self, programme=None):
        return self.deeds._covers(self.body_b, programme or self.programme)

    def test_the_first_and_the_last_day_count(self):
        for start, end, holds in ((0, 0, True), (-5, 0, True), (0, 5, True), (0, None, True), (1, 5, False), (1, None, False), (-5, -1, False)):
            deed = self.deed(start, end)
            self.assertEqual((deed.is_valid, self.covered()), (holds, holds), f"{start} {end}")
            self.assertEqual(deed in self.deeds.search([("is_valid", "=", True)]), holds)
            self.assertEqual(deed in self.deeds.search([("is_valid", "!=", True)]), not holds)
            deed.sudo().unlink()

    def test_two_that_overlap_cover_as_one_and_a_gap_does_not(self):
        first, second = self.deed(-30, 10), self.deed(5, None)
        self.assertTrue(self.covered())
        first.date_end = self.today - timedelta(days=1)
        self.assertFalse(self.covered(), "between the two")
        second.date_start = self.today
        self.assertTrue(self.covered())
        self.assertEqual((first.is_valid, second.is_valid), (False, True))

    def test_a_programme_s_own_deed_does_not_narrow_the_general_one(self):
        general, own = self.deed(), self.deed(programme_id=self.programme_west.id)
        self.assertTrue(self.covered() and self.covered(self.programme_west))
        general.date_end = general.date_start = self.today - timedelta(days=1)
        self.assertEqual((self.covered(), self.covered(self.programme_west)), (False, True))
        own.programme_id = self.programme
        self.assertEqual((self.covered(), self.covered(self.programme_west)), (True, False))

    def test_whoever_hands_over_is_told_without_reading_deeds(self):
        self.deed()
        for user in (self.operator, self.operator_west, self.coordinator):
            self.assertTrue(self.deeds.with_user(user)._covers(self.body_b, self.programme), user.login)
        with self.assertRaises(AccessError):
            self.deeds.with_user(self.operator).search([])

    def test_the_paper_itself_is_proof_enough(self):
        deed = self.deed(reference=False, document=b"UERG", document_name="deed.pdf")
        self.assertEqual((deed.reference, deed.document_name, deed.is_valid), (False, "deed.pdf", True))

    def test_reminded_from_the_sixtieth_day_and_only_of_what_ends(self):
        far, near, today, ended, endless = self.deed(end=61), self.deed(end=60), self.deed(end=0), self.deed(-9, -1), self.deed()
        reminded = self.deeds._cron_ending()
        self.assertEqual(reminded & (far | near | today | ended | endless), near | today)
        self.assertEqual((near.date_reminded, far.date_reminded, ended.date_reminded), (self.today, False, False))
        self.assertEqual(near.activity_ids.mapped("date_deadline"), [near.date_end] * len(near.activity_ids))

    def test_each_officer_has_one_task_however_often_it_runs(self):
        second, gone = self._officer("w_second"), self._officer("w_gone")
        gone.active = False
        deed = self.deed(end=20)
        for _again in range(3):
            self.deeds._cron_ending()
        users = deed.activity_ids.mapped("user_id")
        self.assertLessEqual(self.officer | second, users)
        self.assertNotIn(gone, users)
        self.assertEqual(len(deed.activity_ids), len(users))

    def test_a_renewed_copy_is_reminded_of_again(self):
        deed = self.deed(end=20)
        self.deeds._cron_ending()
        copied = deed.copy({"date_end": self.today + timedelta(days=40)})
        self.assertFalse(copied.date_reminded)
        self.assertIn(copied, self.deeds._cron_ending())

    def test_who_writes_and_who_only_reads(self):
        deed = self.deed()
        ours = self.deed(user=self.administrator, reference="2/2026")
        ours.with_user(self.officer).date_end = self.today
        self.assertEqual(deed.with_user(self.coordinator).read(["reference"])[0]["reference"], "1/2026")
        for user in (self.coordinator, self.operator, self.employee, self.env.ref("base.public_user")):
            for values in ({"date_end": False}, {"role": "processor"}, {"partner_id": self.body_a.id}):
                with self.assertRaises(AccessError, msg=f"{user.login} {values}"):
                    deed.with_user(user).write(values)
            with self.assertRaises(AccessError, msg=user.login):
                self.deed(user=user)
        for user in (self.officer, self.administrator, self.coordinator):
            with self.assertRaises(AccessError, msg=user.login):
                deed.with_user(user).unlink()
        self.assertEqual((deed.role, deed.partner_id), ("joint_controller", self.body_b))
