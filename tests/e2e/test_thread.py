"""The programme's main thread on the Italian demo, from the public form to the coordinator's first screen."""

import re
from pathlib import Path

import pytest
from back_office import BackOffice
from conftest import MINIMUM_SECONDS, PHONE
from playwright.sync_api import expect
from rpc import Rpc

CAMT = Path(__file__).parents[2] / "addons/citta_fund/demo/camt/estratto_demo_001_08.xml"
CITIZEN = {"name": "Fiorenza Esempi d'Àmbito", "phone": "333 0000417", "email": "fiorenza@esempio.example"}
REPORTED = {"name": "Sabino Inventato", "phone": "333 0000418"}
LAB, COURSE = "Laboratorio di work design, Segrate", "Cercare lavoro con lo smartphone"


@pytest.fixture
def rpc(visit):
    return Rpc(visit("admin"))


@pytest.fixture
def office(visit):
    """``office("operatrice")``: the web client of somebody who works in the programme."""
    return lambda login: BackOffice(visit(login))


def test_thread(visit, office, rpc):
    citizen_asks(visit(size=PHONE))
    antenna_reports(visit(size=PHONE))
    operator_opens_pathway(office("operatrice"))
    accept_invitation(visit(size=PHONE), rpc.invitation(CITIZEN["email"]))
    operator_agrees_plan(office("operatrice"), rpc)
    participant_ticks(visit, rpc)
    challenge = need_becomes_challenge(office("osservatorio"))
    idea_answers(visit(), challenge)
    coordinator_finds_idea(office("coordinatrice"))
    firm_asks_to_join(visit(), office("rete"))
    firm_offers(visit("impresa"))
    manager_publishes(office("rete"))
    participant_applies(visit)
    treasurer_posts_gifts(office("tesoriere"), rpc)
    public_sees_fund(visit())
    operator_closes(office("operatrice"))
    coordinator_sees_all(office("coordinatrice"))


# -- first contacts ------------------------------------------------------------


def citizen_asks(visitor):
    """A form with a mistake loses nothing; mended, it arrives."""
    page = visitor.open("/parliamo-di-lavoro")
    page.fill("#name", CITIZEN["name"])
    page.select_option("#city", label="Pioltello")
    page.fill("#message", "Ho lavorato in sartoria per dieci anni.")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click("#talk_submit")
    expect(page.locator("[aria-invalid=true]"), "a way to be reached and the consent").to_have_count(2)
    expect(page.locator("#name")).to_have_value(CITIZEN["name"])
    expect(page.locator("#message")).to_have_value("Ho lavorato in sartoria per dieci anni.")
    visitor.screenshot("parliamo-di-lavoro-errori")
    page.fill("#phone", CITIZEN["phone"])
    page.fill("#email", CITIZEN["email"])
    page.check("#consent")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click("#talk_submit")
    page.wait_for_url("**/parliamo-di-lavoro/grazie")


def antenna_reports(visitor):
    """The antenna learns only that its report has arrived."""
    page = visitor.open("/segnala")
    page.select_option("#antenna", index=1)
    page.fill("#reporter_name", "Don Esempio")
    page.fill("#reporter_contact", "antenna@esempio.example")
    page.fill("#name", REPORTED["name"])
    page.select_option("#city", label="Vimodrone")
    page.fill("#phone", REPORTED["phone"])
    page.check("#consent")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click("#report_submit")
    page.wait_for_url(re.compile(r"/segnala/[\w-]{20,}"))
    assert REPORTED["name"] not in page.content()


def operator_opens_pathway(office):
    """Both arrive in the pipeline; one of them becomes a pathway with a portal login."""
    office.open("citta-intake")
    expect(office.page.locator(f'.o_kanban_record:has-text("{REPORTED["name"]}")')).to_be_visible()
    office.person.screenshot("primi-contatti")
    office.choose(CITIZEN["name"])
    office.press("action_intake_take")
    office.press("action_intake_met")
    office.press("action_open_pathway")
    office.expect_state("draft")
    office.press("action_activate")
    office.expect_state("active")
    office.press("action_give_portal_access", confirm=True)


def accept_invitation(visitor, link):
    """The person chooses a password by the link of the invitation."""
    page = visitor.open(re.sub(r"^https?://[^/]+", "", link))
    page.fill("input[name=password]", CITIZEN["email"])
    page.fill("input[name=confirm_password]", CITIZEN["email"])
    page.click(".oe_signup_form button[type=submit], .oe_reset_password_form button[type=submit]")
    page.wait_for_url(re.compile(r"/my|/odoo"), wait_until="commit")


# -- plan, lab, course -----------------------------------------------------------


