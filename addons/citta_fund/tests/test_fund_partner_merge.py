from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestPartnerMerge(FundCommon):
    """Two contacts of one donor become one; of two donors they do not."""

    def setUp(self):
        super().setUp()
        self.twin = self.env["res.partner"].create({"name": "Invented citizen twice"})

    def merge(self, *partners):
        """What the administrator does from the list of contacts; the first one stays."""
        self.env["base.partner.merge.automatic.wizard"]._merge([partner.id for partner in partners], partners[0])
        self.env.invalidate_all()

    def broken(self):
        """What does not hold now."""
        return [(row.code, row.findings) for row in self.env["citta.fund.check"]._run(self.company) if not row.is_ok]

    def test_gifts_and_receipts_follow(self):
        gifts = self.post(50, wants_receipt=True) | self.post(50, self.twin)
        self.merge(self.citizen, self.twin)
        self.assertEqual((gifts.partner_id, gifts.receipt_id.partner_id), (self.citizen, self.citizen))
        self.assertFalse(self.broken())

    def test_ceiling_of_a_donor(self):
        self.rule.write({"donor_ids": False, "ceiling_donor": 60})
        _first, second = self.post(50), self.post(50, self.twin)
        with self.assertRaisesRegex(UserError, "Raise its ceiling"):
            self.merge(self.citizen, self.twin)
        second.action_refund()
        self.merge(self.citizen, self.twin)
        self.assertFalse(self.broken())

    def test_the_check_tells_of_what_went_another_way(self):
        self.rule.write({"donor_ids": False, "ceiling_donor": 60})
        self.post(50)
        self.post(50, self.twin)
        self.env.flush_all()
        self.env.cr.execute("UPDATE citta_donation SET partner_id = %s WHERE partner_id = %s", (self.citizen.id, self.twin.id))
        self.env.invalidate_all()
        [(code, findings)] = self.broken()
        self.assertEqual(code, "matched_within_pot")
        self.assertIn(self.citizen.name, findings)

    def test_a_sponsor_never_matches_its_own(self):
        self.rule.donor_ids = False
        gift = self.post(50, self.twin)
        with self.assertRaisesRegex(UserError, "never matches its own"):
            self.merge(self.foundation, self.twin)
        employee = self.env["res.partner"].create({"name": "Invented employee", "parent_id": self.foundation.id})
        with self.assertRaisesRegex(UserError, "never matches its own"):
            self.merge(employee, self.twin)
        gift.action_undo()
        self.merge(self.foundation, self.twin)

    def test_two_fiscal_codes_are_two_donors(self):
        self.twin.citta_fiscal_code = "BNCMRT75M41F205U"
        self.post(50)
        self.merge(self.citizen, self.twin.copy({"citta_fiscal_code": "BNCMRT75M41F205U"}))
        self.post(50, self.twin)
        with self.assertRaisesRegex(UserError, "BNCMRT75M41F205U, RSSMRA80A01F205X"):
            self.merge(self.citizen, self.twin)
