"""The solidarity fund on the Italian demo: a donor on a phone, the officer, the treasurer by the keyboard alone."""

import io
import re
from pathlib import Path

import pytest
import zxingcpp
from back_office import BackOffice
from conftest import PHONE
from PIL import Image
from playwright.sync_api import expect
from pypdf import PdfReader, PdfWriter
from rpc import Rpc
from stdnum import iso11649
from stdnum.it import codicefiscale

CBI = Path(__file__).parents[2] / "addons/citta_fund/demo/cbi/estratto_demo.cbi"
SMALLEST = {"width": 360, "height": 740}
DONOR = {"name": "Marta Bianchi Esempio", "email": "marta.bianchi@esempio.example", "code": "BNCMRT75M41F205U", "street": "Via delle Prove 7", "zip": "20096", "city": "Pioltello"}
GIULIA = {"name": "Ferrari Giulia", "code": "FRRGLI85A41F205" + codicefiscale.calc_check_digit("FRRGLI85A41F205")}
MINIMUM_SECONDS = 2.5  # faster than that, a public form takes the sender for a machine
WAIT = 120_000  # of what a busy machine does in the background


@pytest.fixture
def rpc(visit):
    return Rpc(visit("admin"))


@pytest.fixture
def office(visit):
    """``office("tesoriere")``: the web client of somebody of the fund."""
    return lambda login: BackOffice(visit(login))


# -- the donor -----------------------------------------------------------------


def test_donor_on_a_phone(visit, rpc):
    """From the fund's page over reference and QR code and a payment online to the receipt, on a phone."""
    donor = visit("donatore", size=PHONE)
    page = donor.open("/fondo/solidale")
    fits(donor)
    page.click("#give")
    promise(donor)
    reference = read_payment_data(donor)
    pay_online(donor)
    expect(page.locator("#reference")).to_be_visible(timeout=WAIT)
    gift = wait_for_gift(rpc, page, reference)
    see_in_portal(donor, gift)


def fits(person):
    """The page is no wider than the phone, nor than the smallest one."""
    for size in (PHONE, SMALLEST):
        person.page.set_viewport_size(size)
        assert person.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{person.page.url} at {size['width']} px"
    person.page.set_viewport_size(PHONE)


def promise(donor):
    """The form, refused once for what is missing, then sent."""
    page = donor.page
    page.fill("#amount", "25")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click("#pledge_submit")
    expect(page.locator("#error_line")).to_be_visible()
    fits(donor)
    page.select_option("#line", index=1)
    page.check("#wants_receipt")
    for field, value in (("name", DONOR["name"]), ("email", DONOR["email"]), ("fiscal_code", DONOR["code"]), ("street", DONOR["street"]), ("zip", DONOR["zip"]), ("city", DONOR["city"])):
        page.fill(f"#{field}", value)
    page.select_option("#recurrence", value="monthly")
    page.check("#consent")
    page.wait_for_timeout(MINIMUM_SECONDS * 1000)
    page.click("#pledge_submit")
    page.wait_for_url(re.compile(r"/dona/[\w-]{20,}$"))


def read_payment_data(donor):
    """Account, reference and QR code as another programme reads them from the screen.

    :return: the reference
    """
    page = donor.page
    fits(donor)
    donor.screenshot("promessa")
    reference = page.locator("#reference").inner_text()
    assert iso11649.is_valid(reference), reference
    page.locator("#qr").scroll_into_view_if_needed()
    # drawn larger, as a bank's application sees it through its camera
    page.locator("#qr").evaluate("node => { node.style.width = node.style.height = '340px'; node.style.maxWidth = 'none'; }")
    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.locator("#qr").screenshot())))
    lines = code.text.splitlines()
    iban = page.locator("#iban").inner_text().replace(" ", "").replace("\xa0", "")
    assert lines[:4] == ["BCD", "002", "1", "SCT"]
    assert lines[5:8] == [page.locator("#payee").inner_text(), iban, "EUR25.00"]
    assert iso11649.compact(reference) in lines
    letter = donor.context.request.get(page.locator("#letter").get_attribute("href"))
    text = PdfReader(io.BytesIO(letter.body())).pages[0].extract_text()
    assert iso11649.format(reference) in text.replace("\xa0", " ")
    return iso11649.compact(reference)


