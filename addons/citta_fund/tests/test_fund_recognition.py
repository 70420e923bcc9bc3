from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools.rf_reference import make_rf
from .test_fund_statement_import import DEMO_02, DEMO_08, StatementCommon


@tagged("post_install", "-at_install")
class TestRecognition(StatementCommon):
    """From the bank's line to the posted gift: proposals with reasons, one button, clean undoing."""

    def setUp(self):
        super().setUp()
        self.by_district = self.pledge(40000, self.district, reference="RF78CAL000001")
        self.by_citizen = self.pledge(50, self.citizen, reference="RF51CAL000002", wants_receipt=True)
        self.spare = self.pledge(120, self.citizen, reference="RF94CAL000004")

    def as_treasurer(self, lines):
        """The same lines as the treasurer sees them."""
        return lines.with_user(self.treasurer).with_company(self.company)

    def test_statement_to_gift_match_and_receipt(self):
        lines = self.as_treasurer(self.load(self.read(DEMO_02)))
        self.assertEqual(lines.mapped("citta_certainty"), ["certain", "certain", False])
        self.assertEqual(lines.citta_pledge_id, self.by_district | self.by_citizen)
        self.assertIn("RF51 CAL0 0000 2", lines[1].citta_reasons)
        message = lines[:2].action_citta_post_gift()["params"]["message"]
        self.assertRegex(message, "40.000.00")
        self.assertEqual(self.figures(), {"received": 40050.0, "matched": 40000.0, "yielded": 0.0, "endowed": 0.0, "committed": 0.0, "paid": 0.0, "free": 80050.0})
        self.assertEqual((self.by_district | self.by_citizen).mapped("state"), ["received", "received"])
        receipt = self.by_citizen.donation_ids.receipt_id
        self.assertEqual((receipt.amount, receipt.donor_tax_code), (50.0, self.citizen.citta_fiscal_code))
        self.assertTrue(all(lines[:2].mapped("is_reconciled")))

    def test_certain_ones_in_one_go_and_the_others_stay(self):
        lines = self.as_treasurer(self.load(self.read(DEMO_08)))
        lines.action_citta_post_certain()
        self.assertEqual(lines.mapped("is_reconciled"), [True, True, False, False, False])
        message = lines.action_citta_post_certain()["params"]
        self.assertEqual(message["type"], "info")

    def test_mistyped_reference_is_a_proposal_only(self):
        line = self.as_treasurer(self.load(self.read(DEMO_08))[3])
        self.assertEqual(line.citta_pledge_id, self.spare)
        self.assertEqual(line.citta_certainty, "likely")
        self.assertIn("one slip", line.citta_reasons)
        line.action_citta_post_gift()
        self.assertEqual(self.spare.state, "received")

    def test_unknown_payer_is_posted_as_unknown_donor(self):
        line = self.as_treasurer(self.load(self.read(DEMO_08))[4])
        self.assertEqual((line.citta_certainty, line.citta_pledge_id.id, line.citta_donor_id.id), ("unknown", False, False))
        line.action_citta_post_gift()
        gift = line.citta_donation_ids
        self.assertFalse(gift.partner_id)
        self.assertEqual(gift.amount, 25.0)

    def test_the_treasurer_names_the_donor(self):
        line = self.as_treasurer(self.load(self.read(DEMO_08))[4])
        line.citta_donor_id = self.citizen
        self.assertIn("donor known", line.citta_reasons)
        line.action_citta_post_gift()
        self.assertEqual(line.citta_donation_ids.partner_id, self.citizen)

    def test_the_treasurers_choice_wins(self):
        line = self.as_treasurer(self.load(self.read(DEMO_08))[4])
        line.citta_pledge_id = self.spare
        self.assertEqual(line.citta_certainty, "chosen")
        self.assertEqual(line.citta_donor_id, self.citizen)
        self.assertRegex(line.citta_reasons, "120.00")
        line.action_citta_post_gift()
        self.assertEqual(self.spare.state, "partial")

    def test_known_account_names_the_donor(self):
        self.env["res.partner.bank"].create({"acc_number": "IT49 Z999 9901 6000 0000 0000 025", "partner_id": self.citizen.id})
        line = self.as_treasurer(self.bank_line(7, account_number="IT49Z9999901600000000000025", partner_id=self.citizen.id))
        self.assertEqual(line.citta_donor_id, self.citizen)
        self.assertIn("account known", line.citta_reasons)

    def test_pledge_of_another_account_is_not_proposed(self):
        other = self.fund.copy({"code": "other", "bank_journal_id": self.bank.copy({"code": "OTH"}).id})
        pledge = self.pledge(50, reference="RF40CAL000006", fund_id=other.id, fund_line_id=self.env["citta.fund.line"].create(
            {"fund_id": other.id, "name": "x", "code": "x"}).id)
        line = self.as_treasurer(self.bank_line(50, payment_ref="RF40CAL000006"))
        self.assertNotEqual(line.citta_pledge_id, pledge)

    def test_sponsor_paying_the_match_is_no_certain_gift(self):
        self.post(1000, self.district)
        pledge = self.pledge(1000, self.foundation, reference=make_rf("CAL900001"))
        line = self.as_treasurer(self.bank_line(1000, payment_ref=pledge.reference))
        self.assertNotEqual(line.citta_certainty, "certain")
        self.assertIn("still owes", line.citta_reasons)

    def test_sponsors_payment_closes_what_it_owes(self):
        self.post(1000, self.district)
        line = self.as_treasurer(self.bank_line(600, partner_id=self.foundation.id, payment_ref="First part"))
        self.assertEqual((line.citta_certainty, line.citta_donor_id), ("sponsor", self.foundation))
        with self.assertRaisesRegex(UserError, "no new gift"):
            line.action_citta_post_gift()
        self.assertIn("600.00", line.action_citta_post_next()["params"]["message"])
        self.assertEqual((line.is_reconciled, self.rule.owed, self.rule.sponsor_paid), (True, 400, 600))
        self.assertEqual((self.figures()["received"], self.figures()["matched"]), (1000, 1000), "paid, not given")
        more = self.as_treasurer(self.bank_line(401, partner_id=self.foundation.id))
        self.assertNotEqual(more.citta_certainty, "sponsor", "more than is owed is for a person to decide")
        line.action_citta_undo()
        self.rule.invalidate_recordset()
        self.assertEqual((line.citta_certainty, self.rule.owed), ("sponsor", 1000))

    def test_what_is_owed_back_to_a_sponsor_is_no_debt(self):
        first, line = self.post(1000, self.district), self.as_treasurer(self.bank_line(1000, partner_id=self.foundation.id))
        line.action_citta_post_debt()
        first.action_refund()
        self.post(300, self.district)
        again = self.as_treasurer(self.bank_line(300, partner_id=self.foundation.id))
        self.assertNotEqual(again.citta_certainty, "sponsor", "700 are owed back")
        with self.assertRaisesRegex(UserError, "No sponsor"):
            again.action_citta_post_debt()

    def test_only_the_treasurer_closes_it(self):
        self.post(1000, self.district)
        line = self.bank_line(1000, partner_id=self.foundation.id)
        for user in (self.officer, self.auditor):
            with self.assertRaises(AccessError):
                line.with_user(user).action_citta_post_debt()

    def test_closed_pledge_is_no_certain_gift(self):
        self.by_citizen.action_cancel()
        line = self.as_treasurer(self.bank_line(50, payment_ref="RF51CAL000002"))
        self.assertEqual(line.citta_pledge_id, self.by_citizen)
        self.assertNotEqual(line.citta_certainty, "certain")
        self.assertIn("closed", line.citta_reasons)

    def test_outgoing_reconciled_and_foreign_lines_are_no_gifts(self):
        other = self.bank.copy({"name": "Other", "code": "OTH"})
        lines = self.bank_line(-5) | self.bank_line(5, journal_id=other.id)
        self.assertEqual(lines.mapped("citta_is_gift_line"), [False, False])
        waiting = lines.search(lines._citta_waiting_domain())
        self.assertFalse(waiting & lines)

    def test_posting_twice_is_refused(self):
        line = self.as_treasurer(self.bank_line(50, payment_ref="RF51CAL000002"))
        line.action_citta_post_gift()
        with self.assertRaises(UserError), self.cr.savepoint():
            line.action_citta_post_gift()
        self.assertEqual(len(line.citta_donation_ids), 1)

    def test_all_or_nothing_for_selected_lines(self):
        lines = self.as_treasurer(self.bank_line(50, payment_ref="RF51CAL000002") | self.bank_line(-5))
        with self.assertRaises(UserError), self.cr.savepoint():
            lines.action_citta_post_gift()
        self.env.invalidate_all()
        self.assertEqual(self.by_citizen.state, "open")

    def test_line_of_a_gift_is_kept(self):
        line = self.as_treasurer(self.bank_line(50, payment_ref="RF51CAL000002"))
        line.action_citta_post_gift()
        for change in (
            lambda: line.write({"amount": 60}), lambda: line.write({"payment_ref": "x"}), lambda: line.write({"partner_id": self.district.id}),
            line.action_undo_reconciliation, line.unreconcile_bank_line, line.unlink,
        ):
            with self.assertRaisesRegex(UserError, "undo the gift"), self.cr.savepoint():
                change()
        self.assertTrue(line.is_reconciled)

    def test_undone_gift_gives_the_line_back(self):
        line = self.as_treasurer(self.bank_line(50, payment_ref="RF51CAL000002"))
        line.action_citta_post_gift()
        line.citta_donation_ids.action_undo()
        self.assertFalse(line.is_reconciled)
        self.assertEqual(line.citta_certainty, "certain")
        line.action_citta_post_gift()
        self.assertEqual(line.citta_donation_ids.mapped("state").count("receipted"), 1)

    def test_reconciliation_screen_does_not_take_the_receivable(self):
        line = self.bank_line(50, partner_id=self.citizen.id).with_context(_test_account_reconcile_oca=True)
        line.clean_reconcile()
        data = line.reconcile_data_info
        accounts = [item["account_id"][0] for item in data["data"] if item["kind"] == "suspense"]
        self.assertEqual(accounts, self.bank.suspense_account_id.ids)
        self.assertFalse(data["can_reconcile"])

    def test_import_reconciles_nothing_by_guess(self):
        invoice = self.env["account.move"].create({
            "move_type": "out_invoice", "partner_id": self.citizen.id, "invoice_date": "2026-01-01", "payment_reference": "RF51CAL000002",
            "invoice_line_ids": [Command.create({"name": "x", "price_unit": 50, "tax_ids": False})],
        })
        invoice.action_post()
        line = self.env["account.bank.statement.line"].with_context(_test_account_reconcile_oca=True).create({
            "journal_id": self.bank.id, "date": "2026-03-01", "amount": 50, "payment_ref": "RF51CAL000002", "partner_id": self.citizen.id,
        })
        self.assertFalse(line.is_reconciled)

    def test_who_may_decide(self):
        line = self.bank_line(50, payment_ref="RF51CAL000002")
        for user in (self.officer, self.auditor, self.operator):
            with self.subTest(user.login), self.assertRaises(AccessError), self.cr.savepoint():
                line.with_user(user).action_citta_post_gift()
            with self.subTest(user.login), self.assertRaises(AccessError), self.cr.savepoint():
                line.with_user(user).action_citta_post_certain()
        self.assertEqual(self.as_treasurer(line).with_user(self.auditor).citta_certainty, "certain")

    def test_queries_do_not_grow_with_the_lines(self):
        lines = [self.as_treasurer(self.bank_line(amount, payment_ref=f"x {amount}")) for amount in range(1, 41)]
        few, many = lines[0].union(*lines[:5]), lines[0].union(*lines)

        def queries(records):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            records.mapped("citta_reasons")
            return self.cr.sql_log_count - before

        queries(few)
        self.assertLessEqual(queries(many), queries(few) + 2)
