from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_people_case_member import TeamCommon

TODO = "mail.mail_activity_data_todo"


@tagged("post_install", "-at_install")
class TestPathwayTeam(TeamCommon):
    """Who works on a case today has its tasks and hears of it, and nobody else does."""

    def hand_over(self):
        handover = self.env["citta.handover"].with_user(self.operator).create({
            "pathway_id": self.pathway.id, "to_body_id": self.body_b.id, "reason": "Nearer to home", "is_informed": True,
        })
        handover.action_send()
        handover.with_user(self.operator_b).action_accept()
        self.env.invalidate_all()

    def tasks(self):
        return sorted((task.user_id.login, task.activity_type_id.get_external_id()[task.activity_type_id.id]) for task in self.pathway.activity_ids)

    def told(self, user):
        """Who gets an e-mail or a notification of what a colleague writes."""
        message = self.pathway.with_user(user).message_post(body="Words", message_type="comment", subtype_xmlid="mail.mt_comment")
        return message.sudo().notification_ids.res_partner_id

    def follow(self):
        colleague = self._user("t_colleague", "operator", self.body_a, self.east)
        self.pathway.message_subscribe((self.operator | colleague).partner_id.ids)
        return colleague

    # -- what stays with the body ------------------------------------------------

    def test_a_member_does_not_become_referent_nor_turn_the_beginning(self):
        self.join()
        for values in ({"referent_id": self.operator_b.id}, {"referent_id": False}, {"date_start": self.today - timedelta(days=3)}):
            with self.subTest(values=values), self.assertRaisesRegex(AccessError, "Body A follows this person"):
                self.pathway.with_user(self.operator_b).write(values)
        self.pathway.with_user(self.operator_b).date_next_contact = self.today
        self.pathway.with_user(self.operator).referent_id = self.operator_b

    # -- who hears of it -----------------------------------------------------------

    def test_the_body_before_hears_no_more_of_it(self):
        colleague = self.follow()
        self.assertIn(colleague.partner_id, self.told(self.operator))
        self.hand_over()
        self.assertFalse(self.told(self.operator_b) & (self.operator | colleague).partner_id)
        self.assertFalse(self.pathway.message_partner_ids & (self.operator | colleague).partner_id)

    def test_who_has_left_the_team_hears_no_more_of_it(self):
        member = self.join()
        self.pathway.with_user(self.operator_b).message_post(body="I am here", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.pathway.message_subscribe(self.operator_b.partner_id.ids)
        self.assertIn(self.operator_b.partner_id, self.told(self.operator))
        member.with_user(self.operator).action_end()
        self.assertNotIn(self.operator_b.partner_id, self.told(self.operator))
        self.assertNotIn(self.operator_b.partner_id, self.pathway.message_partner_ids)

    def test_who_lost_the_scope_hears_no_more_of_it(self):
        colleague = self.follow()
        colleague.citta_territory_ids = self.west
        self.assertIn(colleague.partner_id, self.pathway.message_partner_ids)
        self.assertNotIn(colleague.partner_id, self.told(self.operator))

    def test_a_first_contact_is_no_more_of_who_gave_it_away(self):
        lead = self._lead()
        lead.message_subscribe(self.operator.partner_id.ids)
        lead.citta_body_id = self.body_b
        message = lead.with_user(self.operator_b).message_post(body="Words", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertFalse(message.sudo().notification_ids)

    def test_nobody_is_given_a_task_about_a_person_out_of_sight(self):
        records = self.pathway, self._lead(), self.pathway.partner_id
        for record in (one.with_user(self.operator) for one in records):
            for stranger in (self.operator_b, self.operator_west, self.employee):
                with self.subTest(model=record._name, user=stranger.login), self.assertRaisesRegex(UserError, "does not see"), self.env.cr.savepoint():
                    record.activity_schedule(TODO, user_id=stranger.id)
            self.env.invalidate_all()
            record.activity_schedule(TODO, user_id=self.coordinator.id)

    # -- tasks -------------------------------------------------------------------

    def test_tasks_go_with_the_case(self):
        colleague = self.follow()
        self.pathway.date_next_contact = self.today - timedelta(days=5)
        self.pathway._raise_alarms("date_next_contact")
        self.pathway.activity_schedule(TODO, user_id=colleague.id, summary="Ask at the town hall")
        self.hand_over()
        self.assertEqual(self.tasks(), [(self.operator_b.login, "citta_lavoro.mail_activity_type_contact"), (self.operator_b.login, TODO)])
        self.pathway._raise_alarms("date_next_contact")
        self.assertEqual(len(self.pathway.activity_ids), 2)

    def test_alarms_go_with_the_referent_and_own_tasks_do_not(self):
        colleague = self.follow()
        self.pathway.date_next_contact = self.today - timedelta(days=5)
        self.pathway._raise_alarms("date_next_contact")
        self.pathway.activity_schedule(TODO, user_id=self.operator.id, summary="Write the report")
        self.pathway.with_user(self.operator).referent_id = colleague
        self.assertEqual(self.tasks(), [(self.operator.login, TODO), (colleague.login, "citta_lavoro.mail_activity_type_contact")])
        self.pathway.with_user(self.operator).referent_id = self.operator
        self.assertEqual(self.tasks(), [(self.operator.login, "citta_lavoro.mail_activity_type_contact"), (self.operator.login, TODO)])

    def test_the_tasks_of_who_has_left_are_the_referents(self):
        member = self.join()
        self.pathway.activity_schedule(TODO, user_id=self.operator_b.id, summary="Ask at the job centre")
        member.with_user(self.operator).action_end()
        self.assertEqual([(task.user_id, task.summary) for task in self.pathway.activity_ids], [(self.operator, "Ask at the job centre")])

    def test_a_mistake_is_corrected_and_leaves_nobody_behind(self):
        self.pathway.activity_schedule(TODO, user_id=self.operator.id, summary="Ask at the town hall")
        self.pathway.with_user(self.coordinator).body_id = self.body_b
        self.env.invalidate_all()
        self.assertFalse(self.pathway.referent_id)
        self.assertEqual(self.pathway.activity_ids.user_id, self.coordinator)
