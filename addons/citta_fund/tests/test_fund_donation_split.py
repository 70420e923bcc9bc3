from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestDonationSplit(FundCommon):
    """One transfer for several initiatives or funds, to the cent, in one entry."""

    def setUp(self):
        super().setUp()
        self.line = self.bank_line(100).with_user(self.treasurer)
        self.other = self.fund.copy({"name": "Second", "code": "second", "line_ids": [Command.create({"name": "Else", "code": "else"})]})

    def split(self, *parts, user=None, **vals):
        """The dialogue, filled in."""
        return self.env["citta.donation.split"].with_user(user or self.treasurer).create({
            "statement_line_id": self.line.id, "partner_id": self.citizen.id,
            "part_ids": [Command.create({"fund_line_id": line.id, "amount": amount}) for line, amount in parts], **vals,
        })

    def assert_all_hold(self):
        """Every invariant of the fund."""
        rows = self.env["citta.fund.check"]._run(self.company)
        self.assertFalse([(row.code, row.findings) for row in rows if not row.is_ok])

    def test_over_initiatives(self):
        self.split((self.labs, 70.5), (self.aid, 29.5), wants_receipt=True).action_post()
        gift = self.line.sudo().citta_donation_ids
        self.assertRecordValues(gift, [{"amount": 100, "state": "receipted", "partner_id": self.citizen.id}])
        self.assertEqual((self.labs.free, self.aid.free), (70.5, 29.5))
        gift.with_user(self.treasurer).action_undo()
        self.assertFalse(self.line.is_reconciled)
        self.assert_all_hold()

    def test_over_funds(self):
        self.split((self.labs, 60), (self.other.line_ids, 40)).action_post()
        sheet = self.line.sudo().citta_sheet_ids
        self.assertEqual(sheet.donation_ids.sorted("amount").mapped("fund_id"), self.other | self.fund)
        self.assertEqual((self.labs.free, self.other.line_ids.free, sheet.state), (60, 40, "posted"))
        self.assertEqual(len(sheet.donation_ids.move_id), 1)
        self.assert_all_hold()
        sheet.with_user(self.treasurer).action_undo()
        self.assertEqual((self.labs.free, self.other.line_ids.free, self.line.is_reconciled), (0, 0, False))
        self.assert_all_hold()

    def test_what_is_refused(self):
        foreign = self.env["citta.fund"].create({
            "name": "Third", "code": "third", "company_id": self.company.id, "line_ids": [Command.create({"name": "Far", "code": "far"})],
        })
        for parts in ((), ((self.labs, 99.99),), ((self.labs, 60), (self.aid, 60)), ((self.labs, 60), (foreign.line_ids, 40))):
            with self.subTest(parts), self.assertRaises(UserError), self.cr.savepoint():
                self.split(*parts).action_post()
        self.split((self.labs, 100)).action_post()
        with self.assertRaises(UserError):
            self.split((self.labs, 100)).action_post()
        for user in (self.officer, self.auditor):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.split((self.labs, 100), user=user)

    def test_from_the_screen_of_decisions(self):
        following = self.bank_line(5)
        action = self.line.with_context(citta_decide=True).action_citta_split()
        form = Form(self.env["citta.donation.split"].with_user(self.treasurer).with_context(**action["context"]))
        with form.part_ids.new() as part:
            part.fund_line_id, part.amount = self.labs, 30
        self.assertEqual(form.left, 70)
        with form.part_ids.new() as part:
            part.fund_line_id, part.amount = self.aid, 70
        self.assertEqual(form.save().with_context(citta_decide=True).action_post()["res_id"], following.id)
