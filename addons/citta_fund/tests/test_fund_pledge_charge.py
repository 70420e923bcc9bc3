from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import Request
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon

from .common import FundCommon
from .test_fund_page import WebCommon
from .test_fund_payment_transaction import OnlineMixin


class ChargeMixin(OnlineMixin):
    """A donor who gives 20 a month and has saved the card, and a provider that says what the test wants it to say."""

    says = "done"

    def setUp(self):
        super().setUp()
        self.sent = []
        self.patch(self.registry["payment.transaction"], "_send_payment_request", self._make_sender())
        self.citizen.email = "citizen@example.org"
        self.monthly = self.pledge(20, date="2026-01-31", recurrence="monthly")
        self.monthly._portal_ensure_token()
        self.payment_method.support_tokenization = True
        self.provider.allow_tokenization = True

    def _make_sender(self):
        case = self

        def _send_payment_request(transaction):
            case.sent.append(transaction)
            if case.says == "unreachable":
                raise ValidationError("no answer")
            if case.says != "silent":
                transaction.provider_reference = f"prov-{transaction.reference}"
                getattr(transaction, {"done": "_set_done", "pending": "_set_pending", "error": "_set_error", "cancel": "_set_canceled"}[case.says])(
                    state_message="said so"
                )

        return _send_payment_request

    def save_card(self, **vals):
        """The first month, paid online with the box ticked."""
        token = self._create_token(partner_id=self.citizen.id, **vals)
        self.confirm(self.pay(self.monthly, token_id=token.id))
        return token

    def run_month(self, day):
        """What the scheduled job does on a day, without its commits."""
        with freeze_time(day), patch.object(self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 1):
            self.env["citta.pledge"]._cron_charge()

    def charges(self):
        """The charges of the pledge, the first one first."""
        return self.env["payment.transaction"].search([("citta_pledge_id", "=", self.monthly.id), ("citta_month", "!=", False)], order="id")

    def letters(self):
        """Subjects of the queued letters to the donor."""
        return self.env["mail.mail"].sudo().search([("model", "=", "citta.pledge"), ("res_id", "=", self.monthly.id)]).mapped("subject")


