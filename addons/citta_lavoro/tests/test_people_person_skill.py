from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .case_common import CasePortalCommon
from .test_people_curriculum import CurriculumCommon


@tagged("post_install", "-at_install")
class TestPersonSkill(CurriculumCommon):
    """Gain and loss, validity to the day, codes of the right scheme, and what the CV takes."""

    def code(self, scheme, code="1.2.3"):
        return self.env["citta.classification"].create({"scheme": scheme, "code": code, "name": scheme})

    def test_gain_loss_and_none(self):
        skill = self.skill()
        self.assertEqual(skill.progress, 50)
        skill.write({"level_before_id": self.alone.id, "level_id": self.helped.id})
        self.assertEqual(skill.progress, -50)
        skill.level_before_id = self.helped
        self.assertEqual(skill.progress, 0)
        skill.write({"level_id": False})
        self.assertEqual(skill.progress, 0)

    def test_the_level_before_is_of_the_same_kind_too(self):
        foreign = self.digital.skill_level_ids[0]
        for name in ("level_before_id", "level_id"):
            with self.assertRaises(ValidationError):
                self.skill(**{name: foreign.id})
        skill = self.skill()
        for values in ({"level_before_id": foreign.id}, {"skill_id": self.email.id}):
            with self.assertRaises(ValidationError):
                skill.write(values)
        skill.write({"skill_id": self.email.id, "level_before_id": False, "level_id": foreign.id})
        self.assertEqual(skill.skill_type_id, self.digital)

    def test_a_talent_of_the_canvas_becomes_a_skill_once(self):
        canvas = self.env["citta.canvas"].with_user(self.operator).create({"pathway_id": self.pathway.id})
        talent, value = self.env["citta.canvas.line"].with_user(self.operator).create([
            {"canvas_id": canvas.id, "block": block, "text": text} for block, text in (("talent", "Bakes for many"), ("value", "Kindness"))
        ])
        with self.assertRaises(UserError):
            talent.action_note_skill()
        talent.skill_id = self.baking
        self.assertFalse(talent.is_noted)
        talent.action_note_skill()
        self.assertTrue(talent.is_noted)
        noted = self.pathway.skill_ids
        self.assertEqual((noted.skill_id, noted.evidence, noted.evidence_note), (self.baking, "told", "Canvas: Bakes for many"))
        with self.assertRaises(UserError):
            talent.action_note_skill()
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            value.skill_id = self.baking
            value.flush_recordset()
        following = canvas._make_next()
        self.assertEqual(following.talent_ids.skill_id, self.baking)
        with self.assertRaises(UserError):
            talent.action_note_skill()

    def test_a_talent_of_another_bodys_person_is_out_of_reach(self):
        canvas = self.env["citta.canvas"].create({"pathway_id": self.of_b.id})
        talent = self.env["citta.canvas.line"].create({"canvas_id": canvas.id, "block": "talent", "text": "X", "skill_id": self.baking.id})
        with self.assertRaises(AccessError):
            talent.with_user(self.operator).action_note_skill()
        self.assertFalse(self.of_b.skill_ids)

    def test_valid_to_the_last_day(self):
        days = {-30: True, -1: True, 0: False, 1: False}
        skill = self.skill()
        self.assertFalse(skill.is_expired)
        for days_left, expired in days.items():
            skill.date_valid = self.today + timedelta(days=days_left)
            self.assertEqual(skill.is_expired, expired, days_left)
            self.assertEqual(bool(self.pathway._get_cv()["skills"]), not expired, days_left)

    def test_codes_of_skills_and_occupations_only(self):
        for make in (self.skill, self.experience):
            with self.assertRaises(ValidationError):
                make(classification_id=self.code("ateco2025", f"56.{make.__name__}").id)
        skill, experience = self.skill(), self.experience()
        for number, scheme in enumerate(("esco", "cp2021", "isco08")):
            code = self.code(scheme, f"9.{number}")
            (skill.classification_id, experience.classification_id) = code, code
            self.assertEqual((skill.classification_id, experience.classification_id), (code, code))
        for record in (skill, experience):
            with self.assertRaises(ValidationError):
                record.classification_id = self.code("ateco2025", record._name)

    def test_evidence_is_one_of_four(self):
        skill = self.skill()
        self.assertEqual(skill.evidence, "told")
        for evidence in ("seen", "document", "attestation"):
            skill.evidence = evidence
        with self.assertRaises(ValueError):
            skill.evidence = "dreamt"
        self.assertEqual(skill.evidence, "attestation")

    def test_the_cv_leaves_out_what_is_not_for_it(self):
        shown, hidden = self.experience(name="Cuoca"), self.experience(name="Segreta", on_cv=False)
        self.skill(on_cv=False)
        cv = self.pathway._get_cv()
        self.assertFalse(cv["skills"])
        self.assertIn(str(shown), str(cv))
        hidden.on_cv = True
        shown.unlink()
        self.assertIn(str(hidden), str(self.pathway._get_cv()))

    def test_an_experience_of_one_day_and_one_that_goes_on(self):
        one_day = self.experience(date_from="2020-01-01", date_to="2020-01-01")
        self.assertEqual(one_day.date_from, one_day.date_to)
        going_on = self.experience(name="Mamma", kind="care", date_from="2021-01-01")
        ended = self.experience(name="Corso", kind="training", date_to="2019-01-01")
        self.assertFalse(going_on.date_to or ended.date_from)
        ordered = self.env["citta.experience"].search([("id", "in", (one_day | going_on).ids)])
        self.assertEqual(ordered, going_on | one_day)

    def test_the_same_skill_of_two_people(self):
        self.skill()
        theirs = self.skill(self.operator_b, pathway_id=self.of_b.id)
        self.assertEqual((theirs.partner_id, theirs.progress), (self.of_b.partner_id, 50))
        mean = self.env["citta.person.skill"].with_user(self.operator)._read_group([("skill_id", "=", self.baking.id)], [], ["__count"])
        self.assertEqual(mean, [(1,)])


