import re
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import FundCommon
from .test_fund_page import WebCommon

SETTLED = "odoo.addons.citta_fund.models.fund_summary.SETTLED"


@tagged("post_install", "-at_install")
class TestFundSummary(FundCommon):
    """Sums by month beside the ledger: the same figures, whatever happens to summed entries."""

    def setUp(self):
        super().setUp()
        # an hour old, as far as the sums are concerned
        self.startPatcher(patch(SETTLED, -60))

    def build(self):
        """Sum all that is there."""
        self.env["citta.fund.summary"]._build(self.fund)

    def assert_same(self, received, matched=0):
        """Figures, months and the check agree."""
        figures = self.figures()
        self.assertEqual((figures["received"], figures["matched"]), (received, matched))
        months = self.fund._get_month_figures().values()
        self.assertAlmostEqual(sum(month["received"] for month in months), received)
        rows = self.env["citta.fund.check"]._run(self.company)
        self.assertFalse([(row.code, row.findings) for row in rows if not row.is_ok])

    def test_sums_and_what_came_after_them(self):
        self.post(40.1)
        self.post(1000, self.district)
        self.build()
        self.assertTrue(self.fund.summary_mark)
        self.assertEqual(self.env["citta.fund.summary"].search_count([("fund_id", "=", self.fund.id)]), 2)
        self.assert_same(1040.1, 1000)
        self.post(10)
        self.assert_same(1050.1, 1000)
        self.build()
        self.assert_same(1050.1, 1000)

    def test_undone_and_refunded_gifts_leave_the_sums(self):
        first, second = self.post(1000, self.district), self.post(20)
        self.build()
        second.action_refund()
        self.assert_same(1000, 1000)
        self.assertTrue(self.fund.summary_mark, "a counter-entry is new")
        first.action_undo()
        self.assertFalse(self.fund.summary_mark, "summed items have gone")
        self.assert_same(0)
        self.build()
        self.assert_same(0)

    def test_what_changes_under_a_build_runs_into_it(self):
        """A build that is not committed yet has a mark that nobody sees: whoever changes old items changes its row, too."""
        gift = self.post(40)

        def row():
            self.env.flush_all()
            self.env.cr.execute("SELECT ctid::text FROM citta_fund WHERE id = %s", [self.fund.id])
            return self.env.cr.fetchone()

        before = row()
        self.assertFalse(self.fund.summary_mark)
        gift.action_undo()
        self.assertNotEqual(row(), before)

    def test_the_check_bites(self):
        self.post(40)
        self.build()
        self.env.cr.execute("UPDATE citta_fund_summary SET balance = balance - 1 WHERE fund_id = %s", [self.fund.id])
        broken = self.env["citta.fund.check"]._run(self.company).filtered(lambda row: not row.is_ok)
        self.assertIn("summary_equals_ledger", broken.mapped("code"))

    def test_young_items_wait(self):
        with patch(SETTLED, 60):
            self.post(40)
            self.build()
            self.assertFalse(self.env["citta.fund.summary"].search_count([("fund_id", "=", self.fund.id)]))
            self.assert_same(40)

    def test_nobody_writes_them(self):
        self.post(40)
        self.build()
        summary = self.env["citta.fund.summary"].search([("fund_id", "=", self.fund.id)])
        for user in (self.officer, self.treasurer, self.fund_admin, self.auditor, self.operator):
            for right in ("write", "create", "unlink"):
                self.assertFalse(summary.with_user(user).has_access(right))
        with self.assertRaises(AccessError):
            summary.with_user(self.officer).read(["balance"])
        self.assertEqual(self.fund.with_user(self.operator)._get_figures()[self.fund.id]["received"], 40, "totals are everybody's")


@tagged("post_install", "-at_install")
class TestTransparency(WebCommon):
    """By month, and on other sites; small numbers stay hidden."""

    def give(self, date, count):
        """So many gifts on a day."""
        for _n in range(count):
            line = self.bank_line(10, date=date)
            self.env["citta.donation"]._post_from_statement_line(line, vals={"partner_id": self.citizen.id})

    def test_months_and_their_small_numbers(self):
        self.give("2026-01-10", 6)
        self.give("2026-02-10", 2)
        self.give("2026-03-10", 5)
        rows = self.get_page("/fondo/prova").xpath("//table[@id='months']/tbody/tr")
        cells = [[re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row] for row in rows]
        self.assertEqual([row[0] for row in cells], ["March 2026", "February 2026", "January 2026"])
        self.assertEqual([row[4] for row in cells], ["few", "few", "6"], "13 less 6 and 5 would give the 2 away")
        self.assertEqual([float(re.sub(r"[^\d.]", "", row[1])) for row in cells], [50, 20, 60])

    def test_old_months_are_one_row(self):
        for month in range(1, 15):
            self.give(f"{2024 + (month - 1) // 12}-{(month - 1) % 12 + 1:02}-05", 1)
        months = self.fund._get_public_months()
        self.assertEqual((len(months["months"]), months["months"][-1]["received"]), (13, 20))
        self.assertEqual(sum(row["received"] for row in months["months"]), 140)

    def test_embedded_figures_are_the_pages(self):
        self.give("2026-03-10", 1)
        page, embedded = self.get_page("/fondo/prova"), self.url_open("/fondo/prova/riquadro")
        self.assertIn("/fondo/prova/riquadro", page.get_element_by_id("embed").text_content())
        self.assertIn("frame-ancestors *", embedded.headers["Content-Security-Policy"])
        self.assertNotIn("X-Frame-Options", embedded.headers)
        self.assertEqual(self.figure(self.get_page("/fondo/prova/riquadro"), "figure_received"), 10)
        self.assertEqual(self.url_open("/fondo/altro/riquadro").status_code, 404)

    def test_number_of_queries_does_not_grow(self):
        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.fund._get_public_values()
            return self.env.cr.sql_log_count - before

        self.give("2026-03-10", 2)
        queries()
        few = queries()
        self.give("2026-03-11", 8)
        self.assertLessEqual(queries(), few + 1)
        self.assertLessEqual(few, 15)
