from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import format_date, mute_logger

from .privacy_common import OfficerCase

ACTIONS = ("action_verify", "action_extend", "action_prepare", "action_erase", "action_answer", "action_refuse")
MOVES = {("received", "verified"), ("received", "refused"), ("verified", "answered"), ("verified", "refused")}


@tagged("post_install", "-at_install")
class TestRequestCourse(OfficerCase):
    """The course of a request: the table of moves, each role, the arithmetic of the term, the letters."""

    # -- moves ---------------------------------------------------------------

    def test_no_other_role_moves_a_request_by_any_door(self):
        request = self._request("verified", extension_reason="Many papers")
        before = self._log(request)
        for user in self.strangers:
            for name in ACTIONS:
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    getattr(request.with_user(user), name)()
            for values in ({"state": "answered"}, {"state": "refused"}, {"answer": "x"}, {"officer_id": self.officer.id}):
                with self.assertRaises(AccessError, msg=f"{user.login} {values}"):
                    request.with_user(user).write(values)
        self.assertEqual((request.state, request.answer, request.date_extended), ("verified", "Number corrected", False))
        self.assertEqual(self._log(request), before)
        self.assertFalse(self._mails(request))

    def test_only_the_moves_of_the_table_are_open_to_the_officer(self):
        states = [value for value, _label in self.requests._fields["state"].selection]
        for number, source in enumerate(states):
            for target in states:
                person = self.env["res.partner"].create({"name": f"Prova {source} {target}", "email": f"r{number}@posta.example"})
                request = self._request(source, partner_id=person.id)
                if (source, target) in MOVES:
                    request.write({"state": target})
                    self.assertEqual(request.state, target)
                    self.assertEqual(self._log(request)[-1], (source, target))
                elif source != target:
                    with self.assertRaises(UserError, msg=f"{source} {target}"):
                        request.write({"state": target})
                    self.assertEqual(request.state, source)

    def test_an_answer_stays_as_it_was_given(self):
        for state in ("answered", "refused"):
            request = self._request(state)
            request.sudo().date_answered = self.today - timedelta(days=9)
            for values in ({"answer": "Other"}, {"refusal_reason": "Other"}, {"identity": "known"}, {"text": "Other"}, {"officer_id": False}):
                with self.assertRaises(UserError, msg=f"{state} {values}"):
                    request.write(values)
            request.write({"state": state})
            self.assertEqual((request.answer, request.date_answered), ("Number corrected", self.today - timedelta(days=9)))

    def test_no_other_file_is_handed_out_as_the_copy(self):
        secret = self.env["ir.attachment"].create({"name": "secret", "raw": b"secret"})
        request = self.requests.with_user(self.officer).with_context(default_export_id=secret.id).create({
            "kind": "access", "partner_id": self.officer.partner_id.id, "identity": "known",
        })
        self.assertFalse(request.sudo().export_id)
        request.action_verify()
        with self.assertRaisesRegex(UserError, "Prepare the copy"):
            request.action_answer()

    def test_a_request_is_not_recorded_in_advance(self):
        with self.assertRaises(ValidationError):
            self._request(date_received=self.today + timedelta(days=1))

    def test_a_request_starts_as_received(self):
        for state in ("verified", "answered", "refused"):
            with self.assertRaises(UserError, msg=state):
                self.requests.with_user(self.officer).create({"kind": "access", "partner_id": self.person.id, "state": state, "identity": "known"})

    def test_the_short_cut_by_the_state_meets_the_same_checks(self):
        for kind, values in (("access", {}), ("portability", {}), ("rectification", {"answer": "  "}), ("erasure", {})):
            request = self._request("verified", kind, **values)
            with self.assertRaises(UserError, msg=kind):
                request.write({"state": "answered"})
            self.assertEqual((request.state, request.date_answered), ("verified", False))
        request.refusal_reason = " \n"
        with self.assertRaisesRegex(UserError, "Write why"), self.env.cr.savepoint():
            request.write({"state": "refused"})
        self.assertEqual(request.state, "verified")

    def test_the_state_alone_does_not_replace_the_check_of_identity(self):
        request = self._request(identity=False)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            request.write({"state": "verified"})
            request.flush_recordset()

    def test_facts_are_written_by_the_request_itself(self):
        request = self._request("verified", "access")
        letter = self.env["ir.attachment"].create({"name": "of-others.txt", "raw": b"x"})
        erasure = self.env["citta.privacy.erasure"].create({"partner_id": self.person.id})
        forged = (
            {"export_id": letter.id}, {"erasure_id": erasure.id}, {"date_answered": self.today}, {"date_extended": self.today}, {"date_reminded": self.today},
        )
        for values in forged:
            with self.assertRaises(UserError, msg=str(values)):
                request.write(values)
            with self.assertRaises(UserError, msg=str(values)):
                self._request(kind="portability", **values)
        self.assertEqual((request.export_id.id, request.erasure_id.id, request.date_answered), (False, False, False))
        self.assertTrue(letter.exists(), "an officer must not reach another file by naming it as the copy")

    def test_a_second_answer_is_refused_and_moves_nothing(self):
        for state in ("answered", "refused"):
            request = self._request(state)
            day = self.today - timedelta(days=4)
            request.sudo().date_answered = day
            count = len(self._mails(request))
            for name in ("action_verify", "action_answer", "action_refuse"):
                with self.assertRaises(UserError, msg=f"{state} {name}"):
                    getattr(request, name)()
            self.assertEqual((request.state, request.date_answered, len(self._mails(request))), (state, day, count))
            self.assertEqual(self._log(request)[-1][1], state)

    def test_the_log_tells_who_and_from_where(self):
        request = self._request("answered")
        self.assertEqual(self._log(request), [("received", "verified"), ("verified", "answered")])
        rows = self.env["citta.workflow.log"].search([("res_model", "=", request._name), ("res_id", "=", request.id)])
        self.assertEqual(rows.user_id, self.officer)

    def test_an_answered_request_leaves_room_for_the_next(self):
        first, second = self._request("answered"), self._request()
        third = self._request(kind="portability")
        self.assertEqual([one.state for one in (first, second, third)], ["answered", "received", "received"])

    def test_a_copied_request_starts_anew(self):
        copied = self._request("answered", extension_reason="x").copy()
        self.assertEqual((copied.state, copied.date_answered, copied.answer, copied.extension_reason), ("received", False, False, False))

    # -- term ----------------------------------------------------------------

    def test_months_are_counted_by_the_calendar(self):
        for received, due, extended in (
            ("2025-01-31", "2025-02-28", "2025-04-30"), ("2024-01-31", "2024-02-29", "2024-04-30"), ("2025-11-30", "2025-12-30", "2026-02-28"),
            ("2025-12-15", "2026-01-15", "2026-03-15"), ("2025-02-28", "2025-03-28", "2025-05-28"),
        ):
            person = self.env["res.partner"].create({"name": f"Prova {received}"})
            request = self._request(date_received=received, partner_id=person.id, extension_reason="Many papers")
            self.assertEqual(fields.Date.to_string(request.date_due), due)
            request.sudo().date_extended = received
            self.assertEqual(fields.Date.to_string(request.date_due), extended)

    def test_the_last_day_of_the_month_is_in_time_and_the_next_is_not(self):
        request = self._request(extension_reason="Many papers")
        request.sudo().date_due = self.today - timedelta(days=1)
        self.assertTrue(request.is_late)
        with self.assertRaisesRegex(UserError, "within the first month"), self.env.cr.savepoint():
            request.action_extend()
        request.sudo().date_due = self.today
        request.invalidate_recordset(["is_late"])
        self.assertFalse(request.is_late)
        request.action_extend()
        self.assertEqual(request.date_extended, self.today)

    def test_a_blank_reason_extends_nothing(self):
        request = self._request(extension_reason="   ")
        due = request.date_due
        with self.assertRaisesRegex(UserError, "Say why"), self.env.cr.savepoint():
            request.action_extend()
        self.assertEqual((request.date_due, request.date_extended), (due, False))
        self.assertFalse(self._mails(request))

    def test_what_is_closed_is_not_extended_and_not_late(self):
        for state in ("answered", "refused"):
            request = self._request(state, extension_reason="Many papers", date_received=self.today - timedelta(days=90))
            self.assertFalse(request.is_late)
            with self.assertRaises(UserError, msg=state):
                request.action_extend()
            self.assertFalse(request.date_extended)

    def test_an_extension_moves_the_task_and_the_person_reads_why(self):
        request = self._request("verified", extension_reason="The archive is in another town")
        request.action_extend()
        self.assertEqual(request.activity_ids.mapped("date_deadline"), [request.date_due - timedelta(days=7)])
        letter = self._mails(request)
        self.assertEqual(letter.email_to, self.person.email)
        self.assertIn("The archive is in another town", letter.body_html)
        self.assertIn(format_date(self.env, request.date_due), letter.body_html)

    # -- letters and tasks ---------------------------------------------------

    def test_a_refusal_is_told_with_its_reason_and_the_way_to_complain(self):
        request = self._request("refused")
        letter = self._mails(request)
        self.assertIn("It is right as it is", letter.body_html)
        self.assertIn("Garante", letter.body_html)
        self.assertFalse(request.activity_ids)

    def test_an_answer_is_told_once(self):
        request = self._request("answered", refusal_reason=False)
        letter = self._mails(request)
        self.assertEqual((len(letter), letter.email_to), (1, self.person.email))
        self.assertIn("Number corrected", letter.body_html)
        self.assertNotIn("Garante", letter.body_html)
        self.assertFalse(request.activity_ids)

    def test_without_address_the_answer_counts_all_the_same(self):
        self.person.email = False
        request = self._request("answered")
        self.assertEqual((request.state, request.date_answered), ("answered", self.today))
        self.assertFalse(self._mails(request))

    def test_a_first_contact_asks_and_is_answered(self):
        lead = self._lead(email_from="ugo.contatto@posta.example")
        request = self._request("answered", partner_id=False, lead_id=lead.id)
        self.assertEqual(self._mails(request).email_to, "ugo.contatto@posta.example")
        self.assertIn("Aldo Prova", request.display_name)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self._request(partner_id=False)

    def test_the_cron_reminds_once_and_leaves_the_closed_alone(self):
        near, far = self._request(date_received=self.today - timedelta(days=26)), self._request(kind="access")
        closed = self._request("refused", kind="portability", date_received=self.today - timedelta(days=26))
        count = len(self._mails(closed))
        for _again in range(2):
            self.requests._cron_requests()
        self.assertEqual(self._mails(near).mapped("email_to"), [self.officer.email])
        self.assertEqual((near.date_reminded, far.date_reminded, closed.date_reminded), (self.today, False, False))
        self.assertEqual(len(self._mails(closed)), count)

    # -- who answers ---------------------------------------------------------

    def test_the_officer_with_the_fewest_open_requests_answers(self):
        second = self._officer("o_second")
        officers = self.env.ref("citta_lavoro.group_citta_privacy_officer")
        (officers.all_user_ids - self.officer - second).write({"group_ids": [Command.unlink(officers.id)]})
        self._request()
        taken = self.requests.create({"kind": "access", "partner_id": self.person.id})
        self.assertEqual(taken.officer_id, second)
        second.active = False
        taken = self.requests.create({"kind": "portability", "partner_id": self.person.id})
        self.assertEqual(taken.officer_id, self.officer)

    def test_nobody_else_is_made_the_one_who_answers(self):
        request = self._request()
        for user in (self.coordinator, self.administrator, new_test_user(self.env, "o_portal", groups="base.group_portal")):
            with self.assertRaises(UserError, msg=user.login):
                request.officer_id = user
        self.assertEqual(request.officer_id, self.officer)

    # -- erasure asked for ---------------------------------------------------

    def test_the_erasure_is_opened_once_and_for_whom_it_was_asked(self):
        request = self._request("verified", "erasure")
        first, second = request.action_erase()["res_id"], request.action_erase()["res_id"]
        self.assertEqual(first, second)
        erasure = request.erasure_id
        self.assertEqual((erasure.id, erasure.partner_id, erasure.kind, erasure.state), (first, self.person, "request", "planned"))
        with self.assertRaisesRegex(UserError, "Carry out the erasure"), self.env.cr.savepoint():
            request.action_answer()
        other = self._request("verified", "access")
        with self.assertRaisesRegex(UserError, "asks to be erased"), self.env.cr.savepoint():
            other.action_erase()
        self.assertFalse(other.erasure_id)