def pay_online(donor):
    """Pay with an invented card, and have it saved for the months to come."""
    page = donor.page
    page.click("#pay_online")
    expect(page.locator("#save_card")).to_be_visible()
    page.locator("input[name=o_payment_radio]").first.check()
    page.fill("input[name=customer_input]", "4111 1111 1111 1111")
    page.check("input[name=o_payment_tokenize_checkbox]")
    fits(donor)
    donor.screenshot("pagamento")
    page.locator("button[name=o_payment_submit_button]:visible").first.click()
    page.wait_for_url(re.compile(r"/payment/status|/dona/"), wait_until="commit", timeout=WAIT)


def wait_for_gift(rpc, page, reference):
    """The gift of the payment, once the page or the scheduled job has posted it."""
    for _try in range(60):
        found = rpc.search_read("citta.donation", [("pledge_id.reference", "=", reference)], ["state", "means", "amount", "receipt_id"])
        if found:
            assert (found[0]["state"], found[0]["means"], found[0]["amount"]) == ("receipted", "card", 25)
            return found[0]
        page.wait_for_timeout(2000)
    raise AssertionError("the payment became no gift")


def see_in_portal(donor, gift):
    """The gift, what it did, the saved card, the receipt as a PDF."""
    page = donor.open("/my/donazioni")
    fits(donor)
    donor.screenshot("mie-donazioni")
    expect(page.locator("#pledges")).to_contain_text("carta salvata")
    page.locator(f'a[name=story][href$="/{gift["id"]}"]').click()
    expect(page.locator("#steps li")).to_have_count(4)
    fits(donor)
    donor.screenshot("storia-di-una-donazione")
    number = gift["receipt_id"][1]
    page.goto("/my/donazioni")
    receipt = donor.context.request.get(page.locator(f'#receipts li:has-text("{number}") a[name=receipt]').get_attribute("href"), timeout=WAIT)
    text = PdfReader(io.BytesIO(receipt.body())).pages[0].extract_text()
    assert number in text
    assert DONOR["code"] in text
    page.locator('button[name="forget_card"]').first.click()
    expect(page.locator("#pledges")).not_to_contain_text("carta salvata")
    page.locator('button[name="stop"]').first.click()
    expect(page.locator("#pledges")).to_contain_text("fermata")


# -- officer and treasurer -------------------------------------------------------


def test_officer_and_treasurer(office, rpc):
    """What the officer records, the treasurer accepts, recognises by the keyboard, posts and receipts."""
    officer = office("fondo")
    record_pledge(officer, rpc)
    number = record_gift_in_kind(officer)
    treasurer = office("tesoriere")
    accept_in_kind(treasurer, number)
    before = waiting(rpc)
    import_statement(treasurer)
    assert len(waiting(rpc)) == len(before) + 3, "the fee is no gift"
    decide_by_keyboard(treasurer, office("tesoriere"), rpc)
    nothing_left(treasurer)
    enter_by_hand(treasurer, rpc)
    issue_year(treasurer, rpc)
    check(treasurer)


def record_pledge(office, rpc):
    """A pledge of a new donor, with its reference."""
    rpc.call("res.partner", "create", [{"name": GIULIA["name"], "citta_fiscal_code": GIULIA["code"], "street": "Via delle Prove 1", "city": "Rodano", "zip": "20053", "lang": "it_IT"}])
    office.open("citta-pledges/new")
    office.pick("partner_id", GIULIA["name"])
    office.write("amount", "80")
    office.save()
    office.person.screenshot("nuova-promessa")
    reference = office.page.locator('[name="reference"] span, [name="reference"]').first.inner_text()
    assert iso11649.is_valid(reference.strip()), reference


