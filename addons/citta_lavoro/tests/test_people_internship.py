import base64
from datetime import date, timedelta

from psycopg2.errors import CheckViolation, ExclusionViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools.agreement import paper_digest
from .case_common import CasePortalCommon
from .internship_common import InternshipCommon


@tagged("post_install", "-at_install")
class TestInternship(InternshipCommon):
    """From the project to the skills: the moves, the papers, the refusals."""

    def refused(self, deed, *args, **kwargs):
        with self.assertRaises(UserError) as refusal:
            deed(*args, **kwargs)
        return str(refusal.exception)

    # -- course ----------------------------------------------------------------

    def test_the_whole_course(self):
        one = self.internship
        self.assertEqual((one.promoter_id, one.tutor_id, one.state, one.partner_id), (self.body_a, self.operator, "draft", self.pathway.partner_id))
        self.running()
        self.assertGreater(one.hours_done, 0)
        one.skill_ids.write({"level_end_id": self.alone.id})
        one.assessment = "Brava"
        self.end(one)
        self.assertEqual((one.state, one.date_closed), ("ended", self.today))
        delivery = self.pathway.delivery_ids.filtered("internship_id")
        self.assertEqual((delivery.quantity, delivery.unit, delivery.date), (one.hours_done, "hours", self.today))
        one.action_feed_skills()
        skill = self.pathway.skill_ids
        self.assertEqual((skill.skill_id, skill.level_id, skill.evidence), (self.kneading, self.alone, "seen"))
        self.assertIn("taken over", self.refused(one.action_feed_skills))
        self.assertEqual(self.pathway.skill_ids, skill)

    def test_a_known_skill_keeps_its_beginning_and_its_paper(self):
        known = self.env["citta.person.skill"].create({
            "pathway_id": self.pathway.id, "skill_id": self.kneading.id, "level_before_id": self.helped.id, "level_id": self.helped.id,
            "evidence": "attestation",
        })
        self.running().skill_ids.level_end_id = self.alone
        self.end(self.internship).action_feed_skills()
        self.assertEqual((known.level_before_id, known.level_id, known.evidence), (self.helped, self.alone, "attestation"))

    def test_moves_that_the_table_has_not(self):
        for deed in ("action_start", "action_end", "action_interrupt", "action_feed_skills"):
            self.refused(getattr(self.internship, deed))
        self.refused(self.internship.write, {"state": "ended"})
        self.running()
        for deed in ("action_agree", "action_start", "action_cancel"):
            self.refused(getattr(self.internship, deed))
        self.end(self.internship)
        for deed in ("action_end", "action_interrupt", "action_start"):
            self.refused(getattr(self.internship, deed))
        self.assertEqual(len(self.pathway.delivery_ids), 1)

    def test_a_new_one_is_a_draft(self):
        self.refused(self.write_one, state="running")
        forged = self.write_one(date_closed=self.today, pdf_sha256="x", date_fed=self.today)
        self.assertFalse(forged.date_closed or forged.pdf_sha256 or forged.date_fed)

    def test_it_does_not_end_early_without_a_reason(self):
        self.running()
        self.assertIn("interrupted", self.refused(self.internship.action_end))
        self.assertIn("why", self.refused(self.internship.action_interrupt))
        self.internship.interruption_reason = " "
        self.refused(self.internship.action_interrupt)
        self.internship.interruption_reason = "Ha trovato lavoro"
        self.internship.action_interrupt()
        self.assertEqual((self.internship.date_closed, self.internship.date_last), (self.today, self.today))
        self.assertTrue(self.pathway.delivery_ids.internship_id)
        self.refused(self.internship.write, {"interruption_reason": "Altro"})

    def test_an_end_without_presences_is_refused(self):
        self.run_one(self.internship)
        self.internship.sudo().date_end = self.today
        self.assertIn("presences", self.refused(self.internship.action_end))

    def test_the_service_is_counted_once_and_not_by_hand(self):
        self.end(self.running())
        values = {
            "pathway_id": self.pathway.id, "internship_id": self.internship.id, "quantity": 1,
            "type_id": self.env.ref("citta_lavoro.delivery_type_internship").id,
        }
        self.refused(self.env["citta.delivery"].with_user(self.operator).create, values)
        counted = self.pathway.delivery_ids.with_user(self.operator)
        for forged in ({"internship_id": self.internship.id}, {"internship_id": False}, {"quantity": 1}, {"date": self.today - timedelta(days=1)}):
            self.refused(counted.write, forged)
        self.refused(counted.unlink)
        counted.note = "Al forno"
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["citta.delivery"].create(values)

    # -- agreed ------------------------------------------------------------------

    def test_the_project_is_frozen_when_agreed(self):
        self.internship.action_agree()
        paper = base64.b64decode(self.internship.pdf)
        self.assertEqual(paper[:5], b"%PDF-")
        self.assertEqual(self.internship.pdf_sha256, paper_digest(paper))
        for values in ({"objectives": "x"}, {"allowance": 1}, {"date_end": self.today}, {"host_id": self.body_b.id}, {"pdf": False},
                       {"pdf_sha256": "x"}, {"date_closed": self.today}, {"pathway_id": self.of_b.id}, {"assessment": "x"}):
            self.refused(self.internship.write, values)
        self.refused(self.internship.skill_ids.write, {"level_target_id": self.alone.id})
        self.refused(self.internship.skill_ids.write, {"level_end_id": self.alone.id})
        self.refused(self.internship.write, {"skill_ids": [Command.create({"skill_id": self.baking.id})]})
        self.refused(self.internship.skill_ids.unlink)
        self.refused(self.internship.unlink)
        self.assertEqual(base64.b64decode(self.internship.pdf), paper)

    def test_what_a_project_must_say(self):
        for field in ("objectives", "tasks", "schedule", "host_tutor"):
            missing = self.write_one(**{field: False})
            self.assertIn("Still to write", self.refused(missing.action_agree))
        self.assertIn("competence", self.refused(self.write_one(skill_ids=False).action_agree))

    def test_least_allowance(self):
        self.programme.write({"internship_allowance": 500, "internship_allowance_meals": 400})
        self.assertIn("500", self.refused(self.write_one(allowance=499).action_agree))
        self.write_one(allowance=400, has_meals=True).action_agree()
        later = {"date_start": self.today + timedelta(days=30), "date_end": self.today + timedelta(days=60)}
        self.write_one(allowance=0, exemption="NASpI", **later).action_agree()
        much_later = {"date_start": self.today + timedelta(days=61), "date_end": self.today + timedelta(days=70)}
        self.write_one(allowance=0, kind="trial", **much_later).action_agree()

    def test_longest_term(self):
        year = self.today + timedelta(days=500)
        with self.assertRaises(ValidationError):
            self.write_one(date_end=year)
        longer = self.write_one(date_end=year, longer_allowed=True)
        self.assertEqual(longer.longer_user_id, self.operator)
        self.assertIn("Paper", self.refused(longer.action_agree))
        longer.longer_paper = "Verbale visto il 3 maggio"
        longer.action_agree()
        with self.assertRaises(ValidationError):
            longer.date_extended = self.today + timedelta(days=900)

    def test_a_longer_term(self):
        self.refused(self.internship.write, {"date_extended": self.today + timedelta(days=9)})
        self.run_one(self.internship).date_extended = self.today + timedelta(days=9)
        self.assertEqual(self.internship.date_last, self.today + timedelta(days=9))
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.internship.date_extended = self.internship.date_end
            self.internship.flush_recordset()

    def test_nobody_begins_without_insurance_and_communication(self):
        self.internship.action_agree()
        self.assertIn("INAIL", self.refused(self.internship.action_start))
        self.insure(self.internship)
        self.internship.date_notice = self.internship.date_start + timedelta(days=1)
        self.assertIn("communication", self.refused(self.internship.action_start))
        future = self.write_one(date_start=self.today + timedelta(days=5), date_end=self.today + timedelta(days=9))
        future.action_agree()
        self.insure(future)
        self.assertIn("It begins", self.refused(future.action_start))

    def test_impossible_ones(self):
        for values in ({"date_end": self.today - timedelta(days=30)}, {"weekly_hours": 0}, {"weekly_hours": -3}, {"weekly_hours": 41}, {"allowance": -1}):
            with self.subTest(values), self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.write_one(**values).flush_recordset()
        for values in ({"host_id": self.pathway.partner_id.id}, {"host_id": self.body_a.id}):
            with self.subTest(values), self.assertRaises(ValidationError):
                self.write_one(**values)

    # -- one at a time -------------------------------------------------------------

    def test_overlapping_ones_are_refused(self):
        self.internship.action_agree()
        second = self.write_one(date_start=self.internship.date_end, date_end=self.today + timedelta(days=20))
        with self.assertRaises(ExclusionViolation) as refusal, mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            second.action_agree()
        self.assertIn("another internship", self.internship._sql_error_to_message(refusal.exception))
        self.assertEqual(second.state, "draft")
        later = self.write_one(date_start=self.internship.date_end + timedelta(days=1), date_end=self.today + timedelta(days=20))
        later.action_agree()
        self.assertEqual(later.state, "agreed")
        self.write_one(pathway_id=self.of_b.id, user=self.operator_b).action_agree()

    def test_the_database_refuses_overlaps_too(self):
        self.internship.action_agree()
        second = self.write_one()
        self.env.flush_all()
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"):
            self.env.cr.execute("UPDATE citta_internship SET state = 'agreed' WHERE id = %s", [second.id])

    # -- closing the pathway -------------------------------------------------------

    def test_a_pathway_with_a_running_one_is_not_closed(self):
        self.running()
        exit_values = {"state": "closed", "outcome": "job", "closing_reason": "Detto insieme"}
        self.assertIn("Forno Inventato is running", self.refused(self.pathway.with_user(self.operator).write, exit_values))
        self.assertIn("Internship at Forno Inventato", self.pathway._get_open_obligations())
        self.end(self.internship)
        self.pathway.with_user(self.operator).write(exit_values)
        self.assertEqual(self.pathway.state, "closed")
        self.internship.skill_ids.level_end_id = self.alone
        self.assertIn("closed", self.refused(self.internship.action_feed_skills))

    def test_one_that_has_not_begun_goes_with_the_pathway(self):
        self.internship.action_agree()
        self.refused(self.pathway.write, {"state": "closed", "outcome": "job"})
        self.close(self.pathway)
        self.assertEqual(self.internship.state, "cancelled")
        self.assertIn("closed", self.refused(self.write_one))

    # -- scope -----------------------------------------------------------------------

    def test_scope(self):
        self.assertScoped(self.internship, {"objectives": "x"})
        self.running()
        self.assertScoped(self.internship.day_ids[0], {"presence": "absent"})
        self.assertScoped(self.internship.skill_ids, {"comment": "x"})
        for user in (self.operator_b, self.operator_west, self.employee):
            for deed in ("action_agree", "action_start", "action_end", "action_interrupt", "action_cancel", "action_feed_skills"):
                with self.assertRaises(AccessError):
                    getattr(self.internship.with_user(user), deed)()
            with self.assertRaises(AccessError):
                self.write_one(user=user)

    def test_the_windows_are_no_way_round(self):
        self.run_one(self.internship)
        fill = self.env["citta.internship.fill"].with_user(self.operator_b)
        with self.assertRaises(AccessError):
            fill.create({"internship_id": self.internship.id}).action_confirm()
        sheet = self.env["citta.internship.sheet"].with_user(self.operator_b)
        with self.assertRaises(AccessError):
            sheet.create({"internship_id": self.internship.id}).action_print()
        self.assertFalse(self.internship.day_ids)

    def test_a_copy_is_a_new_draft(self):
        self.end(self.running())
        copy = self.internship.copy({"date_start": self.today + timedelta(days=5), "date_end": self.today + timedelta(days=9)})
        self.assertEqual((copy.state, copy.pdf_sha256, copy.day_ids, copy.date_closed), ("draft", False, copy.day_ids.browse(), False))


