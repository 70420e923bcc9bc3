from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .network_common import NetworkCase


@tagged("post_install", "-at_install")
class TestNetworkOpportunity(NetworkCase):

    def test_nothing_is_public_without_moderation(self):
        opportunity = self._opportunity("New", publish=False)
        with self.assertRaises(UserError):
            opportunity.write({"state": "published"})
        opportunity.action_submit()
        with self.assertRaises(AccessError):
            opportunity.with_user(self.operator).action_publish()
        opportunity.with_user(self.manager).action_publish()
        self.assertEqual(opportunity.date_published, self.today)

    def test_manager_gives_back_and_cancels(self):
        opportunity = self._opportunity("New", publish=False)
        opportunity.action_submit()
        opportunity.with_user(self.manager).action_send_back()
        self.assertEqual(opportunity.state, "draft")
        opportunity.with_user(self.manager).action_cancel()
        with self.assertRaises(UserError):
            opportunity.with_user(self.manager).action_submit()

    @mute_logger("odoo.sql_db")
    def test_a_job_names_the_entitled_body(self):
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self._opportunity("Job", publish=False, kind="job")
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.opportunity.kind = "job"
            self.env.flush_all()
        job = self._opportunity("Job", kind="job", entitled_body_id=self.entitled.id)
        self.assertEqual(job.state, "published")

    def test_a_body_must_be_entitled(self):
        with self.assertRaises(ValidationError):
            self._opportunity("Job", publish=False, kind="job", entitled_body_id=self.firm_b.id)

    def test_only_active_members_offer(self):
        self.member_b.action_suspend()
        opportunity = self._opportunity("Draft", publish=False, member_id=self.member_b.id)
        with self.assertRaises(ValidationError):
            opportunity.action_submit()

    @mute_logger("odoo.sql_db")
    def test_places_and_hours_are_bounded(self):
        for values in ({"places": 0}, {"hours_week": 61}, {"hours_week": -1}):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self._opportunity("Wrong", publish=False, **values)

    def test_other_territory_and_portal_by_rpc(self):
        self.assertFalse(self.env["citta.opportunity"].with_user(self.manager_west).search([]) & self.opportunity)
        for user in (self.delegate_a, self.delegate_b, self.person_a):
            with self.assertRaises(AccessError):
                self.opportunity.with_user(user).read(["name"])
            with self.assertRaises(AccessError):
                self.opportunity.with_user(user).write({"state": "closed"})
            with self.assertRaises(AccessError):
                self.env["citta.opportunity"].with_user(user).create(
                    {"name": "Forged", "description": "x", "member_id": self.member_b.id}
                )

    def test_late_ones_close_by_themselves(self):
        late = self._opportunity("Late")
        late.date_deadline = self.today - timedelta(days=1)
        self.env["citta.opportunity"]._cron_close_late()
        self.assertEqual(late.state, "closed")
        self.assertEqual(self.opportunity.state, "published")

    def test_open_domain_leaves_out_what_is_late(self):
        late = self._opportunity("Late")
        late.date_deadline = self.today - timedelta(days=1)
        found = self.env["citta.opportunity"].search(self.env["citta.opportunity"]._get_open_domain())
        self.assertIn(self.opportunity, found)
        self.assertNotIn(late, found)

    def test_places_cannot_sink_below_what_is_given(self):
        self.opportunity.places = 2
        self._application().action_accept()
        self._application(self.pathway_b).action_accept()
        with self.assertRaises(UserError):
            self.opportunity.places = 1
