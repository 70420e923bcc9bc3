from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestTaxProfile(FundCommon):

    def setUp(self):
        super().setUp()
        self.profile = self.company.citta_tax_profile_ids

    def make_profile(self, valid_from, valid_to=False, **vals):
        """Another profile of the same issuer, once the former has been saved."""
        self.env.flush_all()
        return self.env["citta.tax.profile"].create({
            "company_id": self.company.id, "legal_form": "aps", "valid_from": valid_from, "valid_to": valid_to, "may_issue": True, **vals,
        })

    def gift_on(self, date, amount=10):
        """A gift that came on a day and wants its receipt."""
        line = self.bank_line(amount, date=date).with_user(self.treasurer)
        return self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(
            line, vals={"partner_id": self.citizen.id, "wants_receipt": True}
        )

    def broken(self):
        """What the standing checks find."""
        return self.env["citta.fund.check"]._run(self.company).filtered(lambda row: not row.is_ok).mapped("code")

    def test_overlaps_are_refused(self):
        self.profile.write({"valid_from": "2026-01-01", "valid_to": "2026-06-30"})
        spans = [("2026-06-30", False), ("2025-01-01", "2026-01-01"), ("2026-02-01", "2026-02-01"), ("2020-01-01", False)]
        for span in spans:
            with self.subTest(span=span), mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.make_profile(*span)
        self.make_profile("2026-07-01")
        self.make_profile("2020-01-01", "2025-12-31")
        self.assertEqual(self.env["citta.tax.profile"].search_count([("company_id", "=", self.company.id)]), 3)

    def test_another_issuer_has_its_own(self):
        company = self.env["res.company"].sudo().create({"name": "Other invented body"})
        other = self.env["citta.tax.profile"].sudo().create({"company_id": company.id, "legal_form": "public", "valid_from": "2020-01-01"})
        find = self.env["citta.tax.profile"].sudo()._get_at
        self.assertEqual((find(company, "2026-03-01"), find(self.company, "2026-03-01")), (other, self.profile))

    def test_profile_does_not_end_before_it_starts(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.profile.write({"valid_to": "2019-12-31"})
            self.env.flush_all()

    def test_gap_gives_no_receipt(self):
        self.profile.valid_to = "2026-02-28"
        self.make_profile("2026-03-02")
        gifts = [self.gift_on(date) for date in ("2026-02-28", "2026-03-01", "2026-03-02")]
        self.assertEqual([bool(gift.receipt_id) for gift in gifts], [True, False, True])
        self.assertRegex(gifts[1].receipt_obstacle, "tax profile")
        self.assertEqual([gift.receipt_id.number for gift in gifts], [1, 0, 2])
        self.assertEqual(self.broken(), [])

    def test_closed_gap_allows_the_receipt(self):
        self.profile.valid_to = "2026-02-28"
        gift = self.gift_on("2026-03-01")
        with self.assertRaisesRegex(UserError, "tax profile"):
            gift.action_issue_receipt()
        self.make_profile("2026-03-01")
        gift.invalidate_recordset()
        gift.action_issue_receipt()
        self.assertEqual((gift.receipt_id.number, gift.state), (1, "receipted"))

    def test_status_changes_with_the_year(self):
        self.profile.write({"valid_to": "2025-12-31", "may_issue": False})
        self.make_profile("2026-01-01", runts_number="77")
        last, first = self.gift_on("2025-12-31"), self.gift_on("2026-01-01")
        self.assertFalse(last.receipt_id, "the day of the payment counts, not that of issue")
        self.assertIn("77", first.receipt_id.issuer_register)

    def test_receipts_keep_the_profile_of_their_day(self):
        self.profile.footer = "First foot"
        receipt = self.gift_on("2026-03-01").receipt_id
        register = receipt.issuer_register
        self.profile.write({"footer": "Second foot", "runts_number": "999"})
        self.assertEqual((receipt.footer, receipt.issuer_register), ("First foot", register))
        self.assertIn("999", self.gift_on("2026-03-01").receipt_id.issuer_register)

    def test_only_the_administrator_changes_them(self):
        for user in (self.officer, self.treasurer, self.auditor):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.profile.with_user(user).write({"may_issue": False})
        with self.assertRaises(AccessError):
            self.profile.with_user(self.operator).read(["legal_form"])
        self.profile.with_user(self.fund_admin).write({"may_issue": False})
        self.assertTrue(self.gift_on("2026-03-01").receipt_obstacle)

    # -- numbers over the end of the year ------------------------------------

    def test_numbers_start_anew_each_year(self):
        names = []
        for today in ("2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02"):
            with freeze_time(f"{today} 12:00:00"):
                names.append(self.gift_on("2026-12-30").receipt_id.name)
        self.assertEqual(names, ["2026/00001", "2026/00002", "2027/00001", "2027/00002"])
        self.assertEqual(self.broken(), [])

    def test_payment_of_december_on_a_receipt_of_january(self):
        with freeze_time("2027-01-07 12:00:00"):
            receipt = self.gift_on("2026-12-31").receipt_id
        self.assertEqual((receipt.year, str(receipt.date), str(receipt.date_payment)), (2027, "2027-01-07", "2026-12-31"))

    def test_year_is_that_of_the_treasurers_clock(self):
        self.treasurer.tz = "Europe/Rome"
        years = []
        for now in ("2026-12-31 22:30:00", "2026-12-31 23:30:00"):
            with freeze_time(now):
                years.append(self.gift_on("2026-12-30").receipt_id.year)
        self.assertEqual(years, [2026, 2027])

    def test_reissue_in_the_new_year_leaves_no_gap(self):
        with freeze_time("2026-12-31 12:00:00"):
            gift = self.gift_on("2026-12-31")
            first = gift.receipt_id
        with freeze_time("2027-01-08 12:00:00"):
            second = first.with_user(self.treasurer)._reissue("Mistyped")
            third = self.gift_on("2026-12-31").receipt_id
        self.assertEqual([one.name for one in (first, second, third)], ["2026/00001", "2027/00001", "2027/00002"])
        self.assertEqual((first.state, str(first.date_void), gift.receipt_id), ("voided", "2027-01-08", second))
        self.assertEqual(self.broken(), [])

    # -- chains --------------------------------------------------------------

    def test_chain_of_reissues(self):
        gift = self.gift_on("2026-03-01")
        chain = gift.receipt_id
        for reason in ("First slip", "Second slip", "Third slip"):
            chain |= chain[-1].with_user(self.treasurer)._reissue(reason)
        self.assertEqual(chain.mapped("number"), [1, 2, 3, 4])
        self.assertEqual([one.replaced_by_id for one in chain], [*chain[1:], chain.browse()])
        self.assertEqual(chain.mapped("state"), ["voided"] * 3 + ["issued"])
        self.assertEqual(gift.receipt_id, chain[-1])
        self.assertEqual(self.broken(), [])

    def test_failed_reissue_voids_nothing(self):
        receipt = self.gift_on("2026-03-01").receipt_id
        self.citizen.citta_fiscal_code = False
        with self.assertRaisesRegex(UserError, "fiscal code"), self.env.cr.savepoint():
            receipt.with_user(self.treasurer)._reissue("Mistyped")
        self.assertEqual((receipt.state, receipt.void_reason, receipt.replaced_by_id.id), ("issued", False, False))

    def test_voided_receipt_is_not_reissued_from(self):
        gift = self.gift_on("2026-03-01")
        first = gift.receipt_id
        first.with_user(self.treasurer)._void("Mistyped")
        self.assertEqual(gift.state, "posted")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            first.with_user(self.treasurer)._reissue("again")
        gift.action_issue_receipt()
        self.assertEqual((gift.receipt_id.number, gift.state), (2, "receipted"))
