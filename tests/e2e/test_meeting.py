"""Meeting and speaking to each other on the Italian demo: a time chosen by the link of a letter, messages, and a voice kept apart."""

from back_office import BackOffice
from conftest import MINIMUM_SECONDS
from playwright.sync_api import expect
from rpc import Rpc

PERSON, NAME = "partecipante", "Carmen Finti"
OPERATOR, COORDINATOR = "operatrice", "coordinatrice"
QUESTION = "Posso portare mia figlia al colloquio?"
COMPLAINT = "Nessuno mi ha richiamato per due settimane."


def test_invitation(phone, visit):
    """The person chooses, and chooses another time; the operator finds the meeting; a wrong link tells nothing."""
    invitation = Rpc(visit("admin")).search_read(
        "citta.invitation", [("state", "=", "sent"), ("channel", "=", "letter"), ("user_id.login", "=", OPERATOR)],
        ["token", "person_name"], limit=1,
    )[0]
    page = phone(f"/invito/{invitation['token']}")
    for _time in range(2):
        page.wait_for_timeout(MINIMUM_SECONDS * 1000)
        page.locator("button[name=slot]").first.click()
        expect(page.locator("[role=status]")).to_be_visible()
    wrong = phone("/invito/questo-collegamento-non-esiste")
    expect(wrong.locator("body")).not_to_contain_text(invitation["person_name"])
    office = BackOffice(visit(OPERATOR)).open("citta-invitations")
    expect(office.page.locator(f'.o_data_row:has-text("{invitation["person_name"]}")')).to_contain_text("Orario scelto")
    office.person.screenshot("inviti")


def test_messages(phone, visit):
    """A question from the phone, the answer from the operator's screen."""
    page = phone("/my/percorso/messaggi", PERSON)
    page.fill("#text", QUESTION)
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click("button[name=send]")
    expect(page.locator("body")).to_contain_text(QUESTION)
    office = BackOffice(visit(OPERATOR)).open("citta-messages")
    expect(office.page.locator(f'.o_data_row:has-text("{QUESTION}")')).to_be_visible()


def test_confidential_voice(phone, visit):
    """What the person keeps from the referent reaches the coordinator alone."""
    page = phone("/my/percorso/voce", PERSON)
    page.select_option("#kind", "complaint")
    page.select_option("#theme", index=1)
    page.fill("#text", COMPLAINT)
    page.check("#confidential")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click("button[name=send]")
    expect(page.locator("body")).to_contain_text(COMPLAINT)
    for login, found in ((COORDINATOR, 1), (OPERATOR, 0)):
        rows = Rpc(visit(login)).search_read("citta.feedback", [("text", "=", COMPLAINT)], ["id"])
        assert len(rows) == found, login
    office = BackOffice(visit(COORDINATOR)).open("citta-voices")
    expect(office.page.locator(f'.o_data_row:has-text("{NAME}")').first).to_be_visible()
