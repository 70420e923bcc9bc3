from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.account_move_line import BOOKING
from .common import FundCommon

AT_ONCE = "odoo.addons.citta_fund.models.bank_queue.AT_ONCE"


@tagged("post_install", "-at_install")
class TestBankQueue(FundCommon):
    """Certain lines in the background, doubtful ones by the keyboard: each once, whoever else is at it."""

    def expected_lines(self, count):
        """Lines whose reference and amount are right, as the treasurer sees them."""
        pledges = [self.pledge(10 + place) for place in range(count)]
        lines = self.env["account.bank.statement.line"].concat(*(self.bank_line(one.amount, payment_ref=one.reference) for one in pledges))
        return self.as_treasurer(lines)

    def as_treasurer(self, lines):
        """The same lines as the treasurer sees them."""
        return lines.with_user(self.treasurer).with_company(self.company)

    def test_first_ones_now_and_the_others_later(self):
        lines = self.expected_lines(5)
        with patch(AT_ONCE, 2):
            answer = lines.action_citta_post_certain()["params"]
        self.assertIn("3 more", answer["message"])
        self.assertEqual(lines.mapped("is_reconciled"), [True, True, False, False, False])
        self.assertEqual(lines[2:].citta_queued_by_id, self.treasurer)
        model = self.env["account.bank.statement.line"]
        self.assertEqual([model._citta_work_queue(size=2), model._citta_work_queue(size=2), model._citta_work_queue()], [2, 1, 0])
        self.assertEqual(set(lines.mapped("is_reconciled")), {True})
        self.assertEqual(lines.citta_donation_ids.create_uid, self.treasurer)
        self.assertFalse(lines.citta_queued_by_id)

    def test_step_that_is_cut_off_is_done_again(self):
        lines = self.expected_lines(2)
        with patch(AT_ONCE, 0):
            lines.action_citta_post_certain()
        model = self.env["account.bank.statement.line"]
        with self.assertRaisesRegex(UserError, "cut"), self.env.cr.savepoint():
            model._citta_work_queue()
            raise UserError("cut")
        self.env.invalidate_all()
        self.assertEqual((len(lines.citta_donation_ids), lines.citta_queued_by_id), (0, self.treasurer))
        model._citta_work_queue()
        self.assertEqual(len(lines.citta_donation_ids), 2)

    def test_what_changed_meanwhile_is_not_posted(self):
        lines = self.expected_lines(2)
        with patch(AT_ONCE, 0):
            lines.action_citta_post_certain()
        lines[0].citta_pledge_id.action_cancel()
        lines[1].action_citta_post_gift()
        self.env["account.bank.statement.line"]._citta_work_queue()
        self.assertEqual((len(lines[0].citta_donation_ids), len(lines[1].citta_donation_ids)), (0, 1))

    def test_two_equal_transfers_are_one_certain_gift(self):
        pledge = self.pledge(50)
        lines = self.as_treasurer(self.bank_line(50, payment_ref=pledge.reference) | self.bank_line(50, payment_ref=pledge.reference))
        lines.action_citta_post_certain()
        self.assertEqual((sorted(lines.mapped("is_reconciled")), pledge.amount_received), ([False, True], 50))

    def test_reason_stays_on_the_line(self):
        [line] = self.expected_lines(1)
        with patch(AT_ONCE, 0):
            line.action_citta_post_certain()
        self.fund.posting_rule_ids.unlink()
        self.env["account.bank.statement.line"]._citta_work_queue()
        self.assertIn("posting rule", line.citta_queue_fault)
        self.assertFalse(line.is_reconciled)

    def test_one_that_cannot_be_posted_stops_no_other(self):
        lines = self.expected_lines(5)
        # sudo: a kind of gift that the fund has no account for
        lines[3].citta_pledge_id.sudo().kind = "tied"
        self.fund.posting_rule_ids.filtered(lambda rule: rule.kind == "tied").unlink()
        with patch(AT_ONCE, 0):
            lines.action_citta_post_certain()
        self.assertEqual(self.env["account.bank.statement.line"]._citta_work_queue(), 5)
        self.assertEqual(lines.mapped("is_reconciled"), [True, True, True, False, True])
        self.assertEqual([bool(line.citta_queue_fault) for line in lines], [False, False, False, True, False])
        self.assertFalse([row.findings for row in self.env["citta.fund.check"]._run(self.company) if not row.is_ok])

    def test_months_of_a_standing_order_are_all_posted(self):
        pledge = self.pledge(20, recurrence="monthly", date="2026-01-01")
        days = ("2026-01-05", "2026-02-05", "2026-03-05")
        lines = self.as_treasurer(self.env["account.bank.statement.line"].concat(*(self.bank_line(20, payment_ref=pledge.reference, date=day) for day in days)))
        lines.action_citta_post_certain()
        self.assertEqual((set(lines.mapped("is_reconciled")), pledge.amount_received), ({True}, 60))

    def test_the_quick_look_and_the_screen_agree(self):
        pledges = [self.pledge(10 + place) for place in range(3)]
        written = (pledges[0].reference, f"{pledges[1].reference} {pledges[2].reference}", pledges[2].reference[:-1], "nothing")
        lines = self.as_treasurer(self.env["account.bank.statement.line"].concat(*(self.bank_line(10, payment_ref=text) for text in written)))
        self.assertEqual(list(lines._citta_find_certain().items()), [(lines[0], pledges[0].with_env(lines.env))])
        self.assertEqual(lines.mapped("citta_certainty"), ["certain", "likely", "doubtful", "unknown"])

    def follow(self, action):
        """What the client opens in the end, where a notification comes before it."""
        return action["params"].get("next") if action["type"] == "ir.actions.client" else action

    def three(self):
        """Three lines of unknown payers, by day."""
        return self.as_treasurer(self.bank_line(5, date="2026-03-01") | self.bank_line(6, date="2026-03-02") | self.bank_line(7, date="2026-03-02"))

    def test_one_by_one(self):
        lines = self.three()
        action = lines.action_citta_decide()
        self.assertEqual((action["res_id"], action["views"][0][1], action["path"]), (lines[0].id, "form", "decide-bank-lines"))
        self.assertEqual(lines[0].action_citta_skip()["res_id"], lines[1].id)
        self.assertEqual(self.follow(lines[1].action_citta_post_next())["res_id"], lines[2].id)
        self.assertEqual(self.follow(lines[2].action_citta_post_next())["res_id"], lines[0].id, "the one that was left comes again")
        said = lines[0].action_citta_post_next()
        self.assertEqual(self.follow(said)["view_mode"], "list,kanban")
        self.assertIn(lines[0].citta_gift_id.name, said["params"]["links"][0]["label"])
        self.assertEqual(lines.citta_donation_ids.mapped("amount"), [5, 6, 7])

    def test_the_end_of_the_round_is_told(self):
        lines = self.three()
        again, other = lines[2].action_citta_skip(), self.as_treasurer(self.bank_line(1, date="2026-02-01"))
        self.assertEqual((again["type"], self.follow(again)["res_id"]), ("ir.actions.client", lines[0].id))
        lines.action_citta_post_gift()
        alone = other.action_citta_skip()
        self.assertEqual((alone["type"], self.follow(alone)["view_mode"]), ("ir.actions.client", "list,kanban"))

    def test_the_list_after_the_last_one_has_its_help_as_text(self):
        """An action within an action is shown as it comes: marks would be read out."""
        action = self.as_treasurer(self.bank_line(7, partner_id=self.citizen.id)).action_citta_post_next()["params"]["next"]
        self.assertTrue(action["help"])
        self.assertNotIn("<", action["help"])

    def test_nothing_to_decide(self):
        said = self.as_treasurer(self.env["account.bank.statement.line"]).action_citta_decide()
        self.assertEqual((said["type"], self.follow(said)), ("ir.actions.client", None), "no list on top of the list")

    def test_a_line_that_a_second_window_posts_again(self):
        lines = self.three()
        lines[0].action_citta_post_next()
        said = lines[0].action_citta_post_next()
        self.assertEqual((said["params"]["type"], self.follow(said)["res_id"]), ("warning", lines[1].id))
        self.assertEqual(len(lines[0].citta_donation_ids), 1)
        with self.assertRaisesRegex(UserError, "already"):
            lines[0].action_citta_split()

    def test_undone_on_the_same_screen(self):
        lines = self.three()
        with self.assertRaises(UserError):
            lines[0].action_citta_undo()
        lines[0].action_citta_post_next()
        gift = lines[0].citta_gift_id
        self.assertEqual(self.follow(lines[0].action_citta_undo())["res_id"], lines[0].id)
        self.assertEqual((gift.state, lines[0].is_reconciled, lines[0].citta_gift_id), ("undone", False, gift.browse()))
        lines[0].action_citta_post_next()
        self.assertEqual(lines[0].citta_gift_id.amount, 5)

    def test_several_funds_are_undone_as_one(self):
        line = self.as_treasurer(self.bank_line(10))
        other = self.env["citta.fund"].create({
            "name": "Second", "code": "second", "company_id": self.company.id, "bank_journal_id": self.bank.id,
            "line_ids": [Command.create({"name": "Other", "code": "other"})],
        })
        line.env["citta.donation.split"].create({"statement_line_id": line.id, "part_ids": [
            Command.create({"fund_line_id": part.id, "amount": 5}) for part in (self.labs, other.line_ids)
        ]}).action_post()
        line.action_citta_undo()
        self.assertFalse(line.is_reconciled)
        self.assertEqual(set(line.citta_sheet_ids.donation_ids.mapped("state")), {"undone"})

    def test_other_pledges_are_named(self):
        self.env["res.partner.bank"].create({"acc_number": "IT49Z9999901600000000000025", "partner_id": self.citizen.id})
        first, second = self.pledge(50), self.pledge(70)
        line = self.as_treasurer(self.bank_line(50, account_number="IT49Z9999901600000000000025"))
        self.assertEqual(line.citta_pledge_id, first)
        self.assertIn(second.reference, line.citta_others)
        self.assertNotIn(first.reference, line.citta_others)
        self.assertIn("came in time", self.as_treasurer(self.bank_line(50, payment_ref=first.reference, date=first.date)).citta_reasons)

    def test_account_names_the_donor_without_a_pledge(self):
        self.post(5, self.citizen).statement_line_id.with_context(**BOOKING).account_number = "IT49Z9999901600000000000025"
        line = self.as_treasurer(self.bank_line(8, account_number="IT49Z9999901600000000000025"))
        self.assertEqual(line.citta_donor_id, self.citizen)
        self.post(5, self.district).statement_line_id.with_context(**BOOKING).account_number = "IT49Z9999901600000000000025"
        line.invalidate_recordset()
        self.assertFalse(line.citta_donor_id, "two pay from it")

    def test_who_may(self):
        line = self.bank_line(5)
        for user in (self.officer, self.auditor, self.operator):
            for method in ("action_citta_post_next", "action_citta_undo", "action_citta_post_payout", "action_citta_post_return"):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(line.with_user(user).with_company(self.company), method)()


