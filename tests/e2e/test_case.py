"""The case on the Italian demo: the person's day on the phone, and the operator's around the agreement."""

import re

import pytest
from back_office import BackOffice
from conftest import PHONE
from playwright.sync_api import expect

PERSON, OPERATOR, NAME = "partecipante2", "operatore2", "Dario Immaginari"
TALENT = "Spiego i motori ai ragazzi"


@pytest.fixture
def phone(visit):
    """``phone("/my/percorso")``: the person's own page, in the hand."""
    person = visit(PERSON, size=PHONE)

    def open_page(path):
        page = person.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], f"{path} is wider than the phone"
        assert not person.violations(), person.violations()
        return page

    return open_page


def test_case(phone, visit):
    person_writes_canvas(phone)
    person_fills_compass(phone)
    person_adds_experience(phone)
    office = BackOffice(visit(OPERATOR))
    operator_reads_canvas(office)
    operator_proposes(office)
    person_signs(phone)
    agreement_is_in_force(office)


def person_writes_canvas(phone):
    """A line more in a box, saved; the paper can be had."""
    page = phone("/my/percorso/canvas")
    box = page.locator("#block_talent")
    box.fill(box.input_value() + "\n" + TALENT)
    page.click("button[name=save]")
    expect(page.locator("[role=status]")).to_be_visible()
    expect(page.locator("#block_talent")).to_have_value(re.compile(TALENT))
    assert page.request.get("/my/percorso/canvas/pdf").headers["content-type"] == "application/pdf"


def person_fills_compass(phone):
    """Three answers are enough, with a break after the first page; the way is shown at once."""
    page = phone("/my/percorso/bussola")
    page.click("button[name=answer]")
    answer(page, "Quanto ti senti vicino", "Difficile")
    turn(page, "Casa e famiglia")
    page = phone("/my/percorso/bussola")
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


def person_adds_experience(phone):
    """What was not paid counts, too."""
    page = phone("/my/percorso/curriculum/esperienza/0")
    page.fill("#name", "Ho riparato le biciclette del quartiere")
    page.select_option("#kind", "volunteer")
    page.click("button[name=save]")
    expect(page.locator("body")).to_contain_text("Ho riparato le biciclette del quartiere")
    assert page.request.get("/my/percorso/curriculum/pdf").headers["content-type"] == "application/pdf"


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


def person_signs(phone):
    """From the first page to the signature."""
    page = phone("/my/percorso")
    page.click("a[name=papers_to_sign]")
    page.locator(".list-group a.btn-primary").first.click()
    expect(page.locator(".o_portal_sign_submit")).to_be_enabled()
    page.click(".o_portal_sign_submit")
    page.wait_for_url("**notice=signed**")


def agreement_is_in_force(office):
    """Both have signed."""
    office.open("citta-agreements").choose(NAME)
    expect(office.page.locator(".o_field_widget[name=date_signed]")).to_be_visible()
    expect(office.page.locator(".o_field_widget[name=signature_ids] .o_data_row")).to_have_count(2)

