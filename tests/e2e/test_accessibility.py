"""Everything that citizens, participants, firms and donors see: readable by everybody, on a phone, in Italian.

The pages are found by following links, so that a page added tomorrow is looked at tomorrow.
"""

import re
from urllib.parse import urlsplit

import pytest
from conftest import DESKTOP, MINIMUM_SECONDS, PHONE, SMALL_PHONE
from playwright.sync_api import expect
from rpc import Rpc

#: Where nothing of the programme is: the back office, files, signing out.
ELSEWHERE = re.compile(r"^/(web/(?!login|reset_password)|odoo|website/|mail/|report/)|\.(csv|pdf|ics|xml)$|/(lettera|ricevuta|ics|pdf|europass|logout|payment_method)(/|$)")
#: Words that no Italian page has. English terms of the programme (work design, Academy, account, e-mail) are not among them.
ENGLISH = re.compile(
    r"\b(the|and|your|with|from|this|please|required|choose|search|sign in|log in|log out|logout|home page|back|next|previous|"
    r"apply|submit|send|save|edit|close|cancel|delete|download|upload|name(?!@)|description|contact us|reset|skip|toggle|"
    r"places?|seats?|register|registered|courses?|events|upcoming|share|follow|details|address|phone)\b", re.IGNORECASE,
)
#: What a page says, aloud and in writing: visible text, and the names that only a screen reader tells.
SAID = """() => {
    const names = [...document.querySelectorAll('[aria-label], [alt], [placeholder], [title]')].flatMap(
        (node) => ['aria-label', 'alt', 'placeholder', 'title'].map((name) => node.getAttribute(name)));
    return [document.title, ...document.body.innerText.split('\\n'), ...names].filter(Boolean);
}"""
#: Whether every component that a script draws has been drawn, be it to nothing: what it says is part of the page.
DRAWN = "() => [...document.querySelectorAll('owl-component[name]')].every((node) => node.querySelector('owl-root')?.hasChildNodes())"
LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.href)"
TOO_WIDE = """() => [...document.querySelectorAll('body *')].filter((node) => {
    const box = node.getBoundingClientRect();
    return box.width && box.right > window.innerWidth + 1 && !node.closest('.o_citta_trap, .overflow-auto, .table-responsive, .offcanvas');
}).slice(0, 3).map((node) => node.outerHTML.slice(0, 120))"""
COMPASS = ("Lavoro e formazione", "Casa e famiglia", "Cavarsela ogni giorno", "Su cosa lavorare")
FORMS = {
    "/parliamo-di-lavoro": "#talk_submit", "/segnala": "#report_submit", "/rete/adesione": "#join_send",
    "/fondo/solidale/dona": "#pledge_submit",
}


@pytest.mark.parametrize(("login", "starts"), [
    (None, ["/", "/osservatorio", "/opportunita", "/sfide", "/academy", "/rete/adesione", "/segnala", "/fondo/solidale", "/web/login",
            "/web/reset_password", "/event", "/slides", "/parliamo-di-lavoro/grazie", "/rete/adesione/grazie", "/sfide/grazie",
            "/segnala/nessuna-segnalazione-con-questo-nome", "/pagina-che-non-esiste"]),
    ("partecipante", ["/my", "/my/percorso", "/my/opportunita", "/my/candidature", "/my/account", "/my/security"]),
    ("impresa", ["/my", "/my/rete", "/my/rete/opportunita/nuova"]),
    ("donatore", ["/my", "/my/donazioni"]),
], ids=["anybody", "participant", "firm", "donor"])
def test_pages(visit, login, starts):
    """Every page that can be reached is without fault at three widths."""
    person = visit(login)
    faults, seen = [], set()
    while starts:
        path = starts.pop(0)
        if (kind := _kind(path)) in seen:
            continue
        seen.add(kind)
        person.open(path)
        if ELSEWHERE.search(urlsplit(person.page.url).path):
            continue
        starts += _links(person, own_area=bool(login))
        faults += [f"{path}: {fault}" for fault in _faults(person)]
    assert len(seen) >= 3, f"no links were found: {seen}"
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", FORMS)
def test_refused_forms(visit, path):
    """A form that comes back with messages tells them to everybody."""
    person = visit()
    page = person.open(path)
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click(FORMS[path])
    page.wait_for_selector("#form_errors")
    assert page.locator("[aria-invalid=true]").count(), "the fields in question are marked"
    faults = _faults(person)
    assert not faults, "\n".join(faults)


