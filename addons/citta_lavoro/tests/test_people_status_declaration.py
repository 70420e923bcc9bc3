from datetime import timedelta

from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .case_common import CaseCommon


@tagged("post_install", "-at_install")
class TestStatusDeclaration(CaseCommon):
    """Several over time, never two of a kind at once, and never the wrong way round."""

    def declare(self, start=0, end=None, user=None, kind="did", **values):
        return self.env["citta.status.declaration"].with_user(user or self.operator).create({
            "pathway_id": self.pathway.id, "kind": kind, "date_start": self.today + timedelta(days=start),
            "date_end": end is not None and self.today + timedelta(days=end), **values,
        })

    def assertOverlaps(self, *args, **values):
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.declare(*args, **values)

    def test_scope(self):
        self.assertScoped(self.declare(), {"number": "X"})
        with self.assertRaises(UserError):
            self.declare(pathway_id=self.of_b.id)
        with self.assertRaises(UserError):
            self.declare(kind="psp").with_user(self.coordinator).pathway_id = self.of_b

    def test_dates_in_order(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.declare(0, -1)
        one_day = self.declare(0, 0)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            one_day.date_end = self.today - timedelta(days=1)
            one_day.flush_recordset()

    def test_two_of_a_kind_do_not_overlap(self):
        self.declare(-100, -50)
        self.declare(-10)
        for days in ((-100, -50), (-60, -40), (-120, -100), (-120, 0), (-50, -50), (-20, None), (5, 6), (400, None)):
            with self.subTest(days):
                self.assertOverlaps(*days)
        self.declare(-49, -11)
        self.declare(-200, -101)

    def test_other_kinds_and_other_people_are_free(self):
        kinds = ("did", "psp", "naspi", "adi", "sfl")
        made = [self.declare(-5, 5, kind=kind) for kind in kinds]
        theirs = self.declare(-5, 5, user=self.operator_b, pathway_id=self.of_b.id)
        self.assertEqual(len({one.kind for one in made}), len(kinds))
        self.assertTrue(theirs)
        for kind in kinds:
            self.assertOverlaps(0, 1, kind=kind)

    def test_an_overlap_by_a_change(self):
        first, second = self.declare(-10, -5), self.declare(0, 5)
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            first.date_end = self.today
            first.flush_recordset()
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            second.date_start = self.today - timedelta(days=6)
            second.flush_recordset()

    def test_the_refusal_is_a_sentence(self):
        self.declare()
        with self.assertRaises(ExclusionViolation) as caught, mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.declare()
        message = self.env["citta.status.declaration"]._sql_error_to_message(caught.exception)
        self.assertIn("end that one first", message)

    def test_status_to_the_day(self):
        item = self.declare(0, 0)
        self.assertEqual(item.state, "running")
        for start, end, state in ((1, 2, "coming"), (-2, -1, "ended"), (-2, 0, "running"), (-2, None, "running")):
            item.write({"date_start": self.today + timedelta(days=start), "date_end": end is not None and self.today + timedelta(days=end)})
            self.assertEqual(item.state, state, (start, end))

    def test_a_closed_pathway_takes_no_more(self):
        self.close(self.pathway)
        with self.assertRaises(UserError):
            self.declare()

    def test_on_the_form(self):
        with Form(self.pathway.with_user(self.operator)) as form, form.declaration_ids.new() as line:
            line.kind = "naspi"
            line.date_start = self.today
            line.authority = "INPS"
        self.assertEqual((self.pathway.declaration_ids.kind, self.pathway.declaration_ids.authority), ("naspi", "INPS"))
