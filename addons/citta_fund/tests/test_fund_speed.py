import base64
from contextlib import ExitStack
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .common import FundCommon
from .test_fund_payment_transaction import OnlineMixin

AT_ONCE = "odoo.addons.citta_fund.models.bank_queue.AT_ONCE"
FEW, MANY = 20, 60


class SpeedCommon(FundCommon):
    """Statements of SQL, counted to where the transaction would end, in a user's own context."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule.donor_ids = False

    def setUp(self):
        super().setUp()
        self.env = self.env(context={key: value for key, value in self.env.context.items() if key != "tracking_disable"})

    def as_treasurer(self, records):
        """The same records as the treasurer sees them, with all that is tracked and logged."""
        return records.with_env(self.env(user=self.treasurer)).with_company(self.company)

    def count(self, function):
        """Statements of a call, with nothing in the cache before and nothing pending after it."""
        self.settle()
        before = self.cr.sql_log_count
        function()
        self.env.flush_all()
        self.cr.precommit.run()
        return self.cr.sql_log_count - before

    def settle(self):
        """Where a transaction would end."""
        self.env.flush_all()
        self.cr.precommit.run()
        self.env.invalidate_all()

    def marginal(self, prepare, function):
        """What one more of the same costs, between a short and a longer run of it.

        :param prepare: makes what ``function`` works on, for a number of gifts
        :param function: the measured work
        """
        def cost(size):
            prepared = prepare(size)
            return self.count(lambda: function(prepared))
        cost(2)
        return (cost(MANY) - cost(FEW)) / (MANY - FEW)

    def promises(self, count, **vals):
        """Pledges of as many donors."""
        donors = self.env["res.partner"].create([{"name": f"Invented {place}", "is_company": True, "vat": "IT99999990031"} for place in range(count)])
        return self.env["citta.pledge"].create([
            {"fund_id": self.fund.id, "partner_id": donor.id, "amount": 10 + place, "wants_receipt": False, **vals} for place, donor in enumerate(donors)
        ])


@tagged("post_install", "-at_install")
class TestSpeed(SpeedCommon):
    """What one line or gift more costs must not grow: bare Odoo is measured beside it by ``./citta bench fund``."""

    def lines(self, pledges):
        """Lines of a statement that answer pledges."""
        return self.as_treasurer(self.env["account.bank.statement.line"]).create([
            {"journal_id": self.bank.id, "date": "2026-03-01", "amount": one.amount, "payment_ref": one.reference, "partner_name": one.partner_id.name}
            for one in pledges
        ])

    def test_a_line_that_is_read(self):
        self.assertLessEqual(self.marginal(self.promises, self.lines), 9)

    def test_a_line_born_with_its_donor(self):
        pledges = self.promises(3)
        self.assertEqual([line.partner_id for line in self.lines(pledges)], list(pledges.partner_id))

    def test_a_certain_line_with_its_match(self):
        def post(lines):
            with patch(AT_ONCE, MANY):
                lines.action_citta_post_certain()
            self.assertEqual(set(lines.mapped("is_reconciled")), {True})
            self.assertEqual(sum(lines.citta_donation_ids.mapped("amount_matched")), sum(lines.mapped("amount")))

        self.assertLessEqual(self.marginal(lambda size: self.lines(self.promises(size)), post), 0.5)

    def test_a_certain_line_with_its_receipt(self):
        def post(lines):
            lines.action_citta_post_gift()
            self.assertEqual(set(lines.citta_donation_ids.mapped("state")), {"receipted"})

        self.assertLessEqual(self.marginal(lambda size: self.lines(self.promises(size, wants_receipt=True)), post), 1)

    def test_one_entry_for_a_rule_and_a_day(self):
        lines = self.lines(self.promises(4))
        lines[3].date = "2026-03-02"
        lines.action_citta_post_gift()
        matches = lines.citta_donation_ids.match_entry_ids
        self.assertEqual((len(matches), len(matches.move_id)), (4, 2))
        for move in matches.move_id:
            own = matches.filtered(lambda match, move=move: match.move_id == move)
            self.assertEqual(set(own.mapped("date")), {move.date})
            self.assertEqual(sum(move.line_ids.filtered("citta_nature").mapped("credit")), sum(own.mapped("amount")))
            self.assertEqual(len(move.line_ids), len(own) + 1)

    def test_one_of_many_is_undone_by_itself(self):
        lines = self.lines(self.promises(3))
        lines.action_citta_post_gift()
        gift, before = lines[1].citta_donation_ids, self.figures()
        gift.action_undo()
        after = self.figures()
        self.assertEqual((before["received"] - after["received"], before["matched"] - after["matched"]), (gift.amount, gift.amount))
        self.assertEqual(lines.mapped("is_reconciled"), [True, False, True])
        self.assertEqual(self.rule.owed, self.rule.matched)
        lines[1].action_citta_post_gift()
        self.assertEqual(self.figures(), before)
        self.assertFalse([row.findings for row in self.env["citta.fund.check"]._run(self.company) if not row.is_ok])

    def test_a_gift_in_cash(self):
        def drafts(size):
            return self.as_treasurer(self.env["citta.donation"]).create([
                {"fund_id": self.fund.id, "partner_id": donor.id, "amount": 10, "means": "cash"} for donor in self.promises(size).partner_id
            ])

        self.assertLessEqual(self.marginal(drafts, lambda gifts: gifts.action_post()), 6)

    def test_a_gift_of_a_list(self):
        def read(size):
            rows = "\n".join(f"Donor {place};10" for place in range(size))
            return self.as_treasurer(self.env["citta.donation.sheet"]).create({
                "name": "Payroll", "fund_id": self.fund.id, "fund_line_id": self.aid.id, "statement_line_id": self.bank_line(10 * size).id,
                "content": base64.b64encode(f"Nome;Importo\n{rows}\n".encode()),
            })

        def work(sheet):
            sheet.action_read()
            sheet.action_post()
        self.assertLessEqual(self.marginal(read, work), 1.5)

    def test_the_transparency_page(self):
        for size in (1, MANY):
            self.lines(self.promises(size)).action_citta_post_gift()
            self.settle()
            with self.assertQueryCount(15):
                self.fund._get_public_values()


@tagged("post_install", "-at_install")
class TestOnlineSpeed(OnlineMixin, SpeedCommon, AccountPaymentCommon):
    """An online gift, from the provider's notice to entry, match and receipt number."""

    def test_queries_of_one(self):
        pledges = self.promises(8, wants_receipt=True)
        payments = [self.pay(one) for one in pledges]
        self.count(lambda: [self.confirm(one) for one in payments[:3]])
        ours = self.count(lambda: [self.confirm(one) for one in payments[3:]]) / 5
        self.assertEqual(set(pledges.donation_ids.mapped("state")), {"receipted"})
        self.assertTrue(all(pledges.donation_ids.mapped("amount_matched")))
        self.assertLessEqual(ours, 75)


