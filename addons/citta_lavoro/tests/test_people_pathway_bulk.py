from datetime import date

from psycopg2.errors import NotNullViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase

FOLLOWS = ("territory_id", "age_class", "date_planned_end", "state", "stage_id", "date_start", "attendance_rate", "is_absence_risk")


@tagged("post_install", "-at_install")
class TestPathwayBulk(PeopleCase):
    """Many pathways opened at once are what they would be one by one, and cost a number of statements that their number does not change."""

    def persons(self, count, **values):
        return self.env["res.partner"].create([
            {"name": f"Persona {place}", "citta_no_fiscal_code_reason": "not_given", "citta_birth_date": date(1960 + place, 5, 4), **values}
            for place in range(count)
        ])

    def values(self, persons, **values):
        return [{"partner_id": person.id, "programme_id": self.programme.id, "body_id": self.body_a.id, **values} for person in persons]

    def open(self, persons, user=None, **values):
        return self.env["citta.pathway"].with_user(user or self.env.user).create(self.values(persons, **values))

    def test_many_are_as_one_by_one(self):
        persons, others = self.persons(12), self.persons(12)
        many = self.open(persons, self.administrator, date_start="2025-02-28")
        single = self.env["citta.pathway"].union(*(self.open(one, self.administrator, date_start="2025-02-28") for one in others))
        self.env.invalidate_all()
        for name in FOLLOWS:
            self.assertEqual([one[name] for one in many], [one[name] for one in single], name)
        self.assertEqual(many.territory_id, self.east)
        self.assertEqual(set(many.mapped("age_class")), {"55_64", "45_54"})
        self.assertTrue(all(many.mapped("date_planned_end")))

    def test_what_follows_is_what_the_computes_say(self):
        pathways = self.open(self.persons(4))
        before = pathways.read(FOLLOWS)
        for name in ("territory_id", "age_class", "date_planned_end", "attendance_rate"):
            self.env.add_to_compute(pathways._fields[name], pathways)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(pathways.read(FOLLOWS), before)

    def test_rows_of_different_fields_have_defaults_of_their_own(self):
        first, second = self.persons(2)
        [values], [fewer] = self.values(first, date_start="2025-01-01", referent_id=False), self.values(second)
        told, untold = self.env["citta.pathway"].with_user(self.administrator).create([values, fewer])
        self.assertEqual((told.date_start, told.referent_id.id), (date(2025, 1, 1), False))
        self.assertEqual((untold.date_start, untold.referent_id), (self.today, self.administrator))

    def test_what_follows_is_nobodys_to_say(self):
        pathway = self.open(self.persons(1), date_start="2025-01-01", territory_id=self.west.id, age_class="under_18", date_planned_end="2099-01-01")
        self.assertEqual((pathway.territory_id, pathway.age_class), (self.east, "55_64"))
        self.assertLess(pathway.date_planned_end, date(2099, 1, 1))
        with self.assertRaises(ValueError):
            self.open(self.persons(1), __complete__=True)

    def test_extended_from_the_start(self):
        pathway = self.open(self.persons(1), date_start=self.today, suspension_ids=[Command.create({
            "kind": "extension", "reason": "other", "date_planned": self.today.replace(year=self.today.year + 1, day=28),
        })])
        self.assertEqual(pathway.date_planned_end, max(pathway._get_term(), pathway.suspension_ids.date_planned))

    def test_without_what_is_needed(self):
        [person] = self.persons(1)
        for name in ("date_start", "programme_id"):
            with self.assertRaises(NotNullViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.open(person, **{name: False})

    def test_statements_do_not_grow(self):
        self.open(self.persons(2))
        for count in (3, 30):
            persons = self.persons(count)
            self.env.flush_all()
            self.env.invalidate_all()
            # nine of the pathway and the person; six look up what else is hidden with the person
            with self.assertQueryCount(15):
                self.open(persons)

    # -- care ----------------------------------------------------------------

    def test_all_come_under_the_care_of_the_body(self):
        persons = self.persons(5)
        persons[0].active = False
        self.open(persons)
        self.assertTrue(all(persons.mapped("citta_is_person")))
        self.assertEqual((persons.citta_body_id, persons.citta_territory_id), (self.body_a, self.east))
        self.assertEqual(self.env["res.partner"].with_user(self.operator).search_count([("id", "in", persons.ids)]), 4)

    def test_one_who_may_not_stops_all(self):
        elsewhere = self._pathway("Bea Prova", self.body_b, self.programme_west).partner_id
        working = self.operator.partner_id
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        for wrong in (elsewhere, working, firm):
            persons = self.persons(3)
            with self.subTest(wrong.name), self.assertRaises(UserError), self.cr.savepoint():
                self.open(persons | wrong)
            self.env.invalidate_all()
            self.assertFalse(persons.citta_body_id or any(persons.mapped("citta_is_person")))
        self.assertEqual(elsewhere.citta_body_id, self.body_b)

    def test_special_data_follow_the_person(self):
        persons = self.persons(2)
        self.open(persons)
        special = self.env["citta.person.sensitive"].create([{"partner_id": person.id} for person in persons])
        pathways = self.env["citta.pathway"].search([("partner_id", "in", persons.ids)])
        self.env["citta.privacy.deed"].create({"partner_id": self.body_b.id, "reference": "1/2026"})
        pathways.with_user(self.coordinator).write({"body_id": self.body_b.id})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(special.body_id, self.body_b)

    def test_out_of_reach(self):
        persons = self.persons(2)
        self._pathway("Bea Prova", self.body_b)
        hidden = self.env["citta.pathway"].search([("body_id", "=", self.body_b.id)], limit=1).partner_id
        with self.assertRaises(AccessError):
            self.open(persons | hidden, self.operator)
