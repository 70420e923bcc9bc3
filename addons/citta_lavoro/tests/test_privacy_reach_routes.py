import base64

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .privacy_common import NAME, WORDS, PrivacyCase
from .reach_common import tells
from .test_people_agreement import PIXEL

INSIDE = ("t_operator", "t_coordinator")
OUTSIDE = ("t_operator_b", "t_operator_west", "t_reviewer", "t_editor", "t_employee", "n_bruno", "n_firm_a", None)
LOUD = ("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_qweb", "odoo.addons.http_routing.models.ir_http")


@tagged("post_install", "-at_install")
class TestPersonRoutes(HttpCase, PrivacyCase):
    """Files, pictures, papers and chatter over the addresses that the web client itself uses: as each login, with and without one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, role, body, territory in (
            ("operator", "operator", cls.body_a, cls.east), ("coordinator", "coordinator", cls.body_b, cls.east),
            ("operator_b", "operator", cls.body_b, cls.east), ("operator_west", "operator", cls.body_a, cls.west),
            ("reviewer", "reviewer", cls.body_a, cls.east), ("editor", "observatory_editor", cls.body_a, cls.east),
        ):
            cls._user(f"t_{name}", role, body, territory)
        new_test_user(cls.env, "t_employee", groups="base.group_user")
        cls.login.password = cls.login.login
        cls.person.image_1920 = PIXEL
        cls._make_papers()
        cls.env.flush_all()

    @classmethod
    def _make_papers(cls):
        case = {"pathway_id": cls.full.id}
        cls.agreement = cls.env["citta.agreement"].create({**case, "responsible_id": cls.operator.id, "profile": WORDS, "frequency": "monthly"})
        cls.agreement.action_propose()
        cls.agreement._sign("person", NAME, cls.agreement.pdf_sha256, PIXEL)
        cls.canvas = cls.env["citta.canvas"].create(case)
        cls.env["citta.canvas.line"].create({"canvas_id": cls.canvas.id, "block": "talent", "text": WORDS})
        cls.internship = cls.env["citta.internship"].create({**case, "host_id": cls.body_b.id, "date_start": cls.today, "date_end": cls.today})
        cls.internship.write({"pdf": base64.b64encode(NAME.encode()), "pdf_sha256": "x"})
        cls.sheet = cls.env["citta.internship.sheet"].create({"internship_id": cls.internship.id})
        cls.invitation = cls.env["citta.invitation"].create({**case, "channel": "letter"})
        cls.request = cls.env["citta.privacy.request"].with_user(cls.officer).create({
            "kind": "access", "partner_id": cls.person.id, "channel": "paper", "identity": "document",
        }).sudo()
        cls.request.export_id = cls.env["ir.attachment"].create({
            "name": "dati.zip", "raw": NAME.encode(), "res_model": "citta.privacy.request", "res_id": cls.request.id,
        })
        cls.papers = {
            "agreement": cls.agreement, "canvas": cls.canvas, "curriculum": cls.full, "internship": cls.internship,
            "internship_sheet": cls.sheet, "invitation": cls.invitation,
        }

    def get_files(self):
        """Addresses of files and pictures."""
        signature = self.agreement.signature_ids
        return [
            f"/web/content/{self.file.id}", f"/web/content/{self.file.id}/{self.file.name}?download=true",
            f"/web/content/citta.agreement/{self.agreement.id}/pdf", f"/web/content/citta.internship/{self.internship.id}/pdf",
            f"/web/content/citta.agreement.signature/{signature.id}/image", f"/citta/curriculum/{self.full.id}/europass",
            f"/web/content/res.partner/{self.person.id}/image_1920",
        ]

    def get_reports(self, *kinds):
        """Addresses of the papers that are printed anew."""
        return [f"/report/{kind}/citta_lavoro.{name}_report/{record.id}" for name, record in self.papers.items() for kind in kinds]

    def be(self, login):
        """Log in, or out."""
        self.authenticate(login, login)

    def assertGiven(self, login, path):
        with self.subTest(login=login, path=path):
            self.assertEqual(self.url_open(path).status_code, 200)

    def assertRefused(self, login, path):
        """Neither a file nor a word of it; a page to log in is no answer either."""
        with self.subTest(login=login, path=path), mute_logger(*LOUD):
            response = self.url_open(path)
            self.assertFalse(tells(response.text))
            if response.status_code == 200:
                self.assertIn("/web/login", response.url)

    def call(self, path, **params):
        """The answer of a JSON route, errors as they are."""
        with mute_logger(*LOUD):
            return self.url_open(path, json={"jsonrpc": "2.0", "method": "call", "params": params}).json()

    def test_who_follows_the_person_gets_files_and_papers(self):
        for login in INSIDE:
            self.be(login)
            for path in self.get_files() + self.get_reports("html"):
                self.assertGiven(login, path)
        self.assertGiven(INSIDE[0], self.get_reports("pdf")[0])

    def test_nobody_else_gets_a_file(self):
        for login in OUTSIDE:
            self.be(login)
            for path in self.get_files():
                self.assertRefused(login, path)

    def test_nobody_else_has_a_paper_printed(self):
        for login in OUTSIDE:
            self.be(login)
            for path in self.get_reports("html", "pdf", "text") if login in ("t_operator_b", "n_bruno") else self.get_reports("html"):
                self.assertRefused(login, path)

    def test_the_copy_of_a_request_is_the_officers_and_the_persons_alone(self):
        path = f"/web/content/{self.request.export_id.id}"
        for login in (*INSIDE, *OUTSIDE, self.login.login):
            self.be(login)
            self.assertRefused(login, path)
        self.be(self.officer.login)
        self.assertGiven(self.officer.login, path)

    def test_nobody_else_reads_or_writes_the_history(self):
        for login in OUTSIDE:
            self.be(login)
            for model, record in (("citta.pathway", self.full), ("crm.lead", self.lead), ("res.partner", self.person)):
                with self.subTest(login=login, model=model):
                    # core answers with what the user sees elsewhere where there is no such thread
                    answer = self.call("/mail/thread/messages", thread_model=model, thread_id=record.id).get("result", {"data": {}})
                    found = [one for one in answer["data"].get("mail.message", []) if (one["model"], one["res_id"]) == (model, record.id)]
                    self.assertFalse(found)
                    self.assertFalse(tells(self.call("/mail/data", fetch_params=[["mail.thread", {
                        "thread_model": model, "thread_id": record.id, "request_list": ["followers", "attachments", "activities", "suggestedRecipients"],
                    }]])))
                    self.call("/mail/message/post", thread_model=model, thread_id=record.id, post_data={
                        "body": "Intruso", "message_type": "comment", "subtype_xmlid": "mail.mt_comment",
                    })
        self.assertFalse(self.env["mail.message"].search_count([("body", "ilike", "Intruso")]))

    def test_the_person_reads_no_word_of_colleagues(self):
        """Who sees the own pathway sees neither its history nor its files by their addresses: our pages show what is meant for the person."""
        self.full.message_post(body="Parola tra colleghi", subtype_xmlid="mail.mt_comment", author_id=self.operator.partner_id.id)
        self.full.message_post(body="Nota tra colleghi", subtype_xmlid="mail.mt_note", author_id=self.operator.partner_id.id)
        self.be(self.login.login)
        self.assertNotIn("colleghi", str(self.call("/mail/thread/messages", thread_model="citta.pathway", thread_id=self.full.id)))
        found = self.env["mail.message"].with_user(self.login).search([("model", "=", "citta.pathway"), ("res_id", "=", self.full.id)])
        self.assertFalse(found.filtered(lambda one: one.author_id != self.person))
        self.assertRefused(self.login.login, f"/web/content/{self.file.id}")
