from psycopg2.errors import CheckViolation, ForeignKeyViolation, UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestProgramme(PeopleCase):
    """A programme's phases, funders, codes, retention and company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phase, cls.phase_west = cls.env["citta.programme.phase"].create([
            {"name": "First", "programme_id": programme.id, "date_start": "2024-01-01"}
            for programme in (cls.programme, cls.programme_west)
        ])

    def assertRefused(self, kind, deed):
        """The database refuses the deed, and the transaction goes on."""
        with self.assertRaises(kind), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            deed()
            self.env.flush_all()

    def funder(self, **values):
        return self.env["citta.programme.funder"].create(
            {"programme_id": self.programme.id, "partner_id": self.body_a.id, "phase_id": self.phase.id, **values}
        )

    # -- phases and funders ------------------------------------------------------

    def test_a_phase_cannot_end_before_it_starts(self):
        self.assertRefused(CheckViolation, lambda: self.phase.write({"date_end": "2023-12-31"}))
        self.phase.date_end = "2024-01-01"
        self.env.flush_all()

    def test_phases_stand_in_the_order_of_time(self):
        later = self.env["citta.programme.phase"].create(
            {"name": "Zero", "programme_id": self.programme.id, "date_start": "2023-06-01"}
        )
        self.programme.invalidate_recordset()
        self.assertEqual(self.programme.phase_ids, later | self.phase)

    def test_a_funder_pays_in_a_phase_of_the_same_programme(self):
        with self.assertRaises(ValidationError):
            self.funder(phase_id=self.phase_west.id)
        funder = self.funder()
        with self.assertRaises(ValidationError):
            funder.programme_id = self.programme_west
        self.assertTrue(self.funder(phase_id=False))

    def test_a_phase_may_not_move_away_from_its_funders(self):
        """The rule holds from the phase's side too, or it is no rule."""
        self.funder()
        with self.assertRaises(ValidationError):
            self.phase.programme_id = self.programme_west

    def test_a_funder_never_takes_money(self):
        self.assertRefused(CheckViolation, lambda: self.funder(amount=-0.01))
        self.assertEqual(self.funder(amount=0).amount, 0)

    def test_a_funder_has_the_name_of_who_pays(self):
        self.assertEqual(self.funder().display_name, self.body_a.name)

    def test_a_phase_with_funders_stays(self):
        self.funder()
        self.assertRefused(ForeignKeyViolation, self.phase.unlink)

    # -- codes, dates, retention -------------------------------------------------

    def test_codes_of_programmes_are_unique(self):
        self.assertRefused(UniqueViolation, lambda: self.programme_west.write({"code": self.programme.code}))
        self.programme.active = False
        self.assertRefused(UniqueViolation, lambda: self.programme_west.write({"code": self.programme.code}))

    def test_codes_of_territories_are_unique(self):
        self.assertRefused(UniqueViolation, lambda: self.west.write({"code": self.east.code}))
        self.west.name = self.east.name  # names are no keys: two provinces may have a namesake
        self.env.flush_all()

    def test_a_territory_with_programmes_stays(self):
        self.assertRefused(ForeignKeyViolation, self.east.unlink)

    def test_a_programme_ends_on_its_first_day_at_the_earliest(self):
        self.assertRefused(CheckViolation, lambda: self.programme.write({"date_end": "2023-12-31"}))
        self.programme.date_end = self.programme.date_start
        self.env.flush_all()

    def test_retention_is_a_month_at_least(self):
        for values in ({"retention_months": 0}, {"retention_months": -1}, {"retention_notice_days": -1}):
            self.assertRefused(CheckViolation, lambda values=values: self.programme.write(values))
        self.programme.write({"retention_months": 1, "retention_notice_days": 0})
        self.env.flush_all()

    def test_retention_has_a_start_value(self):
        self.assertEqual((self.programme.retention_months, self.programme.retention_notice_days), (24, 30))

    # -- who -----------------------------------------------------------------------

    def test_only_the_administrator_sets_up(self):
        for user in (self.employee, self.operator, self.coordinator):
            for record, values in (
                (self.programme, {"name": "x"}), (self.phase, {"name": "x"}), (self.east, {"name": "x"}),
                (self.funder(), {"amount": 1}), (self.programme, {"retention_months": 999}),
            ):
                with self.subTest(user=user.login, model=record._name), self.assertRaises(AccessError):
                    record.with_user(user).write(values)
        self.programme.with_user(self.administrator).write({"name": "Renamed", "retention_months": 36})
        self.assertEqual(self.programme.retention_months, 36)

    def test_a_programme_of_another_company_is_hidden(self):
        other = self.env["res.company"].create({"name": "Another company"})
        self.programme_west.company_id = other
        self.programme.company_id = False
        for user in (self.employee, self.coordinator, self.administrator):
            seen = self.env["citta.programme"].with_user(user).search([("id", "in", (self.programme | self.programme_west).ids)])
            self.assertEqual(seen, self.programme, user.login)
            with self.assertRaises(AccessError):
                self.programme_west.with_user(user).read(["name"])

    def test_both_companies_show_both_programmes(self):
        other = self.env["res.company"].create({"name": "Another company"})
        self.programme_west.company_id = other
        self.coordinator.company_ids = [Command.link(other.id)]
        both = self.programme | self.programme_west
        Programme = self.env["citta.programme"].with_user(self.coordinator)
        companies = (self.coordinator.company_id | other).ids
        self.assertEqual(Programme.with_context(allowed_company_ids=companies).search([("id", "in", both.ids)]), both)
        self.assertEqual(Programme.with_context(allowed_company_ids=other.ids).search([("id", "in", both.ids)]), self.programme_west)

    # -- indicators ------------------------------------------------------------------

    def test_an_unknown_source_is_refused(self):
        with self.assertRaises(ValidationError):
            self.env["citta.kpi"].create({"name": "x", "programme_id": self.programme.id, "source": "no_such_source"})

    def test_the_source_of_an_addon_that_is_gone_shows_zero(self):
        """An indicator outlives the addon that counted it; the dashboard must still open."""
        kpi = self.env["citta.kpi"].create(
            {"name": "x", "programme_id": self.programme.id, "source": "people_contacted", "target": 3}
        )
        self.env.flush_all()
        self.env.cr.execute("UPDATE citta_kpi SET source = 'gone' WHERE id = %s", [kpi.id])
        kpi.invalidate_recordset()
        [row] = kpi.with_user(self.coordinator).web_read({"actual": {}, "progress": {}, "actual_label": {}, "icon": {}, "source": {}})
        self.assertEqual((row["actual"], row["progress"], row["actual_label"], row["source"]), (0, 0, "0", "gone"))
        self.assertFalse(kpi.with_user(self.coordinator).action_open_source())

    def test_a_programme_measures_a_thing_once(self):
        values = {"name": "x", "source": "people_contacted"}
        self.env["citta.kpi"].create({**values, "programme_id": self.programme.id})
        self.assertRefused(UniqueViolation, lambda: self.env["citta.kpi"].create({**values, "programme_id": self.programme.id}))
        self.assertTrue(self.env["citta.kpi"].create({**values, "programme_id": self.programme_west.id}))

    def test_a_target_is_never_negative(self):
        self.assertRefused(CheckViolation, lambda: self.env["citta.kpi"].create(
            {"name": "x", "programme_id": self.programme.id, "source": "people_contacted", "target": -1}
        ))
