import random

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.account_move_line import BOOKING
from .common import FundCommon


@tagged("post_install", "-at_install")
class TestMatching(FundCommon):

    def make_rule(self, **vals):
        """A second sponsor's rule, open to everybody."""
        sponsor = self.env["res.partner"].create({"name": "Invented sponsor"})
        return self.env["citta.match.rule"].create({"name": "Second", "fund_id": self.fund.id, "sponsor_id": sponsor.id, "ceiling_pot": 1000, **vals})

    def test_the_district_is_doubled(self):
        gift = self.post(40000, self.district, kind="tied")
        entry = gift.match_entry_ids
        self.assertEqual((entry.amount, entry.rule_id, entry.sponsor_id), (40000, self.rule, self.foundation))
        receivable = self.foundation.with_company(self.company).property_account_receivable_id
        self.assertRecordValues(entry.move_id.line_ids.sorted("balance"), [
            {"account_id": self.fund._get_gift_account("free").id, "balance": -40000, "citta_fund_line_id": self.labs.id, "citta_nature": "match", "partner_id": self.foundation.id},
            {"account_id": receivable.id, "balance": 40000, "citta_fund_line_id": False, "citta_nature": False, "partner_id": self.foundation.id},
        ])
        self.assertEqual(self.figures(), {"received": 40000, "matched": 40000, "yielded": 0, "endowed": 0, "committed": 0, "paid": 0, "free": 80000})
        self.assertEqual((self.rule.matched, self.rule.pot_left, self.rule._claim_used("pot")), (40000, 0, 40000))

    def test_later_gifts_are_promised_nothing(self):
        self.post(40000, self.district)
        self.assertFalse(self.post(100, self.district).match_entry_ids, "the pot is used up")
        self.assertFalse(self.post(100, self.citizen).match_entry_ids, "the rule is the district's")
        self.assertEqual(self.figures()["matched"], 40000)

    def test_the_last_gift_is_matched_in_part(self):
        self.post(39999.99, self.district)
        self.assertEqual(self.post(10, self.district).amount_matched, 0.01)

    def test_unknown_donor_and_sponsor_are_not_matched(self):
        rule = self.make_rule(donor_domain="[('is_company', '=', True)]")
        self.assertFalse(self.post(10, self.env["res.partner"]).match_entry_ids)
        self.assertFalse(self.post(10, rule.sponsor_id).match_entry_ids)
        self.rule.donor_ids = False
        self.assertFalse(self.post(10, self.foundation).match_entry_ids.filtered(lambda entry: entry.rule_id == self.rule))

    def test_a_rule_for_some_never_turns_into_one_for_all(self):
        self.district.active = False
        self.assertFalse(self.post(50).match_entry_ids, "its only donor is archived")
        self.assertEqual(self.post(50, self.district).amount_matched, 50)
        self.rule.donor_ids = self.env["res.partner"].create({"name": "Invented donor to come"})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.rule.donor_ids.unlink()
        rule = self.make_rule(fund_line_ids=[Command.set(self.aid.ids)])
        self.aid.active = False
        self.assertFalse(self.post(50).match_entry_ids, "its only initiative is archived")
        rule.fund_line_ids = self.env["citta.fund.line"].create({"fund_id": self.fund.id, "name": "Later", "code": "later"})
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            rule.fund_line_ids.unlink()

    def test_ceilings_per_gift_and_donor(self):
        rule = self.make_rule(ceiling_gift=30, ceiling_donor=50)
        self.assertEqual([self.post(amount).amount_matched for amount in (100, 20, 20)], [30, 20, 0])
        self.assertEqual(self.post(100, self.district).match_entry_ids.filtered(lambda entry: entry.rule_id == rule).amount, 30)
        self.assertEqual(rule.matched, 80)

    def test_window_factor_and_kinds_of_donors(self):
        rule = self.make_rule(factor=0.5, date_from="2026-03-01", date_to="2026-03-31", donor_domain="[('citta_body_kind', '=', False)]")
        self.assertEqual(self.post(33.33).amount_matched, 16.67)
        rule.date_from = "2026-03-02"
        self.assertEqual(self.post(33.33).amount_matched, 0)
        rule.write({"date_from": False, "date_to": "2026-02-28"})
        self.assertEqual(self.post(33.33).amount_matched, 0)
        with self.assertRaisesRegex(UserError, "cannot be read"):
            rule.donor_domain = "[('no_such_field', '=', 1)]"

    def test_two_rules_by_priority(self):
        second = self.make_rule(priority=5)
        gift = self.post(600, self.district)
        self.assertEqual({entry.rule_id: entry.amount for entry in gift.match_entry_ids}, {second: 600, self.rule: 600})

    def test_match_follows_the_split(self):
        parts = [{"fund_line_id": self.labs.id, "amount": 10}, {"fund_line_id": self.aid.id, "amount": 20}]
        self.make_rule(ceiling_gift=10)
        self.post(30, line_ids=[Command.create(part) for part in parts])
        figures = {line.code: found["matched"] for line, found in self.fund._get_line_figures().items()}
        self.assertEqual(figures, {"labs": 3.33, "aid": 6.67})

    def test_only_what_is_meant_for_the_sponsors_initiatives_is_matched(self):
        rule = self.make_rule(factor=2, fund_line_ids=[Command.set(self.aid.ids)])
        parts = [{"fund_line_id": self.labs.id, "amount": 10}, {"fund_line_id": self.aid.id, "amount": 20}]
        self.assertFalse(self.post(10).match_entry_ids, "meant for the labs")
        gift = self.post(30, line_ids=[Command.create(part) for part in parts])
        self.assertEqual(gift.amount_matched, 40)

        def matched():
            return {line.code: found["matched"] for line, found in self.fund._get_line_figures().items()}

        self.assertEqual(matched(), {"labs": 0, "aid": 40})
        with self.assertRaisesRegex(UserError, "initiatives stay"):
            rule.fund_line_ids = self.labs
        gift.action_refund()
        self.assertEqual((matched(), rule._claim_used("pot")), ({"labs": 0, "aid": 0}, 0))
        other = self.env["citta.fund"].create({"name": "Second", "code": "second", "company_id": self.company.id, "line_ids": [Command.create({"name": "Else", "code": "else"})]})
        with self.assertRaisesRegex(UserError, "another fund"):
            self.make_rule(fund_line_ids=[Command.set(other.line_ids.ids)])

    def test_refund_reverses_the_match(self):
        gift = self.post(40000, self.district)
        gift.action_refund()
        self.assertEqual((self.figures()["matched"], self.rule._claim_used("pot"), self.rule.matched), (0, 0, 0))
        entry = gift.match_entry_ids
        self.assertTrue(entry.reversal_move_id)
        self.assertTrue(entry.move_id.line_ids.filtered(lambda item: item.account_id.account_type == "asset_receivable").reconciled)
        self.assertEqual(self.post(40000, self.district).amount_matched, 40000, "the pot is free again")

    def test_reversal_leaves_where_the_match_was_booked(self):
        gift = self.post(1000, self.district)
        entry, booked = gift.match_entry_ids, self.foundation.with_company(self.company).property_account_receivable_id
        self.foundation.with_company(self.company).property_account_receivable_id = booked.copy({"code": "150999", "name": "Other receivable"})
        gift.action_undo()
        debts = (entry.move_id | entry.reversal_move_id).line_ids.filtered(lambda item: not item.citta_nature)
        self.assertEqual(debts.account_id, booked)
        self.assertTrue(all(debts.mapped("reconciled")))

    def test_the_sponsor_is_called_for_what_it_owes(self):
        with self.assertRaisesRegex(UserError, "owes nothing"):
            self.rule.with_user(self.treasurer).action_call()
        gifts = [self.post(1000, self.district), self.post(500, self.district)]
        gifts[1].action_undo()
        self.assertEqual((self.rule.owed, self.rule.sponsor_paid), (1000, 0))
        action = self.rule.with_user(self.treasurer).action_call()
        self.assertEqual(action["context"]["default_res_ids"], self.rule.ids)
        self.assertTrue(self.rule.date_called)
        with self.assertRaises(AccessError):
            self.rule.with_user(self.officer).action_call()
        item = gifts[0].match_entry_ids.move_id.line_ids.filtered(lambda item: not item.citta_nature)
        paid = self.bank_line(1000).with_context(**BOOKING)
        paid._citta_replace_suspense([{"account_id": item.account_id.id, "partner_id": self.foundation.id, "balance": -1000}])
        (item | paid.line_ids.filtered(lambda line: line.account_id == item.account_id)).reconcile()
        self.rule.invalidate_recordset()
        self.assertEqual((self.rule.owed, self.rule.sponsor_paid), (0, 1000))

    def test_one_share_of_a_sum_is_reversed(self):
        """Gifts of one day stand in one entry: what the sponsor owes falls by one share, or is owed back once it was paid."""
        lines = self.env["account.bank.statement.line"].concat(*(self.bank_line(amount, partner_id=self.district.id) for amount in (10, 20, 30)))
        gifts = self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_lines(lines.with_user(self.treasurer), [{}] * 3)
        move = gifts.match_entry_ids.move_id
        self.assertEqual((len(move), self.rule.owed), (1, 60))
        gifts[0].action_refund()
        self.rule.invalidate_recordset()
        self.assertEqual((self.rule.owed, self.rule.sponsor_paid, self.rule.matched, self.rule._claim_used("pot")), (50, 0, 50, 50))
        owed = move.line_ids.filtered(lambda item: not item.citta_nature)
        paid = self.bank_line(50)
        paid._citta_replace_suspense([{"account_id": owed.account_id.id, "partner_id": self.foundation.id, "balance": -50}])
        (owed | paid.line_ids.filtered(lambda item: item.account_id == owed.account_id)).reconcile()
        gifts[1].action_undo()
        self.rule.invalidate_recordset()
        self.assertEqual((self.rule.owed, self.rule.sponsor_paid, self.rule.matched, self.rule._claim_used("pot")), (-20, 50, 30, 30))
        self.assertEqual(self.figures()["matched"], 30)
        self.assertFalse([row.findings for row in self.env["citta.fund.check"]._run(self.company) if not row.is_ok])

    def test_undo_reverses_the_match(self):
        self.post(40000, self.district).action_undo()
        self.assertEqual((self.figures()["matched"], self.rule._claim_used("pot")), (0, 0))

    def test_a_match_is_never_changed(self):
        entry = self.post(40000, self.district).match_entry_ids
        for user in (self.officer, self.treasurer, self.fund_admin):
            with self.assertRaises(AccessError):
                entry.with_user(user).write({"amount": 1})
            with self.assertRaises(AccessError):
                entry.with_user(user).unlink()
        with self.assertRaises(UserError):
            entry.sudo().write({"amount": 1})
        with self.assertRaises(UserError):
            entry.sudo().unlink()
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            entry.sudo().copy()

    def test_the_pot_is_not_lowered_below_what_was_matched(self):
        self.post(300, self.district)
        with self.assertRaisesRegex(UserError, "taken already"):
            self.rule.ceiling_pot = 299.99
        self.rule.ceiling_pot = 300
        self.assertEqual(self.post(1, self.district).amount_matched, 0)
        for change in ({"sponsor_id": self.citizen.id},):
            with self.assertRaises(UserError):
                self.rule.write(change)
        with self.assertRaises(UserError):
            self.rule.unlink()

    def test_ceilings_are_not_lowered_below_what_was_matched(self):
        rule = self.make_rule(ceiling_gift=30, ceiling_donor=100)
        self.post(30)
        self.post(25)
        for change in ({"ceiling_gift": 29.99}, {"ceiling_donor": 54.99}):
            with self.subTest(change=change), self.assertRaisesRegex(UserError, "added already"), self.env.cr.savepoint():
                rule.write(change)
        rule.write({"ceiling_gift": 30, "ceiling_donor": 55})
        self.assertTrue(all(self.env["citta.fund.check"]._run(self.company).mapped("is_ok")))
        rule.write({"ceiling_gift": 0, "ceiling_donor": 0})

    def test_only_the_administrator_sets_rules(self):
        for user in (self.officer, self.treasurer, self.auditor):
            with self.assertRaises(AccessError):
                self.rule.with_user(user).write({"ceiling_pot": 80000})

    def test_many_at_once_are_matched_as_one_after_the_other(self):
        """The same transfers in one go and singly: cent by cent the same, under every ceiling."""
        rng = random.Random(20261127)
        donors = self.citizen | self.district | self.env["res.partner"].create([{"name": f"Invented {n}"} for n in range(3)])
        self.make_rule(priority=5, factor=0.75, ceiling_gift=40, ceiling_donor=90, ceiling_pot=170.05)
        self.make_rule(priority=7, factor=1.5, ceiling_pot=90, date_from="2026-03-01")
        given = [(rng.randrange(1, 9000) / 100, rng.choice(donors)) for _gift in range(14)]
        lines = self.env["account.bank.statement.line"].concat(*(self.bank_line(amount, partner_id=donor.id) for amount, donor in given))
        found, donations = [], self.env["citta.donation"].with_user(self.treasurer)
        for portions in (lines, [lines]):
            gifts = donations.concat(*(donations._post_from_statement_lines(one.with_user(self.treasurer), [{}] * len(one)) for one in portions))
            found.append([sorted((entry.rule_id.id, entry.amount) for entry in gift.match_entry_ids) for gift in gifts])
            self.assertFalse([row.findings for row in self.env["citta.fund.check"]._run(self.company) if not row.is_ok])
            gifts.action_undo()
        self.assertEqual(found[0], found[1])
        self.assertTrue(all(not rule._claim_used("pot") for rule in self.fund.match_rule_ids))