@tagged("post_install", "-at_install")
class TestInternshipDay(InternshipCommon):
    """Presences: filled in while it runs, once a day, and what they come to."""

    def setUp(self):
        super().setUp()
        self.internship.write({"date_start": date(2026, 1, 1), "date_end": date(2026, 6, 30)})
        self.internship.sudo().pathway_id.date_start = date(2025, 12, 1)
        self.run_one(self.internship)

    def day(self, day, **values):
        return self.env["citta.internship.day"].with_user(self.operator).create(
            {"internship_id": self.internship.id, "date": day, **values}
        )

    def test_hours_follow_the_presence(self):
        one = self.day("2026-01-07")
        self.assertEqual((one.hours_planned, one.hours, one.pathway_id), (5, 5, self.pathway))
        one.presence = "absent"
        self.assertEqual(one.hours, 0)
        self.assertEqual(self.day("2026-01-08", hours=3).hours, 3)

    def test_a_calendar_of_many_says_whose_day_it_is(self):
        one = self.day("2026-01-07")
        self.assertEqual(one.display_name, f"✓ {self.pathway.partner_id.name}")
        self.assertEqual(one.with_context(citta_one_internship=True).display_name, "Present")

    def test_impossible_days(self):
        self.day("2026-01-07")
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.day("2026-01-07", presence="absent")
        for values in ({"hours": 13}, {"hours_planned": 0.001, "presence": "absent"}, {"hours_planned": 13}, {"presence": "absent", "hours": 2}, {"hours": -1}):
            with self.subTest(values), self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                self.day("2026-01-09", **values)
        for wrong in ("2025-12-31", "2026-07-01"):
            with self.assertRaises(ValidationError):
                self.day(wrong)
        self.internship.sudo().write({"date_extended": self.today + timedelta(days=60), "longer_allowed": True})
        with self.assertRaises(ValidationError):
            self.day(self.today + timedelta(days=1))

    def test_fill_by_weekdays(self):
        self.fill(self.internship, date_from="2026-01-05", date_to="2026-01-18", saturday=True)
        self.assertEqual(len(self.internship.day_ids), 12)
        self.assertEqual(set(self.internship.day_ids.mapped("hours")), {4.17})
        self.internship.day_ids[0].presence = "absent"
        self.fill(self.internship, date_from="2026-01-05", date_to="2026-01-20", presence="present")
        self.assertEqual(len(self.internship.day_ids), 14)
        self.assertIn("absent", self.internship.day_ids.mapped("presence"))
        for wrong in ({"date_from": "2026-01-05", "date_to": "2026-01-18"}, {"date_from": "2025-12-01", "date_to": "2026-01-18"},
                      {"date_from": "2026-01-05", "date_to": "2062-01-18"}):
            with self.assertRaises(UserError):
                self.fill(self.internship, **wrong)
        self.assertEqual(len(self.internship.day_ids), 14)

    def test_a_month_and_its_allowance(self):
        self.fill(self.internship, date_from="2026-01-01", date_to="2026-02-28")
        february = self.internship.day_ids.filtered(lambda day: day.date.month == 2)
        february[:10].presence = "absent"
        months = [row["figures"] for row in self.internship._get_months()]
        self.assertEqual((months[0].rate, months[0].due), (100.0, 500.0))
        self.assertEqual((months[1].rate, months[1].due), (50.0, 250.0))
        february[:10].presence = "excused"
        self.assertEqual(self.internship._get_months()[1]["figures"].due, 500.0)
        self.assertIn("500", self.internship.months)

    def test_after_the_end_presences_stay(self):
        self.fill(self.internship, date_from="2026-01-05", date_to="2026-01-09")
        self.internship.action_end()
        for deed in (lambda: self.day("2026-01-12"), lambda: self.internship.day_ids[0].write({"presence": "absent"}),
                     lambda: self.internship.day_ids[0].unlink(), lambda: self.fill(self.internship, date_from="2026-01-12", date_to="2026-01-14")):
            with self.assertRaises(UserError):
                deed()
        self.assertEqual(len(self.internship.day_ids), 5)

    def test_a_day_stays_with_its_internship(self):
        other = self.write_one(date_start="2026-07-01", date_end="2026-08-01")
        with self.assertRaises(UserError):
            self.day("2026-01-07").internship_id = other

    def test_the_sheet_of_a_month(self):
        self.fill(self.internship, date_from="2026-01-05", date_to="2026-01-09")
        sheet = self.env["citta.internship.sheet"].with_user(self.operator).create({"internship_id": self.internship.id, "month": "2026-01-20"})
        self.assertEqual(sheet.action_print()["report_name"], "citta_lavoro.internship_sheet_report")
        self.assertEqual((len(sheet._get_rows()), sheet._get_figures().done), (31, 25))
        with self.assertRaises(UserError):
            sheet.copy({"month": "2025-11-20"}).action_print()

    def test_erased_with_the_person(self):
        self.internship.write({"inail_number": "Ada Prova", "assessment": "Ada Prova è brava"})
        self.internship.interruption_reason = "x"
        self.internship.action_interrupt()
        self.close(self.pathway)
        self.env["citta.privacy.eraser"].erase(self.pathway.partner_id, self.env["crm.lead"])
        for field in ("assessment", "objectives", "pdf", "host_tutor", "interruption_reason", "inail_number"):
            self.assertFalse(self.internship[field], field)
        self.assertEqual(self.internship.state, "interrupted")


