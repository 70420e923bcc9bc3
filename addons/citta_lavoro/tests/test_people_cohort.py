from datetime import timedelta

from psycopg2.errors import CheckViolation, ForeignKeyViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon, CasePortalCommon


@tagged("post_install", "-at_install")
class TestCohort(CaseCommon):
    """People who go through a programme together: places, figures, and who keeps an edition."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.spring = cls._cohort("Spring").sudo()

    @classmethod
    def _cohort(cls, name, user=None, **values):
        return cls.env["citta.cohort"].with_user(user or cls.coordinator).create(
            {"name": name, "programme_id": cls.programme.id, "body_id": cls.body_a.id, **values}
        )

    def used(self, cohort=None):
        return (cohort or self.spring)._claim_used("places")

    def assertTaken(self, *numbers):
        """People in the edition as counted, and as claimed."""
        for cohort, number in zip((self.spring, *self.others), numbers, strict=True):
            cohort.invalidate_recordset()
            self.assertEqual((cohort.taken, self.used(cohort)), (number, number))

    others = ()

    # -- places ----------------------------------------------------------------

    def test_places_follow_the_people(self):
        autumn = self._cohort("Autumn")
        self.others = (autumn,)
        carla, dora = self._pathway("Carla Prova", cohort_id=self.spring.id), self._pathway("Dora Prova")
        self.assertTaken(1, 0)
        self.spring.pathway_ids = [Command.link(self.pathway.id), Command.link(dora.id)]
        self.assertTaken(3, 0)
        (carla | dora).with_user(self.operator).cohort_id = autumn
        self.assertTaken(1, 2)
        (carla | dora).with_user(self.operator).cohort_id = autumn
        self.assertTaken(1, 2)
        autumn.pathway_ids = [Command.unlink(dora.id)]
        self.assertTaken(1, 1)
        carla.unlink()
        self.assertTaken(1, 0)

    def test_a_default_takes_a_place_too(self):
        self.spring.capacity = 1
        self.close(self.pathway)
        with Form(self.env["citta.pathway"].with_user(self.operator).with_context(**self.spring.action_open_pathways()["context"])) as form:
            form.partner_id = self.pathway.partner_id
        self.assertEqual(form.record.cohort_id, self.spring)
        self.assertTaken(1)

    def test_no_more_than_there_are_places(self):
        self.spring.capacity = 2
        many = self._pathway("Carla Prova") | self._pathway("Dora Prova") | self._pathway("Elsa Prova")
        with self.assertRaisesRegex(UserError, "2 left, 3 wanted"), self.cr.savepoint():
            many.cohort_id = self.spring
        self.assertTaken(0)
        many[:2].cohort_id = self.spring
        with self.assertRaisesRegex(UserError, "0 left, 1 wanted"), self.cr.savepoint():
            self._pathway("Fina Prova", cohort_id=self.spring.id)
        with self.assertRaisesRegex(UserError, "cannot be lowered"), self.cr.savepoint():
            self.spring.capacity = 1
        self.spring.capacity = 0
        many[2:].cohort_id = self.spring
        self.assertTaken(3)

    def test_an_exit_keeps_the_place(self):
        self.spring.capacity = 1
        self.pathway.cohort_id = self.spring
        self.close(self.pathway)
        self.assertTaken(1)
        with self.assertRaisesRegex(UserError, "Ada Prova"), self.cr.savepoint():
            self.pathway.with_user(self.operator).cohort_id = False
        self.assertEqual(self.pathway.cohort_id, self.spring)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.of_b.cohort_id = self.spring

    # -- what does not fit -------------------------------------------------------

    def test_of_its_own_programme_only(self):
        west = self._pathway("Gina Prova", programme=self.programme_west)
        with self.assertRaisesRegex(ValidationError, "another programme"), self.cr.savepoint():
            west.cohort_id = self.spring
        with self.assertRaises(UserError), self.cr.savepoint():
            self.spring.with_user(self.coordinator).programme_id = self.programme_west
        self.assertTaken(0)

    def test_wrong_dates_names_and_numbers(self):
        for values, fault in (
            ({"date_end": self.spring.date_start - timedelta(days=1)}, CheckViolation), ({"capacity": -1}, CheckViolation),
        ):
            with self.assertRaises(fault), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.spring.write(values)
                self.spring.flush_recordset()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._cohort("SPRING")
        self.pathway.cohort_id = self.spring
        with self.assertRaises(ForeignKeyViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.spring.unlink()
        with self.assertRaisesRegex(UserError, "1 people are in “Spring”"), self.cr.savepoint():
            self.spring.with_user(self.coordinator).unlink()
        self.pathway.cohort_id = False
        self.spring.with_user(self.coordinator).unlink()

    def test_a_copy_has_a_name_of_its_own_and_nobody_in_it(self):
        self.pathway.cohort_id = self.spring
        copy = self.spring.with_user(self.coordinator).copy()
        self.assertEqual((copy.name, copy.taken, copy.programme_id), ("Spring (copy)", 0, self.programme))
        self.assertEqual(self.spring.with_user(self.coordinator).copy({"name": "Autumn"}).name, "Autumn")
        self.assertTaken(1)

    # -- figures -----------------------------------------------------------------

    def test_figures(self):
        (self.pathway | self.of_b | self._pathway("Carla Prova")).cohort_id = self.spring
        self.close(self.pathway)
        self.of_b.write({"state": "closed", "outcome": "moved", "closing_reason": "Roma"})
        for user in (self.operator, self.operator_b):
            seen = self.spring.with_user(user)
            self.assertEqual((seen.taken, seen.open_count, seen.closed_count, seen.work_count), (3, 1, 2, 1))

    def test_statements_of_the_list_do_not_depend_on_the_rows(self):
        def read(cohorts):
            cohorts = cohorts.with_user(self.operator)
            cohorts.read(["name"])
            self.env.invalidate_all()
            with self.assertQueryCount(5):
                cohorts.read(["name", "taken", "open_count", "closed_count", "work_count"])
        read(self.spring)
        more = self.spring
        for number in range(9):
            more |= self._cohort(f"Edition {number}")
            self._pathway(f"Persona {number}", cohort_id=more[-1].id)
        read(more)

    # -- for all of them ---------------------------------------------------------

    def test_for_all_within_reach(self):
        closed = self._pathway("Carla Prova")
        (self.pathway | self.of_b | closed).cohort_id = self.spring
        self.close(closed)
        for name in ("action_deliver", "action_invite", "action_enrol"):
            action = getattr(self.spring.with_user(self.operator), name)()
            wizard = self.env[action["res_model"]].with_user(self.operator).with_context(**action["context"]).new({})
            self.assertEqual(wizard.pathway_ids._origin, self.pathway, name)
        self.assertEqual(self.env["citta.pathway"].with_user(self.operator).search(self.spring.action_open_pathways()["domain"]), self.pathway | closed)

    def join(self, pathways, user=None, **values):
        return self.env["citta.cohort.join"].with_user(user or self.operator).create(
            {"pathway_ids": [Command.set(pathways.ids)], "cohort_id": self.spring.id, **values}
        )

    def test_joining_many(self):
        self.spring.capacity = 2
        both = self.pathway | self._pathway("Carla Prova")
        wizard = self.join(both)
        self.assertEqual(wizard.programme_id, self.programme)
        action = wizard.action_confirm()
        self.assertEqual(action["name"], wizard.cohort_id.name, "what is shown is called by the edition")
        found = self.env["citta.pathway"].search(action["domain"])
        self.assertEqual(found, both)
        with self.assertRaisesRegex(UserError, "0 left, 1 wanted"), self.cr.savepoint():
            self.join(self.of_b, self.operator_b).action_confirm()
        with self.assertRaises(UserError), self.cr.savepoint():
            self.join(both.browse()).action_confirm()
        with self.assertRaises(AccessError):
            self.join(self.of_b)
        self.assertTaken(2)

    # -- whose it is ---------------------------------------------------------------

    def test_kept_by_coordinators_known_to_the_territory(self):
        for user, reads, writes in (
            (self.coordinator, True, True), (self.operator, True, False), (self.operator_b, True, False), (self.operator_west, False, False),
        ):
            seen = self.spring.with_user(user)
            self.assertEqual((seen.has_access("read"), seen.has_access("write"), seen.has_access("unlink")), (reads, writes, writes), user.login)
        with self.assertRaises(AccessError):
            self._cohort("Theirs", self.operator)
        with self.assertRaises(AccessError):
            self._cohort("Elsewhere", programme_id=self.programme_west.id)
        with self.assertRaises(AccessError):
            self.env["citta.cohort"].with_user(self.employee).search([])

    def test_nobody_is_put_in_from_outside(self):
        with self.assertRaises(AccessError):
            self.spring.with_user(self.operator).pathway_ids = [Command.link(self.of_b.id)]
        with self.assertRaises(AccessError):
            self.of_b.with_user(self.operator).cohort_id = self.spring
        self.of_b.with_user(self.operator_b).cohort_id = self.spring
        self.assertFalse(self.spring.with_user(self.operator).pathway_ids)
        self.assertTaken(1)


@tagged("post_install", "-at_install")
class TestCohortPortal(CasePortalCommon):
    """The person."""

    def test_the_person_knows_the_own_edition_and_reads_none(self):
        cohort = self.env["citta.cohort"].create({"name": "Spring in Segrate", "programme_id": self.programme.id, "body_id": self.body_a.id})
        self.pathway.cohort_id = cohort
        self.assertIn("Spring in Segrate", self.page("/my/percorso").text)
        self.assertNotIn("Spring in Segrate", self.page("/my/percorso", "p_bea").text)
        with self.assertRaises(AccessError):
            cohort.with_user(self.ada).read(["name"])
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.ada).read(["cohort_id"])