def record_gift_in_kind(office):
    """Goods with list, value and the signed deed.

    :return: the number of the gift
    """
    office.open("citta-gifts/new")
    office.pick("partner_id", "Ferramenta Inventata")
    office.select("means", "In natura")
    office.write("amount", "300")
    office.tab("in_kind")
    office.write("in_kind_items", "6 sgabelli da laboratorio, 50 euro ciascuno")
    office.select("value_basis", "Fattura o listino")
    office.save()
    # a paper that comes before the conversation is read would not be shown
    expect(office.page.locator(".o-mail-Message").first).to_contain_text("effettuata")
    office.page.locator(".o-mail-Chatter-topbar input[type=file], .o-mail-Chatter input[type=file]").first.set_input_files(
        files=[{"name": "atto.pdf", "mimeType": "application/pdf", "buffer": paper()}]
    )
    expect(office.page.locator(".o-mail-AttachmentContainer").first).to_be_visible()
    office.person.screenshot("donazione-in-natura")
    return office.page.locator(".oe_title h1").inner_text().strip()


def paper():
    """A page that a browser can show."""
    writer, file = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(file)
    return file.getvalue()


def accept_in_kind(office, number):
    """The papers are there: the treasurer accepts."""
    office.open("citta-gifts")
    office.search(number)
    office.choose(number)
    office.press("action_accept")
    office.expect_state("accepted")


def waiting(rpc):
    """Incoming lines that nothing was made of yet."""
    domain = [("journal_id.citta_fund_ids", "!=", False), ("amount", ">", 0), ("is_reconciled", "=", False)]
    return rpc.search_read("account.bank.statement.line", domain, ["amount", "payment_ref"])


def import_statement(office):
    """The demo's CBI file by Odoo's import dialog; a second time nothing comes of it."""
    for awaited in (".o_list_view", '.modal [role=alert]:has-text("Nulla è cambiato")'):
        office.page.goto("/odoo/action-account_statement_import_file.account_statement_import_action")
        dialog = office.page.locator(".modal").last
        dialog.locator("input[type=file]").set_input_files(str(CBI))
        expect(dialog.locator(".o_field_binary input:not([type=file])")).to_have_value(CBI.name)
        dialog.locator("button[name=import_file_button]").click()
        office.page.wait_for_selector(awaited, state="visible")


def decide_by_keyboard(office, other_window, rpc):
    """Each waiting line is posted without touching the mouse; one is undone and posted anew, one first gets its donor."""
    page = office.page
    office.open("gifts-to-recognise")
    office.person.screenshot("riconoscimento-cbi")
    page.locator('button[name="action_citta_decide"]').focus()
    page.keyboard.press("Enter")
    stands_on(page, "FERRARI GIULIA")
    office.person.screenshot("decidere")
    other_window.page.goto(page.url)
    stands_on(other_window.page, "FERRARI GIULIA")
    post_twice_and_undo(page)
    other_window.page.keyboard.press("Alt+g")
    expect(told(other_window.page)).to_contain_text("nulla è stato registrato due volte")
    stands_on(page, "CONTI FITTIZIO")
    page.keyboard.press("Alt+k")
    stands_on(page, "LIBERALITA")
    name_donor(page, "Ferramenta")
    page.keyboard.press("Alt+g")
    stands_on(page, "CONTI FITTIZIO")
    page.keyboard.press("Alt+g")
    expect(page.locator(".o_nocontent_help")).to_be_visible()
    gifts = rpc.search_read("citta.donation", [("amount", "in", (80, 250)), ("state", "in", ("posted", "receipted"))], ["partner_id", "pledge_id", "receipt_id"], order="amount")
    assert [gift["partner_id"][1] for gift in gifts] == [GIULIA["name"], "Ferramenta Inventata Snc (demo)"]
    assert gifts[0]["pledge_id"], "the pledge was recognised by name and amount"
    assert gifts[0]["receipt_id"], "who promised wants a receipt"


def stands_on(page, text):
    """Wait until the screen of decisions shows the line of that payer or text, to be decided on."""
    expect(page.locator(f'.o_form_view .o_inner_group:has-text("{text}")').first).to_be_visible()
    expect(page.locator("button[name=action_citta_post_next]")).to_be_enabled()


def post_twice_and_undo(page):
    """An impatient hand posts one line, not the next with it; back on the line it is undone, and then posted anew."""
    page.keyboard.press("Alt+g")
    page.keyboard.press("Alt+g")
    expect(told(page)).to_contain_text("ancora 2 in attesa")
    stands_on(page, "CONTI FITTIZIO")
    undo_by_keyboard(page, "GIULIA")
    page.keyboard.press("Alt+g")
    expect(told(page)).to_contain_text("Registrata: DON/")


