from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FundCommon

# Model → roles that may read, write, create and delete its records.
RIGHTS = {
    "citta.receipt.run": {"treasurer": "rwcu", "fund_admin": "rwcu", "auditor": "r"},
    "citta.donation.sheet": {"officer": "rwcu", "treasurer": "rwcu", "fund_admin": "rwcu", "auditor": "r"},
    "citta.statement.format": {"treasurer": "r", "fund_admin": "rwcu", "auditor": "r"},
    "citta.fund.summary": {"treasurer": "r", "fund_admin": "r", "auditor": "r"},
    "citta.fund.count": {"treasurer": "r", "fund_admin": "r", "auditor": "r"},
    "citta.fund.register": {"treasurer": "rwc", "fund_admin": "rwc", "auditor": "rwc"},
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestLetters(FundCommon):
    """What goes out to donors and sponsors says what it must, and the new records are for whom they are."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        (cls.citizen | cls.foundation).write({"email": "invented@example.org", "lang": "en_US"})

    def render(self, name, record):
        """Subject and body of a letter, as it would be sent."""
        template = self.env.ref(f"citta_fund.mail_template_{name}").sudo()
        values = template._generate_template(record.ids, ["subject", "body_html", "partner_to"])[record.id]
        return values["subject"], str(values["body_html"]), values.get("partner_ids") or []

    def test_receipt(self):
        receipt = self.post(50, wants_receipt=True).receipt_id
        subject, body, partners = self.render("receipt", receipt)
        self.assertIn(receipt.name, subject)
        for part in (receipt.name, "50.00", receipt.donor_name, "tax return"):
            self.assertIn(part, body)
        self.assertEqual(partners, self.citizen.ids)

    def test_reminder_names_reference_and_address(self):
        pledge = self.pledge(20, recurrence="monthly")
        self.fund.is_published = True
        subject, body, partners = self.render("reminder", pledge)
        self.assertIn(self.fund.name, subject)
        for part in (pledge.reference, "20.00", pledge._get_payment_details()["pay_page"], "stop the monthly gift"):
            self.assertIn(part, body)
        self.assertEqual(partners, self.citizen.ids)
        self.fund.is_published = False
        self.assertNotIn("/fondo/", self.render("reminder", pledge)[1])

    def test_thanks_say_what_the_sponsor_added(self):
        gift = self.post(30)
        self.assertNotIn("sponsor", self.render("thanks", gift)[1])
        self.rule.donor_ids = False
        matched = self.post(30)
        body = self.render("thanks", matched)[1]
        self.assertIn("A sponsor has added", body)
        self.assertIn("Labs", body)

    def test_who_was_thanked(self):
        """One by one by the composer, many at once by a button, nobody twice."""
        first, second, hidden = self.post(5), self.post(7), self.post(9, self.district)
        action = first.with_user(self.officer).action_thank()
        composer = self.env["mail.compose.message"].with_user(self.officer).with_context(**action["context"]).create({})
        self.assertFalse(first.date_thanked)
        composer.action_send_mail()
        self.assertTrue(first.date_thanked)
        draft = self.env["citta.donation"].create({"fund_id": self.fund.id, "partner_id": self.citizen.id, "amount": 3})
        notice = (first | second | hidden | draft).with_user(self.officer).action_thank()
        self.assertIn("1 of 4", notice["params"]["message"])
        self.assertTrue(second.date_thanked)
        self.assertFalse(hidden.date_thanked or draft.date_thanked, "without an address, and not in the books")
        thanks = self.env["mail.message"].search([("model", "=", "citta.donation"), ("res_id", "=", second.id), ("subject", "ilike", "Thank you")])
        self.assertEqual(thanks.partner_ids, self.citizen)
        with self.assertRaises(UserError):
            first.with_user(self.officer).date_thanked = False
        with self.assertRaises(AccessError):
            (first | second).with_user(self.auditor).action_thank()

    def test_call_to_the_sponsor(self):
        self.post(1000, self.district)
        subject, body, partners = self.render("call", self.rule)
        self.assertIn(self.fund.name, subject)
        self.assertIn("1,000.00", body)
        self.assertIn("40,000.00", body)
        self.assertEqual(partners, self.foundation.ids)

    def test_names_of_donors_are_no_markup(self):
        self.citizen.name = "<b>Invented</b> & <script>x</script>"
        for name, record in (("thanks", self.post(5)), ("reminder", self.pledge(5))):
            with self.subTest(name):
                self.assertNotIn("<script>", self.render(name, record)[1])

    def test_reminder_by_hand_and_without_address(self):
        pledge, nobody = self.pledge(5), self.pledge(5, self.district)
        self.assertFalse(self.district.email)
        mails = self.env["mail.mail"].sudo()
        domain = [("model", "=", "citta.pledge"), ("res_id", "in", (pledge | nobody).ids)]
        (pledge | nobody).with_user(self.officer).action_remind()
        self.assertEqual(mails.search(domain).mapped("res_id"), pledge.ids)
        self.assertTrue(pledge.date_reminded and nobody.date_reminded)

    def test_rights_on_the_new_records(self):
        for model, roles in RIGHTS.items():
            for role in ("officer", "treasurer", "fund_admin", "auditor", "operator"):
                allowed = roles.get(role, "")
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        self.assertEqual(self.env[model].with_user(getattr(self, role)).has_access(operation), letter in allowed)

    def test_nothing_of_another_company(self):
        company = self.env["res.company"].sudo().create({"name": "Other invented body"})
        run = self.env["citta.receipt.run"].sudo().create({"company_id": company.id, "year": 2026})
        for user in (self.treasurer, self.fund_admin, self.auditor):
            with self.subTest(user.login):
                self.assertNotIn(run, self.env["citta.receipt.run"].with_user(user).search([]))
                with self.assertRaises(AccessError):
                    run.with_user(user).read(["total"])
