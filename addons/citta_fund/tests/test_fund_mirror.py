from lxml import html

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from . import cbi_file
from .test_fund_page import WebCommon


@tagged("post_install", "-at_install")
class TestMirror(WebCommon):
    """A fund that another body holds: the mirror of its books in a company of its own, and no receipt of ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mirror = cls.env["res.company"].create({"name": "Invented foundation", "partner_id": cls.foundation.id, "country_id": cls.env.ref("base.it").id, "currency_id": cls.env.ref("base.EUR").id})
        cls.env.user.company_ids |= cls.mirror
        cls.env["account.chart.template"].try_loading("it", cls.mirror, install_demo=False)
        journals = cls.env["account.journal"].search([("company_id", "=", cls.mirror.id)])
        cls.mirror_bank = journals.filtered(lambda journal: journal.type == "bank")[:1]
        cls.mirror_bank.bank_account_id = cls.env["res.partner.bank"].create({"acc_number": "IT87V9999901600000000000120", "partner_id": cls.foundation.id})
        cls.treasurer.company_ids = [Command.link(cls.mirror.id)]
        cls.held = cls.env["citta.fund"].with_company(cls.mirror).create({
            "name": "Held fund", "code": "held", "company_id": cls.mirror.id, "holder_partner_id": cls.foundation.id, "is_third_party": True,
            "bank_journal_id": cls.mirror_bank.id, "journal_id": journals.filtered(lambda journal: journal.type == "general")[:1].id, "is_published": True,
            "line_ids": [Command.create({"name": "Elsewhere", "code": "else"})],
        })

    def setUp(self):
        super().setUp()
        pledge = self.env["citta.pledge"].create({"fund_id": self.held.id, "partner_id": self.citizen.id, "amount": 50, "wants_receipt": True})
        self.promise = pledge.with_company(self.mirror)

    def load_mirror(self):
        """The foundation's statement, imported into its mirror."""
        day = cbi_file.statement("031126", 0, {"amount": 50, "remittance": self.promise.reference}, account="V9999901600000000000120", check="IT87")
        return self.load(cbi_file.joined(cbi_file.flow(day)), user=self.treasurer.with_company(self.mirror), journal=self.mirror_bank)

    def test_mirrored_statement_becomes_gifts_without_receipts(self):
        own = self.figures()
        line = self.load_mirror().with_user(self.treasurer).with_company(self.mirror)
        self.assertEqual((line.company_id, line.citta_certainty), (self.mirror, "certain"))
        line.action_citta_post_gift()
        gift = self.promise.donation_ids
        self.assertEqual((gift.state, gift.amount, gift.move_id.company_id), ("posted", 50, self.mirror))
        self.assertIn("Another body", gift.receipt_obstacle)
        with self.assertRaises(UserError):
            gift.with_user(self.treasurer).action_issue_receipt()
        self.assertEqual(self.held._get_figures()[self.held.id]["received"], 50)
        self.assertEqual(self.figures(), own, "nothing of it is in our books")
        for company in (self.mirror, self.company):
            rows = self.env["citta.fund.check"]._run(company)
            self.assertFalse([(row.code, row.findings) for row in rows if not row.is_ok])

    def test_pages_name_the_holder_and_promise_nothing(self):
        page = html.fromstring(self.url_open("/fondo/held").text)
        self.assertEqual(page.get_element_by_id("holder").text_content(), "Invented foundation")
        form = html.fromstring(self.url_open("/fondo/held/dona").text)
        self.assertIn("Invented foundation, which alone may issue receipts", " ".join(form.get_element_by_id("cashed_by").text_content().split()))
        self.promise._portal_ensure_token()
        pay = html.fromstring(self.url_open(f"/fondo/held/dona/{self.promise.access_token}").text)
        self.assertEqual(pay.get_element_by_id("payee").text_content(), "Invented foundation")
        self.assertEqual(pay.get_element_by_id("iban").text_content().replace("\xa0", "").replace(" ", ""), "IT87V9999901600000000000120")

    def test_donor_sees_the_gift_in_the_portal(self):
        self.load_mirror().with_user(self.treasurer).with_company(self.mirror).action_citta_post_gift()
        user = new_test_user(self.env, "mirror_donor", groups="base.group_portal")
        user.partner_id = self.citizen
        self.authenticate("mirror_donor", "mirror_donor")
        page = self.url_open("/my/donazioni").text
        self.assertIn("Held fund", page)
        gift = self.promise.donation_ids
        steps = html.fromstring(self.url_open(f"/my/donazioni/dono/{gift.id}").text).xpath("//*[@id='steps']/li/@data-step")
        self.assertEqual(steps, ["pledged", "received", "posted"])

    def test_form_says_where_the_books_belong(self):
        self.assertFalse(self.held.books_differ)
        self.fund.write({"is_third_party": True, "holder_partner_id": self.foundation.id})
        self.assertTrue(self.fund.books_differ, "a warning stands on its form")
