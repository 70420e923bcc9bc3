from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestScenarios(FundCommon):
    """What happens to gifts over time; after each story all standing checks must hold."""

    def assert_all_hold(self):
        """Every invariant of the fund, with what was found."""
        rows = self.env["citta.fund.check"]._run(self.company)
        self.assertEqual(set(rows.mapped("code")), set(self.env["citta.fund.check"]._get_checks()))
        self.assertFalse([(row.code, row.findings) for row in rows if not row.is_ok])

    def make_rule(self, **vals):
        """A second sponsor's rule, open to everybody."""
        sponsor = self.env["res.partner"].create({"name": "Invented sponsor"})
        return self.env["citta.match.rule"].create({"name": "Second", "fund_id": self.fund.id, "sponsor_id": sponsor.id, "ceiling_pot": 1000, **vals})

    def take(self, line, pledge=None, **vals):
        """The treasurer makes a gift of a bank line."""
        return self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(line.with_user(self.treasurer), pledge=pledge, vals=vals)

    def matched(self, *amounts, partner=None):
        """What is added to gifts that come one after the other."""
        return [self.post(amount, partner).amount_matched for amount in amounts]

    # -- matching ------------------------------------------------------------

    def test_both_days_of_the_window_count(self):
        self.make_rule(date_from="2026-03-01", date_to="2026-03-31")
        wanted = {"2026-02-28": 0, "2026-03-01": 10, "2026-03-31": 10, "2026-04-01": 0}
        for date, amount in wanted.items():
            with self.subTest(date=date):
                self.assertEqual(self.take(self.bank_line(10, date=date), partner_id=self.citizen.id).amount_matched, amount)
        self.assert_all_hold()

    def test_half_cents_go_up(self):
        rule = self.make_rule(factor=0.5)
        self.assertEqual(self.matched(0.01, 0.02, 0.03, 10.01, 33.33), [0.01, 0.01, 0.02, 5.01, 16.67])
        self.assertEqual((rule.matched, self.figures()["matched"]), (21.72, 21.72))
        self.assert_all_hold()

    def test_factor_too_small_for_a_cent_books_nothing(self):
        self.make_rule(factor=0.1)
        gift = self.post(0.04)
        self.assertFalse(gift.match_entry_ids)
        self.assertEqual(gift.state, "posted")

    def test_ceiling_of_a_donor_over_several_gifts(self):
        self.make_rule(ceiling_donor=70)
        self.assertEqual(self.matched(30, 30, 30, 30), [30, 30, 10, 0])
        self.assertEqual(self.matched(70.01, partner=self.env["res.partner"].create({"name": "Invented third"})), [70])
        self.assert_all_hold()

    def test_unknown_donors_share_a_ceiling(self):
        self.make_rule(ceiling_donor=50)
        self.assertEqual(self.matched(30, 30, 30, partner=self.env["res.partner"]), [30, 20, 0])

    def test_refund_gives_the_donors_ceiling_back(self):
        rule = self.make_rule(ceiling_donor=70)
        gifts = [self.post(30) for _n in range(3)]
        gifts[1].action_refund()
        self.assertEqual(gifts[2].amount_matched, 10, "what was matched stays as it was")
        self.assertEqual(self.matched(100), [30])
        self.assertEqual((rule.matched, rule._claim_used("pot")), (70, 70))
        self.assert_all_hold()

    def test_two_rules_with_pots_of_their_own(self):
        first, second = self.make_rule(priority=1, ceiling_pot=50), self.make_rule(priority=2, factor=0.5)
        gifts = [self.post(40), self.post(40)]
        self.assertEqual([entry.rule_id for entry in gifts[0].match_entry_ids.sorted("id")], [first, second])
        self.assertEqual([gift.amount_matched for gift in gifts], [60, 30])
        self.assertEqual((first.pot_left, second.matched), (0, 40))
        second.priority = 0
        gifts[0].action_undo()
        self.assertEqual([entry.rule_id for entry in self.post(40).match_entry_ids.sorted("id")], [second, first])
        self.assert_all_hold()

    def test_archived_rule_adds_nothing(self):
        rule = self.make_rule()
        before = self.post(10)
        rule.active = False
        self.assertEqual(self.matched(10), [0])
        before.action_refund()
        self.assertEqual((self.figures()["matched"], rule._claim_used("pot")), (0, 0))
        self.assert_all_hold()

    # -- undoing -------------------------------------------------------------

    def test_undo_in_the_middle(self):
        self.make_rule(ceiling_pot=60)
        gifts = [self.post(amount, wants_receipt=True) for amount in (10, 20, 30)]
        line, voided = gifts[1].statement_line_id, gifts[1].receipt_id
        gifts[1].action_undo()
        self.assertEqual([gift.state for gift in gifts], ["receipted", "undone", "receipted"])
        self.assertEqual((voided.state, line.is_reconciled, self.figures()["free"]), ("voided", False, 80))
        again = self.take(line, partner_id=self.citizen.id, wants_receipt=True)
        self.assertEqual((again.receipt_id.number, again.amount_matched, self.figures()["free"]), (4, 20, 120))
        self.assert_all_hold()

    def test_what_left_the_books_does_not_leave_twice(self):
        for leave in ("action_undo", "action_refund"):
            gift = self.post(10)
            getattr(gift, leave)()
            for again in ("action_undo", "action_refund"):
                with self.subTest(leave=leave, again=again), self.assertRaisesRegex(UserError, "not in the books"):
                    getattr(gift, again)()
        self.assertEqual(self.figures()["received"], 0)
        self.assert_all_hold()

    # -- pledges -------------------------------------------------------------

    def test_pledge_in_two_transfers_with_two_receipts(self):
        pledge = self.pledge(100, wants_receipt=True)
        first = self.take(self.bank_line(99.99), pledge)
        self.assertEqual((pledge.state, pledge.amount_open), ("partial", 0.01))
        second = self.take(self.bank_line(0.01), pledge)
        self.assertEqual((pledge.state, pledge.amount_open, pledge.amount_received), ("received", 0, 100))
        self.assertEqual([gift.receipt_id.amount for gift in (first, second)], [99.99, 0.01])
        first.action_undo()
        self.assertEqual((pledge.state, pledge.amount_open), ("partial", 99.99))
        second.action_undo()
        self.assertEqual((pledge.state, pledge.amount_open), ("open", 100))
        self.assert_all_hold()

    def test_overpaid_pledge(self):
        pledge = self.pledge(100, wants_receipt=True)
        gift = self.take(self.bank_line(130), pledge)
        self.assertEqual((pledge.state, pledge.amount_received, pledge.amount_open), ("received", 130, 0))
        self.assertEqual((gift.receipt_id.amount, gift.line_ids.amount, self.figures()["received"]), (130, 130, 130))
        self.assert_all_hold()

    def test_late_transfer_for_a_cancelled_pledge(self):
        pledge = self.pledge(100)
        pledge.with_user(self.officer).action_cancel()
        gift = self.take(self.bank_line(40), pledge)
        self.assertEqual((gift.state, pledge.state, pledge.amount_received, pledge.amount_open), ("posted", "cancelled", 40, 0))
        pledge.with_user(self.officer).action_reopen()
        self.assertEqual((pledge.state, pledge.amount_open), ("partial", 60))

    def test_gift_goes_to_the_initiative_of_its_pledge(self):
        self.take(self.bank_line(40), self.pledge(40, fund_line_id=self.aid.id))
        self.assertEqual((self.aid.free, self.labs.free), (40, 0))

    # -- transfers -----------------------------------------------------------

    def test_transfer_without_pledge(self):
        gift = self.take(self.bank_line(25, partner_id=self.citizen.id))
        self.assertEqual((gift.partner_id, gift.fund_id, gift.pledge_id.id, gift.line_ids.fund_line_id), (self.citizen, self.fund, False, self.labs))
        self.assertIn("test", gift.trace)
        self.assert_all_hold()

    def test_unknown_donor(self):
        gift = self.take(self.bank_line(25), wants_receipt=True)
        self.assertEqual((gift.partner_id.id, gift.state, gift.receipt_id.id), (False, "posted", False))
        self.assertRegex(gift.receipt_obstacle, "unknown")
        with self.assertRaisesRegex(UserError, "must be known"), self.env.cr.savepoint():
            gift.action_refund()
        self.assertEqual((gift.state, self.figures()["received"]), ("posted", 25))
        self.assert_all_hold()

    def test_foreign_currency_is_refused(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        line = self.bank_line(25, foreign_currency_id=usd.id, amount_currency=30)
        with self.assertRaisesRegex(UserError, "currency of the books"):
            self.take(line, partner_id=self.citizen.id)
        self.assertFalse(line.is_reconciled)
        self.assertFalse(self.env["citta.donation"].search([("statement_line_id", "=", line.id)]))
        self.assertEqual(self.figures()["received"], 0)

    # -- figures -------------------------------------------------------------

    def make_programme(self, code):
        """A programme in a territory of its own, with its indicator."""
        territory = self.env["citta.territory"].sudo().create({"name": f"Invented {code}", "code": code})
        programme = self.env["citta.programme"].sudo().create({
            "name": f"Invented {code}", "code": code, "territory_id": territory.id, "date_start": "2026-01-01",
            "lead_partner_id": self.district.id, "company_id": self.company.id,
        })
        return programme, self.env["citta.kpi"].sudo().create({"name": "Balance", "programme_id": programme.id, "source": "fund_balance"})

    def make_coordinator(self, programme):
        return new_test_user(
            self.env, f"fund_coordinator_{programme.code}", groups="citta_lavoro.group_citta_coordinator", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)], citta_territory_ids=[Command.set(programme.territory_id.ids)],
        )

    def test_one_figure_for_form_indicator_and_public_page(self):
        programme, kpi = self.make_programme("first")
        self.fund.write({"programme_id": programme.id, "is_published": True})
        self.post(100.1, self.district)
        self.post(20.2).action_refund()
        coordinator = self.make_coordinator(programme)
        self.env.invalidate_all()
        free = self.fund.with_user(self.treasurer).free
        self.assertEqual(free, 200.2)
        self.assertEqual(self.fund._get_public_values()["figures"]["free"], free)
        self.assertEqual(self.fund._get_public_table()[-1][-1], free)
        self.assertEqual((kpi.with_user(coordinator).actual, self.fund.with_user(coordinator).free), (free, free))

    def test_indicators_of_two_programmes(self):
        (first, kpi), (second, other_kpi) = self.make_programme("first"), self.make_programme("second")
        other = self.fund.copy({"code": "second", "bank_journal_id": self.bank.id, "programme_id": second.id})
        self.env["citta.fund.line"].create({"name": "Only", "code": "only", "fund_id": other.id})
        self.fund.programme_id = first
        other.invalidate_recordset()
        self.post(100, fund_id=self.fund.id)
        self.post(7, fund_id=other.id)
        self.env.flush_all()
        self.assertEqual((kpi.actual, other_kpi.actual), (100, 7))
        with self.assertRaises(AccessError):
            other_kpi.with_user(self.make_coordinator(first)).read(["actual"])
        self.assert_all_hold()
