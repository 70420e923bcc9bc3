from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .test_people_curriculum import CurriculumCommon


@tagged("post_install", "-at_install")
class TestHrSkill(CurriculumCommon):
    """The official code stands with the skill; every person's entry takes it from there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cooking = cls.env.ref("citta_lavoro.classification_esco_f3934441")
        cls.hygiene = cls.env.ref("citta_lavoro.classification_esco_0ff99f51")

    def test_entries_take_the_code_of_their_skill(self):
        self.baking.citta_classification_id = self.cooking
        skill = self.skill()
        self.assertEqual(skill.classification_id, self.cooking)
        skill.classification_id = self.hygiene
        self.baking.citta_classification_id = False
        self.assertEqual(skill.classification_id, self.hygiene)
        self.assertEqual(self.skill(skill_id=self.email.id, level_id=False, level_before_id=False).classification_id, self.cooking.browse())

    def test_french_is_a_language_and_no_country(self):
        self.env["res.lang"]._activate_lang("it_IT")
        french = self.env.ref("hr_skills.hr_skill_french").with_context(lang="it_IT")
        for written, shown in (("Francia", "Francese"), ("Francese del Québec", "Francese del Québec")):
            french.name = written
            self.env["hr.skill"]._citta_know_languages()
            self.assertEqual(french.name, shown)

    def test_another_code_may_be_said_at_once(self):
        self.baking.citta_classification_id = self.cooking
        self.assertEqual(self.skill(classification_id=self.hygiene.id).classification_id, self.hygiene)

    def test_a_sector_is_no_skill(self):
        sector = self.env["citta.classification"].create({"scheme": "ateco2025", "code": "56.99", "name": "Sector"})
        with self.assertRaises(ValidationError):
            self.baking.citta_classification_id = sector

    def test_administrators_keep_the_list(self):
        with Form(self.baking.with_user(self.administrator)) as form:
            form.citta_classification_id = self.cooking
        self.assertEqual(self.baking.citta_classification_id, self.cooking)
        for user in (self.operator, self.coordinator, self.employee):
            with self.assertRaises(AccessError):
                self.baking.with_user(user).citta_classification_id = self.hygiene

    def test_what_has_no_code_yet(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.hr_skill_action")
        self.assertEqual(action["res_model"], "hr.skill")
        found = self.env["hr.skill"].search([("citta_classification_id", "=", False), ("skill_type_id.citta_kind", "not in", ["language", "driving"])])
        self.assertIn(self.baking, found)
        self.assertNotIn(self.env.ref("citta_lavoro.skill_italian"), found)
