from lxml import html

from odoo.tests import HttpCase, tagged

from .network_common import NetworkCase

PAGES = (
    "/academy", "/sfide", "/sfide/grazie", "/rete/adesione", "/rete/adesione/grazie", "/opportunita", "/osservatorio",
    "/parliamo-di-lavoro", "/parliamo-di-lavoro/grazie", "/segnala",
)
PORTAL_PAGES = ("/my/percorso", "/my/opportunita", "/my/candidature", "/my/rete")
ODD = ("0", "-1", "99999999999999999999", "testo", "1%27%20OR%201%3D1--", "1;DROP%20TABLE")
WITH_ID = ("/sfide/%s", "/opportunita/%s", "/academy/%s/iscrizione", "/segnala/%s")
FIELDS = "//main//input[not(@type='hidden' or @type='submit' or @type='button')] | //main//select | //main//textarea"


@tagged("post_install", "-at_install")
class TestPublicPages(NetworkCase, HttpCase):
    """Every public page opens for everybody, can be read by machines, and takes odd addresses calmly."""

    def pages(self):
        return (*PAGES, f"/opportunita/{self.opportunity.id}")

    def tree(self, url):
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200, url)
        return html.fromstring(response.content)

    def check_heads(self):
        for url in self.pages():
            with self.subTest(url=url):
                tree = self.tree(url)
                self.assertEqual(len(tree.xpath("//h1")), 1)
                self.assertTrue(tree.get("lang"))
                self.assertTrue((tree.findtext(".//title") or "").strip())

    def is_named(self, tree, field):
        """Whether assistive technology can say what the field is."""
        label = field.get("id") and tree.xpath("//label[@for=$id]", id=field.get("id"))
        hidden = field.xpath("ancestor-or-self::*[@aria-hidden='true']")
        return bool(label or hidden or field.get("aria-label") or field.get("aria-labelledby") or field.xpath("ancestor::label"))

    def check_labels(self, urls):
        for url in urls:
            tree = self.tree(url)
            for field in tree.xpath(FIELDS):
                with self.subTest(url=url, field=field.get("name")):
                    self.assertTrue(self.is_named(tree, field))

    def test_as_visitor(self):
        self.check_heads()

    def test_as_participant(self):
        self.authenticate(self.person_a.login, self.person_a.login)
        self.check_heads()

    def test_as_employee(self):
        self.authenticate(self.operator.login, self.operator.login)
        self.check_heads()

    def test_fields_have_labels(self):
        self.check_labels(self.pages())

    def test_own_pages_of_a_participant(self):
        self.authenticate(self.person_a.login, self.person_a.login)
        self.check_labels((*PORTAL_PAGES, f"/my/opportunita/{self.opportunity.id}"))

    def test_own_pages_ask_a_visitor_to_log_in(self):
        for url in PORTAL_PAGES:
            with self.subTest(url=url):
                self.assertIn("/web/login", self.url_open(url).url)

    def test_odd_addresses_are_not_found(self):
        for pattern in WITH_ID:
            for odd in ODD:
                with self.subTest(url=pattern % odd):
                    self.assertEqual(self.url_open(pattern % odd).status_code, 404)

    def test_odd_own_addresses_are_not_found(self):
        self.authenticate(self.person_a.login, self.person_a.login)
        for odd in ODD:
            with self.subTest(odd=odd):
                self.assertEqual(self.url_open(f"/my/opportunita/{odd}").status_code, 404)

    def test_odd_pages_and_questions_are_no_failure(self):
        for url in ("/opportunita/page/0", "/sfide/page/0", "/opportunita?q=%25%27%3B--&kind=nonsense", "/osservatorio?city=%27", "/academy?tipo=%27"):
            with self.subTest(url=url):
                self.assertEqual(self.url_open(url).status_code, 200)

    def test_components_speak_the_language_of_the_page(self):
        """What scripts draw is translated by a list of its own, in which a module is only where it says so."""
        modules = self.url_open("/website/translations?lang=it_IT").json()["modules"]
        said = {message["id"]: message["string"] for message in modules["citta_lavoro"]["messages"]}
        self.assertEqual(said["Choose the handwriting"], "Scegli la grafia")
