from lxml import html
from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_fund_page import HOSTILE, WebCommon


@tagged("post_install", "-at_install")
class TestGiftOccasion(WebCommon):
    """Dedications and campaigns: whole or not at all, and in public only what somebody has read."""

    def pledges(self):
        """Pledges made on the web."""
        return self.env["citta.pledge"].search([("fund_id", "=", self.fund.id), ("medium_id", "=", self.env.ref("utm.utm_medium_website").id)])

    def shown(self):
        """The last gifts as the public page shows them."""
        return html.fromstring(self.url_open("/fondo/prova").text).get_element_by_id("gifts").text_content()

    def give(self, **vals):
        """A pledge from the web, paid."""
        self.send(**vals)
        pledge = self.pledges()[0]
        return self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(self.bank_line(50).with_user(self.treasurer), pledge=pledge)

    def test_dedication_is_shown_once_it_was_read(self):
        gift = self.give(tribute="memory", tribute_name="grandmother  Pina", tribute_public="yes")
        self.assertEqual((gift.tribute, gift.tribute_name), ("memory", "grandmother Pina"))
        self.assertNotIn("Pina", self.shown())
        gift.with_user(self.officer).tribute_approved = True
        self.assertIn("A donor who stays unnamed, In memory of grandmother Pina", " ".join(self.shown().split()))
        gift.tribute_public = False
        self.assertNotIn("Pina", self.shown())
        template = self.env.ref("citta_fund.mail_template_thanks")
        self.assertIn("In memory of grandmother Pina", template._render_field("body_html", gift.ids)[gift.id])

    def test_what_the_form_refuses(self):
        for vals, field in (
            ({"tribute": "memory"}, "tribute_name"), ({"tribute_name": "Pina"}, "tribute"), ({"tribute": "x", "tribute_name": "Pina"}, "tribute"),
        ):
            with self.subTest(vals):
                answer = self.send(**vals)
                self.assertEqual(answer.status_code, 422)
                page = html.fromstring(answer.text)
                self.assertTrue(page.get_element_by_id(f"error_{field}").text_content().strip())
                self.assertEqual(page.get_element_by_id("tribute_box").get("open"), "open")
        self.send(tribute_public="yes")
        self.assertFalse(self.pledges().tribute_public, "nothing to show without a dedication")

    def test_hostile_dedication_stays_text(self):
        gift = self.give(tribute="honour", tribute_name=HOSTILE[:80], tribute_public="yes")
        gift.tribute_approved = True
        self.assertNotIn("<script>alert(1)", self.url_open("/fondo/prova").text)

    def test_halves_are_refused_by_the_database(self):
        for vals in ({"tribute": "memory"}, {"tribute_name": "Pina"}):
            with self.subTest(vals), self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.pledge(5, **vals)
                self.env.flush_all()

    def test_campaign_of_the_link(self):
        """Odoo's links say by which campaign somebody came; a gift takes it over from its pledge."""
        self.url_open("/fondo/prova?utm_campaign=Christmas+in+the+quarter")
        gift = self.give()
        self.assertEqual(gift.campaign_id.title, "Christmas in the quarter")
        self.assertEqual(gift.pledge_id.medium_id, self.env.ref("utm.utm_medium_website"))

    def test_unknown_donors_are_told_from_unnamed_ones(self):
        self.env["citta.donation"].with_user(self.treasurer)._post_from_statement_line(self.bank_line(5).with_user(self.treasurer), vals={"partner_id": False})
        self.post(7)
        text = self.shown()
        self.assertIn("An unknown donor", text)
        self.assertIn("A donor who stays unnamed", text)
