import base64
import io
import json
import zipfile
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .privacy_common import EMAIL, NAME, WORDS, OfficerCase, PrivacyCase

NOT_GIVEN = ("Zia di", "<odoo.", "Access Token", "Signup")
DRAWING = b"\x89PNG\r\n\x1a\n drawn"


@tagged("post_install", "-at_install")
class TestRequestExport(PrivacyCase):
    """The copy is whole, model by model and file by file, holds no key and nothing of anybody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._close(cls)
        cls.requests = cls.env["citta.privacy.request"]
        cls.request = cls.requests.with_user(cls.officer).create({
            "kind": "access", "partner_id": cls.person.id, "channel": "paper", "identity": "document", "text": "Tutto quello che avete",
        })
        cls.request.action_verify()
        cls.env.invalidate_all()
        cls.request.action_prepare()
        cls.archive = zipfile.ZipFile(io.BytesIO(cls.request.sudo().export_id.raw))
        cls.data = json.loads(cls.archive.read("dati.json"))
        cls.sections = {section["model"]: section for section in cls.data["sections"]}

    def test_every_record_of_every_model_that_the_register_finds(self):
        found = self.env["citta.privacy.registry"]._find(self.person, self.env["crm.lead"])
        held = {name: len(records) for name, records in found.items() if records}
        self.assertEqual({name: len(section["records"]) for name, section in self.sections.items()}, held)
        self.assertLessEqual({"citta.follow.up", "citta.attendance", "citta.review", "sms.sms", "survey.user_input"}, set(held))

    def test_each_section_has_a_name_that_people_understand(self):
        for name, section in self.sections.items():
            self.assertTrue(section["name"], name)
            self.assertNotEqual(section["name"], name)
        self.assertEqual(self.sections["calendar.attendee"]["name"], "Meetings")

    def test_what_was_said_is_given_where_it_stands(self):
        for model, label, value in (
            ("citta.note", "Text", WORDS), ("citta.person.sensitive", "Health", WORDS), ("citta.privacy.request", "In own words", "Tutto quello che avete"),
        ):
            self.assertEqual([record.get(label) for record in self.sections[model]["records"]], [value], model)
        for model, value in (("citta.goal", f"{NAME} {WORDS}"), ("sms.sms", WORDS), ("citta.attendance", WORDS)):
            self.assertIn(value, self.sections[model]["records"][0].values(), model)

    def test_codes_are_given_as_words_and_links_by_name(self):
        pathway = self.sections["citta.pathway"]["records"][0]
        self.assertEqual((pathway["State"] if "State" in pathway else pathway["Status"]), "Closed")
        self.assertEqual(pathway["Followed by"], "Body A")
        for section in self.sections.values():
            for record in section["records"]:
                self.assertFalse([label for label, value in record.items() if value in (None, False, "")], section["model"])

    def test_messages_go_with_their_author_and_date(self):
        messages = self.sections["citta.pathway"]["messages"]
        mine = [one for one in messages if one["text"] == f"{NAME} {WORDS}"]
        self.assertEqual([one["author"] for one in mine], [NAME])
        self.assertTrue(all(one["date"] and one["text"] for one in messages))

    def test_no_key_and_nothing_of_others(self):
        text = json.dumps(self.data, ensure_ascii=False)
        secrets = self.full.follow_up_ids.sudo().mapped("token")
        for hidden in (*NOT_GIVEN, *secrets, "Ada Inventati", "Bruno Inventati", self.firm_b.name):
            self.assertNotIn(hidden, text)

    def test_papers_that_were_signed_are_given(self):
        """They are no attachments, but what the person signed is held like everything else."""
        self._reopen_and_sign()
        request = self.requests.with_user(self.officer).create({"kind": "portability", "partner_id": self.person.id, "identity": "document"})
        request.action_verify()
        self.env.invalidate_all()
        request.action_prepare()
        archive = zipfile.ZipFile(io.BytesIO(request.sudo().export_id.raw))
        agreement = self.full.agreement_ids
        self.assertEqual(archive.read(f"documenti/citta.agreement-{agreement.id}-pdf.pdf"), agreement._get_paper())
        self.assertEqual(archive.read(f"documenti/citta.agreement.signature-{agreement.signature_ids.id}-image.png"), DRAWING)

    def _reopen_and_sign(self):
        self.full.with_user(self.coordinator).action_reopen()
        self.env["citta.action"].create({"name": "Telefonare", "pathway_id": self.full.id})
        agreement = self.env["citta.agreement"].create({"pathway_id": self.full.id, "profile": "Liutaia", "frequency": "weekly"})
        agreement.action_propose()
        agreement._sign("person", NAME, agreement.pdf_sha256, base64.b64encode(DRAWING))

    def test_files_are_the_same_to_the_byte(self):
        names = [name for name in self.archive.namelist() if name.startswith("file/")]
        files = self.env["citta.privacy.export"]._get_files(self.person, self.env["crm.lead"])
        self.assertEqual(len(names), len(files))
        self.assertIn(self.file, files)
        self.assertEqual(self.archive.read(f"file/{self.file.id}-{self.file.name}"), f"{NAME} {WORDS}".encode())
        letter = [name for name in names if name.endswith("lettera.txt")]
        self.assertEqual([self.archive.read(name) for name in letter], [f"{NAME}: {WORDS}".encode()])

    def test_a_file_s_name_does_not_leave_the_folder(self):
        one = self.env["ir.attachment"].create({
            "name": "../../x.txt", "datas": base64.b64encode(b"x"), "res_model": "citta.pathway", "res_id": self.full.id,
        })
        archive = zipfile.ZipFile(io.BytesIO(self.env["citta.privacy.export"]._make_zip(self.person, self.env["crm.lead"], b"%PDF")))
        self.assertEqual([name for name in archive.namelist() if name.startswith(f"file/{one.id}-")], [f"file/{one.id}-.._.._x.txt"])

    def test_the_copy_of_one_is_not_in_the_copy_of_the_next(self):
        self.request.action_answer()
        second = self.requests.with_user(self.officer).create({
            "kind": "portability", "partner_id": self.person.id, "identity": "document", "channel": "mail",
        })
        second.action_verify()
        second.action_prepare()
        names = zipfile.ZipFile(io.BytesIO(second.sudo().export_id.raw)).namelist()
        self.assertFalse([name for name in names if name.endswith("dati.zip")])

    def test_the_copy_of_a_stranger_has_nothing_of_this_person(self):
        export = self.env["citta.privacy.export"]
        text = json.dumps(export._collect(self.pathway_a.partner_id, self.env["crm.lead"]), ensure_ascii=False)
        self.assertIn("Ada Inventati", text)
        for hidden in (NAME, EMAIL, WORDS):
            self.assertNotIn(hidden, text)

    def test_a_first_contact_alone_has_its_own_copy(self):
        lead = self._lead(name="Ugo Solitario", contact_name="Ugo Solitario", email_from="ugo@posta.example")
        sections = self.env["citta.privacy.export"]._collect(self.env["res.partner"], lead)
        self.assertEqual({section["model"] for section in sections}, {"crm.lead", "citta.consent"})
        self.assertIn("Ugo Solitario", json.dumps(sections))

    def test_special_data_read_for_the_copy_are_logged_in_the_officer_s_name(self):
        special = self.env["citta.person.sensitive"].search([("partner_id", "=", self.person.id)])
        rows = self.env["citta.access.log"].search([
            ("res_model", "=", "citta.person.sensitive"), ("res_id", "=", special.id), ("user_id", "=", self.officer.id),
        ])
        self.assertIn("health", " ".join(rows.mapped("field_names")))

    def test_it_is_written_in_the_person_s_language(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env["ir.module.module"].search([("name", "=", "citta_lavoro")])._update_translations(["it_IT"])
        self.person.lang = "it_IT"
        self.request.with_context(lang="en_US").action_prepare()
        data = json.loads(zipfile.ZipFile(io.BytesIO(self.request.sudo().export_id.raw)).read("dati.json"))
        self.assertIn("Percorso", [section["name"] for section in data["sections"]])

    def test_the_paper_says_days_and_yes_as_people_do(self):
        self.person.write({"citta_fiscal_code": False, "citta_birth_date": "1977-06-24"})
        contact = next(one for one in self.request._get_sections() if one["model"] == "res.partner")["records"][0]
        self.assertEqual((contact["Birth date"], contact["Person of the programme"]), ("06/24/1977", "Yes"))
        self.assertFalse({"Auto-post bills", "Account Payable", "Share Partner"} & contact.keys(), "tells nothing about the person")

    def test_prepared_anew_the_copy_before_is_gone(self):
        before = self.request.sudo().export_id
        self.request.action_prepare()
        self.assertFalse(before.exists())
        self.assertNotEqual(self.request.export_id, before)

    def test_after_the_answer_nothing_is_prepared_any_more(self):
        self.request.action_answer()
        copy = self.request.sudo().export_id
        with self.assertRaisesRegex(UserError, "check the identity"), self.env.cr.savepoint():
            self.request.action_prepare()
        self.assertEqual(self.request.sudo().export_id, copy)

    def test_nobody_else_reads_the_copy(self):
        copy = self.request.sudo().export_id
        for user in (self.operator, self.coordinator, self.administrator, self.manager, self.login, self.person_a, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError, msg=user.login):
                copy.with_user(user).read(["raw"])
            with self.assertRaises(AccessError, msg=user.login):
                copy.with_user(user).unlink()
        self.assertTrue(copy.with_user(self.officer).read(["name"]))


@tagged("post_install", "-at_install")
class TestRequestDownload(HttpCase, OfficerCase):
    """The copy leaves by one door, to one person, for a month."""

    def setUp(self):
        super().setUp()
        self.of_bea = self._pathway("Bea Prova")
        self._portal_user(self.of_bea, "o_bea")
        self.copy = self.env["ir.attachment"].create({"name": "dati.zip", "raw": b"PK-copy", "mimetype": "application/zip"})
        self.request = self._request("verified", "access")
        self.request.sudo().export_id = self.copy
        self.copy.write({"res_model": self.request._name, "res_id": self.request.id})
        self.path = f"/my/dati/copia/{self.request.id}"

    def fetch(self, login, path):
        self.authenticate(login, login)
        with mute_logger("odoo.http"):
            return self.url_open(path, allow_redirects=False)

    def test_by_its_number_the_file_is_given_to_no_other(self):
        self.request.action_answer()
        for login in ("o_bea", "o_ada", "p_operator", "p_administrator", "p_employee", None):
            answer = self.fetch(login, f"/web/content/{self.copy.id}?download=true")
            self.assertNotEqual(answer.status_code, 200, login)
            self.assertNotIn(b"PK-copy", answer.content, login)

    def test_the_person_has_it_until_it_is_thrown_away(self):
        self.request.action_answer()
        answer = self.fetch("o_ada", self.path)
        self.assertEqual((answer.status_code, answer.content, answer.headers["Cache-Control"]), (200, b"PK-copy", "no-store"))
        self.assertEqual(self.fetch("o_bea", self.path).status_code, 404)
        self.requests._throw_copies_away(self.today + timedelta(days=31))
        self.assertEqual(self.fetch("o_ada", self.path).status_code, 404)
        self.assertFalse(self.copy.exists())

    def test_a_refused_or_unknown_request_gives_nothing(self):
        self.request.action_refuse()
        for path in (self.path, "/my/dati/copia/0", f"/my/dati/copia/{self.request.id + 1000}"):
            self.assertEqual(self.fetch("o_ada", path).status_code, 404, path)

    def test_the_page_of_one_does_not_show_the_requests_of_another(self):
        self.request.action_answer()
        self.assertIn(self.path, self.fetch("o_ada", "/my/dati").text)
        self.assertNotIn("/my/dati/copia/", self.fetch("o_bea", "/my/dati").text)