def told(page):
    """The newest notification."""
    return page.locator(".o_notification").last


def undo_by_keyboard(page, payer):
    """Back to the line, which says that it was posted, and undo it there: it waits again on the same screen."""
    page.go_back()
    expect(page.locator(".o_form_view [name=partner_name]")).to_contain_text(payer)
    expect(page.locator(".o_form_view [role=status]")).to_contain_text("DON/")
    expect(page.locator("button[name=action_citta_post_next]")).to_have_count(0)
    page.keyboard.press("Alt+u")
    expect(page.locator(".modal-footer .btn-primary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(told(page)).to_contain_text("di nuovo in attesa")
    expect(page.locator("button[name=action_citta_post_next]")).to_be_visible()


def nothing_left(office):
    """The empty list: both buttons say so, and no list is laid on the list."""
    office.open("gifts-to-recognise")
    expect(office.page.locator(".o_nocontent_help")).to_be_visible()
    for button in ("action_citta_decide", "action_citta_post_certain"):
        office.press(button)
        expect(told(office.page)).to_be_visible()
        expect(office.page.locator(".o_breadcrumb .breadcrumb-item")).to_have_count(0)


def enter_by_hand(office, rpc):
    """A line that is typed in stands on the fund's account, and is shown among those that wait."""
    office.page.goto("/odoo/action-citta_fund.account_bank_statement_line_hand_action")
    expect(office.page.locator("[name=journal_id] input")).to_have_value("Banca del Fondo Solidale")
    office.write("amount", "12,50")
    office.write("payment_ref", "Offerta senza nome")
    office.press("action_citta_hand_done")
    expect(office.page.locator(".o_list_view .o_data_row")).to_contain_text("Offerta senza nome")
    assert [line["amount"] for line in waiting(rpc)] == [12.5]


def name_donor(page, name):
    """The cursor stands on the pledge: Tab to the donor and type, as somebody without a mouse does."""
    expect(page.locator("[name=citta_pledge_id] input")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[name=citta_donor_id] input")).to_be_focused()
    page.keyboard.type(name)
    expect(page.locator(".o-autocomplete--dropdown-item").first).to_contain_text(name)
    page.keyboard.press("Enter")
    expect(page.locator("[name=citta_donor_id] input")).to_have_value(re.compile(name))


def issue_year(office, rpc):
    """A run of the year of the payments: numbered without gaps, each with its paper."""
    dates = rpc.search_read("citta.donation", [("amount", "=", 250), ("state", "=", "posted")], ["date_received"])
    year = dates[0]["date_received"][:4]
    office.open("citta-receipts-of-a-year/new")
    office.write("year", year)
    office.page.locator('[name="only_wanted"] input').uncheck()
    office.save()
    office.press("action_queue", confirm=True)
    run = rpc.search_read("citta.receipt.run", [("year", "=", int(year))], ["state"], order="id desc", limit=1)[0]
    for _try in range(60):
        [found] = rpc.call("citta.receipt.run", "read", [run["id"]], ["state", "receipt_count", "paper_count"])
        if found["state"] == "done" and found["paper_count"] == found["receipt_count"]:
            break
        office.page.wait_for_timeout(2000)
    assert found["state"] == "done"
    assert found["receipt_count"] >= 1
    assert rpc.search_read("citta.donation", [("amount", "=", 250)], ["state"])[0]["state"] == "receipted", "what had none has one now"
    numbers = rpc.search_read("citta.receipt", [], ["number", "year"], order="year, number")
    for one in {receipt["year"] for receipt in numbers}:
        own = [receipt["number"] for receipt in numbers if receipt["year"] == one]
        assert own == list(range(1, len(own) + 1)), "no number is missing"
    office.page.reload()
    expect(office.page.locator('.o_statusbar_status button[data-value="done"]')).to_have_class(re.compile("o_arrow_button_current"))
    office.person.screenshot("ricevute-dell-anno")


def check(office):
    """Every invariant holds in the end."""
    office.page.goto("/odoo/action-citta_fund.fund_check_action")
    office.press("action_run")
    expect(office.page.locator(".o_data_row").first).to_be_visible()
    expect(office.page.locator(".o_data_row.text-danger")).to_have_count(0)
