"""End to end: a real Chromium against a running server with the Italian demo.

``CITTA_URL`` names the server and ``CITTA_DB`` its database; ``./citta test e2e`` provides both. With
``CITTA_SCREENSHOTS`` set to a folder, the main screens are written there.
"""

import io
import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect, sync_playwright

expect.set_options(timeout=30_000)

CHROMIUM = os.environ.get("CITTA_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]
DESKTOP, PHONE, SMALL_PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}, {"width": 360, "height": 740}
MINIMUM_SECONDS = 2.5  # faster than that, a form takes the sender for a machine
COLOURS = 128  # of a screenshot: a third of the size, and no difference to the eye
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
#: Whether every transition that ends by itself has ended; one that goes on for ever does not count.
SETTLED = "() => document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity)"
#: Whether the pictures that stand on the screen have come.
PICTURED = "() => [...document.images].every((one) => one.complete || one.loading === 'lazy')"
#: Messages of the browser that are no fault of a page: what a refused form answers is checked by the tests themselves.
EXPECTED_ERRORS = re.compile(r"status of (400|403|404|409|410|422|429)")


class Person:
    """Somebody at a screen: a browser window of their own, logged in or not."""

    def __init__(self, browser, url, size):
        self.url = url
        self.context = browser.new_context(viewport=size, locale="it-IT", timezone_id="Europe/Rome", base_url=url)
        self.context.set_default_timeout(60_000)
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._note)

    def _note(self, message):
        if message.type == "error" and not EXPECTED_ERRORS.search(message.text):
            self.errors.append(message.text)

    def login(self, login):
        """Log in by the form; the demo's passwords equal the logins."""
        self.page.goto("/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", login)
        self.page.click("form.oe_login_form button[type=submit]")
        self.page.wait_for_url(re.compile(r"/(odoo|my)"), wait_until="commit")
        return self

    def open(self, path):
        """Open an address of the site."""
        response = self.page.goto(path)
        assert response is None or response.status < 500, f"{path}: {response.status}"
        return self.page

    def screenshot(self, name):
        """Keep the screen for the README, where a folder for that is named."""
        if folder := os.environ.get("CITTA_SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.wait_for_function(PICTURED)
            picture = Image.open(io.BytesIO(self.page.screenshot()))
            picture.convert("RGB").quantize(COLOURS).save(Path(folder, f"{name}.png"), optimize=True)

    def violations(self):
        """What axe-core finds against WCAG 2.1 A and AA on the page as it stands, once nothing moves or changes its colour any more."""
        self.page.wait_for_function(SETTLED)
        results = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": WCAG}})
        return [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in results.response["violations"] for node in violation["nodes"]
        ]


@pytest.fixture(scope="session")
def url():
    if not os.environ.get("CITTA_URL"):
        pytest.fail("CITTA_URL must name a running server; run ./citta test e2e")
    return os.environ["CITTA_URL"].rstrip("/")


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Let fixtures know whether their test failed."""
    report = yield
    item.has_failed = getattr(item, "has_failed", False) or report.failed
    return report


@pytest.fixture
def visit(browser, url, request):
    """Open a window: ``visit("operatrice")``, ``visit(size=PHONE)``; at the end no page may have thrown."""
    people = []

    def visit(login=None, size=DESKTOP):
        person = Person(browser, url, size)
        people.append(person)
        return person.login(login) if login else person

    yield visit
    errors = [error for person in people for error in person.errors]
    for number, person in enumerate(people):
        if getattr(request.node, "has_failed", False):
            person.screenshot(f"failed-{number}")
        person.context.close()
    assert not errors, errors


@pytest.fixture
def phone(visit):
    """``phone("/my/percorso", "partecipante")``: a page in the hand, readable by everybody and no wider than a small phone."""
    persons = {}

    def open_page(path, login=None):
        person = persons[login] = persons.get(login) or visit(login, size=PHONE)
        page = person.open(path)
        for size in (SMALL_PHONE, PHONE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{path} is wider than {size['width']} px"
        assert not person.violations(), person.violations()
        return page

    return open_page