@tagged("post_install", "-at_install")
class TestNothingSlowIsHeld(OnlineMixin, SpeedCommon, AccountPaymentCommon):
    """Whoever holds a journal's number, a pot or a receipt's number neither renders nor mails nor calls out, and the other way round."""

    def setUp(self):
        super().setUp()
        self.fund.mail_receipts = True
        self.citizen.email = "citizen@example.org"

    def refuse(self, *places):
        """Make some methods fail for the rest of the block."""
        def refused(*_args, **_kwargs):
            raise AssertionError("something slow while a number is held, or a number while something slow is done")
        stack = ExitStack()
        for model, name in places:
            stack.enter_context(patch.object(type(model), name, refused))
        stack.enter_context(patch("requests.Session.request", refused))
        return stack

    def no_slow(self):
        """Nothing is rendered, sent or asked of another machine."""
        return self.refuse(
            (self.env["ir.actions.report"], "_render_qweb_pdf"), (self.env["mail.mail"], "send"), (self.env["ir.mail_server"], "send_email"),
        )

    def no_numbers(self):
        """No entry is posted, no counter moves."""
        return self.refuse((self.env["account.move"], "_post"), (self.rule, "_claim_update"), (self.company, "_claim_update"))

    def test_posting_with_match_and_receipt(self):
        lines = self.env["account.bank.statement.line"].concat(*(
            self.bank_line(10, payment_ref=self.pledge(10, self.citizen, wants_receipt=True).reference) for _line in range(4)
        ))
        payment = self.pay(self.pledge(50, self.citizen, wants_receipt=True))
        with self.no_slow(), patch(AT_ONCE, 2):
            self.as_treasurer(lines).action_citta_post_certain()
            self.env["account.bank.statement.line"]._citta_work_queue()
            gifts = lines.citta_donation_ids | self.confirm(payment)
            gifts[0].with_user(self.treasurer).action_refund()
            gifts[1].with_user(self.treasurer).action_undo()
            self.settle()
        self.assertEqual(gifts.mapped("state"), ["refunded", "undone", "receipted", "receipted", "receipted"])
        self.assertEqual(len(gifts.receipt_line_ids), 5)

    def test_receipts_of_a_year(self):
        gift = self.post(10, self.citizen)
        gift.wants_receipt = True
        with self.no_slow():
            run = self.env["citta.receipt.run"].with_user(self.treasurer).create({"company_id": self.company.id, "year": 2026, "send_mail": True})
            run.action_queue()
            run.sudo()._step()
            self.settle()
        receipt = gift.receipt_id
        self.assertEqual((receipt.number, bool(receipt.attachment_id), bool(receipt.date_sent)), (1, False, False))
        with self.no_numbers(), patch.object(type(self.env["ir.actions.report"]), "_render_qweb_pdf", lambda *_args, **_kwargs: (b"%PDF-1.7 invented", "pdf")):
            # sudo: what the scheduled job does after the commit
            receipt.sudo()._ensure_pdf()
            receipt.sudo()._send()
            self.settle()
        self.assertTrue(receipt.attachment_id and receipt.date_sent)
