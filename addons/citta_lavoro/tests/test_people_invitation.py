from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .invitation_common import InvitationCase


@tagged("post_install", "-at_install")
class TestInvitation(InvitationCase):
    """From the invitation to who came: each step, each role, each short cut."""

    def states(self, item):
        rows = self.env["citta.workflow.log"].search([("res_model", "=", item._name), ("res_id", "=", item.id)], order="id")
        return [(row.from_state, row.to_state) for row in rows]

    # -- scope -----------------------------------------------------------------

    def test_scope_both_ways(self):
        self.assertScoped(self._invite(), {"message": "x"})
        self.assertScoped(self._invite(self.pathway), {"message": "x"})
        for record in (self.of_b, self._lead(citta_body_id=self.body_b.id)):
            with self.assertRaises(AccessError):
                self._invite(record)

    def test_the_scope_follows_the_contact(self):
        item = self._invite()
        self.lead.with_user(self.coordinator).citta_body_id = self.body_b
        self.env.flush_all()
        self.assertEqual(item.sudo().body_id, self.body_b)
        self.assertTrue(item.with_user(self.operator_b).read(["state"]))
        with self.assertRaises(AccessError):
            item.with_user(self.operator).read(["state"])

    def test_whom_it_is_for_does_not_change(self):
        item = self._invite()
        for values in ({"lead_id": self._lead().id}, {"pathway_id": self.pathway.id}):
            with self.assertRaises(UserError):
                item.write(values)
        for values in ({}, {"lead_id": self.lead.id, "pathway_id": self.pathway.id}):
            with self.assertRaises(CheckViolation, msg=values), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.env.cr.execute(
                    "INSERT INTO citta_invitation (lead_id, pathway_id, user_id, channel, state, date_expiry) VALUES (%s, %s, 1, 'email', 'expired', now())",
                    (values.get("lead_id"), values.get("pathway_id")),
                )

    def test_one_open_invitation_each(self):
        item = self._invite()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self._invite()
        item.action_cancel()
        self.env.flush_all()
        self.assertTrue(self._invite())

    def test_nobody_is_told_of_a_person_out_of_sight(self):
        item = self._invite()
        for stranger in (self.operator_west, self.employee):
            with self.assertRaisesRegex(UserError, "does not follow this person"), self.env.cr.savepoint():
                item.with_user(self.operator).user_id = stranger
            self.env.invalidate_all()

    def test_the_way_that_the_person_likes_comes_first(self):
        pathway = self._pathway("Zoe Prova", referent_id=self.operator.id).with_user(self.operator)
        for wish, address, channel in (
            (False, {}, "email"), ("letter", {}, "email"), ("letter", {"street": "Via Inventata 1", "zip": "20090", "city": "Esempio"}, "letter"),
            ("sms", {}, "email"), ("phone", {}, "email"),
        ):
            pathway.partner_id.sudo().write({"citta_contact_channel": wish, **address})
            self.assertEqual(pathway.action_invite()["context"]["default_channel"], channel, wish)

    def test_the_buttons_lead_to_the_open_one_or_to_a_new_one(self):
        lead = self.lead.with_user(self.operator)
        action = lead.action_invite()
        self.assertEqual((action["res_id"], action["context"]["default_lead_id"], action["context"]["default_channel"]), (False, lead.id, "email"))
        item = self._invite()
        lead.invalidate_recordset()
        self.assertEqual(lead.action_invite()["res_id"], item.id)
        self.assertEqual((lead.citta_invitation_count, lead.citta_no_show_count), (1, 0))
        self.assertEqual(lead.action_open_invitations()["domain"], [("lead_id", "=", lead.id)])
        self.assertEqual(self.pathway.with_user(self.operator).action_invite()["context"]["default_pathway_id"], self.pathway.id)
        shown = item.action_open_record()
        form = self.env.ref("citta_lavoro.crm_lead_intake_view_form")
        self.assertEqual((shown["res_id"], shown["views"][0][0]), (lead.id, form.id), "our own form, not the one of sales")

    # -- who is invited --------------------------------------------------------

    def test_nobody_without_consent_body_or_open_case(self):
        without = self._lead(consent=False)
        nobody = self._lead(citta_body_id=False)
        closed = self._lead(stage_id=self.env.ref("citta_lavoro.crm_stage_intake_closed").id)
        self.close(self.pathway)
        for record in (without, nobody, closed, self.pathway):
            with self.assertRaises(UserError):
                self._invite(record)
            with self.assertRaises(UserError):
                record.with_user(self.operator).action_invite()

    def test_a_withdrawn_consent_stops_the_letter(self):
        item = self._invite()
        self.lead.citta_consent_ids.action_withdraw()
        with self.assertRaises(UserError):
            item.action_send()
        self.assertFalse(self._mails(item))

    # -- sending ---------------------------------------------------------------

    def test_an_e_mail_with_a_link_that_nobody_guesses(self):
        item = self._sent(message="A presto")
        self.assertEqual((item.state, item.date_sent, item.sendings), ("sent", self.today, 1))
        mail = self._mails(item)
        self.assertEqual(mail.email_to, "aldo.prova@esempio.example")
        self.assertIn(f"/invito/{item.sudo().token}", mail.body_html)
        self.assertIn("Aldo", mail.body_html)
        self.assertNotIn("Aldo Prova", mail.body_html)
        self.assertGreaterEqual(len(item.sudo().token), 32)
        with self.assertRaises(AccessError):
            item.with_user(self.coordinator).read(["token"])

    def test_sent_once(self):
        item = self._sent()
        with self.assertRaises(UserError):
            item.action_send()
        self.assertEqual(len(self._mails(item)), 1)

    def test_what_cannot_arrive_or_be_answered_is_not_sent(self):
        bare = self._lead(email_from=False, phone=False)
        for channel in ("email", "sms", "letter"):
            item = self._invite(bare, channel=channel)
            with self.assertRaises(UserError, msg=channel):
                item.action_send()
            item.action_cancel()
            self.env.flush_all()
        late = self._invite(date_expiry=self.today - timedelta(days=1))
        with self.assertRaises(UserError):
            late.action_send()
        late.date_expiry = self.today
        (self.first | self.second | self.third).action_withdraw()
        with self.assertRaises(UserError) as refused:
            late.action_send()
        self.assertIn("slots", str(refused.exception))

    def test_sms_only_where_it_is_switched_on(self):
        self.lead.write({"phone": "+39 347 1029384"})
        item = self._invite(channel="sms")
        with self.assertRaises(UserError):
            item.action_send()
        self.env["ir.config_parameter"].set_param("citta.invitation.sms", "1")
        item.action_send()
        sms = self.env["sms.sms"].search([("number", "=", "+393471029384")])
        self.assertIn(f"/invito/{item.sudo().token}", sms.body)
        self.assertEqual((len(sms), sms.state, len(self._mails(item))), (1, "outgoing", 0))
        item.sudo()._choose(self.first.sudo())
        self.assertEqual(self.env["sms.sms"].search_count([("number", "=", "+393471029384")]), 2)

    # -- choosing ----------------------------------------------------------------

    def test_a_chosen_time_is_a_private_meeting_of_the_operator(self):
        item = self._booked()
        event = item.sudo().event_id
        self.assertEqual((item.state, event.start, event.stop, event.user_id), ("booked", self.first.start, self.first.stop, self.operator))
        self.assertEqual((event.privacy, event.partner_ids, event.location), ("private", self.operator.partner_id, "Via Esempio 5"))
        self.assertEqual(item.date_meeting, self.first.start)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotIn("Aldo", event.with_user(self.operator_b).name)
        self.env.invalidate_all()
        self.assertIn("Aldo", event.with_user(self.operator).name)
        self.assertEqual(len(self._mails(item)), 2)
        self.assertIn(self.operator.partner_id, item.message_ids.partner_ids)
        self.assertEqual(item.activity_ids.user_id, self.operator)

    def test_a_place_is_given_once(self):
        self._booked()
        other = self._sent(self.pathway)
        self.assertNotIn(self.first, other._get_slots())
        with self.assertRaises(UserError):
            other.sudo()._choose(self.first.sudo())
        self.assertEqual((self.first._claim_used("places"), self.first.taken), (1, 1))

    def test_the_counter_stops_whoever_slips_through(self):
        other = self._sent(self.pathway)
        self.first._claim("places")
        with self.assertRaises(UserError):
            other.sudo()._choose(self.first.sudo())
        self.assertEqual(other.state, "sent")
        self.assertFalse(other.sudo().event_id)

    def test_another_time_gives_the_first_one_back(self):
        item = self._booked()
        event = item.sudo().event_id
        item.sudo()._choose(self.second.sudo())
        self.assertEqual((item.sudo().event_id, event.start, item.date_meeting), (event, self.second.start, self.second.start))
        self.assertEqual((self.first._claim_used("places"), self.second._claim_used("places")), (0, 1))
        item.sudo()._choose(self.second.sudo())
        self.assertEqual(self.second._claim_used("places"), 1)
        self.assertEqual(len(item.activity_ids), 1)

    def test_times_of_another_body_and_gone_by_are_no_choice(self):
        item = self._sent()
        past = self._slot(-5)
        for slot in (self.of_body_b, past):
            with self.assertRaises(UserError):
                item.sudo()._choose(slot.sudo())
            with self.assertRaises(UserError):
                item.write({"slot_id": slot.id, "state": "booked"})
        self.assertEqual((item.state, self.of_body_b._claim_used("places")), ("sent", 0))

    def test_the_operator_books_on_the_phone(self):
        item = self._invite()
        with self.assertRaises(UserError):
            item.action_book()
        item.slot_id = self.first
        item.action_book()
        self.assertEqual((item.state, self.first.taken, item.sudo().event_id.start), ("booked", 1, self.first.start))
        with self.assertRaises(UserError):
            item.slot_id = self.second

    def test_facts_are_not_written_by_hand(self):
        item = self._invite()
        for values in ({"token": "x" * 30}, {"date_sent": self.today}, {"sendings": 9}, {"held_slot_id": self.first.id}, {"event_id": False}):
            with self.assertRaises(UserError, msg=values):
                item.write(values)
        for state in ("attended", "no_show", "expired", "declined"):
            with self.assertRaises(UserError, msg=state):
                item.write({"state": state})
        with self.assertRaises(UserError):
            self._invite(self.pathway, state="booked")

    # -- ending ------------------------------------------------------------------

    def test_declined_frees_the_place_and_asks_for_a_call(self):
        item = self._booked()
        event = item.sudo().event_id
        item.sudo()._workflow_move("decline")
        self.assertEqual((item.state, self.first.taken, self.first._claim_used("places")), ("declined", 0, 0))
        self.assertFalse(event.exists() or item.activity_ids or item.slot_id)
        self.assertEqual(len(self._calls(self.lead)), 1)

    def test_called_off_tells_who_had_chosen(self):
        quiet = self._sent(self.pathway)
        quiet.action_cancel()
        self.assertEqual(len(self._mails(quiet)), 1)
        item = self._booked()
        item.action_cancel()
        self.assertEqual((item.state, self.first.taken, len(self._mails(item))), ("cancelled", 0, 3))

    def test_the_operator_asks_for_another_time(self):
        item = self._booked()
        item.action_release()
        self.assertEqual((item.state, self.first.taken), ("sent", 0))
        self.assertIn(item.sudo().token, self._mails(item)[-1].body_html)
        item.sudo()._choose(self.second.sudo())
        self.assertEqual(item.state, "booked")

    def test_nobody_comes_before_the_meeting(self):
        item = self._booked()
        for action in (item.action_attend, item.action_miss):
            with self.assertRaises(UserError):
                action()

    def test_who_came_has_the_first_talk_on_that_day(self):
        item = self._booked()
        self._pass(item)
        self.lead.citta_date_received = fields.Datetime.now() - timedelta(days=2, hours=2)
        item.action_attend()
        self.assertEqual((item.state, self.lead.citta_date_contacted), ("attended", item.date_meeting))
        self.assertEqual(self.lead.stage_id, self.env.ref("citta_lavoro.crm_stage_intake_met"))
        self.assertEqual(round(self.lead.citta_days_to_contact, 1), 2.0)
        self.assertFalse(item.activity_ids)

    def test_an_earlier_talk_stays_the_first(self):
        talked = fields.Datetime.now() - timedelta(days=5)
        self.lead.citta_date_contacted = talked
        item = self._booked()
        self._pass(item)
        item.action_attend()
        self.assertEqual(self.lead.citta_date_contacted, talked)

    def test_who_came_to_a_meeting_of_the_pathway_is_counted_once_as_a_service(self):
        self.pathway.date_start = self.today - timedelta(days=9)
        item = self._booked(self.pathway)
        self._pass(item)
        item.action_attend()
        self.assertTrue(self.pathway.date_last_contact)
        context = item.action_deliver()["context"]
        values = {name.removeprefix("default_"): value for name, value in context.items()}
        self.env["citta.delivery"].with_user(self.operator).create(values)
        self.assertEqual(self.pathway.delivery_ids.event_id, item.sudo().event_id)
        with self.assertRaises(UserError):
            item.action_deliver()

    def test_who_did_not_come_is_counted_called_and_invited_again(self):
        item = self._booked()
        self._pass(item)
        item.action_miss()
        self.assertEqual(item.state, "no_show")
        self.assertEqual(len(self._calls(self.lead)), 1)
        self.assertEqual(self.lead.with_user(self.operator).citta_no_show_count, 1)
        self.assertEqual(self.env["crm.lead"].with_user(self.operator).search([("citta_invitation_ids.state", "=", "no_show")]), self.lead)
        self.assertFalse(self.lead.citta_date_contacted)
        again = self.env["citta.invitation"].browse(item.action_invite_again()["res_id"])
        self.assertEqual((again.state, again.lead_id, again.channel), ("draft", self.lead, "email"))
        self.assertNotEqual(again.sudo().token, item.sudo().token)

    def test_a_slip_is_mended(self):
        item = self._booked()
        self._pass(item)
        item.action_miss()
        item.action_attend()
        self.assertEqual(self.states(item)[-2:], [("booked", "no_show"), ("no_show", "attended")])
        with self.assertRaises(UserError):
            item.action_miss()

    # -- what happens around it ----------------------------------------------------

    def test_a_meeting_that_was_chosen_does_not_vanish(self):
        item = self._booked()
        event = item.sudo().event_id.with_user(self.operator)
        with self.assertRaises(UserError):
            event.unlink()
        event.write({"start": self.now + timedelta(hours=80), "stop": self.now + timedelta(hours=81)})
        self.assertEqual(item.date_meeting, self.now + timedelta(hours=80))
        self.assertEqual(len(self._mails(item)), 3)

    def test_a_closed_pathway_calls_its_meetings_off(self):
        item = self._booked(self.pathway)
        self.close(self.pathway.with_user(self.operator))
        self.assertEqual((item.state, self.first.taken), ("cancelled", 0))

    def test_merged_contacts_keep_the_furthest_invitation(self):
        twin = self._lead(email_from="altra@esempio.example")
        sent, booked = self._sent(twin), self._booked()
        merged = (self.lead | twin)._merge_opportunity(auto_unlink=True)
        self.env.flush_all()
        self.assertEqual((sent | booked).lead_id, merged)
        self.assertEqual((sent.state, booked.state), ("cancelled", "booked"))

    def test_a_deleted_contact_gives_its_place_back(self):
        self._booked()
        self.lead.unlink()
        self.assertEqual((self.first._claim_used("places"), self.first.taken), (0, 0))
