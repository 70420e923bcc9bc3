from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestClassification(TransactionCase):
    """Entries of official classifications."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Classification = cls.env["citta.classification"]
        cls.group = Classification.create({"scheme": "isco08", "code": "T7", "name": "Craft workers"})
        cls.baker = Classification.create({"scheme": "isco08", "code": "T7512", "name": "Bakers", "parent_id": cls.group.id})

    def test_a_code_stands_once_in_its_scheme(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.baker.copy({"code": "T7512"})
        self.assertTrue(self.baker.copy({"scheme": "esco", "parent_id": False}))

    def test_a_parent_is_of_the_same_scheme(self):
        with self.assertRaises(ValidationError):
            self.baker.scheme = "esco"

    def test_found_by_code_and_by_name(self):
        Classification = self.env["citta.classification"]
        self.assertEqual(self.baker.display_name, "T7512 Bakers")
        for text in ("T7512", "Bakers"):
            self.assertIn(self.baker.id, [found for found, _name in Classification.name_search(text)])
        self.assertEqual(Classification.search([("id", "child_of", self.group.id)]), self.group | self.baker)

    def test_everybody_reads_and_administrators_write(self):
        user = new_test_user(self.env, "c_user", groups="base.group_user")
        self.assertEqual(self.baker.with_user(user).code, "T7512")
        with self.assertRaises(AccessError):
            self.baker.with_user(user).code = "1"
        administrator = new_test_user(self.env, "c_admin", groups="citta_lavoro.group_citta_administrator")
        self.baker.with_user(administrator).name = "Bakers and pastry cooks"
        self.assertEqual(self.baker.name, "Bakers and pastry cooks")

    def test_the_seed_is_sound(self):
        """What ships: codes of the right form, below their major group, and a correspondence that leads somewhere."""
        shipped = {
            scheme: self.env["citta.classification"].search([("scheme", "=", scheme), ("id", "not in", (self.group | self.baker).ids)])
            for scheme in ("cp2021", "isco08", "esco")
        }
        units = shipped["cp2021"].filtered("parent_id")
        self.assertEqual(sorted((shipped["cp2021"] - units).mapped("code")), list("123456789"))
        for unit in units:
            self.assertRegex(unit.code, r"^[1-9](\.\d){4}$")
            self.assertEqual(unit.parent_id.code, unit.code[0])
            self.assertEqual(unit.crosswalk_ids.mapped("scheme"), ["isco08"], unit.code)
        for entry in shipped["isco08"].filtered("parent_id"):
            self.assertRegex(entry.code, r"^\d{4}$")
            self.assertEqual(entry.parent_id.code, entry.code[0])
        for skill in shipped["esco"]:
            self.assertEqual(skill.uri, f"http://data.europa.eu/esco/skill/{skill.code}")

    def test_a_correspondence_leads_to_another_scheme_both_ways(self):
        cook = self.env.ref("citta_lavoro.classification_cp2021_5_2_2_1_0")
        self.assertEqual(cook.crosswalk_ids.code, "5120")
        self.assertIn(cook, cook.crosswalk_ids.crosswalk_from_ids)
        with self.assertRaises(ValidationError):
            self.baker.crosswalk_ids = self.group

    def test_a_machines_key_is_not_shown(self):
        skill = self.env.ref("citta_lavoro.classification_esco_f3934441")
        self.assertEqual(skill.display_name, "use cooking techniques")
        self.assertIn(skill.id, [found for found, _name in self.env["citta.classification"].name_search("f3934441")])