@tagged("post_install", "-at_install")
class TestCharge(ChargeMixin, FundCommon, AccountPaymentCommon):
    """The saved card of a monthly gift: charged once a month, never after a stop, reminders where it fails."""

    def test_the_card_is_kept_and_charged_each_month(self):
        token = self.save_card()
        self.assertEqual((self.monthly.payment_token_id, str(self.monthly.date_next)), (token, "2026-02-28"))
        for day, received in (("2026-02-27", 20), ("2026-02-28", 40), ("2026-02-28", 40), ("2026-03-30", 40), ("2026-03-31", 60)):
            self.run_month(day)
            self.assertEqual((self.monthly.amount_received, self.monthly.amount_open), (received, 0), day)
        self.assertRecordValues(self.charges(), [
            {"operation": "offline", "amount": 20, "partner_id": self.citizen.id, "token_id": token.id, "state": "done"} for _month in range(2)
        ])
        self.assertEqual(self.monthly.donation_ids.mapped("means"), ["card"] * 3)
        self.assertFalse(self.letters(), "who is charged is not reminded")
        rows = self.env["citta.fund.check"]._run(self.company)
        self.assertFalse([(row.code, row.findings) for row in rows if not row.is_ok])

    @freeze_time("2026-03-05")
    def test_reminders_pass_over_who_is_charged(self):
        self.save_card()
        with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 1):
            self.env["citta.pledge"]._cron_remind()
            self.assertEqual((self.monthly.instalments, self.letters()), (1, []))
            self.monthly.action_forget_card()
            self.env["citta.pledge"]._cron_remind()
        self.assertEqual((self.monthly.instalments, len(self.letters())), (2, 1))

    def test_month_is_charged_once_by_the_database(self):
        self.save_card()
        with freeze_time("2026-03-05"):
            charge = self.monthly._claim_month()
            self.assertEqual((charge.state, self.monthly.instalments), ("pending", 2))
            with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.monthly._claim_month()
        self.assertFalse(self.sent, "nothing is sent before the claim is committed")

    def test_months_that_were_missed_are_not_charged_together(self):
        self.save_card()
        for day, charged in (("2026-05-10", 1), ("2026-05-11", 1), ("2026-06-01", 2)):
            self.run_month(day)
            self.assertEqual(len(self.sent), charged, day)

    # -- failures ------------------------------------------------------------

    def test_failure_is_told_with_the_reference(self):
        self.save_card()
        for self.says, number in (("error", 1), ("cancel", 2)):
            self.run_month(f"2026-0{number + 2}-05")
            self.assertEqual((self.monthly.charge_failures, len(self.letters())), (number, number))
        letter = self.env["mail.mail"].sudo().search([("res_id", "=", self.monthly.id), ("model", "=", "citta.pledge")], limit=1)
        self.assertIn(self.monthly.reference, letter.body_html)
        self.assertIn("could not be charged", letter.body_html)
        self.assertEqual((self.monthly.amount_open, self.monthly.state), (40, "partial"))
        self.says = "done"
        self.run_month("2026-05-05")
        self.assertEqual((self.monthly.charge_failures, self.monthly.amount_received), (0, 40))

    def test_three_failures_in_a_row_end_it(self):
        token = self.save_card()
        self.says = "unreachable"
        for month in (3, 4, 5, 6):
            self.run_month(f"2026-0{month}-05")
        self.assertEqual((len(self.sent), len(self.letters())), (3, 3))
        self.assertEqual((self.monthly.payment_token_id, self.monthly.date_next.month), (token.browse(), 5))
        letter = self.env["mail.mail"].sudo().search([("res_id", "=", self.monthly.id), ("model", "=", "citta.pledge")], limit=1, order="id desc")
        self.assertIn("shall not charge the card any more", letter.body_html)
        self.assertEqual(self.charges().mapped("state"), ["error"] * 3)

    def test_late_outcomes(self):
        """A card that takes days: nothing is told before the provider says what became of it."""
        self.save_card()
        self.says = "pending"
        self.run_month("2026-03-05")
        self.assertEqual((self.charges().state, self.letters()), ("pending", []))
        self.charges()._set_error("no money")
        self.charges()._set_error("no money")
        self.assertEqual((self.monthly.charge_failures, len(self.letters())), (1, 1))
        self.assertEqual(self.confirm(self.charges()).amount, 20, "and in the end it came")
        self.assertEqual(self.monthly.charge_failures, 0)

    def test_unknown_outcome_is_shown_and_never_sent_again(self):
        self.save_card()
        self.says = "silent"
        with freeze_time("2026-03-05"):
            self.run_month("2026-03-05")
        self.cr.execute("UPDATE payment_transaction SET create_date = now() AT TIME ZONE 'UTC' - interval '2 days' WHERE id = %s", [self.charges().id])
        self.env.invalidate_all()
        for _run in range(2):
            self.env["citta.pledge"]._tell_unknown()
        self.assertEqual(len(self.monthly.activity_ids), 1)
        self.assertIn(self.charges().reference, self.monthly.activity_ids.note)
        self.assertEqual(len(self.sent), 1)

    # -- never after a stop --------------------------------------------------

    def test_no_charge_after_a_stop(self):
        self.save_card()
        with freeze_time("2026-02-20"):
            self.monthly.action_stop()
        self.run_month("2026-03-05")
        self.assertFalse(self.sent or self.monthly.payment_token_id or self.letters())

    def test_stop_between_claim_and_sending(self):
        self.save_card()
        with freeze_time("2026-03-05"):
            charge = self.monthly._claim_month()
            self.monthly.action_stop()
            charge._citta_charge()
        self.assertEqual((charge.state, self.sent, self.letters(), self.monthly.amount_open), ("cancel", [], [], 0))

    def test_card_given_up_between_claim_and_sending(self):
        token = self.save_card()
        with freeze_time("2026-03-05"):
            charge = self.monthly._claim_month()
            token.active = False
            charge._citta_charge()
        self.assertEqual((charge.state, self.sent, self.monthly.instalments), ("cancel", [], 1), "the month is asked for by a reminder")
        self.assertTrue(self.monthly.date_next)

    def test_deleted_card_brings_reminders_back(self):
        token = self.save_card()
        self.assertEqual([info["name"] for info in token.get_linked_records_info()], [self.monthly.reference])
        token.active = False
        self.assertFalse(self.monthly.payment_token_id)
        self.run_month("2026-03-05")
        self.assertFalse(self.sent)

    def test_disabled_provider_is_not_asked(self):
        self.save_card()
        self.provider.write({"state": "disabled", "is_published": False})
        self.run_month("2026-03-05")
        self.assertFalse(self.sent or self.monthly.payment_token_id, "core archives its cards, the donor gets reminders")

    def test_card_of_somebody_else_is_not_charged(self):
        self.monthly.sudo().payment_token_id = self._create_token(partner_id=self.district.id)
        self.run_month("2026-03-05")
        self.assertFalse(self.sent or self.monthly.payment_token_id)

    def test_cancelled_pledge_is_not_charged(self):
        monthly = self.monthly
        monthly.sudo().payment_token_id = self._create_token(partner_id=self.citizen.id)
        monthly.action_cancel()
        self.run_month("2026-03-05")
        self.assertFalse(self.sent)

    def test_erasure_deletes_the_card(self):
        """The papers of the gifts stay, the card does not, though they were paid with it."""
        token = self.save_card()
        privacy = new_test_user(self.env, "card_privacy", groups="citta_lavoro.group_citta_privacy_officer")
        self.env["citta.privacy.erasure"].with_user(privacy).create({"partner_id": self.citizen.id}).action_erase()
        self.env.invalidate_all()
        self.assertFalse(token.exists())
        self.assertFalse(self.monthly.payment_token_id)
        self.assertEqual(self.monthly.donation_ids.state, "posted")

    # -- who may -------------------------------------------------------------

    def test_nobody_sets_a_card_by_hand(self):
        token = self._create_token(partner_id=self.citizen.id)
        for user in (self.officer, self.treasurer, self.fund_admin):
            with self.subTest(user.login):
                with self.assertRaises(UserError):
                    self.monthly.with_user(user).write({"payment_token_id": token.id})
                with self.assertRaises(UserError):
                    self.monthly.with_user(user).create({
                        "fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 5, "recurrence": "monthly", "payment_token_id": token.id,
                    })
        self.save_card()
        self.assertIn("1234", self.monthly.with_user(self.officer).card, "its last digits are shown")
        with self.assertRaises(AccessError):
            self.monthly.with_user(self.auditor).action_forget_card()
        self.monthly.with_user(self.officer).action_forget_card()
        self.assertFalse(self.monthly.payment_token_id)

    def test_once_only_gifts_keep_no_card(self):
        once = self.pledge(50)
        token = self._create_token(partner_id=self.citizen.id)
        self.confirm(self.pay(once, token_id=token.id, reference="once"))
        self.assertFalse(once.payment_token_id)


