"""The operator's day on the Italian demo: one person from the first contact to the call after the exit."""

import re

import pytest
from back_office import BackOffice
from conftest import MINIMUM_SECONDS, PHONE
from playwright.sync_api import expect
from rpc import Rpc

IMPATIENT = "Duilio Due Volte"
NAME, PHONE_NUMBER, EMAIL = "Quirina Giornata", "333 0000518", "quirina@esempio.example"
OPERATOR, OTHER_OPERATOR, OTHER_BODY, BODY_WITHOUT_DEED = "operatrice", "operatore2", "Cooperativa La Ripa", "Consorzio Solidale Est"
COLLEAGUE = "Carla Coordinatrice"
TEMPLATE, TEMPLATE_ACTION = "Primo passo in cucina", "Cercare tre cucine della rete per una visita"
NOTE, REASON = "Preferisce venire di mattina.", "Vuole imparare un mestiere nuovo, vicino a casa."
CLOSING = "Ha cominciato a lavorare: il resto non serve più."
#: Sends the form of a button twice at once; gives the addresses where both end.
TWICE = """(button) => Promise.all([1, 2].map(() =>
    fetch(button.form.action, {method: 'POST', body: new FormData(button.form)}).then((answer) => answer.url)))"""


@pytest.fixture
def office(visit):
    return BackOffice(visit(OPERATOR))


def test_operators_day(visit, office):
    person_writes(visit(size=PHONE))
    operator_merges_double(office)
    operator_invites(office)
    person_chooses_time(visit(size=PHONE), Rpc(visit("admin")))
    pathway = operator_opens_pathway(office)
    operator_fills_pathway(office)
    operator_assesses(office)
    operator_decides_path(office)
    operator_plans(office, pathway)
    operator_gets_agreement_signed(office)
    operator_enters_service(office, pathway)
    operator_hands_over(office, pathway)
    other = BackOffice(visit(OTHER_OPERATOR))
    other_body_takes_on(other)
    other_body_closes(other, pathway)
    other_body_asks_afterwards(other)


def test_bad_input(visit, office):
    """A clear word in Italian each time, and what was typed is still there."""
    visitor, rpc = visit(size=PHONE), Rpc(visit("admin"))
    person_sends_twice(visitor, rpc)
    late_answer_is_explained(visitor, rpc)
    wrong_codes_are_refused(office)


# -- the first contact ---------------------------------------------------------


def person_writes(visitor):
    """The person asks on the public page."""
    page = visitor.open("/parliamo-di-lavoro")
    page.fill("#name", NAME)
    page.select_option("#city", label="Pioltello")
    page.fill("#phone", PHONE_NUMBER)
    page.fill("#email", EMAIL)
    page.check("#consent")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click("#talk_submit")
    page.wait_for_url("**/parliamo-di-lavoro/grazie")


def operator_merges_double(office):
    """The same person at the desk: the screen says so, and one first contact is made of both, with the consent of the first."""
    office.open("citta-intake/new")
    office.write("contact_name", NAME.upper())
    office.pick("citta_city_id", "Pioltello")
    office.write("phone", PHONE_NUMBER.replace(" ", ""))
    office.save()
    warning = office.page.locator("[name=duplicates]")
    expect(warning).to_contain_text("Già conosciuta?")
    expect(warning).to_contain_text(NAME)
    office.person.screenshot("doppione")
    office.press("action_intake_merge", confirm=True)
    expect(warning).to_be_hidden()
    office.tab("consents")
    expect(office.rows("citta_consent_ids")).to_have_count(1)


# -- invitation and meeting ------------------------------------------------------


def operator_invites(office):
    """By e-mail, with the times at which somebody can be met."""
    office.press("action_invite")
    expect(office.field("person_name")).to_contain_text(NAME, ignore_case=True)
    office.page.locator(".o_field_widget[name=channel] input[data-value=email]").check()
    office.save()
    office.press("action_send")
    office.expect_state("sent")
    office.person.screenshot("invito")


def person_chooses_time(visitor, rpc):
    """The link of the letter is enough; the operator finds the time chosen."""
    invitation = rpc.search_read("citta.invitation", [("lead_id.contact_name", "=ilike", NAME), ("state", "=", "sent")], ["token"])[0]
    page = visitor.open(f"/invito/{invitation['token']}")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.locator("button[name=slot]").last.click()
    expect(page.locator("[role=status]")).to_be_visible()


def operator_opens_pathway(office):
    """They have talked; the first contact becomes a pathway.

    :return: its address
    """
    office.press("action_open_record")
    office.press("action_intake_met")
    office.press("action_open_pathway")
    office.expect_state("draft")
    office.press("action_activate")
    office.expect_state("active")
    return f"citta-pathways/{office.page.url.rpartition('/')[2]}"


# -- the case ----------------------------------------------------------------------