def test_questions(visit):
    """The compass is a survey of Odoo, behind a button and not a link: every page of it."""
    person = visit("partecipante")
    page = person.open("/my/percorso/bussola")
    page.click("button[name=answer]")
    for title in COMPASS:
        expect(page.locator(".o_survey_title")).to_have_text(title)
        expect(page.locator(".o_survey_form_content")).to_have_css("opacity", "1")
        faults = _faults(person)
        assert not faults, "\n".join([title, *faults])
        page.click(".o_survey_form_content button[type=submit]")
    expect(page.locator(".modal-footer .btn-primary")).to_be_visible()
    faults = _faults(person)
    assert not faults, "\n".join(faults)
    page.click(".modal-footer .btn-primary")
    expect(page.locator("a[name=compass_seen]")).to_be_visible()
    expect(page.locator(".o_survey_form_content")).to_have_css("opacity", "1")
    faults = _faults(person)
    assert not faults, "\n".join(faults)


def test_questions_after_the_exit(visit):
    """Behind the key that goes by e-mail: the questions, the message when nothing is chosen, the thanks."""
    key = Rpc(visit("admin")).search_read("citta.follow.up", [("state", "in", ["asked", "planned"])], ["token"])[0]["token"]
    person = visit(size=PHONE)
    page = person.open(f"/come-va/{key}")
    expect(page.locator(".o_survey_form_content")).to_contain_text("Che cosa fai adesso?")
    faults = _faults(person)
    for _answered in (False, True):
        page.click(".o_survey_form_content button[type=submit]")
        page.click(".modal-footer .btn-primary")
        if not _answered:
            expect(page.locator(".o_survey_question_error.slide_in")).to_be_visible()
            faults += _faults(person)
            page.locator(".o_survey_choice_btn", has_text="Cerco lavoro").click()
    expect(page.locator(".o_survey_finished")).to_be_visible()
    expect(page.locator(".o_survey_form_content")).to_have_css("opacity", "1")
    faults += _faults(person)
    assert not faults, "\n".join(faults)
    person.open(f"/come-va/{key}")
    expect(page.locator("h1")).to_have_text("Grazie!")


def _kind(path):
    """The address without what differs from record to record: one page of each kind is looked at.

    >>> _kind("/opportunita/12?q=x"), _kind("/event/laboratorio-3/register")
    ('/opportunita/*', '/event/*/register')
    """
    return re.sub(r"[^/]*\d[^/]*", "*", urlsplit(path).path.rstrip("/")) or "/"


def _links(person, own_area):
    """Addresses on the same server that the page leads to; who is logged in stays in the own area."""
    found = [urlsplit(link) for link in person.page.evaluate(LINKS) if link.startswith(person.url)]
    paths = [part.path for part in found if not ELSEWHERE.search(part.path)]
    return [path for path in paths if path.startswith("/my") or not own_area]


def _faults(person):
    """What is wrong with the page as it stands."""
    page = person.page
    page.wait_for_function(DRAWN)
    faults = [f"in English: {text[:80]}" for text in sorted(set(page.evaluate(SAID))) if ENGLISH.search(text)]
    for size in (DESKTOP, PHONE, SMALL_PHONE):
        page.set_viewport_size(size)
        at = f"at {size['width']} px"
        faults += [f"{at}: too wide: {node}" for node in _overflow(page)]
        if size is not SMALL_PHONE:
            faults += [f"{at}: {violation}" for violation in person.violations()]
    page.set_viewport_size(DESKTOP)
    return faults


def _overflow(page):
    """Nodes that stick out, if the page can be scrolled sideways."""
    if page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"):
        return []
    return page.evaluate(TOO_WIDE) or ["the page"]
