from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .network_common import NetworkCase


@tagged("post_install", "-at_install")
class TestNetworkApplication(NetworkCase):

    def test_asking_twice_makes_one(self):
        first, second = self._application(), self._application(message="again")
        self.assertEqual(first, second)
        self.assertEqual(first.message, "I repair bicycles")

    @mute_logger("odoo.sql_db")
    def test_the_database_holds_one_per_person_and_opportunity(self):
        self._application()
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["citta.application"].create(
                {"opportunity_id": self.opportunity.id, "pathway_id": self.pathway_a.id}
            )

    def test_late_closed_and_full_are_refused_with_the_reason(self):
        self.opportunity.date_deadline = self.today - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "deadline"), self.env.cr.savepoint():
            self._application()
        self.opportunity.date_deadline = False
        self._application(self.pathway_b).action_accept()
        with self.assertRaisesRegex(UserError, "places"), self.env.cr.savepoint():
            self._application()
        self.opportunity.action_close()
        with self.assertRaisesRegex(UserError, "closed"), self.env.cr.savepoint():
            self._application()

    def test_only_a_pathway_under_way_of_the_same_territory_applies(self):
        self.pathway_a.action_suspend()
        with self.assertRaisesRegex(UserError, "under way"), self.env.cr.savepoint():
            self._application()
        west = self._pathway("Wilma Inventati", programme=self.programme_west)
        west.action_activate()
        with self.assertRaisesRegex(UserError, "territory"), self.env.cr.savepoint():
            self._application(west)

    def test_consent_is_recorded_and_its_withdrawal_hides(self):
        application = self._application()
        self.assertTrue(application.is_shown)
        self.assertIn(self.pathway_a.partner_id.email, application.candidate_contact)
        self.assertEqual(application.consent_id.purpose_id.code, "show_company")
        application.consent_id.action_withdraw()
        application.invalidate_recordset()
        self.assertFalse(application.is_shown)
        self.assertFalse(application.candidate_contact)
        self.assertNotIn(application, self.env["citta.application"].search([("is_shown", "=", True)]))
        self.assertIn(application, self.env["citta.application"].search([("is_shown", "=", False)]))

    def test_without_consent_nobody_is_shown(self):
        application = self._application(is_shown=False)
        self.assertFalse(application.consent_id)
        self.assertFalse(application.is_shown)

    def test_anothers_consent_is_refused(self):
        other = self._application(self.pathway_b)
        application = self._application(is_shown=False)
        with self.assertRaises(ValidationError):
            application.consent_id = other.consent_id

    def test_the_last_place_is_given_once(self):
        first, second = self._application(), self._application(self.pathway_b)
        first.with_user(self.manager).action_accept()
        with self.assertRaisesRegex(UserError, "places"), self.env.cr.savepoint():
            second.with_user(self.manager).action_accept()
        first.with_user(self.manager).action_give_up()
        second.invalidate_recordset()
        second.with_user(self.manager).action_accept()
        self.assertEqual(second.state, "accepted")

    @mute_logger("odoo.sql_db")
    def test_a_refusal_has_its_reason(self):
        application = self._application()
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            application.action_refuse()
            self.env.flush_all()
        application.write({"refusal_reason": "skills"})
        application.action_refuse()
        self.assertEqual(application.state, "refused")
        with self.assertRaises(UserError):
            application.action_accept()

    def test_withdrawn_and_sent_again(self):
        application = self._application()
        application.action_withdraw()
        again = self._application(message="I changed my mind")
        self.assertEqual(application, again)
        self.assertEqual((again.state, again.message), ("sent", "I changed my mind"))

    def test_person_and_opportunity_never_change(self):
        application, other = self._application(), self._opportunity("Other")
        with self.assertRaises(UserError):
            application.with_user(self.manager).write({"opportunity_id": other.id})
        with self.assertRaises(UserError):
            application.with_user(self.operator).write({"pathway_id": self.pathway_b.id})

    def test_a_forged_state_is_refused(self):
        with self.assertRaises(UserError):
            self.env["citta.application"].with_user(self.operator).create({
                "opportunity_id": self.opportunity.id, "pathway_id": self.pathway_a.id, "state": "accepted",
            })
        application = self._application()
        application.with_user(self.manager).action_see()
        with self.assertRaises(UserError):
            application.with_user(self.manager).write({"state": "sent"})

    def test_who_sees_which(self):
        application = self._application()
        Application = self.env["citta.application"]
        for user in (self.operator, self.coordinator, self.manager):
            self.assertIn(application, Application.with_user(user).search([]))
        for user in (self.operator_b, self.operator_west, self.manager_west):
            self.assertNotIn(application, Application.with_user(user).search([]))
        for user in (self.person_a, self.person_b, self.delegate_a, self.employee):
            with self.assertRaises(AccessError):
                Application.with_user(user).search([])

    def test_the_manager_handles_it_without_the_pathway(self):
        application = self._application().with_user(self.manager)
        self.assertEqual(application.candidate_name, "Ada Inventati")
        application.action_invite()
        for name in ("pathway_id", "partner_id"):
            with self.assertRaises(AccessError):
                application.read([name])
        with self.assertRaises(AccessError):
            self.pathway_a.with_user(self.manager).read(["state"])

    def test_the_pathways_end_withdraws_what_was_waiting(self):
        application = self._application()
        self.assertIn("Apprentice mechanic", self.pathway_a._get_open_obligations())
        self.pathway_a._drop_obligations("moved away")
        self.assertEqual(application.state, "withdrawn")
