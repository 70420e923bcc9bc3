from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestDeed(PeopleCase):
    """A deed covers its body, its programme and its days, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = new_test_user(cls.env, "d_officer", groups="citta_lavoro.group_citta_privacy_officer")
        cls.deeds = cls.env["citta.privacy.deed"]

    def deed(self, user=None, **values):
        return self.deeds.with_user(user or self.officer).create({"partner_id": self.body_b.id, "reference": "1/2026", **values})

    def test_covers_body_programme_and_days(self):
        self.assertFalse(self.deeds._covers(self.body_b, self.programme))
        deed = self.deed(programme_id=self.programme.id, date_start=self.today, date_end=self.today)
        self.assertTrue(self.deeds._covers(self.body_b, self.programme))
        self.assertFalse(self.deeds._covers(self.body_b, self.programme_west))
        self.assertFalse(self.deeds._covers(self.body_a, self.programme))
        deed.write({"date_start": self.today - timedelta(days=9), "date_end": self.today - timedelta(days=1)})
        self.assertFalse(self.deeds._covers(self.body_b, self.programme))
        deed.write({"date_start": self.today + timedelta(days=1), "date_end": False})
        self.assertFalse(self.deeds._covers(self.body_b, self.programme))

    def test_search_agrees_with_the_field(self):
        valid, ended = self.deed(), self.deed(date_start="2020-01-01", date_end="2020-12-31")
        self.assertEqual(self.deeds.search([("is_valid", "=", True), ("partner_id", "=", self.body_b.id)]), valid)
        self.assertEqual(self.deeds.search([("is_valid", "=", False), ("partner_id", "=", self.body_b.id)]), ended)

    def test_a_deed_without_paper_or_upside_down_is_refused(self):
        for values in ({"reference": False}, {"date_start": "2026-02-01", "date_end": "2026-01-01"}):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.deed(**values)

    def test_the_officer_is_reminded_once(self):
        deed = self.deed(date_end=self.today + timedelta(days=30))
        self.assertIn(deed, self.deeds._cron_ending())
        self.assertTrue(deed.activity_ids.filtered(lambda one: one.user_id == self.officer))
        self.assertNotIn(deed, self.deeds._cron_ending())

    def test_a_deed_with_another_end_is_reminded_of_anew(self):
        deed = self.deed(date_end=self.today + timedelta(days=30))
        self.deeds._cron_ending()
        deed.write({"date_end": deed.date_end, "role": "processor"})
        self.assertTrue(deed.date_reminded and deed.activity_ids)
        deed.date_end = self.today + timedelta(days=50)
        self.assertFalse(deed.date_reminded or deed.activity_ids)
        self.assertIn(deed, self.deeds._cron_ending())

    def test_roles(self):
        deed = self.deed()
        deed.with_user(self.coordinator).read(["role"])
        for user in (self.operator, self.employee, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                deed.with_user(user).read(["role"])
        for user in (self.operator, self.coordinator):
            with self.assertRaises(AccessError):
                self.deed(user=user)
        with self.assertRaises(AccessError):
            deed.unlink()
