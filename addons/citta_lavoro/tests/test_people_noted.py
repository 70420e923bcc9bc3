from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon
from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestNoted(CaseCommon):
    """What a record notes by itself is said by nobody: neither as a value nor as a default in the context of a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = cls._portal_user(cls.pathway, "p_ada")
        cls.day = cls.today - timedelta(days=900)
        cls.band = cls.env["citta.isee.band"].create({"name": "Low band"})

    def forge(self, model, forged, expected=None, **values):
        """A record made with forged values, and one with forged defaults; both have to note the truth."""
        expected = expected or dict.fromkeys(forged, False)
        for context in ({}, {f"default_{name}": value for name, value in forged.items()}):
            with self.env.cr.savepoint() as point:
                given = values if context else {**values, **forged}
                record = self.env[model].with_user(self.operator).with_context(**context).create({"pathway_id": self.pathway.id, **given}).sudo()
                for name, value in expected.items():
                    self.assertEqual(record[name], value, f"{model}.{name} {'by context' if context else 'by value'}")
                point.rollback()
            self.env.invalidate_all(flush=False)

    def test_nobody_writes_in_the_name_of_the_person(self):
        self.forge(
            "citta.message", {"is_from_person": True, "author_id": self.ada.id, "date_read": "2020-01-01 08:00:00"},
            {"is_from_person": False, "author_id": self.operator, "date_read": False}, text="Rinuncio",
        )
        self.forge(
            "citta.feedback", {"reopen_text": "Non basta", "first_answer": "Sì", "answered_by_id": self.coordinator.id, "answer": "No"},
            expected={"reopen_text": False, "first_answer": False, "answered_by_id": self.env["res.users"], "answer": False}, text="Nessuno risponde",
        )

    def test_nobody_writes_a_note_in_a_colleagues_name(self):
        note = self.env["citta.note"].with_user(self.operator).with_context(default_author_id=self.coordinator.id).create({
            "pathway_id": self.pathway.id, "text": "Parole",
        })
        self.assertEqual((note.author_id, note.author_body_id), (self.operator, self.body_a))

    def test_papers_and_versions(self):
        nothing = {"pdf": False, "pdf_sha256": False, "date_signed": False}
        self.forge("citta.agreement", {"pdf": "AAAA", "pdf_sha256": "x", "date_signed": "2020-01-01 08:00:00"}, nothing)
        self.forge("citta.canvas", {"version": 7, "is_current": False}, {"version": 1, "is_current": True})
        self.forge(
            "citta.person.profile", {"isee_seen_by_id": self.coordinator.id, "isee_seen_on": self.day},
            {"isee_seen_by_id": self.env["res.users"], "isee_seen_on": False}, isee_band_id=self.band.id, isee_date_end=self.today,
        )
        self.forge(
            "citta.handover", {"to_user_id": self.coordinator.id, "date_sent": self.day, "date_closed": self.day},
            {"to_user_id": self.env["res.users"], "date_sent": False, "date_closed": False}, to_body_id=self.body_b.id, reason="Nearer",
        )

    def test_who_did_an_action_and_when(self):
        self.forge("citta.action", {"done_by_id": self.ada.id, "date_done": self.day}, {"done_by_id": self.env["res.users"], "date_done": False}, name="Write")
        action = self.env["citta.action"].with_user(self.operator).create({"name": "Write", "pathway_id": self.pathway.id})
        for values in ({"done_by_id": self.ada.id}, {"date_done": self.day}):
            with self.assertRaises(UserError, msg=str(values)):
                action.write(values)
        action.action_done()
        self.assertEqual((action.done_by_id, action.date_done), (self.operator, self.today))
        action.action_reopen()
        self.assertEqual((action.done_by_id.id, action.date_done), (False, False))

    def test_since_when_and_for_whom_a_colleague_is_in_the_team(self):
        colleague = self._user("p_colleague", "operator", self.body_a, self.east)
        member = self.env["citta.case.member"].with_user(self.operator).create({"pathway_id": self.pathway.id, "user_id": colleague.id})
        member.write({"date_start": self.day, "member_body_id": self.body_b.id, "task": "Read"})
        self.assertEqual((member.date_start, member.member_body_id, member.task), (self.today, self.body_a, "Read"))

    def test_path_term_and_age_of_a_pathway(self):
        mine = self.pathway.with_user(self.operator)
        before = (mine.path, mine.date_planned_end, mine.age_class)
        for values in ({"path": "relocation"}, {"date_planned_end": "2040-01-01"}, {"age_class": "under_18"}):
            with self.assertRaises(UserError, msg=str(values)):
                mine.write(values)
        self.assertEqual((mine.path, mine.date_planned_end, mine.age_class), before)
        person = self.env["res.partner"].create({"name": "Cia Prova", "citta_is_person": True, "citta_body_id": self.body_a.id, "citta_territory_id": self.east.id})
        new = self.env["citta.pathway"].with_user(self.operator).create({"partner_id": person.id, "path": "relocation", "programme_id": self.programme.id})
        self.assertFalse(new.path)

    def test_an_answer_given_is_not_given_again(self):
        voice = self.env["citta.feedback"].with_user(self.operator).create({"pathway_id": self.pathway.id, "text": "Nessuno risponde"})
        voice.answer = "Ecco"
        voice.action_answer()
        voice.sudo().date_answered = self.day
        other = self.env["citta.feedback"].with_user(self.operator).create({"pathway_id": self.pathway.id, "text": "Ancora"})
        other.answer = "Ecco"
        (voice | other).with_user(self.coordinator).write({"state": "answered"})
        self.assertEqual((voice.answered_by_id, voice.date_answered), (self.operator, self.day))
        self.assertEqual((other.answered_by_id, other.date_answered), (self.coordinator, self.today))
        with self.assertRaises(UserError):
            voice.action_answer()

    def test_the_referent_is_somebody_who_sees_the_case(self):
        mine = self.pathway.with_user(self.operator)
        for user in (self.operator_b, self.operator_west, self.employee):
            with self.assertRaises(UserError, msg=user.login):
                mine.referent_id = user
            with self.assertRaises(UserError, msg=user.login):
                person = self.env["res.partner"].create({"name": "Cia Prova"})
                self.env["citta.pathway"].with_user(self.operator).create({
                    "partner_id": person.id, "programme_id": self.programme.id, "referent_id": user.id,
                })
        self.assertEqual(mine.referent_id, self.operator)
        mine.referent_id = self.coordinator
        self.assertEqual(mine.referent_id, self.coordinator)

    def test_what_a_referent_who_left_had_to_do_goes_to_a_coordinator(self):
        for gone in (True, False):
            self.pathway.referent_id = self.operator if gone else False
            self.operator.active = not gone
            self.pathway.activity_ids.unlink()
            self.pathway.date_next_contact = self.today - timedelta(days=9)
            self.env["citta.pathway"]._raise_alarms("date_next_contact")
            self.assertEqual(self.pathway.activity_ids.user_id, self.coordinator)
            voice = self.env["citta.feedback"].create({"pathway_id": self.pathway.id, "text": "Nessuno risponde"})
            self.assertEqual(voice.responsible_id, self.coordinator)
        self.pathway.partner_id.email = False
        self.close(self.pathway)
        item = self.pathway.follow_up_ids[:1]
        item.date_due = self.today
        item._send_due(self.today)
        self.assertEqual(item.activity_ids.user_id, self.coordinator)

    def test_days_that_cannot_be(self):
        later, values = self.today + timedelta(days=1), {"state": "closed", "outcome": "job"}
        mine = self.pathway.with_user(self.operator)
        mine.sudo().date_start = self.today - timedelta(days=30)
        self.env["citta.delivery"].with_user(self.operator).create({"pathway_id": mine.id, "date": self.today - timedelta(days=3)})
        for day in (later, self.today - timedelta(days=4)):
            with self.assertRaises(UserError, msg=day), self.env.cr.savepoint():
                mine.write({**values, "date_end": day})
            self.env.invalidate_all()
        with self.assertRaises(ValidationError):
            mine.date_last_contact = later
        with self.assertRaises(ValidationError):
            self.env["citta.assessment"].with_user(self.operator).create({"pathway_id": mine.id, "date": later})
        goal = self.env["citta.goal"].with_user(self.operator).create({"name": "Work", "pathway_id": mine.id})
        goal.action_reach()
        mine.write({**values, "date_end": self.today - timedelta(days=3)})
        self.assertEqual(mine.state, "closed")
        with self.assertRaisesRegex(UserError, "is closed"):
            goal.action_reopen()

    def test_nobody_offers_the_time_of_another_body(self):
        slots, start = self.env["citta.meeting.slot"].with_user(self.operator), fields.Datetime.now() + timedelta(days=3)
        with self.assertRaises(UserError):
            slots.create({"user_id": self.operator_b.id, "start": start, "location": "Here"})
        self.assertEqual(slots.create({"start": start, "location": "Here"}).body_id, self.body_a)

    def test_a_service_from_somebody_elses_meeting_or_without_end(self):
        start = fields.Datetime.now() - timedelta(hours=2)
        mine, other = self.env["calendar.event"].with_user(self.operator).create([
            {"name": "Meeting", "start": start, "stop": start + timedelta(hours=1), **values} for values in ({"citta_pathway_id": self.pathway.id}, {})
        ])
        values = {"pathway_id": self.pathway.id, "type_id": self.env["citta.delivery.type"].search([], limit=1).id}
        deliveries = self.env["citta.delivery"].with_user(self.operator)
        with self.assertRaises(ValidationError):
            deliveries.create({**values, "event_id": other.id})
        self.assertEqual(deliveries.create({**values, "event_id": mine.id}).quantity, 1)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            deliveries.create({**values, "quantity": 1e30}).flush_recordset()


@tagged("post_install", "-at_install")
class TestNotedOutside(PeopleCase):
    """The same before a pathway begins and after it has ended."""

    def test_a_first_contact_stays_among_the_first_contacts(self):
        lead, sales = self._lead(), self.env["crm.team"].create({"name": "Sales"})
        for values in ({"team_id": sales.id}, {"team_id": False}, {"citta_pipeline": False}, {"citta_days_to_contact": 0.1}):
            for user in (self.operator, self.coordinator):
                with self.assertRaises(UserError, msg=str(values)):
                    lead.with_user(user).write(values)
        self.assertEqual(lead.citta_pipeline, "intake")
        lead.with_user(self.operator).write({"team_id": lead.team_id.id})
        lead.with_user(self.administrator).write({"team_id": sales.id})
        self.assertFalse(lead.citta_pipeline)

    def test_days_to_the_first_talk_are_never_less_than_none(self):
        lead = self._lead(citta_date_received="2026-03-02 10:00:00", citta_date_contacted="2026-03-01 10:00:00")
        self.assertEqual(lead.citta_days_to_contact, 0)

    def test_what_a_person_answered_after_the_exit(self):
        pathway = self._pathway("Ada Prova", referent_id=self.operator.id, date_start=self.today - timedelta(days=400))
        pathway.write({"state": "closed", "outcome": "dropped_out", "date_end": self.today - timedelta(days=200)})
        first, second = pathway.follow_up_ids.sorted("date_due")[:2].with_user(self.operator)
        for values in ({"outcome": "job"}, {"is_lasting": True}, {"date_asked": self.today}, {"reminders": 9}, {"channel": "form"}, {"months": "12"}):
            with self.assertRaises(UserError, msg=str(values)):
                first.write(values)
        first.sudo().write({"situation": "job", "note": "Bene"})
        first.sudo().write({"state": "answered", "channel": "form"})
        first.sudo().date_answered = self.today - timedelta(days=9)
        second.situation = "search"
        for values in ({"note": "Male"}, {"wants_call": True}, {"situation": "search"}, {"date_answered": self.today}):
            with self.assertRaises(UserError, msg=str(values)):
                first.write(values)
        (first | second).write({"state": "answered"})
        self.assertEqual((first.channel, first.date_answered, first.note), ("form", self.today - timedelta(days=9), "Bene"))
        self.assertEqual((second.channel, second.date_answered), ("call", self.today))
