from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .case_common import CaseCommon, CasePortalCommon

EVIL = "<script>alert(1)</script>"


class MessageCommon(CaseCommon):
    """Ada and Bea with logins."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("citta.form.min_seconds", "0")

    def tell(self, user=None, text="Ci vediamo giovedì", **values):
        return self.env["citta.message"].with_user(user or self.operator).create({"pathway_id": self.pathway.id, "text": text, **values})

    def from_person(self, text="Va bene"):
        """As the portal does."""
        return self.env["citta.message"].create({
            "pathway_id": self.pathway.id, "text": text, "is_from_person": True, "author_id": self.pathway.partner_id.user_ids.id,
        })

    def tasks(self):
        kind = self.env.ref("citta_lavoro.mail_activity_type_message")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id), ("res_id", "=", self.pathway.id)])

    def notices(self):
        return self.env["mail.mail"].search([("recipient_ids", "in", self.pathway.partner_id.ids)])


@tagged("post_install", "-at_install")
class TestMessage(MessageCommon):
    """Who writes, who reads, who is told, and that nothing is rewritten."""

    def setUp(self):
        super().setUp()
        self._portal_user(self.pathway, "p_ada")

    def test_an_operator_writes(self):
        before = self.notices()
        message = self.tell()
        self.assertEqual((message.author_id, message.is_from_person, message.date_read), (self.operator, False, False))
        mail = self.notices() - before
        self.assertEqual(len(mail), 1)
        self.assertNotIn("giovedì", mail.body_html)
        self.tell(text="Anzi venerdì")
        self.assertEqual(len(self.notices() - before), 1)

    def test_nobody_forges_an_author(self):
        forged = self.tell(author_id=self.coordinator.id, is_from_person=True, date_read="2026-01-01 00:00:00", partner_id=self.of_b.partner_id.id)
        self.assertEqual((forged.author_id, forged.is_from_person, forged.date_read, forged.partner_id),
                         (self.operator, False, False, self.pathway.partner_id))

    def test_nothing_is_rewritten(self):
        message = self.tell()
        for user in (self.operator, self.coordinator, self.administrator, self.operator_b):
            for deed in (lambda row: row.write({"text": "x"}), lambda row: row.unlink(), lambda row: row.write({"date_read": False})):
                with self.assertRaises(AccessError):
                    deed(message.with_user(user))

    def test_scope(self):
        message = self.tell()
        self.assertEqual(message.with_user(self.coordinator).text, message.text)
        for user in (self.operator_b, self.operator_west):
            self.assertFalse(self.env["citta.message"].with_user(user).search([("pathway_id", "=", self.pathway.id)]))
            with self.assertRaises(AccessError):
                message.with_user(user).read(["text"])
            with self.assertRaises(AccessError):
                self.tell(user)
            with self.assertRaises(AccessError):
                self.pathway.with_user(user).action_open_messages()
            with self.assertRaises(AccessError):
                window = self.env["citta.message.write"].with_user(user).create({"pathway_id": self.pathway.id, "text": "Sono io"})
                window.action_send()
        for user in (self.employee, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.env["citta.message"].with_user(user).search([])

    def test_the_window_shows_no_foreign_thread(self):
        self.tell(text="Riservato")
        window = self.env["citta.message.write"].with_user(self.operator).create({"pathway_id": self.pathway.id, "text": EVIL})
        self.assertIn("Riservato", window.thread)
        window.action_send()
        fresh = self.env["citta.message.write"].with_user(self.operator).create({"pathway_id": self.pathway.id})
        self.assertNotIn(EVIL, fresh.thread)
        foreign = self.env["citta.message.write"].with_user(self.operator_b).create({"pathway_id": self.of_b.id})
        self.assertNotIn("Riservato", foreign.thread)
        with self.assertRaises(AccessError):
            self.env["citta.message.write"].with_user(self.operator_b).create({"pathway_id": self.pathway.id}).read(["thread"])

    def test_the_referent_is_told_once_until_it_is_read(self):
        self.from_person()
        self.from_person("E domani?")
        self.assertEqual(self.tasks().user_id, self.operator)
        self.assertEqual(len(self.tasks()), 1)
        self.assertEqual(self.pathway.with_user(self.operator).message_unread, 2)
        self.pathway.with_user(self.coordinator).action_open_messages()
        self.assertEqual(len(self.tasks()), 1)
        self.pathway.with_user(self.operator).action_open_messages()
        self.assertFalse(self.tasks())
        self.env.invalidate_all()
        self.assertEqual(self.pathway.with_user(self.operator).message_unread, 0)

    def test_an_answer_reads_what_was_before(self):
        message = self.from_person()
        self.tell(self.coordinator)
        self.assertTrue(message.date_read)
        self.assertFalse(self.tasks())

    def test_without_a_referent_the_coordinator_is_told(self):
        self.pathway.referent_id = False
        self.from_person()
        self.assertEqual(self.tasks().user_id, self.coordinator)

    def test_refusals(self):
        for text in ("", " ", False):
            with self.assertRaises(UserError):
                self.tell(text=text)
        with self.assertRaises(UserError):
            self.env["citta.message"].with_user(self.operator_b).create({"pathway_id": self.of_b.id, "text": "Senza login"})
        self.close(self.pathway)
        with self.assertRaises(UserError):
            self.tell()

    def test_erased_with_the_person(self):
        messages = self.tell(text="Cara Ada Prova") | self.from_person("Sono Ada")
        self.close(self.pathway)
        self.env["citta.privacy.eraser"].erase(self.pathway.partner_id, self.env["crm.lead"])
        self.assertFalse(messages.exists())


@tagged("post_install", "-at_install")
class TestMessagePage(MessageCommon, CasePortalCommon):
    """The person's thread."""

    def send(self, text, **more):
        stamp = self.page("/my/percorso/messaggi").text.split('name="citta_stamp" value="')[1].split('"')[0]
        data = {"citta_stamp": stamp, "text": text, **more}
        return self.post("/my/percorso/messaggi", data), data

    def thread(self):
        return self.env["citta.message"].search([("pathway_id", "in", (self.pathway | self.of_b).ids)])

    def test_the_person_writes_and_reads(self):
        told = self.tell(text=f"Ecco {EVIL}")
        self.assertIn("to read", self.page("/my/percorso").text)
        page = self.page("/my/percorso/messaggi").text
        self.assertIn("Ecco", page)
        self.assertNotIn(EVIL, page)
        self.assertTrue(told.date_read)
        answer, data = self.send(EVIL, pathway_id=self.of_b.id, is_from_person="", author_id=self.operator.id)
        self.assertEqual(answer.status_code, 303)
        mine = self.thread() - told
        self.assertEqual((mine.pathway_id, mine.author_id, mine.is_from_person, mine.text), (self.pathway, self.ada, True, EVIL))
        self.assertNotIn(EVIL, self.page("/my/percorso/messaggi").text)
        self.assertEqual(self.post("/my/percorso/messaggi", data).status_code, 303)
        self.assertEqual(len(self.thread()), 2)

    def test_other_people_and_colleagues_notes(self):
        self.tell(text="Per Ada")
        self.pathway.with_user(self.operator)._message_log(body="Nota fra colleghi")
        self.pathway.with_user(self.operator).message_post(body="Parola fra colleghi", message_type="comment")
        page = self.page("/my/percorso/messaggi").text
        self.assertIn("Per Ada", page)
        self.assertNotIn("colleghi", page)
        self.assertNotIn("Per Ada", self.page("/my/percorso/messaggi", login="p_bea").text)
        self.assertFalse(self.thread().filtered(lambda one: one.pathway_id == self.of_b))

    def test_wrong_and_closed(self):
        for text in ("  ", "a" * 4001):
            self.assertEqual(self.send(text)[0].status_code, 422)
        self.assertEqual(self.post("/my/percorso/messaggi", {"text": "x"}, csrf=False).status_code, 400)
        _answer, data = self.send("Prima")
        self.close(self.pathway)
        self.assertNotIn("citta_stamp", self.page("/my/percorso/messaggi").text)
        self.assertEqual(self.post("/my/percorso/messaggi", {**data, "text": "Dopo"}).status_code, 303)
        self.assertEqual(self.thread().mapped("text"), ["Prima"])