def operator_fills_pathway(office):
    """A colleague in the team, a day for the next contact, a note that says for whom it is; whose case it is can be read on top."""
    name = office.page.locator(".o_last_breadcrumb_item > span")
    expect(name).to_have_text(NAME)
    assert name.evaluate("(one) => one.scrollWidth <= one.clientWidth"), "the name is cut"
    office.write("date_next_contact", "31/12/2026")
    office.tab("team")
    office.page.locator(".o_field_widget[name=case_member_ids] .o_field_x2many_list_row_add a").click()
    dialog = BackOffice(office.person, office.page.locator(".modal"))
    dialog.pick("user_id", COLLEAGUE)
    dialog.field("is_informed").locator("input").check()
    dialog.root.locator(".o_form_button_save").click()
    dialog.root.wait_for(state="detached")
    office.tab("notes")
    row = office.add_line("note_ids")
    row.locator("[name=text] textarea").fill(NOTE)
    office.save()
    expect(office.rows("note_ids")).to_contain_text(NOTE)
    office.tab("team")
    expect(office.rows("case_member_ids")).to_contain_text(COLLEAGUE)
    office.person.screenshot("equipe")


def operator_assesses(office):
    """One click for each domain of life."""
    office.press("action_assess")
    stars = office.page.locator(".o_field_widget[name=line_ids] .o_data_row")
    for number, level in enumerate((1, 2, 4, 2, 3)):
        stars.nth(number).locator(".o_priority_star").nth(level - 1).click()
    office.save()
    office.press("action_confirm")
    office.expect_state("done")
    suggestion = office.page.locator(".alert:visible", has_text="I criteri suggeriscono")
    expect(suggestion).to_contain_text(re.compile(r"punti \d"))
    office.person.screenshot("bussola")


def operator_decides_path(office):
    """What the criteria said stands beside the choice; without a reason nothing is decided."""
    office.press("action_decide")
    dialog = office.page.locator(".modal")
    expect(dialog.locator("[name=shown_explanation]")).to_contain_text(re.compile(r"punti \d"))
    dialog.locator("[name=path] input[data-value=reskilling]").check()
    dialog.locator(".o_form_button_save").click()
    expect(dialog.locator("[name=reason]")).to_have_class(re.compile("o_field_invalid"))
    dialog.locator("[name=reason] textarea").fill(REASON)
    dialog.locator(".o_form_button_save").click()
    dialog.wait_for(state="detached")
    expect(office.rows("decision_ids")).to_contain_text(REASON)


def operator_plans(office, pathway):
    """Goals and actions from a template."""
    office.open(pathway)
    expect(office.field("path")).to_contain_text("Riqualificazione")
    office.press("action_use_template")
    dialog = BackOffice(office.person, office.page.locator(".modal"))
    dialog.pick("template_id", TEMPLATE)
    expect(dialog.rows("line_ids")).to_have_count(4)
    dialog.press("action_apply")
    dialog.root.wait_for(state="detached")
    expect(office.rows("action_ids")).to_have_count(4)
    expect(office.rows("goal_ids")).to_have_count(2)


def operator_gets_agreement_signed(office):
    """Made from the plan, signed for the body and by the person on the same screen."""
    office.press("action_open_agreement")
    expect(office.field("profile").locator("textarea")).to_have_value(re.compile("iqualificazione"))
    office.select("frequency", "Ogni due settimane")
    office.save()
    office.press("action_propose", confirm=True)
    expect(office.field("pdf_sha256")).not_to_be_empty()
    office.press("action_sign", confirm=True)
    expect(office.rows("signature_ids")).to_have_count(1)
    office.press("action_sign_here")
    dialog = BackOffice(office.person, office.page.locator(".modal"))
    dialog.write("name", NAME)
    dialog.press("action_confirm")
    dialog.root.wait_for(state="detached")
    office.expect_state("signed")
    expect(office.rows("signature_ids")).to_have_count(2)
    office.person.screenshot("patto")


def operator_enters_service(office, pathway):
    """The same service for two persons at once, and not a second time."""
    office.open("citta-pathways?view_type=list")
    for name in (NAME, "Carmen Finti"):
        office.page.locator(f'.o_data_row:has-text("{name}") .o_list_record_selector input').check()
    enter_service(office)
    expect(office.page.locator(".o_data_row")).to_have_count(2)
    expect(office.page.locator(f'.o_data_row:has-text("{NAME}")')).to_contain_text("2,00")
    office.open(pathway)
    office.tab("deliveries")
    expect(office.rows("delivery_ids")).to_have_count(1)


def enter_service(office):
    office.page.locator(".o_cp_action_menus .dropdown-toggle", has_text="Azioni").click()
    office.page.locator(".o-dropdown-item", has_text="Registra un servizio").click()
    dialog = BackOffice(office.person, office.page.locator(".modal"))
    expect(dialog.field("pathway_ids").locator(".o_tag")).to_have_count(2)
    dialog.pick("type_id", "Colloquio di orientamento")
    dialog.write("quantity", "2")
    dialog.press("action_confirm")
    dialog.root.wait_for(state="detached")


# -- to another body -------------------------------------------------------------------


