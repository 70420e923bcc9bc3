import json
from importlib import resources

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

MUNICIPALITIES = ("pioltello", "rodano", "segrate", "vimodrone")


@tagged("post_install", "-at_install")
class TestTerritory(TransactionCase):
    """Territories, municipalities and who sees the persons in them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner, Territory = cls.env["res.partner"], cls.env["citta.territory"]
        cls.body, cls.other_body = Partner.create([
            {"name": name, "is_company": True, "citta_body_kind": "social_cooperative"} for name in ("Body A", "Body B")
        ])
        cls.territory, cls.other_territory = Territory.create(
            [{"name": "East", "code": "t-east"}, {"name": "West", "code": "t-west"}]
        )
        cls.person, cls.foreign, cls.distant = Partner.create([
            {"name": "Own", "citta_is_person": True, "citta_body_id": cls.body.id, "citta_territory_id": cls.territory.id},
            {"name": "Of B", "citta_is_person": True, "citta_body_id": cls.other_body.id, "citta_territory_id": cls.territory.id},
            {"name": "West", "citta_is_person": True, "citta_body_id": cls.body.id, "citta_territory_id": cls.other_territory.id},
        ])
        cls.people = cls.person | cls.foreign | cls.distant

    def user(self, role):
        return new_test_user(
            self.env, f"scope_{role}", groups=f"citta_lavoro.group_citta_{role}",
            citta_body_ids=[Command.set(self.body.ids)], citta_territory_ids=[Command.set(self.territory.ids)],
        )

    def visible(self, user):
        return self.env["res.partner"].with_user(user).search([("id", "in", self.people.ids)])

    def test_codes_agree_with_an_independent_list(self):
        """``python-codicefiscale`` carries the revenue agency's list of Belfiore codes."""
        text = resources.files("codicefiscale").joinpath("data/municipalities.json").read_text(encoding="utf-8")
        listed = {(entry["code"], entry["name"]) for entry in json.loads(text) if entry.get("active")}
        for name in MUNICIPALITIES:
            city = self.env.ref(f"citta_lavoro.city_{name}")
            self.assertIn((city.citta_belfiore_code, name.title()), listed)

    def test_operator_sees_people_of_own_body_and_territory(self):
        self.assertEqual(self.visible(self.user("operator")), self.person)

    def test_coordinator_sees_people_of_the_territory(self):
        self.assertEqual(self.visible(self.user("coordinator")), self.person | self.foreign)

    def test_administrator_sees_everybody(self):
        self.assertEqual(self.visible(self.user("administrator")), self.people)

    def test_other_roles_see_no_person(self):
        for role in ("reviewer", "observatory_editor", "network_manager"):
            self.assertFalse(self.visible(self.user(role)), role)

    def test_hidden_person_cannot_be_read_by_id_either(self):
        operator = self.user("operator")
        with self.assertRaises(AccessError):
            self.foreign.with_user(operator).read(["name"])
        self.assertFalse(self.env["res.partner"].with_user(operator).name_search("Of B"))

    def test_scope_taken_away_holds_at_once(self):
        operator = self.user("operator")
        self.assertTrue(self.visible(operator))
        operator.citta_territory_ids = [Command.clear()]
        self.assertFalse(self.visible(operator))

    def test_users_cannot_widen_their_own_scope(self):
        operator = self.user("operator")
        with self.assertRaises(AccessError):
            operator.with_user(operator).write({"citta_territory_ids": [Command.link(self.other_territory.id)]})
        with self.assertRaises(AccessError):
            self.other_territory.with_user(operator).write({"user_ids": [Command.link(operator.id)]})

    def test_codes_are_checked_and_unique(self):
        city = self.env.ref("citta_lavoro.city_pioltello")
        for values in ({"citta_istat_code": "15175"}, {"citta_belfiore_code": "686G"}):
            with self.assertRaises(ValidationError):
                city.write(values)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env.ref("citta_lavoro.city_rodano").citta_istat_code = city.citta_istat_code
            self.env.flush_all()

    def test_programme_cannot_end_before_it_starts(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.env["citta.programme"].create({
                "name": "P", "code": "p", "territory_id": self.territory.id, "lead_partner_id": self.body.id,
                "date_start": "2030-01-01", "date_end": "2029-12-31",
            })
