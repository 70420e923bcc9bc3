import csv
import io
import re

import zxingcpp
from lxml import html
from PIL import Image
from pypdf import PdfReader

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.citta_lavoro.tools.qr_code import qr_png

from ..tools.rf_reference import is_valid_rf, normalise_rf
from ..tools.sepa_qr import sepa_payload
from .test_fund_statement_import import IBAN, StatementCommon

HOSTILE = "<script>alert(1)</script> & <img src=x onerror=alert(2)>"


class WebCommon(StatementCommon, HttpCase):
    """A published fund and a visitor's browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.fund.write({"is_published": True, "goal_amount": 1000, "code": "prova", "description": "<p>What it is</p>"})
        cls.env["ir.config_parameter"].set_param("citta.form.min_seconds", "0")
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.write({"company_id": cls.company.id, "default_lang_id": cls.env.ref("base.lang_en").id, "language_ids": [Command.set(cls.env.ref("base.lang_en").ids)]})

    def url_open(self, url, timeout=90, **options):
        """A page may be rendered while the machine is busy with others."""
        return super().url_open(url, timeout=timeout, **options)

    def get_page(self, path, status=200):
        """A page as a tree."""
        response = self.url_open(path)
        self.assertEqual(response.status_code, status, path)
        return html.fromstring(response.text)

    def figure(self, page, name):
        """A figure of the page as a number."""
        return float(re.sub(r"[^\d.-]", "", page.get_element_by_id(name).text_content()))

    def send(self, path="/fondo/prova/dona", **values):
        """Fill the form in and send it; the answer."""
        page = self.get_page(path)
        form = page.get_element_by_id("pledge_form")
        data = {
            **dict(form.fields), "amount": "50", "line": str(self.labs.id), "name": "Prova Inventata", "email": "prova@esempio.example",
            "anonymity": "hidden", "consent": "yes", **values,
        }
        return self.url_open(path, data={name: value for name, value in data.items() if value is not None}, allow_redirects=True)


@tagged("post_install", "-at_install")
class TestFundPage(WebCommon):
    """The public page: the ledger's figures, and of donors only what they allowed."""

    def test_what_others_frame_says_the_name(self):
        self.fund.name = 'Work "for all" & more'
        [frame] = html.fromstring(self.get_page("/fondo/prova").get_element_by_id("embed").text_content()).iter("iframe")
        self.assertEqual((frame.get("title"), set(frame.keys())), (self.fund.name, {"src", "title", "width", "height", "style"}))

    def test_the_way_to_the_fund(self):
        """Straight to the only fund; of several, a list of the published ones; from none, a friendly page."""
        self.env["citta.fund"].search([("id", "!=", self.fund.id)]).is_published = False
        self.assertTrue(self.url_open("/fondo").url.endswith("/fondo/prova"))
        other, hidden = (self.fund.copy({"code": code, "name": f"Fund {code}", "is_published": code == "other"}) for code in ("other", "hidden"))
        links = self.get_page("/fondo").get_element_by_id("funds").xpath(".//a/@href")
        self.assertEqual(set(links), {"/fondo/prova", f"/fondo/{other.code}"})
        self.assertEqual(self.url_open(f"/fondo/{hidden.code}").status_code, 404)
        (self.fund + other).is_published = False
        self.assertIn("No fund is open", self.url_open("/fondo").text)

    def test_same_figures_as_form_and_ledger(self):
        self.post(400, self.district)
        self.post(120.5, self.citizen, line_ids=[
            Command.create({"fund_line_id": self.labs.id, "amount": 100}), Command.create({"fund_line_id": self.aid.id, "amount": 20.5}),
        ])
        self.post(30).action_refund()
        page, figures = self.get_page("/fondo/prova"), self.figures()
        self.assertEqual(figures["received"], 520.5)
        for name, value in figures.items():
            self.assertEqual(self.fund[name], value)
            if name in ("yielded", "endowed"):
                self.assertFalse(page.xpath(f"//*[@id='figure_{name}']"), "there is no endowment")
            else:
                self.assertEqual(self.figure(page, f"figure_{name}"), value)
        items = self.env["account.move.line"].search([("citta_fund_line_id.fund_id", "=", self.fund.id), ("parent_state", "=", "posted")])
        self.assertEqual(-sum(items.mapped("balance")), figures["received"] + figures["matched"])
        self.assertEqual(self.figure(page, "collected"), 920.5)
        self.assertEqual(page.xpath("//*[@role='progressbar'][@aria-labelledby='goal_title']/@aria-valuenow"), ["92"])

    def test_table_adds_up_and_equals_the_csv(self):
        self.post(400, self.district)
        self.post(20.25, line_ids=[Command.create({"fund_line_id": self.aid.id, "amount": 20.25})])
        response = self.url_open("/fondo/prova/trasparenza.csv")
        self.assertEqual(response.headers["Content-Type"], "text/csv; charset=utf-8")
        rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
        self.assertEqual([row[0] for row in rows[1:]], ["Labs", "Aid", "Total"])
        for column in range(1, 6):
            self.assertAlmostEqual(sum(float(row[column]) for row in rows[1:-1]), float(rows[-1][column]))
        cells = [re.sub(r"[^\d.-]", "", cell.text_content()) for cell in self.get_page("/fondo/prova").xpath("//table[@id='initiatives']//td")]
        self.assertEqual([float(cell) for cell in cells], [float(cell) for row in rows[1:] for cell in row[1:]])

    def test_closed_initiative_keeps_its_row_while_it_holds_money(self):
        self.post(30)
        self.post(12, line_ids=[Command.create({"fund_line_id": self.aid.id, "amount": 12})])
        self.aid.active = False
        rows = self.fund._get_public_values()["initiatives"]
        self.assertEqual([(line, figures["received"]) for line, figures in rows], [(self.labs, 30), (self.aid, 12)])
        self.env["citta.fund.line"].create({"name": "Empty", "code": "empty", "fund_id": self.fund.id, "active": False})
        self.assertEqual(len(self.fund._get_public_values()["initiatives"]), 2)

    def test_formulas_in_the_csv_are_harmless(self):
        self.labs.name = "=HYPERLINK(\"http://192.0.2.1\")"
        rows = list(csv.reader(io.StringIO(self.url_open("/fondo/prova/trasparenza.csv").content.decode("utf-8-sig"))))
        self.assertTrue(rows[1][0].startswith("'="))

    def test_names_only_as_allowed(self):
        for anonymity in ("public", "initials", "hidden"):
            partner = self.env["res.partner"].create({"name": f"Donor {anonymity.title()} Invented"})
            self.post(10, partner, anonymity=anonymity)
        text = self.get_page("/fondo/prova").get_element_by_id("gifts").text_content()
        self.assertIn("Donor Public Invented", text)
        self.assertIn("D. I. I.", text)
        self.assertNotIn("Hidden Invented", text)
        self.assertNotIn("Initials Invented", text)

    def test_initials_hide_no_body(self):
        self.post(10, self.district, anonymity="initials")
        self.assertNotIn("I. d.", self.get_page("/fondo/prova").get_element_by_id("gifts").text_content())

    def test_few_gifts_are_not_counted(self):
        for _gift in range(4):
            self.post(10)
        self.assertNotIn("Gifts so far", self.url_open("/fondo/prova").text)
        self.post(10)
        self.assertIn("Gifts so far: 5", self.url_open("/fondo/prova").text)

    def test_text_of_donors_is_not_markup(self):
        partner = self.env["res.partner"].create({"name": HOSTILE})
        self.post(10, partner, anonymity="public")
        self.labs.name = HOSTILE
        page = self.url_open("/fondo/prova")
        self.assertNotIn("<script>alert(1)", page.text)
        tree = html.fromstring(page.text)
        self.assertFalse(tree.xpath("//img[@src='x']"))
        self.assertIn("<script>alert(1)</script>", tree.get_element_by_id("gifts").text_content())

    def test_unpublished_and_unknown_funds_are_not_found(self):
        self.fund.is_published = False
        for path in ("/fondo/prova", "/fondo/prova/dona", "/fondo/prova/trasparenza.csv", "/fondo/nessuno", "/fondo/%25", "/fondo/prova/dona/x"):
            self.assertEqual(self.url_open(path).status_code, 404, path)

    def test_queries_do_not_grow_with_the_gifts(self):
        self.url_open("/fondo/prova")

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.fund.sudo()._get_public_values()
            return self.cr.sql_log_count - before

        for _gift in range(3):
            self.post(10)
        few = queries()
        for _gift in range(10):
            self.post(10)
        self.assertLessEqual(queries(), few)


