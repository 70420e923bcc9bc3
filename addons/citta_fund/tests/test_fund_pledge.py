from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools.rf_reference import is_valid_rf, print_rf
from .common import FundCommon


@tagged("post_install", "-at_install")
class TestPledge(FundCommon):

    def test_found_by_the_reference_as_it_is_printed_and_by_the_donor(self):
        pledge, search = self.pledge(50), self.env["citta.pledge"].with_user(self.treasurer).name_search
        self.pledge(50, self.district)
        printed = print_rf(pledge.reference)
        for text in (pledge.reference, printed, printed.lower(), pledge.reference[4:].lower(), "invented citi"):
            self.assertEqual([found for found, _name in search(text)], pledge.ids, text)
        self.assertFalse(search("RF00 NOBO DY"))

    def test_reference_is_valid_and_unique(self):
        pledges = self.env["citta.pledge"].with_user(self.officer).create([
            {"fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 10} for _n in range(5)
        ])
        self.assertEqual(len(set(pledges.mapped("reference"))), 5)
        self.assertTrue(all(is_valid_rf(reference) for reference in pledges.mapped("reference")))
        self.assertEqual(pledges.fund_line_id, self.labs)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.pledge(10, reference=pledges[0].reference)

    def test_one_that_is_not_saved_yet_is_expected(self):
        form = Form(self.env["citta.pledge"].with_user(self.officer).with_company(self.company))
        self.assertEqual((form.state, form.reference), ("open", False))

    def test_given_reference_is_normalised(self):
        self.assertEqual(self.pledge(10, reference="rf18 5390 0754 7034").reference, "RF18539007547034")
        for given in ("HELLO", "RF00CAL000001", "  "):
            with self.subTest(given=given), self.assertRaisesRegex(UserError, "ISO 11649"):
                self.pledge(10, reference=given)

    def test_state_follows_the_money(self):
        pledge = self.pledge(100)
        lines = [self.bank_line(amount).with_user(self.treasurer) for amount in (40, 60)]
        gifts = self.env["citta.donation"].with_user(self.treasurer)
        first = gifts._post_from_statement_line(lines[0], pledge=pledge)
        self.assertEqual((pledge.state, pledge.amount_open), ("partial", 60))
        gifts._post_from_statement_line(lines[1], pledge=pledge)
        self.assertEqual((pledge.state, pledge.amount_open), ("received", 0))
        first.action_refund()
        self.assertEqual((pledge.state, pledge.amount_received), ("partial", 60))

    def test_cancelled_pledge_expects_nothing(self):
        pledge = self.pledge(100).with_user(self.officer)
        pledge.action_cancel()
        self.assertEqual((pledge.state, pledge.amount_open), ("cancelled", 0))
        pledge.action_reopen()
        self.assertEqual(pledge.state, "open")

    def test_what_stays_as_it_was(self):
        pledge = self.pledge(100)
        for vals in ({"reference": "RF18539007547034"}, {"state": "received"}, {"is_cancelled": True}):
            with self.assertRaises(UserError):
                pledge.with_user(self.officer).write(vals)
        self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(self.bank_line(100).with_user(self.treasurer), pledge=pledge)
        with self.assertRaises(UserError):
            pledge.with_user(self.officer).write({"partner_id": self.district.id})
        with self.assertRaises(UserError):
            pledge.with_user(self.officer).unlink()
        with self.assertRaises(UserError):
            pledge.with_user(self.officer).action_cancel()

    def test_only_the_fund_keeps_pledges(self):
        pledge = self.pledge(100)
        with self.assertRaises(AccessError):
            pledge.with_user(self.auditor).action_cancel()
        with self.assertRaises(AccessError):
            pledge.with_user(self.operator).read(["amount"])
