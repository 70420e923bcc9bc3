from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.payment import utils as payment_utils

from .common import FundCommon
from .test_fund_page import WebCommon


class OnlineMixin:
    """A provider that says what the test wants it to say."""

    def pay(self, pledge, **vals):
        """A payment of a pledge as the page starts it."""
        return self._create_transaction("direct", **{
            "reference": pledge.reference, "amount": pledge._get_expected(), "partner_id": pledge.partner_id.id, "citta_pledge_id": pledge.id, **vals,
        })

    def confirm(self, transaction):
        """The provider's notice, and what the browser or the scheduled job does after it."""
        transaction._set_done()
        transaction._post_process()
        return self.gifts_of(transaction)

    def gifts_of(self, transaction):
        """What stands in the books for a payment."""
        return self.env["citta.donation"].search([("payment_transaction_id", "=", transaction.id)])


@tagged("post_install", "-at_install")
class TestOnlineGift(OnlineMixin, FundCommon, AccountPaymentCommon):
    """From the provider's notice to the posted gift, match and receipt: once, whatever is said how often."""

    def setUp(self):
        super().setUp()
        self.promise = self.pledge(50, self.citizen, wants_receipt=True)

    def assert_all_hold(self):
        """Every invariant of the fund."""
        rows = self.env["citta.fund.check"]._run(self.company)
        self.assertFalse([(row.code, row.findings) for row in rows if not row.is_ok])

    def test_gift_of_the_real_donor_with_receipt(self):
        transaction = self.pay(self.promise)
        gift = self.confirm(transaction)
        self.assertRecordValues(gift, [{"partner_id": self.citizen.id, "amount": 50, "means": "card", "state": "receipted", "pledge_id": self.promise.id}])
        self.assertFalse(transaction.payment_id, "no customer's payment beside the gift")
        self.assertEqual((self.promise.state, gift.receipt_id.number, self.figures()["received"]), ("received", 1, 50))
        money = gift.move_id.line_ids.filtered(lambda item: not item.citta_nature)
        self.assertEqual((money.account_id, money.balance), (transaction._citta_get_outstanding_account(), 50))
        self.assertTrue(money.account_id.reconcile, "the payout is reconciled with it")
        self.assert_all_hold()

    def test_it_is_matched(self):
        self.rule.donor_ids = False
        self.assertEqual(self.confirm(self.pay(self.promise)).amount_matched, 50)

    def test_notice_ten_times_and_out_of_order(self):
        transaction = self.pay(self.promise)
        for _notice in range(10):
            gift = self.confirm(transaction)
            transaction._set_pending()
            transaction._set_canceled()
        self.assertEqual((len(gift), transaction.state, self.figures()["received"]), (1, "done", 50))
        self.assertEqual(len(gift.receipt_line_ids), 1)
        self.assertEqual(self.env["account.move"].search_count([("ref", "=", gift.name)]), 1)
        self.assert_all_hold()

    def test_error_and_pending_make_no_gift(self):
        for move in ("_set_pending", "_set_canceled", "_set_error"):
            transaction = self.pay(self.promise, reference=move)
            getattr(transaction, move)(state_message="x")
            transaction._post_process()
            self.assertFalse(self.gifts_of(transaction), move)
        self.assertEqual(self.promise.state, "open")

    def test_the_provider_gives_back(self):
        transaction = self.pay(self.promise)
        gift = self.confirm(transaction)
        receipt = gift.receipt_id
        back = transaction._create_child_transaction(50, is_refund=True)
        for _notice in range(3):
            self.confirm(back)
        self.assertEqual((gift.state, receipt.state, self.figures()["received"]), ("refunded", "voided", 0))
        outstanding = (gift.move_id | gift.refund_move_id).line_ids.filtered(lambda item: not item.citta_nature)
        self.assertEqual((len(outstanding.account_id), sum(outstanding.mapped("balance"))), (1, 0))
        self.assertFalse(self.gifts_of(back))
        self.assert_all_hold()

    def test_a_part_given_back_leaves_the_rest(self):
        self.rule.write({"donor_ids": False, "ceiling_donor": 45})
        transaction = self.pay(self.promise)
        gift = self.confirm(transaction)
        self.assertEqual((gift.amount_matched, self.rule._claim_used("pot")), (45, 45))
        for part, left in ((20.01, 29.99), (9.99, 20)):
            back = transaction._create_child_transaction(part, is_refund=True)
            for _notice in range(3):
                self.confirm(back)
            rest = self.gifts_of(transaction).filtered(lambda one: one.state == "receipted")
            self.assertRecordValues(rest, [{"amount": left, "partner_id": self.citizen.id, "amount_matched": left, "date_received": gift.date_received}])
            self.assertEqual((rest.receipt_id.amount, self.figures()["received"], self.rule._claim_used("pot")), (left, left, left))
            self.assert_all_hold()
        self.assertEqual(self.gifts_of(transaction).mapped("state").count("refunded"), 2)
        waiting = self.env["account.bank.statement.line"]._citta_get_waiting(self.provider)
        self.assertEqual(sum(waiting.mapped("balance")), 20, "the next payout brings the rest")
        self.confirm(transaction._create_child_transaction(20, is_refund=True))
        self.assertEqual((self.figures()["received"], self.rule._claim_used("pot")), (0, 0))
        self.assert_all_hold()

    def test_what_fits_no_gift_is_shown_to_the_treasurer(self):
        transaction = self.pay(self.promise)
        gift = self.confirm(transaction)
        gift.with_user(self.treasurer).action_refund()
        self.confirm(transaction._create_child_transaction(20, is_refund=True))
        self.assertEqual((gift.state, len(gift.activity_ids)), ("refunded", 1))
        self.assertTrue(gift.activity_ids.user_id.has_group("citta_fund.group_citta_treasurer"), "who brought the notice looks at nothing")

    def test_what_the_treasurer_owes_goes_back_by_the_provider(self):
        transaction = self.pay(self.promise)
        gift = self.confirm(transaction)
        gift.with_user(self.treasurer).action_refund()
        self.assertTrue(gift._get_owed_items())
        back = transaction._create_child_transaction(50, is_refund=True)
        for _notice in range(2):
            self.confirm(back)
        self.assertFalse(gift._get_owed_items(), "it went back: nothing is owed any more")
        waiting = self.env["account.bank.statement.line"]._citta_get_waiting(self.provider)
        self.assertEqual(sorted(waiting.mapped("balance")), [-50, 50], "both are found with the next payout")
        self.assertEqual((gift.state, self.figures()["received"]), ("refunded", 0))
        self.assert_all_hold()

    def test_day_is_that_of_the_payment_where_it_was_made(self):
        for moment, day in (("2025-12-31 22:59:59", "2025-12-31"), ("2025-12-31 23:00:00", "2026-01-01"), ("2026-06-30 22:00:00", "2026-07-01")):
            transaction = self.pay(self.pledge(50), reference=moment)
            transaction._set_done()
            # the notice came then; the job that makes the gift of it runs as nobody from anywhere, maybe days later
            transaction.last_state_change = moment
            transaction.with_context(tz=False)._post_process()
            gift = self.gifts_of(transaction)
            self.assertEqual((str(gift.date_received), str(gift.move_id.date)), (day, day))

    def test_payment_of_a_closed_period_is_booked_on_the_next_open_day_and_says_so(self):
        self.company.fiscalyear_lock_date = "2026-01-31"
        transaction = self.pay(self.promise)
        transaction._set_done()
        transaction.last_state_change = "2026-01-20 12:00:00"
        transaction._post_process()
        gift = self.gifts_of(transaction)
        self.assertEqual((str(gift.date_received), gift.date_booked, gift.move_id.state), ("2026-01-20", gift.move_id.date, "posted"))
        self.assertGreater(str(gift.date_booked), "2026-01-31")
        self.assertIn('name="date_booked"', gift.with_user(self.officer).get_view(view_type="form")["arch"])
        self.assert_all_hold()

    def test_undone_gift_is_not_made_again(self):
        transaction = self.pay(self.promise)
        gift = self.confirm(transaction)
        gift.with_user(self.treasurer).action_undo()
        transaction._post_process()
        self.assertEqual((self.gifts_of(transaction), gift.state, self.figures()["received"]), (gift, "undone", 0))

    def test_other_payments_stay_cores(self):
        transaction = self._create_transaction("direct", reference="other", amount=7, partner_id=self.citizen.id)
        transaction._set_done()
        transaction._post_process()
        self.assertTrue(transaction.payment_id)
        self.assertFalse(self.gifts_of(transaction))