@tagged("post_install", "-at_install")
class TestPledgeForm(WebCommon):
    """A pledge from anybody: checked, told nobody, paid by a reference."""

    def pledges(self):
        """Pledges made on the web."""
        return self.env["citta.pledge"].search([("fund_id", "=", self.fund.id), ("medium_id", "=", self.env.ref("utm.utm_medium_website").id)])

    def test_pledge_with_reference_account_qr_and_letter(self):
        response = self.send()
        self.assertEqual(response.status_code, 200)
        pledge = self.pledges()
        self.assertEqual((pledge.amount, pledge.fund_line_id, pledge.wants_receipt, pledge.anonymity), (50.0, self.labs, False, "hidden"))
        self.assertEqual(pledge.partner_id.name, "Prova Inventata")
        page = html.fromstring(response.text)
        shown = normalise_rf(page.get_element_by_id("reference").text_content())
        self.assertTrue(is_valid_rf(shown))
        self.assertEqual(shown, pledge.reference)
        self.assertEqual(normalise_rf(page.get_element_by_id("iban").text_content()), IBAN)
        self.assertTrue(page.get_element_by_id("qr").get("src").startswith("data:image/svg+xml;base64,"))
        payload = sepa_payload(page.get_element_by_id("payee").text_content(), IBAN, 50, shown)
        self.assertEqual(zxingcpp.read_barcodes(Image.open(io.BytesIO(qr_png(payload))))[0].text, payload)
        letter = self.url_open(page.get_element_by_id("letter").get("href"))
        self.assertEqual(letter.headers["Content-Type"], "application/pdf")
        text = PdfReader(io.BytesIO(letter.content)).pages[0].extract_text()
        self.assertIn("IT70 K999 9901 6000 0000 0400 050", text)
        self.assertNotIn("Prova Inventata", text)
        consent = self.env["citta.consent"].sudo().search([("partner_id", "=", pledge.partner_id.id)])
        self.assertEqual(consent.purpose_id, self.env.ref("citta_fund.purpose_donation"))

    def test_receipt_needs_code_and_address(self):
        response = self.send(wants_receipt="yes")
        self.assertEqual(response.status_code, 422)
        page = html.fromstring(response.text)
        for name in ("fiscal_code", "street", "zip", "city"):
            self.assertTrue(page.get_element_by_id(f"error_{name}").text_content().strip())
            self.assertEqual(page.get_element_by_id(name).get("aria-describedby").split()[-1], f"error_{name}")
        self.assertFalse(self.pledges())
        self.send(wants_receipt="yes", fiscal_code="rssmra80a01f205x", street="Via di Prova 1", zip="20096", city="Pioltello", email="m@esempio.example")
        donor = self.pledges().partner_id
        self.assertEqual(donor.citta_fiscal_code, "RSSMRA80A01F205X")

    def test_faults_keep_what_was_typed(self):
        for values, field in (
            ({"amount": "cinquanta"}, "amount"), ({"amount": "0"}, "amount"), ({"amount": "-5"}, "amount"), ({"amount": "1e6"}, "amount"), ({"line": "999999"}, "line"),
            ({"line": "x"}, "line"), ({"name": "  "}, "name"), ({"email": "prova"}, "email"), ({"email": ""}, "email"),
            ({"fiscal_code": "RSSMRA80A01F205Y"}, "fiscal_code"), ({"anonymity": "x"}, "anonymity"), ({"consent": None}, "consent"),
            ({"name": "x" * 200}, "name"), ({"notice_version": "0"}, "consent"),
        ):
            with self.subTest(values):
                response = self.send(city="Città <b>", **values)
                self.assertEqual(response.status_code, 422)
                page = html.fromstring(response.text)
                self.assertTrue(page.get_element_by_id(f"error_{field}").text_content().strip())
                self.assertEqual(page.get_element_by_id("city").get("value"), "Città <b>")
        self.assertFalse(self.pledges())

    def test_same_form_twice_makes_one_pledge(self):
        form = self.get_page("/fondo/prova/dona").get_element_by_id("pledge_form")
        data = {**dict(form.fields), "amount": "50", "line": str(self.labs.id), "name": "Prova", "email": "p@esempio.example", "anonymity": "hidden", "consent": "yes"}
        answers = [self.url_open("/fondo/prova/dona", data=data, allow_redirects=False) for _time in range(3)]
        self.assertEqual(len({answer.headers["Location"] for answer in answers}), 1)
        self.assertEqual(len(self.pledges()), 1)

    def test_trap_field_and_missing_token(self):
        self.assertEqual(self.send(citta_extra="http://192.0.2.1").status_code, 422)
        with mute_logger("odoo.http"):
            self.assertEqual(self.send(csrf_token="x").status_code, 400)
        self.assertFalse(self.pledges())

    def test_known_donor_is_found_and_left_alone(self):
        self.citizen.write({"email": "citizen@esempio.example", "city": "Rodano"})
        first = self.send(wants_receipt="yes", fiscal_code=self.citizen.citta_fiscal_code, street="Via Falsa 9", zip="00000", city="Altrove", name="Somebody")
        self.assertEqual(self.pledges().partner_id, self.citizen)
        self.assertEqual((self.citizen.name, self.citizen.city, self.citizen.email), ("Invented citizen", "Rodano", "citizen@esempio.example"))
        for secret in ("Invented citizen", "Invented road", "Rodano", "citizen@"):
            self.assertNotIn(secret, first.text)
        letter = self.url_open(html.fromstring(first.text).get_element_by_id("letter").get("href"))
        text = PdfReader(io.BytesIO(letter.content)).pages[0].extract_text()
        self.assertNotIn("Invented citizen", text)
        self.assertNotIn("Invented road", text)

    def test_a_stranger_shows_nobodys_name(self):
        """A fiscal code can be worked out from name and birthday: it must not bring a known donor onto the public page."""
        stranger = {"fiscal_code": self.citizen.citta_fiscal_code, "anonymity": "public"}
        self.send(name="Somebody Else", **stranger)
        self.assertRecordValues(self.pledges(), [{"partner_id": self.citizen.id, "anonymity": "hidden"}])
        self.send(name="CITIZEN Invented", **stranger)
        self.assertEqual(sorted(self.pledges().mapped("anonymity")), ["hidden", "public"])

    def test_the_reference_is_sent_to_the_address_of_the_donor(self):
        self.citizen.email = "citizen@esempio.example"
        self.send(fiscal_code=self.citizen.citta_fiscal_code, email="stranger@esempio.example")
        self.send(email="new@esempio.example", name="Prova Nuova")
        for pledge, address in zip(self.pledges().sorted("id"), ("citizen@esempio.example", "new@esempio.example"), strict=True):
            letter = self.env["mail.mail"].search([("model", "=", "citta.pledge"), ("res_id", "=", pledge.id)])
            self.assertEqual(letter.recipient_ids.mapped("email"), [address])
            self.assertIn(pledge.reference, letter.body_html)
            self.assertIn(pledge.access_token, letter.body_html)

    def test_a_pledge_is_reached_and_stopped_while_its_fund_is_off_the_site(self):
        self.send(recurrence="monthly")
        pledge = self.pledges()
        self.fund.is_published = False
        page = self.get_page(f"/fondo/prova/dona/{pledge.access_token}")
        self.assertFalse(page.xpath("//*[@id='wrap']//a[@href='/fondo/prova']"), "the fund's page is not there")
        [form] = [form for form in page.forms if (form.action or "").endswith("/ferma")]
        self.url_open(form.action, data=dict(form.fields))
        self.assertTrue(pledge.date_stopped)

    def test_email_finds_only_with_the_name(self):
        self.citizen.email = "citizen@esempio.example"
        self.send(email="Citizen@esempio.example", name="CITIZEN Invented")
        self.assertEqual(self.pledges().partner_id, self.citizen)
        self.send(email="citizen@esempio.example", name="Other Person")
        self.assertEqual(len(self.pledges().partner_id), 2)

    def test_persons_of_the_programme_are_left_out(self):
        self.citizen.sudo().write({"email": "citizen@esempio.example", "citta_is_person": True})
        self.send(email="citizen@esempio.example", name="Invented citizen")
        self.assertNotEqual(self.pledges().partner_id, self.citizen)

    def test_body_gives_with_its_number(self):
        self.send(name="Ferramenta Prova Srl", fiscal_code="00743110157")
        donor = self.pledges().partner_id
        self.assertTrue(donor.is_company)
        self.assertEqual(donor.vat, "IT00743110157")

    def test_pages_of_pledges_need_their_token(self):
        self.send()
        token = self.pledges().access_token
        self.assertGreaterEqual(len(token), 32)
        for path in ("x", token[:-1], f"{token}x", str(self.pledges().id), "%25", "%5F" * 36):
            self.assertEqual(self.url_open(f"/fondo/prova/dona/{path}").status_code, 404, path)
            self.assertEqual(self.url_open(f"/fondo/prova/dona/{path}/lettera").status_code, 404, path)
        response = self.url_open(f"/fondo/prova/dona/{token}")
        self.assertEqual((response.headers["X-Robots-Tag"], response.headers["Referrer-Policy"]), ("noindex", "no-referrer"))

    def test_hostile_text_stays_text(self):
        response = self.send(name=HOSTILE[:100], city=HOSTILE[:50], amount=HOSTILE[:19])
        self.assertEqual(response.status_code, 422)
        self.assertNotIn("<script>alert(1)", response.text)
        self.assertFalse(html.fromstring(response.text).xpath("//img[@src='x']"))

    def test_fund_of_another_holder_promises_no_receipt(self):
        self.fund.write({"is_third_party": True, "holder_partner_id": self.foundation.id})
        self.assertFalse(self.get_page("/fondo/prova/dona").xpath("//*[@id='wants_receipt']"))
        self.send(wants_receipt="yes")
        self.assertFalse(self.pledges().wants_receipt)

    def test_every_field_is_labelled(self):
        page = self.get_page("/fondo/prova/dona")
        for field in page.xpath("//form[@id='pledge_form']//input[not(@type='hidden')] | //form[@id='pledge_form']//select"):
            self.assertTrue(page.xpath(f"//label[@for='{field.get('id')}']"), field.get("name"))
        self.assertEqual(len(page.xpath("//h1")), 1)


