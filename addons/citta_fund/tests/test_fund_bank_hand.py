from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import FundCommon

VIEW = "citta_fund.account_bank_statement_line_hand_view_form"


@tagged("post_install", "-at_install")
class TestBankHand(FundCommon):
    """Lines that the treasurer types in stand on the fund's account, and are shown where they go on."""

    def form(self):
        """The empty dialogue, as its menu opens it."""
        lines = self.env["account.bank.statement.line"].with_user(self.treasurer).with_company(self.company)
        return Form(lines.with_context(citta_by_hand=True), view=VIEW)

    def type_in(self, amount):
        """A line that was typed in and saved."""
        form = self.form()
        form.amount, form.payment_ref = amount, "typed in"
        return form.save()

    def test_it_stands_on_the_account_of_the_fund(self):
        self.assertEqual(self.form().journal_id, self.bank)
        self.fund.bank_journal_id = self.bank.copy({"name": "Of the fund", "code": "OWN"})
        self.assertEqual(self.form().journal_id, self.fund.bank_journal_id, "whichever the company has besides")

    def test_no_line_without_an_amount(self):
        with self.assertRaisesRegex(UserError, "how much"):
            self.type_in(0)

    def test_it_is_shown_where_it_goes_on(self):
        self.assertEqual(self.type_in(5).action_citta_hand_done()["path"], "gifts-to-recognise")
        self.assertEqual(self.type_in(-5).action_citta_hand_done()["path"], "gifts-that-went-back")

    def test_the_next_one_is_of_the_same_day(self):
        line = self.type_in(5)
        line.date = "2026-03-04"
        context = line.action_citta_hand_again()["context"]
        self.assertEqual((context["default_date"], context["citta_by_hand"]), (line.date, True))
