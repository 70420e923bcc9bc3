"""The case on the Italian demo: the person's day on the phone, and the operator's around the agreement."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from back_office import BackOffice
from conftest import MINIMUM_SECONDS
from playwright.sync_api import expect

PERSON, OPERATOR, NAME = "partecipante2", "operatore2", "Dario Immaginari"
TALENT, QUESTION = "Spiego i motori ai ragazzi", "Vorrei vedere anche le note del mio operatore."


@pytest.fixture
def own(phone):
    """``own("/my/percorso")``: the person's own page, in the hand."""
    return lambda path: phone(path, PERSON)


def test_case(own, visit):
    person_reads_home(own)
    person_ticks_action(own)
    person_writes_canvas(own)
    person_fills_compass(own)
    person_adds_experience(own)
    office = BackOffice(visit(OPERATOR))
    operator_reads_canvas(office)
    operator_proposes(office)
    person_signs(own)
    agreement_is_in_force(office)


def test_rights(own, visit):
    """What the person may say no to, and ask for."""
    person_withdraws_consent(own)
    person_asks_for_copy(own, visit)


def person_reads_home(own):
    """From the account's first page: what is next, in order, and who follows."""
    page = own("/my")
    page.locator("a", has_text="Il mio percorso").first.click()
    dates = page.locator("#date li")
    expect(dates.first).to_contain_text(re.compile(r"Oggi|\d{1,2} \w{3}"))
    assert dates.count() >= 3, "what the operator put into the calendar, the plan and the labs"
    expect(page.locator("body")).to_contain_text("Renzo Operatore")


def person_ticks_action(own):
    """One tap, and it is among what was done."""
    page = own("/my/percorso")
    before = page.locator("button[name^=done_]").count()
    action = page.locator("li:has(button[name^=done_])").first
    name = action.locator("div div").first.inner_text()
    action.locator("button").click()
    page.wait_for_url("**/my/percorso**")
    expect(page.locator("button[name^=done_]")).to_have_count(before - 1)
    page.locator("summary", has_text="Svolto finora").click()
    expect(page.locator("details li", has_text=name)).to_be_visible()


def person_writes_canvas(own):
    """A line more in a box, saved; the paper can be had."""
    page = own("/my/percorso/canvas")
    box = page.locator("#block_talent")
    box.fill(box.input_value() + "\n" + TALENT)
    page.click("button[name=save]")
    expect(page.locator("[role=status]")).to_be_visible()
    expect(page.locator("#block_talent")).to_have_value(re.compile(TALENT))
    assert page.request.get("/my/percorso/canvas/pdf").headers["content-type"] == "application/pdf"


def person_fills_compass(own):
    """Three answers are enough, with a break after the first page; the way is shown at once."""
    page = own("/my/percorso/bussola")
    page.click("button[name=answer]")
    answer(page, "Quanto ti senti vicino", "Difficile")
    turn(page, "Casa e famiglia")
    page = own("/my/percorso/bussola")
    page.click("button[name=answer]")
    answer(page, "Il posto dove vivi", "Bene")
    answer(page, "fine del mese", "Così così")
    turn(page, "Cavarsela ogni giorno")
    turn(page, "Su cosa lavorare")
    answer(page, "Su cosa vuoi lavorare?", "Soldi")
    page.click(".o_survey_form_content button[type=submit]")
    page.click(".modal-footer .btn-primary")
    page.click("a[name=compass_seen]")
    expect(page.locator(".o_citta_distance svg")).to_be_visible()


def answer(page, question, label):
    """Choose an answer to one question by the keyboard, as it must work without a finger on the glass, too."""
    choice = page.locator(f'.js_question-wrapper:has-text("{question}") label', has_text=re.compile(rf"^\s*{label}\s*$"))
    choice.locator("input").focus()
    page.keyboard.press("Space")
    expect(choice).to_have_class(re.compile("o_survey_selected"))


def turn(page, title):
    """Go on to the next page of questions."""
    page.click(".o_survey_form_content button[type=submit]")
    expect(page.locator(".o_survey_title")).to_have_text(title)