@tagged("post_install", "-at_install")
class TestCurriculumPaper(CasePortalCommon, CurriculumCommon):
    """The CV of one person: what a firm may read, nothing special and nothing of another."""

    PATH = "/my/percorso/curriculum"

    def test_the_paper_of_the_right_person_without_special_data(self):
        self.experience(name="Cuoca di quartiere")
        self.skill()
        self.env["citta.person.sensitive"].create({"partner_id": self.pathway.partner_id.id, "health": "Asma grave"})
        self.env["citta.note"].with_user(self.operator).create(
            {"pathway_id": self.pathway.id, "visibility": "team", "text": "Nota riservata"}
        )
        self.env["citta.experience"].create({"pathway_id": self.of_b.id, "name": "Giardiniera"})
        mine = self.text_of(self.page(f"{self.PATH}/pdf").content)
        theirs = self.text_of(self.page(f"{self.PATH}/pdf", "p_bea").content)
        self.assertIn("Cuoca di quartiere", mine)
        self.assertIn("Giardiniera", theirs)
        for hidden in ("Asma", "Nota riservata", "Giardiniera", "Bea Prova", self.body_a.name):
            self.assertNotIn(hidden, mine)
        self.assertNotIn("Cuoca di quartiere", theirs)

    def test_the_report_is_no_door(self):
        self.experience(name="Cuoca di quartiere")
        for login in ("p_bea", "p_employee"):
            with mute_logger("odoo.http", "odoo.addons.web.controllers.report", "odoo.addons.base.models.ir_rule"):
                answer = self.page(f"/report/html/citta_lavoro.curriculum_report/{self.pathway.id}", login)
            self.assertNotEqual(answer.status_code, 200)
            self.assertNotIn("Cuoca di quartiere", answer.text)
        for model in ("citta.person.skill", "citta.experience"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.ada).search([])