@tagged("post_install", "-at_install")
class TestDonorPortal(WebCommon):
    """A donor sees own pledges, gifts and receipts on every road, and of others nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.donor = new_test_user(cls.env, "donor_a", groups="base.group_portal", name="Donor A")
        cls.other = new_test_user(cls.env, "donor_b", groups="base.group_portal", name="Donor B")
        for user, code in ((cls.donor, "RSSMRA80A01F205X"), (cls.other, "BNCMRT75M41F205U")):
            user.partner_id.write({"citta_fiscal_code": code, "street": "Via di Prova 1", "lang": "en_US"})

    def gift(self, user):
        """A posted gift with its receipt."""
        gift = self.post(50, user.partner_id, wants_receipt=True)
        self.assertTrue(gift.receipt_id)
        return gift

    def test_own_page_and_papers(self):
        receipt, pledge = self.gift(self.donor).receipt_id, self.pledge(70, self.donor.partner_id)
        self.authenticate("donor_a", "donor_a")
        page = self.get_page("/my/donazioni")
        self.assertIn(receipt.name, page.text_content())
        self.assertIn(pledge.reference, page.text_content())
        paper = self.url_open(f"/my/donazioni/ricevuta/{receipt.id}")
        self.assertEqual(paper.headers["Content-Type"], "application/pdf")
        printed = PdfReader(io.BytesIO(paper.content)).pages[0]
        self.assertIn(receipt.name, printed.extract_text())
        fonts = {font.get_object()["/BaseFont"].partition("+")[2] for font in printed["/Resources"]["/Font"].values()}
        self.assertTrue(all(font.startswith("Lato") for font in fonts), f"the house's style is missing: {fonts}")
        self.assertEqual(self.url_open(f"/my/donazioni/ricevuta/{receipt.id}").content, paper.content)
        letter = self.url_open(f"/my/donazioni/promessa/{pledge.id}/lettera")
        self.assertIn("Donor A", PdfReader(io.BytesIO(letter.content)).pages[0].extract_text())

    def test_nothing_of_others(self):
        receipt, pledge = self.gift(self.donor).receipt_id, self.pledge(70, self.donor.partner_id)
        attachment = receipt.with_context(force_report_rendering=True)._ensure_pdf()
        self.authenticate("donor_b", "donor_b")
        text = self.get_page("/my/donazioni").text_content()
        self.assertNotIn(receipt.name, text)
        self.assertNotIn(pledge.reference, text)
        for path in (
            f"/my/donazioni/ricevuta/{receipt.id}", f"/my/donazioni/promessa/{pledge.id}/lettera", "/my/donazioni/ricevuta/0",
            f"/web/content/{attachment.id}",
        ):
            self.assertIn(self.url_open(path).status_code, (403, 404), path)
        for report, record in (("citta_fund.receipt_report", receipt), ("citta_fund.pledge_report", pledge)):
            with mute_logger("odoo.http"):
                self.assertNotEqual(self.url_open(f"/report/pdf/{report}/{record.id}").status_code, 200)

    def test_rights_of_a_donor_over_rpc(self):
        gift = self.gift(self.donor)
        for model, record in (("citta.donation", gift), ("citta.receipt", gift.receipt_id), ("citta.pledge", self.pledge(70, self.donor.partner_id))):
            with self.subTest(model):
                self.assertIn(record, self.env[model].with_user(self.donor).search([]))
                self.assertFalse(self.env[model].with_user(self.other).search([]))
                for right in ("write", "create", "unlink"):
                    self.assertFalse(self.env[model].with_user(self.donor).has_access(right))

    def test_visitors_log_in_first(self):
        for path in ("/my/donazioni", "/my/donazioni/ricevuta/1", "/my/donazioni/promessa/1/lettera"):
            response = self.url_open(path, allow_redirects=False)
            self.assertIn(response.status_code, (302, 303))
            self.assertIn("/web/login", response.headers["Location"])

    def test_counter_on_the_home_page(self):
        self.gift(self.donor)
        self.authenticate("donor_a", "donor_a")
        self.assertIn("/my/donazioni", self.url_open("/my").text)
