from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon, CasePortalCommon


class CurriculumCommon(CaseCommon):
    """Two kinds of skills with levels of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kitchen, cls.digital = cls.env["hr.skill.type"].create([
            {
                "name": name, "skill_ids": [Command.create({"name": skill})],
                "skill_level_ids": [Command.create({"name": "Helped", "level_progress": 30}), Command.create({"name": "Alone", "level_progress": 80})],
            }
            for name, skill in (("Kitchen", "Baking"), ("Digital", "E-mail"))
        ])
        cls.baking, cls.email = cls.kitchen.skill_ids, cls.digital.skill_ids
        cls.helped, cls.alone = cls.kitchen.skill_level_ids.sorted("level_progress")

    def skill(self, user=None, **values):
        return self.env["citta.person.skill"].with_user(user or self.operator).create(
            {"pathway_id": self.pathway.id, "skill_id": self.baking.id, "level_before_id": self.helped.id, "level_id": self.alone.id, **values}
        )

    def experience(self, user=None, **values):
        return self.env["citta.experience"].with_user(user or self.operator).create(
            {"pathway_id": self.pathway.id, "name": "Cuoca", "kind": "volunteer", **values}
        )


@tagged("post_install", "-at_install")
class TestCurriculum(CurriculumCommon):
    """Skills with their gain and evidence, experience of every kind."""

    def test_scope(self):
        self.assertScoped(self.skill(), {"evidence": "seen"})
        self.assertScoped(self.experience(), {"place": "x"})
        for make in (self.skill, self.experience):
            with self.assertRaises(UserError):
                make(pathway_id=self.of_b.id)

    def test_the_gain_since_the_beginning(self):
        skill = self.skill()
        self.assertEqual((skill.progress, skill.skill_type_id), (50, self.kitchen))
        skill.level_before_id = False
        self.assertEqual(skill.progress, 0)

    def test_levels_are_those_of_the_skill(self):
        with self.assertRaises(ValidationError):
            self.skill(skill_id=self.email.id)
        with Form(self.skill()) as form:
            form.skill_id = self.email
            self.assertFalse(form.level_id or form.level_before_id)

    def test_a_skill_stands_once(self):
        self.skill()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.skill()

    def test_expired_skills_leave_the_cv(self):
        skill = self.skill(date_valid=self.today - timedelta(days=1))
        self.assertTrue(skill.is_expired)
        self.assertFalse(self.pathway._get_cv()["skills"])
        skill.date_valid = self.today
        self.assertEqual(self.pathway._get_cv()["skills"], [("Kitchen", skill)])

    def test_an_official_code(self):
        code = self.env["citta.classification"].create({"scheme": "esco", "code": "S1.2.3", "name": "Baking"})
        self.assertEqual(self.skill(classification_id=code.id).classification_id, code)

    def test_dates_in_order(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.experience(date_from="2020-01-02", date_to="2020-01-01")

    def test_who_entered_it_is_not_forged(self):
        for record in (self.skill(filled_by="person"), self.experience(filled_by="person")):
            self.assertEqual(record.filled_by, "operator")
            for values in ({"filled_by": "person"}, {"pathway_id": self.of_b.id}):
                with self.assertRaises(UserError):
                    record.write(values)

    def test_a_closed_pathway_takes_nothing_more(self):
        self.close(self.pathway)
        for make in (self.skill, self.experience):
            with self.assertRaises(UserError):
                make()


@tagged("post_install", "-at_install")
class TestCurriculumPortal(CasePortalCommon, CurriculumCommon):
    """The person adds what was done and learned, and prints the CV."""

    PATH = "/my/percorso/curriculum"

    def add(self, entry=0, login="p_ada", **values):
        data = {"name": "Festa di quartiere", "kind": "volunteer", "on_cv": "1", **values}
        return self.post(f"{self.PATH}/esperienza/{entry}", data, login=login)

    def test_an_experience_is_added_changed_taken_away(self):
        self.assertEqual(self.page(f"{self.PATH}/esperienza/0").status_code, 200)
        for _again in (1, 2):
            self.assertIn("notice=saved", self.add(date_from="2020-05-01").headers["Location"])
        own = self.pathway.experience_ids
        self.assertEqual((len(own), own.filled_by, str(own.date_from)), (1, "person", "2020-05-01"))
        self.assertIn("Festa di quartiere", self.page(f"{self.PATH}/esperienza/{own.id}").text)
        self.add(own.id, name="Cena di quartiere", on_cv="")
        self.assertEqual((own.name, own.on_cv), ("Cena di quartiere", False))
        self.post(f"{self.PATH}/esperienza/{own.id}/togli")
        self.assertFalse(own.exists())

    def test_what_cannot_be_kept_comes_back(self):
        for wrong in ({"name": " "}, {"kind": "none"}, {"date_from": "ieri"}, {"date_from": "2020-02-01", "date_to": "2020-01-01"}):
            answer = self.add(description="Tutto quello che ho scritto", **wrong)
            self.assertEqual(answer.status_code, 200)
            self.assertIn('role="alert"', answer.text)
            self.assertIn("Tutto quello che ho scritto", answer.text)
        self.assertFalse(self.pathway.experience_ids)

    def test_skills_are_chosen_from_the_list(self):
        page = self.page(f"{self.PATH}?tipo={self.kitchen.id}").text
        self.assertIn("Baking", page)
        self.assertNotIn("E-mail</option>", page)
        data = {"skill_id": str(self.baking.id), "level_id": str(self.alone.id)}
        self.post(f"{self.PATH}/competenza", data)
        own = self.pathway.skill_ids
        self.assertEqual((own.skill_id, own.level_id, own.evidence, own.filled_by), (self.baking, self.alone, "told", "person"))
        self.assertIn("notice=there", self.post(f"{self.PATH}/competenza", data).headers["Location"])
        foreign_level = self.digital.skill_level_ids[0]
        self.post(f"{self.PATH}/competenza", {"skill_id": str(self.email.id), "level_id": str(self.alone.id)})
        self.assertFalse(self.pathway.skill_ids.filtered(lambda one: one.skill_id == self.email).level_id & foreign_level)
        self.post(f"{self.PATH}/competenza/{own.id}/togli")
        self.assertFalse(own.exists())

    def test_only_own_entries_are_changed(self):
        of_operator, proved = self.experience(), self.skill()
        self.add(login="p_bea")
        of_bea = self.of_b.experience_ids
        with mute_logger("odoo.http"):
            for entry in (of_operator, of_bea):
                self.assertEqual(self.page(f"{self.PATH}/esperienza/{entry.id}").status_code, 404)
                self.assertEqual(self.add(entry.id).status_code, 404)
                self.assertEqual(self.post(f"{self.PATH}/esperienza/{entry.id}/togli").status_code, 404)
            self.assertEqual(self.post(f"{self.PATH}/competenza/{proved.id}/togli").status_code, 404)
            self.assertEqual(self.post(f"{self.PATH}/competenza", {"skill_id": "x"}).status_code, 404)
            self.assertEqual(self.post(f"{self.PATH}/competenza", csrf=False).status_code, 400)
        self.assertTrue(of_operator.exists() and proved.exists() and of_bea.exists())
        for model in ("citta.experience", "citta.person.skill"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.ada).search([])

    def test_the_cv_says_what_a_firm_may_read(self):
        self.experience(description="Ottanta persone", organisation="Comitato")
        self.experience(name="Segreto", on_cv=False)
        self.skill()
        self.pathway.partner_id.write({"citta_fiscal_code": "RSSMRA80A01F205X", "phone": "000-1234"})
        answer = self.page(f"{self.PATH}/pdf")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        text = self.text_of(answer.content)
        for shown in (self.ada.name, "Volunteering", "Cuoca", "Comitato", "Ottanta persone", "Baking", "Alone", "000-1234"):
            self.assertIn(shown, text)
        for hidden in ("Segreto", "RSSMRA80A01F205X", "P-East"):
            self.assertNotIn(hidden, text)

    def test_a_closed_pathway_is_read_only(self):
        self.add()
        self.close(self.pathway)
        self.assertNotIn("Add something I did", self.page(self.PATH).text)
        with mute_logger("odoo.http"):
            self.assertEqual(self.add(name="Altro").status_code, 404)
        self.assertEqual(self.page(f"{self.PATH}/pdf").status_code, 200)