def operator_agrees_plan(office, rpc):
    """A goal, an action of the person, a lab and a course; presence is taken."""
    office.open("citta-pathways")
    office.search(CITIZEN["name"])
    office.choose(CITIZEN["name"])
    row = office.add_line("goal_ids")
    row.locator("[name=name] input").fill("Aprire una piccola sartoria sociale")
    office.save()
    row = office.add_line("action_ids")
    row.locator("[name=name] input").fill("Chiedere un preventivo per la macchina da cucire")
    office.save()
    office.person.screenshot("percorso")
    enrol(office, "event", LAB)
    enrol(office, "channel", COURSE)
    take_presence(office, rpc)


def enrol(office, kind, name):
    """Enrol by the wizard in a lab or an online course."""
    office.press("action_enrol")
    dialog = office.page.locator(".modal")
    dialog.locator(f'input[type=radio][data-value="{kind}"]').check()
    field = "event_id" if kind == "event" else "channel_id"
    box = dialog.locator(f'[name="{field}"] input')
    box.click()
    box.fill(name)
    office.page.locator(f'.o-autocomplete--dropdown-item:has-text("{name}") a').first.click()
    expect(box).to_have_value(re.compile(name))
    dialog.locator("button[name=action_enrol]").click()
    dialog.wait_for(state="detached")


def take_presence(office, rpc):
    """Presence is taken in one sheet for everybody who is registered."""
    office.open("citta-sessions")
    office.search(LAB)
    office.choose(LAB, "Che cosa so fare")
    office.press("action_take_presence")
    row = office.page.locator(f'.o_data_row:has-text("{CITIZEN["name"]}")')
    row.locator('button[name="action_present"]').click()
    expect(row.locator('button[name="action_present"]')).to_be_hidden()
    office.person.screenshot("presenze")
    present = rpc.search_read("citta.attendance", [("registration_id.name", "=", CITIZEN["name"])], ["status"])
    assert [attendance["status"] for attendance in present] == ["present"]


def participant_ticks(visit, rpc):
    """On the phone the person finds the plan and ticks the own action."""
    person = visit(size=PHONE)
    log_in_as_citizen(person)
    page = person.open("/my/percorso")
    expect(page.locator("body")).to_contain_text("Aprire una piccola sartoria sociale")
    person.screenshot("mio-percorso")
    page.locator('button[name^="done_"]').first.click()
    page.wait_for_url("**/my/percorso**")
    done = rpc.search_read("citta.action", [("name", "ilike", "macchina da cucire")], ["state"])
    assert [action["state"] for action in done] == ["done"]


def log_in_as_citizen(person):
    page = person.open("/web/login")
    page.fill("input[name=login]", CITIZEN["email"])
    page.fill("input[name=password]", CITIZEN["email"])
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_url(re.compile(r"/my|/odoo"), wait_until="commit")


# -- from need to idea -------------------------------------------------------------


def need_becomes_challenge(office):
    """A need is recorded, validated, put first, and turned into a published challenge.

    :return: the challenge's title
    """
    title = "Nessuno ripara abiti nei quartieri"
    office.open("citta-needs/new")
    office.write("name", title)
    office.pick("observatory_id", "Pioltello")
    office.write("description", "Le famiglie buttano abiti che si potrebbero riparare.")
    office.save()
    office.press("action_validate")
    office.expect_state("validated")
    office.press("action_prioritise")
    office.expect_state("priority")
    office.press("action_make_challenge")
    office.expect_state("draft")
    office.press("action_publish")
    office.expect_state("published")
    return title


def idea_answers(visitor, challenge):
    """Anybody may answer a challenge on the public site."""
    page = visitor.open("/sfide")
    visitor.screenshot("sfide")
    page.locator(f'a:has-text("{challenge}")').first.click()
    page.fill("#title", "Sartoria di quartiere")
    page.fill("textarea[name=idea]", "Un banco mobile di riparazione nei mercati.")
    page.fill("#contact_name", CITIZEN["name"])
    page.fill("#email", CITIZEN["email"])
    page.check("#consent")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click("#idea_send")
    page.wait_for_url("**/sfide/grazie**")


def coordinator_finds_idea(office):
    office.open("citta-ideas")
    expect(office.page.locator('.o_kanban_record:has-text("Sartoria di quartiere")')).to_be_visible()
    office.person.screenshot("incubatore")


# -- network ---------------------------------------------------------------------


def firm_asks_to_join(visitor, office):
    """A firm asks on the public site; the manager makes it a member."""
    page = visitor.open("/rete/adesione")
    page.fill("#body_name", "Tessiture Immaginarie Srl (demo)")
    page.select_option("#body_kind", index=1)
    page.select_option("#city", label="Segrate")
    page.fill("#contact_name", "Tea Immaginata")
    page.fill("#email", "tea@esempio.example")
    page.check("#consent")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click("#join_send")
    page.wait_for_url("**/rete/adesione/grazie")
    office.open("citta-network-requests")
    office.choose("Tessiture Immaginarie")
    office.press("action_make_member", confirm=True)
    office.open("citta-members")
    office.search("Tessiture Immaginarie")
    expect(office.page.locator('.o_kanban_record:has-text("Tessiture"), .o_data_row:has-text("Tessiture")').first).to_be_visible()