@tagged("post_install", "-at_install")
class TestOnlinePages(OnlineMixin, WebCommon, AccountPaymentCommon):
    """The donor's way to pay online: for the pledge, by its amount, for its donor."""

    def setUp(self):
        super().setUp()
        self.promise = self.pledge(50, self.citizen)
        self.promise._portal_ensure_token()
        self.address = f"/fondo/prova/dona/{self.promise.access_token}"

    def start(self, **params):
        """What the form does when the donor presses the button."""
        values = {
            "provider_id": self.provider.id, "payment_method_id": self.payment_method.id, "token_id": None, "flow": "direct",
            "tokenization_requested": False, "landing_route": "/evil", **params,
        }
        answer = self.url_open(f"{self.address}/transazione", json={"jsonrpc": "2.0", "method": "call", "params": values}).json()
        return answer, self.env["payment.transaction"].search([("citta_pledge_id", "=", self.promise.id)])

    def test_the_browser_decides_nothing(self):
        self.assertIn("pay_online", self.url_open(self.address).text)
        self.assertEqual(self.url_open(f"{self.address}/paga").status_code, 200)
        _answer, transaction = self.start(amount=1, partner_id=1, currency_id=1)
        self.assertRecordValues(transaction, [{
            "amount": 50, "partner_id": self.citizen.id, "currency_id": self.promise.currency_id.id, "landing_route": self.address, "tokenize": False,
        }])
        self.assertEqual(self.confirm(transaction).partner_id, self.citizen)
        self.assertEqual(self.url_open(f"{self.address}/paga").status_code, 404, "nothing is left to pay")

    def test_no_gift_in_the_name_of_a_visitor(self):
        """Core's donation page would make a customer's payment of the website's visitor."""
        answer = self.url_open(f"/donation/pay?amount=5&currency_id={self.promise.currency_id.id}", allow_redirects=False)
        self.assertEqual((answer.status_code, answer.headers["Location"].endswith("/fondo")), (303, True))
        before = self.env["payment.transaction"].search_count([])
        token = payment_utils.generate_access_token(self.env.ref("base.public_partner").id, 5, self.promise.currency_id.id, env=self.env)
        params = {
            "provider_id": self.provider.id, "payment_method_id": self.payment_method.id, "token_id": None, "flow": "direct", "tokenization_requested": False,
            "landing_route": "/", "amount": 5, "currency_id": self.promise.currency_id.id, "partner_id": self.env.ref("base.public_partner").id,
            "access_token": token, "donation_comment": "", "donation_recipient_email": "", "reference_prefix": "X",
            "partner_details": {"name": "Nobody", "email": "nobody@esempio.example", "country_id": self.env.ref("base.it").id},
        }
        with mute_logger("odoo.http"):
            answer = self.url_open("/donation/transaction/0", json={"jsonrpc": "2.0", "method": "call", "params": params}).json()
        self.assertIn("page of a fund", answer["error"]["data"]["message"])
        self.assertEqual(self.env["payment.transaction"].search_count([]), before)

    def test_ways_that_are_not_open(self):
        for params in ({"flow": "token"}, {"provider_id": 0}, {"citta_pledge_id": 1}):
            answer, transaction = self.start(**params)
            self.assertIn("error", answer)
            self.assertFalse(transaction)
        self.provider.is_published = False
        self.assertNotIn("pay_online", self.url_open(self.address).text)
        self.assertEqual(self.url_open(f"{self.address}/paga").status_code, 404)
        self.assertIn("error", self.start()[0])

    def test_unknown_addresses(self):
        for path in ("/fondo/prova/dona/x/paga", "/fondo/altro/dona/x/paga"):
            self.assertEqual(self.url_open(path).status_code, 404)