@tagged("post_install", "-at_install")
class TestChargePages(ChargeMixin, WebCommon, AccountPaymentCommon):
    """Saving, showing and giving up the card on the site, and nobody else's."""

    def setUp(self):
        super().setUp()
        self.address = f"/fondo/prova/dona/{self.monthly.access_token}"

    def start(self, pledge=None, **params):
        """What the form does when the donor presses the button; the transaction."""
        pledge = pledge or self.monthly
        values = {
            "provider_id": self.provider.id, "payment_method_id": self.payment_method.id, "token_id": None, "flow": "direct",
            "tokenization_requested": True, "landing_route": "/evil", **params,
        }
        self.url_open(f"/fondo/prova/dona/{pledge.access_token}/transazione", json={"jsonrpc": "2.0", "method": "call", "params": values})
        return self.env["payment.transaction"].search([("citta_pledge_id", "=", pledge.id)], limit=1)

    def donor(self):
        """The donor's own access."""
        user = new_test_user(self.env, "card_donor", groups="base.group_portal")
        user.partner_id = self.citizen
        return user

    def send(self, path):
        """Press a button of a page."""
        return self.url_open(path, data={"csrf_token": Request.csrf_token(self)})

    def test_the_box_is_offered_for_monthly_gifts_only(self):
        page = self.url_open(f"{self.address}/paga").text
        self.assertIn("o_payment_tokenize_checkbox", page)
        self.assertIn('id="save_card"', page)
        self.assertTrue(self.start().tokenize)
        once = self.pledge(50)
        once._portal_ensure_token()
        self.assertNotIn("o_payment_tokenize_checkbox", self.url_open(f"/fondo/prova/dona/{once.access_token}/paga").text)
        self.assertFalse(self.start(once).tokenize)
        self.assertFalse(self.start(tokenization_requested=False).tokenize)

    def test_who_has_an_access_saves_as_oneself(self):
        """A stranger who typed a known donor's name cannot put a card into that donor's portal."""
        self.donor()
        self.assertNotIn("o_payment_tokenize_checkbox", self.url_open(f"{self.address}/paga").text)
        self.assertFalse(self.start().tokenize)
        self.authenticate("card_donor", "card_donor")
        self.assertIn("o_payment_tokenize_checkbox", self.url_open(f"{self.address}/paga").text)
        self.assertTrue(self.start().tokenize)

    def test_page_of_the_pledge(self):
        self.save_card()
        page = self.url_open(self.address).text
        self.assertIn('name="forget_card"', page)
        self.assertNotIn(self.monthly.card, page, "the address tells nothing of the donor, the card neither")
        self.authenticate(None, None)
        self.assertEqual(self.send(f"{self.address}/carta").status_code, 200)
        self.assertFalse(self.monthly.payment_token_id)
        self.assertTrue(self.monthly.date_next, "reminders come again")
        self.assertEqual(self.send("/fondo/prova/dona/x/carta").status_code, 404)

    def test_portal(self):
        token = self.save_card()
        self.donor()
        self.authenticate("card_donor", "card_donor")
        page = self.url_open("/my/donazioni").text
        self.assertIn(token.display_name, page)
        self.assertIn("/my/payment_method", page)
        self.send(f"/my/donazioni/promessa/{self.monthly.id}/carta")
        self.assertFalse(self.monthly.payment_token_id)
        other = self.pledge(5, self.district, recurrence="monthly")
        self.assertEqual(self.send(f"/my/donazioni/promessa/{other.id}/carta").status_code, 404)

    def test_deleting_the_card_in_the_portal(self):
        token = self.save_card()
        self.donor()
        self.authenticate("card_donor", "card_donor")
        self.make_jsonrpc_request("/payment/archive_token", {"token_id": token.id})
        self.assertFalse(token.active or self.monthly.payment_token_id)

    def test_others_learn_nothing_of_a_card(self):
        token = self.save_card()
        stranger = new_test_user(self.env, "stranger", groups="base.group_portal")
        self.assertEqual(token.with_user(stranger).get_linked_records_info(), [])
        with self.assertRaises(AccessError):
            self.monthly.with_user(stranger).read(["card"])
        with self.assertRaises(AccessError):
            self.monthly.with_user(stranger).action_forget_card()
