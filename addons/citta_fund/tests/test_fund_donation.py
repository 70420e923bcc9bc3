from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FundCommon


@tagged("post_install", "-at_install")
class TestDonation(FundCommon):

    def test_gift_takes_the_place_of_the_suspense(self):
        line = self.bank_line(50)
        gift = self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(
            line.with_user(self.treasurer), pledge=self.pledge(50),
        )
        self.assertEqual(gift.state, "posted")
        self.assertEqual(gift.move_id, line.move_id)
        self.assertTrue(line.is_reconciled)
        income = self.fund._get_gift_account("free")
        self.assertRecordValues(line.move_id.line_ids.sorted("balance"), [
            {"account_id": income.id, "balance": -50, "partner_id": self.citizen.id, "citta_fund_line_id": self.labs.id, "citta_nature": "gift"},
            {"account_id": self.bank.default_account_id.id, "balance": 50, "partner_id": self.citizen.id, "citta_fund_line_id": False, "citta_nature": False},
        ])
        self.assertEqual(gift.pledge_id.state, "received")
        self.assertEqual(self.figures()["received"], 50)
        self.assertEqual(self.figures()["free"], 50)

    def test_each_kind_has_its_account(self):
        wanted = {"free": "income", "tied": "equity", "conditional": "liability_current"}
        for kind, account_type in wanted.items():
            gift = self.post(10, kind=kind)
            item = gift.move_id.line_ids.filtered("citta_nature")
            self.assertEqual(item.account_id.account_type, account_type, kind)
        self.assertEqual(self.figures()["received"], 30)

    def test_configured_account_is_used(self):
        rule = self.fund.posting_rule_ids.filtered(lambda rule: rule.kind == "free")
        rule.account_id = self.company_data["default_account_revenue"]
        self.assertEqual(self.post(10).move_id.line_ids.filtered("citta_nature").account_id, self.company_data["default_account_revenue"])
        rule.unlink()
        with self.assertRaisesRegex(UserError, "no posting rule"):
            self.post(10)

    def test_split_over_initiatives(self):
        parts = [{"fund_line_id": self.labs.id, "amount": 33.34}, {"fund_line_id": self.aid.id, "amount": 66.67}]
        self.post(100.01, line_ids=[Command.create(part) for part in parts])
        figures = {line.code: found["received"] for line, found in self.fund._get_line_figures().items()}
        self.assertEqual(figures, {"labs": 33.34, "aid": 66.67})

    def test_parts_must_add_up(self):
        with self.assertRaisesRegex(ValidationError, "do not add up"):
            self.post(100, line_ids=[Command.create({"fund_line_id": self.labs.id, "amount": 99.99})])

    def test_line_is_taken_once(self):
        line = self.bank_line(50).with_user(self.treasurer)
        gifts = self.env["citta.donation"].with_user(self.treasurer)
        gift = gifts._post_from_statement_line(line, vals={"partner_id": self.citizen.id})
        with self.assertRaisesRegex(UserError, "already"):
            gifts._post_from_statement_line(line, vals={"partner_id": self.citizen.id})
        with self.assertRaisesRegex(UserError, "already"):
            gift._post_from_statement_line(self.bank_line(50).with_user(self.treasurer))
        self.assertEqual(self.figures()["received"], 50)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            gift.copy().sudo().statement_line_id = line
            self.env.flush_all()

    def test_what_cannot_be_taken(self):
        gifts = self.env["citta.donation"].with_user(self.treasurer)
        with self.assertRaisesRegex(UserError, "came in"):
            gifts._post_from_statement_line(self.bank_line(-50).with_user(self.treasurer))
        other = self.bank.copy()
        line = self.env["account.bank.statement.line"].create({"journal_id": other.id, "amount": 5, "payment_ref": "other bank"})
        with self.assertRaisesRegex(UserError, "which fund"):
            gifts._post_from_statement_line(line.with_user(self.treasurer))
        with self.assertRaisesRegex(UserError, "bank account of"):
            gifts._post_from_statement_line(line.with_user(self.treasurer), vals={"fund_id": self.fund.id})
        for step in ("button_draft", "button_cancel"):
            outside = self.bank_line(50)
            getattr(outside.move_id, step)()
            with self.assertRaisesRegex(UserError, "is not posted"):
                gifts._post_from_statement_line(outside.with_user(self.treasurer), vals={"partner_id": self.citizen.id})
        draft = gifts.create({"fund_id": self.fund.id, "amount": 49})
        with self.assertRaisesRegex(UserError, "different amounts"):
            draft._post_from_statement_line(self.bank_line(50).with_user(self.treasurer))
        self.assertEqual(draft.state, "draft")
        self.assertFalse(line.is_reconciled)

    def test_failure_leaves_nothing(self):
        self.fund.posting_rule_ids.filtered(lambda rule: rule.kind == "tied").unlink()
        line = self.bank_line(50).with_user(self.treasurer)
        with self.assertRaises(UserError):
            self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(line, vals={"kind": "tied"})
        self.assertFalse(self.env["citta.donation"].search([("fund_id", "=", self.fund.id)]))
        self.assertFalse(line.is_reconciled)

    def test_draft_is_posted_from_its_line(self):
        draft = self.env["citta.donation"].with_user(self.officer).create({
            "fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 70, "means": "cheque",
        })
        self.assertEqual(draft.state, "draft")
        draft.with_user(self.treasurer)._post_from_statement_line(self.bank_line(70).with_user(self.treasurer))
        self.assertEqual((draft.state, draft.means), ("posted", "cheque"))

    def test_cheque_is_recorded_and_posted_from_its_line(self):
        vals = {"fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 55, "means": "cheque", "trace": "cheque 0042", "wants_receipt": True}
        gift = self.env["citta.donation"].with_user(self.officer).create(vals)
        dialogue = self.env["citta.donation.bank"].with_user(self.treasurer)
        with self.assertRaisesRegex(UserError, "import the statement"):
            dialogue.create({"donation_id": gift.id}).action_post()
        self.bank_line(54)
        line, choice = self.bank_line(55), Form(dialogue.with_context(default_donation_id=gift.id))
        self.assertEqual(choice.statement_line_id, line, "the only one of this amount")
        choice.save().action_post()
        self.assertEqual((gift.state, gift.means, gift.statement_line_id.id, gift.is_traceable), ("receipted", "cheque", line.id, True))
        self.assertIn("cheque 0042", gift.receipt_id.trace)
        with self.assertRaises(AccessError):
            self.env["citta.donation.bank"].with_user(self.officer).create({"donation_id": gift.id})

    def test_no_gift_of_a_day_to_come(self):
        gift = self.env["citta.donation"].create({"fund_id": self.fund.id, "amount": 5, "means": "cash", "date_received": "2099-01-01"})
        with self.assertRaisesRegex(UserError, "day to come"):
            gift.with_user(self.treasurer).action_post()

    def test_only_the_treasurer_posts(self):
        line = self.bank_line(50)
        for user in (self.officer, self.auditor, self.operator):
            with self.assertRaises(AccessError):
                self.env["citta.donation"].with_user(user)._post_from_statement_line(line.with_user(user))
        cash = self.env["citta.donation"].create({"fund_id": self.fund.id, "amount": 5, "means": "cash"})
        with self.assertRaises(AccessError):
            cash.with_user(self.officer).action_post()
        gift = self.post(20)
        for action in ("action_refund", "action_undo", "action_issue_receipt"):
            with self.assertRaises(AccessError):
                getattr(gift.with_user(self.officer), action)()

    def test_posted_gift_is_a_record(self):
        gift = self.post(20)
        for vals in ({"amount": 21}, {"partner_id": self.district.id}, {"line_ids": [Command.clear()]}, {"date_received": "2026-01-01"}):
            for user in (self.officer, self.fund_admin):
                with self.assertRaises(UserError):
                    gift.with_user(user).write(vals)
        with self.assertRaises(UserError):
            gift.line_ids.with_user(self.fund_admin).write({"amount": 1})
        with self.assertRaises(UserError):
            gift.with_user(self.fund_admin).unlink()
        gift.with_user(self.officer).write({"anonymity": "public"})

    def test_facts_are_not_written_by_hand(self):
        draft = self.env["citta.donation"].with_user(self.fund_admin).create({"fund_id": self.fund.id, "amount": 5})
        move = self.post(5).move_id
        for vals in ({"move_id": move.id}, {"state": "posted"}, {"date_undone": "2026-01-01"}):
            with self.assertRaises(UserError):
                draft.write(vals)
            with self.assertRaises(UserError):
                draft.create({"fund_id": self.fund.id, "amount": 5, **vals})

    def test_undo_gives_the_line_back(self):
        pledge = self.pledge(50)
        line = self.bank_line(50).with_user(self.treasurer)
        gifts = self.env["citta.donation"].with_user(self.treasurer)
        gift = gifts._post_from_statement_line(line, pledge=pledge)
        gift.action_undo()
        self.assertEqual((gift.state, pledge.state, line.is_reconciled), ("undone", "open", False))
        self.assertEqual(self.figures()["received"], 0)
        with self.assertRaisesRegex(UserError, "not in the books"):
            gift.action_undo()
        again = gifts._post_from_statement_line(line, pledge=pledge)
        self.assertEqual((again.state, pledge.state, self.figures()["received"]), ("posted", "received", 50))

    def test_what_is_closed_is_not_undone_but_refunded(self):
        gift = self.post(50, self.district, wants_receipt=True).with_user(self.treasurer)
        self.company.fiscalyear_lock_date = "2026-04-30"
        with self.assertRaisesRegex(UserError, "closed: refund the gift instead"):
            gift.action_undo()
        self.assertEqual((gift.state, gift.amount_matched), ("receipted", 50))
        gift.action_refund()
        today = fields.Date.context_today(gift)
        self.assertEqual((gift.state, gift.refund_move_id.date, gift.match_entry_ids.reversal_move_id.date), ("refunded", today, today))

    def test_cash_of_a_closed_period_is_not_moved_to_another_day_in_silence(self):
        gift = self.env["citta.donation"].with_user(self.treasurer).create({"fund_id": self.fund.id, "amount": 5, "means": "cash", "date_received": "2026-04-30"})
        self.company.fiscalyear_lock_date = "2026-04-30"
        with self.assertRaisesRegex(UserError, "are closed. Have them opened"):
            gift.action_post()
        self.assertEqual((gift.state, self.figures()["received"]), ("draft", 0))
        gift.date_received = "2026-05-01"
        gift.action_post()
        self.assertEqual((gift.state, gift.move_id.date), ("posted", gift.date_received))

    def test_refund_is_owed_to_the_donor(self):
        gift = self.post(80, kind="tied")
        gift.action_refund()
        self.assertEqual((gift.state, self.figures()["received"]), ("refunded", 0))
        owed = gift.refund_move_id.line_ids.filtered(lambda item: item.account_id.account_type == "liability_payable")
        self.assertEqual((owed.balance, owed.partner_id), (-80, self.citizen))
        with self.assertRaises(UserError):
            gift.action_refund()
        with self.assertRaises(UserError):
            gift.action_undo()

    def test_refund_by_mistake_is_taken_back(self):
        gift = self.post(40, self.district, wants_receipt=True)
        receipt = gift.receipt_id
        gift.action_refund()
        counter = gift.refund_move_id
        with self.assertRaises(AccessError):
            gift.with_user(self.officer).action_undo_refund()
        gift.action_undo_refund()
        self.assertEqual((gift.state, gift.amount_matched, self.figures()["received"], self.figures()["matched"]), ("receipted", 40, 40, 40))
        self.assertEqual((receipt.state, gift.receipt_id.number), ("voided", receipt.number + 1))
        self.assertFalse(counter.line_ids.filtered(lambda item: item.account_id.account_type == "liability_payable").amount_residual, "nothing is owed")
        self.assertEqual(self.rule._claim_used("pot"), 40)
        self.assertFalse(self.env["citta.fund.check"]._run(self.company).filtered(lambda row: not row.is_ok).mapped("findings"))
        with self.assertRaisesRegex(UserError, "owed back no more"):
            gift.action_undo_refund()
        gift.action_refund()
        line = self.bank_line(-40, date=gift.refund_move_id.date).with_user(self.treasurer)
        line._citta_take_return(gift)
        with self.assertRaisesRegex(UserError, "owed back no more"):
            gift.action_undo_refund()

    def test_receipt_that_nobody_asked_for_comes_back_with_the_gift(self):
        gift, plain = self.post(50).with_user(self.treasurer), self.post(50).with_user(self.treasurer)
        gift.action_issue_receipt()
        first = gift.receipt_id
        for one in (gift, plain):
            one.action_refund()
            one.action_undo_refund()
        self.assertEqual((first.state, gift.state, plain.state), ("voided", "receipted", "posted"))

    def test_cash_is_posted_by_hand(self):
        gift = self.env["citta.donation"].with_user(self.officer).create({
            "fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 15, "means": "cash", "wants_receipt": True,
        })
        gift.with_user(self.treasurer).action_post()
        self.assertEqual((gift.state, gift.is_traceable, self.figures()["received"]), ("posted", False, 15))
        self.assertFalse(gift.receipt_id)
        gift.with_user(self.treasurer).action_undo()
        self.assertEqual((gift.state, self.figures()["received"]), ("undone", 0))

    def test_other_means_are_not_posted_by_hand(self):
        for means in ("transfer", "card", "cheque", "in_kind"):
            gift = self.env["citta.donation"].create({"fund_id": self.fund.id, "amount": 15, "means": means})
            with self.assertRaises(UserError):
                gift.with_user(self.treasurer).action_post()

    def test_entry_of_a_gift_is_not_reopened(self):
        gift = self.post(20)
        for action in ("button_draft", "button_cancel"):
            with self.assertRaisesRegex(UserError, "undo or refund"):
                getattr(gift.move_id.with_user(self.fund_admin), action)()
        with self.assertRaises(UserError):
            gift.move_id.line_ids.filtered("citta_nature").write({"citta_fund_line_id": self.aid.id})

    def test_same_rights_as_a_human_has(self):
        self.post(20)
        self.assertTrue(self.env["citta.donation"].with_user(self.auditor).search([]))
        for model in ("citta.donation", "citta.pledge", "citta.receipt"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.operator).search([])
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.auditor).create({})
        with self.assertRaises(AccessError):
            self.env["citta.posting.rule"].with_user(self.treasurer).create({})