@tagged("post_install", "-at_install")
class TestBankReturn(FundCommon):
    """Bounced and refunded gifts are found on what leaves the account."""

    def gift(self, amount=50, **vals):
        """A gift by a transfer from a known account."""
        line = self.bank_line(amount, account_number="IT49Z9999901600000000000025", partner_name="Invented citizen")
        return self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(
            line.with_user(self.treasurer), vals={"partner_id": self.citizen.id, **vals})

    def leaving(self, amount=-50, **vals):
        """A line that takes money away."""
        line = self.bank_line(amount, date="2026-03-05", **vals)
        return line.with_user(self.treasurer).with_company(self.company)

    def test_bounced_gift_is_taken_back(self):
        gift = self.gift(wants_receipt=True)
        receipt = gift.receipt_id
        line = self.leaving(account_number="IT49Z9999901600000000000025", payment_ref="storno bonifico")
        self.assertEqual(line.citta_return_gift_id, gift)
        self.assertIn("same account", line.citta_return_reasons)
        line.action_citta_post_return()
        self.assertEqual((gift.state, receipt.state, line.is_reconciled, self.figures()["received"]), ("refunded", "voided", True, 0))
        self.assertFalse(gift._get_owed_items(), "nothing is owed any more")
        with self.assertRaises(UserError):
            line.action_citta_post_return()

    def test_it_went_back_on_the_day_of_the_bank(self):
        """A transfer of December that bounced in December is in no year's file, whenever the statement is read."""
        self.rule.donor_ids = False
        gift = self.gift()
        line = self.leaving(account_number="IT49Z9999901600000000000025")
        line.action_citta_post_return()
        self.assertEqual({str(day) for day in (gift.refund_move_id | gift.match_entry_ids.reversal_move_id).mapped("date")}, {"2026-03-05"})

    def test_bounced_gift_of_an_unknown_donor(self):
        gift, line = self.gift(partner_id=False), self.leaving(account_number="IT49Z9999901600000000000025")
        with self.assertRaisesRegex(UserError, "must be known"):
            gift.action_refund()
        line.action_citta_post_return()
        self.assertEqual((gift.state, line.is_reconciled, self.figures()["received"]), ("refunded", True, 0))
        self.assertFalse(gift._get_owed_items())

    def test_refund_that_is_paid_out(self):
        gift, other = self.gift(), self.gift()
        gift.action_refund()
        line = self.leaving(partner_name="CITIZEN INVENTED")
        self.assertEqual(line.citta_return_gift_id, gift)
        self.assertIn("owed back already", line.citta_return_reasons)
        line.action_citta_post_return()
        self.assertEqual((other.state, bool(gift._get_owed_items())), ("posted", False))

    def test_amount_alone_proves_nothing(self):
        self.gift()
        for vals in ({"payment_ref": "affitto"}, {"amount": -49, "account_number": "IT49Z9999901600000000000025"}):
            line = self.leaving(**vals)
            self.assertFalse(line.citta_return_gift_id)
            with self.assertRaisesRegex(UserError, "by hand"):
                line.action_citta_post_return()

    def test_undoing_the_line_leaves_the_debt(self):
        gift = self.gift()
        line = self.leaving(account_number="IT49Z9999901600000000000025")
        line.action_citta_post_return()
        line.action_undo_reconciliation()
        self.assertTrue(gift._get_owed_items())
        self.assertEqual(line.citta_return_gift_id, gift)
