from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .network_common import NetworkCase


@tagged("post_install", "-at_install")
class TestCommitment(NetworkCase):
    """What members promise and offer, and who may write it down."""

    def promise(self, **values):
        return self.env["citta.commitment"].create({
            "name": "Experts", "member_id": self.member_a.id, "quantity_promised": 8, **values,
        })

    def test_progress_of_promised_and_kept(self):
        commitment = self.promise(quantity_fulfilled=2)
        self.assertEqual((commitment.progress, commitment.territory_id), (25.0, self.east))
        commitment.quantity_fulfilled = 12
        self.assertEqual(commitment.progress, 150.0)

    def test_nothing_promised_and_less_than_nothing_kept_are_refused(self):
        for values in ({"quantity_promised": 0}, {"quantity_promised": -1}, {"quantity_fulfilled": -0.1}):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.promise(**values)

    def test_the_manager_of_the_territory_writes(self):
        commitment = self.promise()
        commitment.with_user(self.manager).quantity_fulfilled = 4
        self.assertEqual(commitment.progress, 50.0)

    def test_others_do_not_write(self):
        commitment = self.promise()
        for user in (self.manager_west, self.operator, self.employee, self.delegate_a):
            with self.assertRaises(AccessError):
                commitment.with_user(user).write({"quantity_fulfilled": 4})
        self.assertEqual(commitment.quantity_fulfilled, 0)

    def test_services_by_role(self):
        values = {"name": "Desk", "member_id": self.member_a.id}
        service = self.env["citta.service"].with_user(self.manager).create(values)
        self.assertEqual(service.territory_id, self.east)
        for user in (self.manager_west, self.operator, self.employee, self.delegate_a):
            with self.assertRaises(AccessError):
                self.env["citta.service"].with_user(user).create(values)
        self.assertNotIn(service, self.env["citta.service"].with_user(self.manager_west).search([]))

    def test_late_opportunities_close_once_and_the_second_run_changes_nothing(self):
        late = self._opportunity("Late", date_deadline=self.today - timedelta(days=1))
        last_day = self._opportunity("Last day", date_deadline=self.today)
        endless = self._opportunity("Endless", date_deadline=False)
        draft = self._opportunity("Draft", publish=False, date_deadline=self.today - timedelta(days=1))
        for _run in range(2):
            self.env["citta.opportunity"]._cron_close_late()
            states = (late | last_day | endless | draft).mapped("state")
            self.assertEqual(states, ["closed", "published", "published", "draft"])

    def test_a_request_without_contact_makes_a_member_without_login(self):
        lead = self._network_lead(contact_name=False, email_from=False).with_user(self.manager)
        member = self.env["citta.member"].browse(lead.action_make_member()["res_id"])
        self.assertEqual(member.state, "active")
        self.assertFalse(self.env["res.users"].search([("partner_id", "child_of", member.partner_id.id)]))

    def test_a_request_without_programme_or_name_is_refused(self):
        for values in ({"citta_programme_id": False}, {"partner_name": False}):
            lead = self._network_lead(**values)
            with self.assertRaises(UserError):
                lead.action_make_member()
            self.assertFalse(lead.citta_member_id)
