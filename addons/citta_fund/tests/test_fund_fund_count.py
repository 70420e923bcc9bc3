from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import FundCommon

SETTLED = "odoo.addons.citta_fund.models.fund_count.SETTLED"
SUMMARY_SETTLED = "odoo.addons.citta_fund.models.fund_summary.SETTLED"


@tagged("post_install", "-at_install")
class TestFundCount(FundCommon):
    """Numbers of gifts by month: those of the gifts, whatever happens to counted ones."""

    def setUp(self):
        super().setUp()
        # an hour old, as far as the numbers are concerned
        self.startPatcher(patch(SETTLED, -60))

    def build(self):
        """Count all that is there."""
        self.env["citta.fund.count"]._build(self.fund)

    def assert_count(self, number, is_counted=True):
        """What is shown is what there is, and every invariant holds."""
        counts = self.env["citta.fund.count"]._read(self.fund)
        gifts = self.env["citta.donation"].search([("fund_id", "=", self.fund.id)]).filtered(lambda gift: gift.state in ("posted", "receipted"))
        self.assertEqual((sum(counts.values()), len(gifts)), (number, number))
        self.assertEqual({month.replace(day=1) for month in gifts.mapped("date_received")}, set(counts))
        self.assertEqual(bool(self.fund.count_mark), is_counted)
        rows = self.env["citta.fund.check"]._run(self.company)
        self.assertFalse([(row.code, row.findings) for row in rows if not row.is_ok])

    def test_counted_ones_and_what_came_after_them(self):
        self.post(5, wants_receipt=True)
        self.post(7)
        self.assert_count(2, is_counted=False)
        self.build()
        self.assert_count(2)
        with patch(SETTLED, 60):
            self.post(9)
        self.assert_count(3)

    def test_whatever_leaves_or_comes_back_drops_the_mark(self):
        gift, other = self.post(5, wants_receipt=True), self.post(7)
        late = self.env["citta.donation"].create({"fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 3, "means": "cash", "date_received": "2026-02-01"})
        for step, number in ((gift.action_refund, 1), (gift.action_undo_refund, 2), (other.action_undo, 1), (late.action_post, 2)):
            with self.subTest(step.__name__):
                self.build()
                step()
                self.assert_count(number, is_counted=False)
        self.build()
        gift.receipt_id._void("x")
        self.assert_count(2)

    def test_young_gifts_wait(self):
        with patch(SETTLED, 60):
            self.post(5)
            self.build()
            self.assert_count(1, is_counted=False)

    def test_a_long_posting_carries_no_younger_gift_with_it(self):
        """Who began first may take the later number: what others posted meanwhile is not settled yet, and leaves without a word."""
        _old, young, long = self.post(5), self.post(7), self.post(9)
        self.env.flush_all()
        for table, ids in (("citta_donation", young.ids), ("account_move_line", young.move_id.line_ids.ids)):
            self.env.cr.execute(SQL("UPDATE %s SET create_date = create_date + interval '1 day' WHERE id IN %s", SQL.identifier(table), tuple(ids)))
        self.env.invalidate_all()
        with patch(SUMMARY_SETTLED, -60):
            self.build()
            self.env["citta.fund.summary"]._build(self.fund)
            self.assertLess(self.fund.count_mark, young.id)
            self.assertLess(self.fund.summary_mark, min(young.move_id.line_ids.filtered("citta_nature").ids))
            self.assertLess(young.id, long.id)
            young.action_undo()
        self.assert_count(2)

    def test_what_changes_under_a_build_runs_into_it(self):
        gift = self.post(5)

        def row():
            self.env.flush_all()
            self.env.cr.execute("SELECT ctid::text FROM citta_fund WHERE id = %s", [self.fund.id])
            return self.env.cr.fetchone()

        before = row()
        self.env["citta.fund.count"]._drop(gift)
        self.assertNotEqual(row(), before)

    def test_the_check_bites(self):
        self.post(5)
        self.build()
        self.env.cr.execute("UPDATE citta_fund_count SET gifts = gifts + 1 WHERE fund_id = %s", [self.fund.id])
        broken = self.env["citta.fund.check"]._run(self.company).filtered(lambda row: not row.is_ok)
        self.assertEqual(broken.mapped("code"), ["counts_equal_gifts"])

    def test_nobody_writes_them(self):
        self.post(5)
        self.build()
        count = self.env["citta.fund.count"].search([("fund_id", "=", self.fund.id)])
        for user in (self.officer, self.treasurer, self.fund_admin, self.auditor, self.operator):
            for right in ("write", "create", "unlink"):
                self.assertFalse(count.with_user(user).has_access(right))
        with self.assertRaises(UserError):
            self.fund.with_user(self.fund_admin).count_mark = 0