def person_adds_experience(own):
    """What was not paid counts, too."""
    page = own("/my/percorso/curriculum/esperienza/0")
    page.fill("#name", "Ho riparato le biciclette del quartiere")
    page.select_option("#kind", "volunteer")
    page.click("button[name=save]")
    expect(page.locator("body")).to_contain_text("Ho riparato le biciclette del quartiere")
    assert page.request.get("/my/percorso/curriculum/pdf").headers["content-type"] == "application/pdf"
    europass = page.request.get(page.locator("a", has_text="Europass").get_attribute("href"))
    assert europass.headers["content-type"].startswith("application/xml")
    assert "SkillsPassport" in europass.text() and "riparato le biciclette" in europass.text()


def operator_reads_canvas(office):
    """What the person wrote alone stands on the operator's screen and becomes a goal with one click."""
    office.open("citta-canvases").choose(NAME)
    row = office.page.locator(f'.o_data_row:has-text("{TALENT}")')
    expect(row).to_be_visible()
    row.locator("button[name=action_make_goal]").first.click()
    expect(row.locator("i.fa-flag")).to_be_visible()
    office.person.screenshot("canvas")
    office.open("citta-pathways")
    expect(office.page.locator(".o_kanban_record:visible").first).to_be_visible()
    office.person.screenshot("percorsi")


def operator_proposes(office):
    """The paper is made and signed for the body."""
    office.open("citta-agreements").choose(NAME)
    office.press("action_propose", confirm=True)
    expect(office.page.locator(".o_field_widget[name=pdf_sha256]")).not_to_be_empty()
    office.press("action_sign", confirm=True)
    expect(office.page.locator(".o_field_widget[name=signature_ids] .o_data_row")).to_have_count(1)


def person_signs(own):
    """From the first page to the signature; a second one, from a page that was still open, is refused with a word."""
    page = own("/my/percorso")
    page.click("a[name=papers_to_sign]")
    page.locator(".list-group a.btn-primary").first.click()
    expect(page.locator(".o_portal_sign_submit")).to_be_enabled()
    left_open = page.context.new_page()
    left_open.goto(page.url)
    expect(left_open.locator(".o_portal_sign_submit")).to_be_enabled()
    page.click(".o_portal_sign_submit")
    page.wait_for_url("**notice=signed**")
    left_open.click(".o_portal_sign_submit")
    expect(left_open.locator("[role=alert], .alert-danger, .o_portal_sign_error_msg").first).to_contain_text("già stata firmata")
    left_open.close()


def agreement_is_in_force(office):
    """Both have signed."""
    office.open("citta-agreements").choose(NAME)
    expect(office.page.locator(".o_field_widget[name=date_signed]")).to_be_visible()
    expect(office.page.locator(".o_field_widget[name=signature_ids] .o_data_row")).to_have_count(2)


def person_withdraws_consent(own):
    """As easily as it was given."""
    page = own("/my/percorso")
    buttons = page.locator("#consensi button[name^=withdraw_]")
    before = buttons.count()
    buttons.last.click()
    expect(page.locator("[role=status]")).to_be_visible()
    expect(buttons).to_have_count(before - 1)
    expect(page.locator("#consensi")).to_contain_text("Revocato il")


def person_asks_for_copy(own, visit):
    """What was asked is shown with its term, and lies before the privacy officer; a form without a choice loses nothing."""
    page = own("/my/dati")
    page.fill("#text", QUESTION)
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.locator("button[name=ask]").click()
    expect(page.locator("#form_errors")).to_be_visible()
    expect(page.locator("#text")).to_have_value(QUESTION)
    page.select_option("#kind", "access")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.locator("button[name=ask]").click()
    expect(page.locator("[role=status]")).to_be_visible()
    expect(page.locator("#richieste")).to_contain_text("Risposta entro il")
    office = BackOffice(visit("privacy")).open("citta-privacy-requests")
    office.choose(NAME)
    expect(office.page.locator(".o_form_view")).to_contain_text(QUESTION)
    office.press("action_prepare")
    office.write("answer", "Ecco la tua copia.")
    office.save()
    office.press("action_answer", confirm=True)
    office.expect_state("answered")
    page = own("/my/dati")
    copy = page.request.get(page.locator("a[name^=copy_]").first.get_attribute("href")).body()
    names = ZipFile(BytesIO(copy)).namelist()
    assert {name.rpartition(".")[2] for name in names} >= {"json", "pdf"}, names