def operator_hands_over(office, pathway):
    """What passes is shown first; a body without a deed is refused with the way out, and nothing typed is lost."""
    office.open(pathway)
    office.press("action_hand_over")
    office.pick("to_body_id", BODY_WITHOUT_DEED)
    office.write("reason", "Ha uno sportello a due passi da casa.")
    office.field("is_informed").locator("input").check()
    office.save()
    expect(office.page.locator(".alert-danger:visible")).to_contain_text("non ha un atto privacy in vigore")
    expect(office.page.locator("button[name=action_send]")).to_be_hidden()
    office.pick("to_body_id", OTHER_BODY)
    office.save()
    expect(office.page.locator(".alert-danger:visible")).to_have_count(0)
    expect(office.field("reason").locator("textarea")).to_have_value("Ha uno sportello a due passi da casa.")
    expect(office.field("shared")).to_contain_text("azioni: 4")
    expect(office.field("not_shared")).to_contain_text("Note del proprio ente e note personali: 1")
    office.person.screenshot("passaggio")
    office.press("action_send", confirm=True)
    office.expect_state("proposed")


def other_body_takes_on(office):
    office.open("citta-handovers")
    office.choose(NAME)
    office.press("action_accept", confirm=True)
    office.expect_state("accepted")


# -- the end ---------------------------------------------------------------------------


def other_body_closes(office, pathway):
    """Refused while something is open, with what it is; what was written stays; then with an outcome and a reason."""
    office.open(pathway)
    office.press("action_close")
    dialog = BackOffice(office.person, office.page.locator(".modal:has([name=outcome])"))
    expect(dialog.field("obligations")).to_contain_text(TEMPLATE_ACTION)
    dialog.root.locator("[name=outcome] input[data-value=job]").check()
    dialog.write("outcome_note", "Aiuto cuoca, sei mesi")
    dialog.press("action_confirm")
    refusal = office.page.locator(".modal", has_text="Ancora aperto").last
    expect(refusal).to_contain_text(TEMPLATE_ACTION)
    office.person.screenshot("chiusura-rifiutata")
    refusal.locator(".modal-footer .btn-primary").click()
    expect(dialog.field("outcome_note").locator("textarea")).to_have_value("Aiuto cuoca, sei mesi")
    dialog.write("closing_reason", CLOSING)
    dialog.press("action_confirm")
    dialog.root.wait_for(state="detached")
    office.expect_state("closed")
    expect(office.field("outcome")).to_contain_text("Lavoro")


def other_body_asks_afterwards(office):
    """Three calls are planned; the first is made."""
    office.open("citta-follow-ups")
    expect(office.page.locator(f'.o_data_row:has-text("{NAME}")')).to_have_count(3)
    office.choose(NAME)
    office.page.locator(".o_field_widget[name=situation] input").first.check()
    office.save()
    office.press("action_answer")
    office.expect_state("answered")


# -- what goes wrong ---------------------------------------------------------------------


def person_sends_twice(visitor, rpc):
    """Two taps at once: thanks twice, and one first contact."""
    page = visitor.open("/parliamo-di-lavoro")
    page.fill("#name", IMPATIENT)
    page.select_option("#city", label="Segrate")
    page.fill("#email", "duilio@esempio.example")
    page.check("#consent")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    ends = page.locator("#talk_submit").evaluate(TWICE)
    assert [end.rpartition("/")[2] for end in ends] == ["grazie", "grazie"], ends
    assert len(rpc.search_read("crm.lead", [("contact_name", "=", IMPATIENT)], ["id"])) == 1


def late_answer_is_explained(visitor, rpc):
    """The link of an invitation that is over offers no time: it says so, and whom to call."""
    lead = rpc.search_read("crm.lead", [("contact_name", "=", IMPATIENT)], ["id"])[0]
    rpc.call("crm.lead", "action_intake_take", [lead["id"]])
    invitation = rpc.call("citta.invitation", "create", [{"lead_id": lead["id"], "channel": "email"}])
    rpc.call("citta.invitation", "action_send", invitation)
    rpc.call("citta.invitation", "write", invitation, {"date_expiry": "2020-01-01"})
    token = rpc.search_read("citta.invitation", [("id", "in", invitation)], ["token"])[0]["token"]
    page = visitor.open(f"/invito/{token}")
    expect(page.locator("main")).to_contain_text("Il tempo per scegliere è finito")
    expect(page.locator("button[name=slot]")).to_have_count(0)


def wrong_codes_are_refused(office):
    """A mistyped fiscal code, a birth date that is another's, and then both right."""
    office.open("citta-pathways")
    office.choose("Gianni Esempi")
    office.press("action_open_person")
    for code, born, refusal in (
        ("RCCMNL83S18D969A", "18/11/1983", "non è un codice fiscale valido"),
        ("RCCMNL83S18D969H", "19/11/1983", "corrisponde a un’altra data di nascita"),
    ):
        office.write("citta_fiscal_code", code)
        office.write("citta_birth_date", born)
        office.page.locator(".o_form_button_save").click()
        dialog = office.page.locator(".modal")
        expect(dialog).to_contain_text(refusal)
        office.person.screenshot("codice-fiscale")
        dialog.locator(".modal-footer .btn-primary").click()
        expect(office.field("citta_fiscal_code").locator("input")).to_have_value(code)
    office.write("citta_birth_date", "18/11/1983")
    office.save()
