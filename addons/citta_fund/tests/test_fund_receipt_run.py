from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestReceiptRun(FundCommon):
    """Receipts of a year: each gift on one, numbers without a gap, wherever the run was cut off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        codes = ("BNCMRT75M41F205U", "VRDGNN60B15G686Q")
        cls.donors = cls.citizen | cls.env["res.partner"].create([
            {"name": f"Invented {place}", "citta_fiscal_code": code, "email": f"d{place}@example.org"} for place, code in enumerate(codes)
        ])

    def make_run(self, user=None, **vals):
        """A started run of the year of the gifts."""
        run = self.env["citta.receipt.run"].with_user(user or self.treasurer).create({"company_id": self.company.id, "year": 2026, **vals})
        run.action_queue()
        return run

    def give(self):
        """Two gifts of each donor; receipts are not issued at once."""
        gifts = self.env["citta.donation"]
        for donor in self.donors:
            gifts |= self.post(10, donor) | self.post(20, donor)
        # sudo: what a donor asks for later
        gifts.write({"wants_receipt": True})
        return gifts

    def test_one_for_all_gifts_of_a_donor(self):
        gifts, run = self.give(), self.make_run()
        self.assertEqual((run.total, run.state), (3, "queued"))
        while run.state == "queued":
            run.sudo()._step(size=2)
            run.invalidate_recordset()
        receipts = run.receipt_ids.sorted("number")
        self.assertEqual(receipts.mapped("number"), [1, 2, 3])
        self.assertEqual(set(receipts.mapped("amount")), {30})
        self.assertEqual(receipts.line_ids.donation_id, gifts)
        self.assertEqual(set(gifts.mapped("state")), {"receipted"})
        self.assertEqual((run.progress, run.done_count, run.skipped_count), (100, 3, 0))
        self.assertEqual(set(self.env["citta.fund.check"]._run(self.company).mapped("is_ok")), {True})

    def test_one_for_each_gift(self):
        self.give()
        run = self.make_run(mode="gift")
        run.sudo()._step()
        self.assertEqual((run.total, run.receipt_count, run.sent_count), (6, 6, 0))

    def test_what_was_cut_off_goes_on_and_doubles_nothing(self):
        gifts, run = self.give(), self.make_run()
        run.sudo()._step(size=1)
        with self.assertRaisesRegex(UserError, "cut"), self.env.cr.savepoint():
            run.sudo()._step(size=1)
            raise UserError("cut")
        run.invalidate_recordset()
        self.assertEqual((run.done_count, run.receipt_count), (1, 1))
        self.assertEqual(run.progress, 100 / 3)
        run.action_stop()
        run.action_queue()
        self.assertEqual(run.total, 3, "counted once")
        second = self.make_run()
        for one in (run, second, run, second):
            one.sudo()._step()
        lines = gifts.receipt_line_ids
        self.assertEqual(len(lines), len(gifts))
        self.assertEqual(lines.receipt_id.sorted("number").mapped("number"), [1, 2, 3])

    def test_what_stands_in_the_way_is_counted_and_shown(self):
        self.post(10, self.donors[1], wants_receipt=False).wants_receipt = True
        nobody = self.env["res.partner"].create({"name": "Invented without code"})
        left = self.post(5, nobody, wants_receipt=True)
        run = self.make_run()
        run.sudo()._step()
        self.assertEqual((run.done_count, run.skipped_count, run.receipt_count), (2, 1, 1))
        found = self.env["citta.donation"].search(run.action_view_left()["domain"])
        self.assertEqual(found, left)
        self.assertIn("fiscal code", found.receipt_obstacle)

    def test_other_years_cash_and_unasked_ones_stay_out(self):
        self.post(10)
        self.assertEqual((self.make_run().total, self.make_run(only_wanted=False).total, self.make_run(year=2025, only_wanted=False).total), (0, 1, 0))

    def test_refund_of_one_gift_replaces_the_paper_of_the_others(self):
        gifts, run = self.give(), self.make_run()
        run.sudo()._step()
        first = gifts[0].receipt_id
        gifts[0].with_user(self.treasurer).action_refund()
        self.assertEqual((first.state, gifts[0].receipt_id.id), ("voided", False))
        self.assertEqual((first.replaced_by_id, gifts[1].receipt_id.amount), (gifts[1].receipt_id, 20))
        self.assertEqual(gifts[1].receipt_id.number, 4)

    def test_refund_is_booked_also_where_the_others_can_have_no_paper_any_more(self):
        donor = self.donors[1]
        gifts, run = self.post(10, donor, wants_receipt=False) | self.post(20, donor) | self.post(30, donor), self.make_run(only_wanted=False)
        run.sudo()._step()
        first = gifts.receipt_id
        donor.citta_fiscal_code = False
        gifts[0].with_user(self.treasurer).action_refund()
        self.assertEqual((gifts.mapped("state"), first.state, first.replaced_by_id.id), (["refunded", "posted", "posted"], "voided", False))
        self.assertEqual([len(gift.activity_ids) for gift in gifts], [0, 1, 1])
        self.assertIn("no valid fiscal code", gifts[1].activity_ids.note)
        self.assertTrue(gifts.activity_ids.user_id.has_group("citta_fund.group_citta_treasurer"))
        self.assertEqual(set(self.env["citta.fund.check"]._run(self.company).mapped("is_ok")), {True})

    def test_chargeback_of_one_of_a_years_gifts_is_booked(self):
        """The provider's word is no question: nobody is there whom a refusal would tell."""
        gifts, run = self.give()[:2], self.make_run()
        run.sudo()._step()
        self.env["citta.tax.profile"].search([("company_id", "=", self.company.id)]).may_issue = False
        # superuser: whoever brings the provider's notice
        gifts[0].with_user(1)._refund(gifts[0]._get_payable_place(), fields.Date.context_today(gifts))
        self.assertEqual((gifts.mapped("state"), len(gifts[1].activity_ids)), (["refunded", "posted"], 1))

    def test_numbers_cost_few_queries(self):
        donors = self.env["res.partner"].create([{"name": f"Invented body {n}", "is_company": True, "vat": "IT99999990031"} for n in range(12)])
        for donor in donors:
            self.post(10, donor).wants_receipt = True
        run = self.make_run()

        def queries(size):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(run.sudo()._step(size), size)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        few, many = queries(2), queries(10)
        self.assertEqual(run.receipt_count, 12)
        self.assertLessEqual(many - few, 8 * 5)

    def test_no_paper_over_a_change_of_the_issuer(self):
        """The benefit is that of the day of the payment: what the issuer was then stands on the paper."""
        self.company.citta_tax_profile_ids.valid_to = "2026-03-31"
        self.env.flush_all()
        self.env["citta.tax.profile"].create({"company_id": self.company.id, "legal_form": "odv", "runts_number": "777", "valid_from": "2026-04-01", "may_issue": True})
        for day in ("2026-03-01", "2026-03-31", "2026-04-01"):
            line = self.bank_line(10, date=day)
            self.env["citta.donation"]._post_from_statement_line(line, vals={"partner_id": self.citizen.id}).wants_receipt = True
        run = self.make_run()
        run.sudo()._step()
        papers = run.receipt_ids.sorted("amount")
        self.assertEqual(papers.mapped("amount"), [10, 20])
        self.assertEqual(["777" in paper.issuer_register for paper in papers], [True, False])

    def test_paper_goes_out_once(self):
        self.post(10, self.donors[1]).wants_receipt = True
        run = self.make_run()
        run.sudo()._step()
        receipt = run.receipt_ids
        self.assertTrue(receipt._is_to_send())
        # sudo: what the scheduled job does after rendering
        attachment = self.env["ir.attachment"].sudo().create({"name": "x.pdf", "raw": b"%PDF-1.7 invented"})
        receipt.sudo().write({"attachment_id": attachment.id, "pdf_sha256": "x"})
        receipt.sudo()._send()
        self.assertFalse(receipt._is_to_send())
        mail = self.env["mail.mail"].sudo().search([("model", "=", "citta.receipt"), ("res_id", "=", receipt.id)])
        self.assertEqual((len(mail), mail.recipient_ids, mail.attachment_ids), (1, self.donors[1], attachment))
        self.assertIn(receipt.name, mail.subject)
        receipt._void("wrong")
        with self.assertRaisesRegex(UserError, "void"):
            receipt.with_user(self.treasurer).action_send()

    def test_donor_without_address_gets_none(self):
        receipt = self.post(10, self.citizen, wants_receipt=True).receipt_id
        self.assertFalse(receipt._is_to_send())
        with self.assertRaisesRegex(UserError, "no e-mail"):
            receipt.with_user(self.treasurer).action_send()
        with self.assertRaises(AccessError):
            receipt.with_user(self.officer).action_send()

    def test_who_may_run(self):
        for user in (self.officer, self.auditor, self.operator):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.make_run(user)
        run = self.make_run()
        for vals in ({"place": 0}, {"done_count": 9}):
            with self.assertRaisesRegex(UserError, "by hand"):
                run.with_user(self.treasurer).write(vals)
        with self.assertRaises(AccessError):
            run.with_user(self.treasurer).write({"state": "done"})
        with self.assertRaisesRegex(UserError, "has begun"):
            run.with_user(self.treasurer).write({"year": 2025})
        with self.assertRaisesRegex(UserError, "is kept"):
            run.with_user(self.treasurer).unlink()
        with self.assertRaises(AccessError):
            run.with_user(self.auditor).action_stop()
        self.assertEqual(run.with_user(self.auditor).total, 0)

    def test_year_of_issue_is_today(self):
        self.post(10, date_received="2026-03-01").wants_receipt = True
        run = self.make_run()
        run.sudo()._step()
        self.assertEqual(run.receipt_ids.year, fields.Date.context_today(self.fund).year)
