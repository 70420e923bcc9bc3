from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .network_common import NetworkCase


@tagged("post_install", "-at_install")
class TestNetworkMember(NetworkCase):

    def test_manager_takes_a_member_through_its_life(self):
        member = self.member_a.with_user(self.manager)
        self.assertTrue(member.date_joined)
        member.action_suspend()
        member.action_resume()
        member.action_leave()
        self.assertEqual(member.state, "left")
        self.assertEqual(member.date_left, self.today)

    def test_moves_outside_the_table_are_refused(self):
        member = self.member_a.with_user(self.manager)
        with self.assertRaises(UserError):
            member.action_activate()
        with self.assertRaises(UserError):
            member.write({"state": "applied"})

    def test_a_member_starts_as_applicant(self):
        with self.assertRaises(UserError):
            self.env["citta.member"].with_user(self.manager).create(
                {"partner_id": self.entitled.id, "programme_id": self.programme.id, "state": "active"}
            )

    def test_operator_reads_and_does_not_write(self):
        member = self.member_a.with_user(self.operator)
        self.assertEqual(member.partner_id, self.firm_a)
        with self.assertRaises(AccessError):
            member.write({"protocol_reference": "forged"})
        with self.assertRaises(AccessError):
            member.action_suspend()

    def test_other_territory_and_portal_see_nothing(self):
        self.assertFalse(self.env["citta.member"].with_user(self.manager_west).search([("id", "=", self.member_a.id)]))
        with self.assertRaises(AccessError):
            self.member_a.with_user(self.manager_west).write({"protocol_reference": "forged"})
        with self.assertRaises(AccessError):
            self.env["citta.member"].with_user(self.delegate_a).search([])

    @mute_logger("odoo.sql_db")
    def test_one_adhesion_per_body_and_programme(self):
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            self.env["citta.member"].create({"partner_id": self.firm_a.id, "programme_id": self.programme.id})
        self.member_a.action_leave()
        again = self.env["citta.member"].create({"partner_id": self.firm_a.id, "programme_id": self.programme.id})
        self.assertEqual(again.state, "applied")

    def test_commitment_counts_what_was_kept(self):
        commitment = self.env["citta.commitment"].with_user(self.manager).create(
            {"name": "Hours", "member_id": self.member_a.id, "quantity_promised": 40, "quantity_fulfilled": 10}
        )
        self.assertEqual(commitment.progress, 25)
        with self.assertRaises(AccessError):
            commitment.with_user(self.operator).quantity_fulfilled = 40

    def test_figures_of_the_programme(self):
        kpi = self.env["citta.kpi"].create({"name": "Members", "programme_id": self.programme.id, "source": "members"})
        offers = self.env["citta.kpi"].create({"name": "Offers", "programme_id": self.programme.id, "source": "opportunities"})
        self.assertEqual((kpi.actual, offers.actual), (2, 1))
        self.member_b.action_leave()
        self.opportunity.action_close()
        (kpi | offers).invalidate_recordset()
        self.assertEqual((kpi.actual, offers.actual), (1, 0))
        self.assertEqual(kpi.action_open_source()["res_model"], "citta.member")


@tagged("post_install", "-at_install")
class TestNetworkLead(NetworkCase):

    def test_a_request_becomes_a_member_with_a_login(self):
        lead = self._network_lead().with_user(self.manager)
        action = lead.action_make_member()
        member = self.env["citta.member"].browse(action["res_id"])
        self.assertEqual((member.state, member.kind), ("active", "company"))
        self.assertEqual(member.partner_id.name, "Firm C")
        user = self.env["res.users"].search([("login", "=", "carla.firm.c@esempio.example")])
        self.assertTrue(user._is_portal())
        self.assertEqual(user.partner_id.commercial_partner_id, member.partner_id)
        self.assertEqual(lead.stage_id, self.env.ref("citta_lavoro.crm_stage_network_member"))

    def test_twice_is_refused(self):
        lead = self._network_lead().with_user(self.manager)
        lead.action_make_member()
        with self.assertRaises(UserError):
            lead.action_make_member()

    def test_a_known_body_is_not_made_again(self):
        lead = self._network_lead(partner_id=self.entitled.id).with_user(self.manager)
        action = lead.action_make_member()
        self.assertEqual(self.env["citta.member"].browse(action["res_id"]).partner_id, self.entitled)

    def test_an_address_in_use_gets_no_login(self):
        self.env["res.users"].create({"name": "Other", "login": "carla.firm.c@esempio.example"})
        lead = self._network_lead().with_user(self.manager)
        member = self.env["citta.member"].browse(lead.action_make_member()["res_id"])
        self.assertFalse(member.contact_ids.user_ids)
        self.assertIn("already in use", member.message_ids[0].body)

    def test_intake_is_no_request_to_join(self):
        lead = self._lead()
        with self.assertRaises(UserError):
            lead.action_make_member()

    def test_pipeline_by_role_and_territory(self):
        lead = self._network_lead()
        self.assertIn(lead, self.env["crm.lead"].with_user(self.manager).search([]))
        self.assertNotIn(lead, self.env["crm.lead"].with_user(self.operator).search([]))
        self.assertNotIn(lead, self.env["crm.lead"].with_user(self.manager_west).search([]))
        self.assertNotIn(self._lead(), self.env["crm.lead"].with_user(self.manager).search([]))
        with self.assertRaises(AccessError):
            lead.with_user(self.operator).action_make_member()

    def test_pipeline_shows_its_own_stages(self):
        lead = self._network_lead()
        self.assertEqual(lead.stage_id, self.env.ref("citta_lavoro.crm_stage_network_request"))
        stages = self.env["crm.lead"].with_context(default_team_id=lead.team_id.id)._read_group_stage_ids(
            self.env["crm.stage"], []
        )
        self.assertEqual(stages.team_ids, lead.team_id)

    def test_merged_requests_keep_the_member(self):
        lead, gone = self._network_lead(citta_body_code=False), self._network_lead(citta_body_code="12345670017")
        gone.with_user(self.manager).action_make_member()
        member = gone.citta_member_id
        gone.stage_id = lead.stage_id
        self.env.flush_all()
        self.env.invalidate_all()
        kept = (lead | gone).with_user(self.manager)._merge_opportunity().sudo()
        self.assertEqual((kept, kept.citta_member_id, kept.citta_body_code), (lead, member, "12345670017"))
        with self.assertRaises(UserError):
            kept.with_user(self.manager).action_make_member()