@tagged("post_install", "-at_install")
class TestInternshipPage(CasePortalCommon, InternshipCommon):
    """The person's page: own internships and nobody else's, texts as texts."""

    def test_own_and_not_others(self):
        self.internship.tasks = "<script>alert(1)</script>"
        self.assertNotIn("Forno Inventato", self.page("/my/percorso/tirocinio").text)
        self.assertNotIn('name="my_internship"', self.page("/my/percorso").text)
        self.running()
        self.internship.sudo().assessment = "<img src=x onerror=alert(1)>"
        page = self.page("/my/percorso/tirocinio").text
        self.assertIn("Forno Inventato", page)
        self.assertNotIn("<img src=x", page)
        self.assertIn('name="my_internship"', self.page("/my/percorso").text)
        self.assertNotIn("Forno Inventato", self.page("/my/percorso/tirocinio", login="p_bea").text)
        paper = f"/my/percorso/tirocinio/{self.internship.id}/pdf"
        answer = self.page(paper)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("Forno Inventato", self.text_of(answer.content))
        self.assertEqual(self.page(paper, login="p_bea").status_code, 404)
        self.assertEqual(self.page("/my/percorso/tirocinio/999999999/pdf").status_code, 404)

    def test_the_paper_and_the_sheet(self):
        self.running()
        text = self.text_of(base64.b64decode(self.internship.pdf))
        for words in ("Individual project", "Forno Inventato", "Fausto Finto", "Impastare", "500.00"):
            self.assertIn(words, text)
        sheet = self.env["citta.internship.sheet"].with_user(self.operator).create({"internship_id": self.internship.id})
        engine = self.env["ir.actions.report"].with_user(self.operator).with_context(force_report_rendering=True)
        content, _kind = engine._render_qweb_pdf("citta_lavoro.internship_sheet_report_action", sheet.ids)
        self.assertIn("Signature of the person", self.text_of(content))