def firm_offers(person):
    """A member hands an opportunity in."""
    page = person.open("/my/rete/opportunita/nuova")
    page.fill("#name", "Tirocinio in ciclofficina")
    page.select_option("#kind", value="internship")
    page.fill("#description", "Tre mesi accanto a un meccanico esperto.")
    page.fill("#places", "1")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click("#offer_submit")
    page.wait_for_url(re.compile(r"/my/rete(?!/opportunita/nuova)"))


def manager_publishes(office):
    office.open("citta-opportunities")
    office.choose("Tirocinio in ciclofficina")
    office.press("action_publish")
    office.expect_state("published")


def participant_applies(visit):
    """One click, on the phone; a second click makes no second application."""
    person = visit(size=PHONE)
    log_in_as_citizen(person)
    page = person.open("/my/opportunita?q=ciclofficina")
    page.locator('a:has-text("Tirocinio in ciclofficina")').first.click()
    person.screenshot("opportunita")
    page.check("#is_shown")
    page.click("#apply_send")
    page.wait_for_load_state()
    page = person.open("/my/candidature")
    expect(page.locator("body")).to_contain_text("Tirocinio in ciclofficina")


# -- the fund ----------------------------------------------------------------------


def treasurer_posts_gifts(office, rpc):
    """The statement is imported once, each gift posted by one click, matched, receipted; importing again changes nothing."""
    before = rpc.search_read("account.bank.statement.line", [], ["id"])
    import_statement(office)
    office.page.locator(".modal").wait_for(state="detached")
    after = rpc.search_read("account.bank.statement.line", [], ["id"])
    assert len(after) > len(before)
    post_gifts(office)
    matched = rpc.search_read("citta.match.entry", [("donation_id.pledge_id.reference", "=", "RF78CAL000001")], ["amount"])
    assert [entry["amount"] for entry in matched] == [40000.0]
    receipts = rpc.search_read("citta.receipt", [("amount", "=", 50), ("state", "=", "issued")], ["name"])
    assert len(receipts) == 1
    import_statement(office)
    expect(office.page.locator(".modal").last).to_contain_text(re.compile("Nothing was changed|cambiato|modificato"))
    assert len(rpc.search_read("account.bank.statement.line", [], ["id"])) == len(after)


def import_statement(office):
    """Import the demo's CAMT.053 file by Odoo's import dialog."""
    office.page.goto("/odoo/action-account_statement_import_file.account_statement_import_action")
    dialog = office.page.locator(".modal")
    dialog.locator("input[type=file]").set_input_files(str(CAMT))
    expect(dialog.locator(".o_field_binary input:not([type=file])")).to_have_value(CAMT.name)
    dialog.locator("button[name=import_file_button]").click()


def post_gifts(office):
    """One click for each recognised gift."""
    office.open("gifts-to-recognise")
    for reference in ("RF78CAL000001", "RF51CAL000002"):
        row = office.page.locator(f'.o_data_row:has-text("{reference}")')
        expect(row).to_be_visible()
        office.person.screenshot("riconoscimento")
        row.locator('button[name="action_citta_post_gift"]').click()
        row.wait_for(state="detached")


def public_sees_fund(visitor):
    """Everybody sees at once what the gift became."""
    page = visitor.open("/fondo")
    expect(page.locator("#figure_matched")).to_contain_text("40.000,00")
    visitor.screenshot("fondo")


# -- the end ---------------------------------------------------------------------------


def operator_closes(office):
    """The pathway ends with a coded outcome."""
    office.open("citta-pathways")
    office.search(CITIZEN["name"])
    office.choose(CITIZEN["name"])
    office.press("action_close")
    dialog = office.page.locator(".modal")
    dialog.locator('[name="outcome"] input[data-value="self_employment"]').check()
    dialog.locator('[name="closing_reason"] textarea').fill("Ha aperto la propria sartoria.")
    dialog.locator("button[name=action_confirm]").click()
    office.expect_state("closed")


def coordinator_sees_all(office):
    """The first screen has the figures, each of them opens its records."""
    office.open("citta-today")
    cards = office.page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    expect(cards.nth(6), "seven figures, the fund's balance among them").to_be_visible()
    office.person.screenshot("oggi")
    cards.first.click()
    office.page.wait_for_selector(".o_list_view, .o_kanban_view")
