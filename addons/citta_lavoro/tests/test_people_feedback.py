from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .case_common import CaseCommon, CasePortalCommon

EVIL = "<script>alert(1)</script>"


class FeedbackCommon(CaseCommon):
    """A coordinator beside the referent, and one who is the referent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("citta.form.min_seconds", "0")

    @classmethod
    def say(cls, user=None, pathway=None, **values):
        values = {"pathway_id": (pathway or cls.pathway).id, "kind": "complaint", "theme": "waiting", "text": "Nessuno risponde", **values}
        return cls.env["citta.feedback"].with_user(user or cls.operator).create(values)

    def whisper(self, pathway=None, **values):
        """As the portal does."""
        return self.say(self.env.ref("base.user_root"), pathway, is_confidential=True, channel="portal", **values)

    def finds(self, user, voice):
        return bool(self.env["citta.feedback"].with_user(user).search([("id", "=", voice.id)]))

    def tasks(self, voice):
        return self.env["mail.activity"].search([("res_model", "=", "citta.feedback"), ("res_id", "=", voice.id)])


@tagged("post_install", "-at_install")
class TestFeedback(FeedbackCommon):
    """Who hears a voice, who answers by when, and what stays."""

    def test_recorded_by_an_operator(self):
        voice = self.say()
        self.assertEqual((voice.responsible_id, voice.channel, voice.state), (self.operator, "desk", "new"))
        self.assertEqual(voice.date_due, self.today + timedelta(days=30))
        self.assertEqual(self.tasks(voice).user_id, self.operator)
        self.assertScoped(voice, {"theme": "other"})
        self.assertNotIn(self.pathway.partner_id, voice.message_partner_ids)

    def test_the_term_is_the_programmes(self):
        self.programme.feedback_days = 10
        late = self.say(date_received=self.today - timedelta(days=11))
        self.assertTrue(late.is_overdue)
        self.assertFalse(self.say(date_received=self.today - timedelta(days=10)).is_overdue)
        self.assertFalse(self.say(kind="thanks", date_received=self.today - timedelta(days=99)).is_overdue)
        found = self.env["citta.feedback"].search([("state", "!=", "answered"), ("date_due", "<", "today"), ("pathway_id", "=", self.pathway.id)])
        self.assertEqual(found, late)
        with self.assertRaises(ValidationError):
            self.say(date_received=self.today + timedelta(days=1))

    def test_kept_from_the_referent(self):
        voice = self.whisper()
        self.assertEqual((voice.hidden_from_id, voice.responsible_id), (self.operator, self.coordinator))
        self.assertTrue(self.finds(self.coordinator, voice))
        self.assertTrue(self.finds(self.administrator, voice))
        for user in (self.operator, self.operator_b, self.operator_west):
            self.assertFalse(self.finds(user, voice))
            with self.assertRaises(AccessError):
                voice.with_user(user).read(["text"])
            with self.assertRaises(AccessError):
                voice.with_user(user).write({"theme": "other"})
        self.assertFalse(self.pathway.with_user(self.operator).feedback_ids)
        self.assertNotEqual(self.tasks(voice).user_id, self.operator)

    def test_kept_from_a_referent_who_is_coordinator_or_administrator(self):
        for referent in (self.coordinator, self.administrator):
            self.pathway.referent_id = referent
            voice = self.whisper()
            self.assertNotEqual(voice.responsible_id, referent)
            self.assertTrue(voice.responsible_id)
            self.assertFalse(self.finds(referent, voice))
            with self.assertRaises(AccessError):
                voice.with_user(referent).read(["text"])
            with self.assertRaises(ValidationError):
                voice.responsible_id = referent

    def test_another_referent_changes_nothing(self):
        self.pathway.referent_id = self.coordinator
        voice = self.whisper()
        self.pathway.referent_id = self.operator
        self.assertFalse(self.finds(self.coordinator, voice))
        self.assertFalse(self.finds(self.operator, voice))

    def test_an_operator_keeps_nothing_from_operators(self):
        with self.assertRaises(UserError):
            self.say(is_confidential=True)
        self.assertTrue(self.say(self.coordinator, is_confidential=True).hidden_from_id)

    def test_without_a_referent_a_coordinator_answers(self):
        self.pathway.referent_id = False
        self.assertEqual(self.say().responsible_id, self.coordinator)
        self.assertFalse(self.finds(self.operator, self.whisper()))

    def test_words_stay_and_so_does_the_answer(self):
        voice = self.say()
        forged = ({"text": "x"}, {"kind": "thanks"}, {"is_confidential": True}, {"hidden_from_id": False}, {"date_due": self.today},
                  {"date_received": self.today}, {"date_answered": self.today}, {"pathway_id": self.of_b.id}, {"reopen_text": "x"}, {"first_answer": "x"})
        for values in forged:
            for user in (self.operator, self.coordinator, self.administrator):
                with self.subTest(values), self.assertRaises(UserError):
                    voice.with_user(user).write(values)
        with self.assertRaises(UserError):
            voice.action_answer()
        voice.answer = "Risponderemo entro un giorno"
        voice.action_answer()
        self.assertEqual((voice.state, voice.answered_by_id, voice.date_answered), ("answered", self.operator, self.today))
        self.assertFalse(self.tasks(voice))
        for values in ({"answer": "x"}, {"theme": "other"}, {"state": "in_progress"}, {"state": "new"}, {"text": "x"}):
            with self.subTest(values), self.assertRaises(UserError):
                voice.write(values)
        with self.assertRaises(AccessError):
            voice.unlink()

    def test_the_answer_is_sent(self):
        voice = self.say(text=EVIL)
        voice.answer = f"Ecco: {EVIL}"
        voice.action_answer()
        mail = self.env["mail.mail"].search([("recipient_ids", "in", self.pathway.partner_id.ids)], order="id desc", limit=1)
        self.assertIn("Ecco:", mail.body_html)
        self.assertNotIn(EVIL, mail.body_html)

    def test_taken_up_again_once(self):
        voice = self.say(answer="ignorata")
        self.assertFalse(voice.answer)
        with self.assertRaises(UserError):
            voice._reopen("Presto")
        voice.answer = "Prima"
        voice.action_answer()
        with self.assertRaises(UserError):
            voice._reopen("  ")
        voice._reopen("Non basta")
        self.assertEqual((voice.state, voice.first_answer, voice.answer, voice.reopen_text), ("in_progress", "Prima", False, "Non basta"))
        self.assertEqual(self.tasks(voice).user_id, self.operator)
        voice.answer = "Seconda"
        voice.action_answer()
        with self.assertRaises(UserError):
            voice._reopen("Ancora")
        with self.assertRaises(UserError):
            voice.write({"state": "in_progress"})
        self.assertEqual((voice.state, voice.answer, voice.first_answer), ("answered", "Seconda", "Prima"))

    def test_somebody_else_answers(self):
        voice = self.say()
        voice.responsible_id = self.coordinator
        self.assertEqual(self.tasks(voice).user_id, self.coordinator)
        with self.assertRaises(ValidationError):
            voice.responsible_id = self._portal_user(self.pathway, "p_voice")

    def test_nobody_answers_who_does_not_see_it(self):
        voice = self.say()
        for stranger in (self.operator_b, self.operator_west, self.employee):
            with self.assertRaisesRegex(UserError, "does not see this voice"), self.env.cr.savepoint():
                voice.with_user(self.operator).responsible_id = stranger
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "does not see this voice"), self.env.cr.savepoint():
                self.say(responsible_id=stranger.id)
            self.env.invalidate_all()

    def test_nothing_said_or_already_closed(self):
        for text in ("", "  ", False):
            with self.assertRaises(UserError):
                self.say(text=text)
        with self.assertRaises(UserError):
            self.say(state="answered")
        self.close(self.pathway)
        self.assertTrue(self.say())

    def test_operators_of_others_record_nothing(self):
        for user in (self.operator_b, self.operator_west, self.employee):
            with self.assertRaises(AccessError):
                self.say(user)

    def test_counts_hide_small_numbers(self):
        for theme, number in (("waiting", 6), ("plan", 5), ("people", 2)):
            for _one in range(number):
                self.say(theme=theme)
        count = self.env["citta.feedback.count"].with_user(self.coordinator).create({"programme_id": self.programme.id})
        numbers, total = count._get_tables()[0]
        shown = {label: number for label, number in numbers if number != 0}
        self.assertEqual((shown["Waiting and answers"], shown["How I am treated"], shown["My plan and meetings"], total), (6, None, None, 13))
        self.assertNotIn("Ada", count.table)
        with self.assertRaises(AccessError):
            self.env["citta.feedback.count"].with_user(self.operator).create({"programme_id": self.programme.id})

    def test_counts_are_of_the_own_territory(self):
        for _one in range(7):
            self.say()
        west = self._user("p_coordinator_west", "coordinator", self.body_a, self.west)
        count = self.env["citta.feedback.count"].with_user(west).create({"programme_id": self.programme.id})
        self.assertEqual(count._get_tables()[0][1], 0)
        content, _kind = self.env["ir.actions.report"].with_user(self.coordinator).with_context(force_report_rendering=True)._render_qweb_pdf(
            "citta_lavoro.feedback_count_report_action", self.env["citta.feedback.count"].with_user(self.coordinator).create({"programme_id": self.programme.id}).ids
        )
        self.assertEqual(content[:5], b"%PDF-")

    def test_erased_with_the_person(self):
        voice = self.say(text="Sono Ada Prova")
        voice.answer = "Cara Ada Prova"
        voice.action_answer()
        voice._reopen("Ada Prova insiste")
        self.close(self.pathway)
        self.env["citta.privacy.eraser"].erase(self.pathway.partner_id, self.env["crm.lead"])
        self.assertEqual((voice.text, voice.first_answer, voice.reopen_text), ("—", False, False))
        self.assertEqual(voice.kind, "complaint")
        self.assertFalse(self.tasks(voice))


@tagged("post_install", "-at_install")
class TestFeedbackPage(FeedbackCommon, CasePortalCommon):
    """The person's page: forged ids, twice, other people's voices, HTML."""

    def send(self, login="p_ada", page="voce", **data):
        self.authenticate(login, login)
        stamp = self.url_open(f"/my/percorso/{page}").text.split('name="citta_stamp" value="')[1].split('"')[0]
        return self.post(f"/my/percorso/{page}", {"citta_stamp": stamp, **data}, login=login), stamp

    def voices(self):
        return self.env["citta.feedback"].search([("pathway_id", "in", (self.pathway | self.of_b).ids)])

    def test_a_voice_goes_its_way(self):
        answer, stamp = self.send(kind="complaint", theme="firms", text=f"Male {EVIL}", confidential="yes", pathway_id=self.of_b.id, state="answered")
        self.assertEqual(answer.status_code, 303)
        voice = self.voices()
        self.assertEqual((voice.pathway_id, voice.channel, voice.hidden_from_id, voice.state), (self.pathway, "portal", self.operator, "new"))
        self.assertFalse(voice.message_partner_ids & (self.pathway.partner_id | self.operator.partner_id))
        page = self.page("/my/percorso/voce").text
        self.assertIn("Male", page)
        self.assertNotIn(EVIL, page)
        self.assertNotIn("Male", self.page("/my/percorso/voce", login="p_bea").text)
        again = self.post("/my/percorso/voce", {"citta_stamp": stamp, "kind": "complaint", "theme": "firms", "text": "Male"})
        self.assertEqual(again.status_code, 303)
        self.assertEqual(self.voices(), voice)

    def test_wrong_forms(self):
        for data in ({"kind": "complaint", "theme": "firms", "text": " "}, {"kind": "x", "theme": "firms", "text": "a"},
                     {"kind": "complaint", "theme": "", "text": "a"}, {"kind": "complaint", "theme": "firms", "text": "a" * 4001}):
            answer, _stamp = self.send(**data)
            self.assertEqual(answer.status_code, 422)
        self.assertFalse(self.voices())
        self.assertEqual(self.post("/my/percorso/voce", {"kind": "complaint"}, csrf=False).status_code, 400)

    def test_taken_up_again_by_its_person_alone(self):
        voice = self.say()
        voice.answer = "Ecco"
        voice.action_answer()
        door = f"/my/percorso/voce/{voice.id}/riapri"
        self.assertEqual(self.post(door, {"text": "Io"}, login="p_bea").status_code, 404)
        self.assertIn("notice=again", self.post(door, {"text": EVIL}).headers["Location"])
        self.assertIn("notice=late", self.post(door, {"text": "Ancora"}).headers["Location"])
        self.assertEqual((voice.state, voice.reopen_text), ("in_progress", EVIL))
        self.assertNotIn(EVIL, self.page("/my/percorso/voce").text)

    def test_after_the_end_and_without_a_pathway(self):
        self.close(self.pathway)
        answer, _stamp = self.send(kind="suggestion", theme="site", text="Dopo")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.voices().text, "Dopo")
        nobody = self.env["res.partner"].create({"name": "Zoe Prova"})
        self.env["res.users"].with_context(no_reset_password=True).create({
            "login": "p_zoe", "password": "p_zoe", "partner_id": nobody.id, "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
        })
        for page in ("voce", "messaggi"):
            self.assertTrue(self.page(f"/my/percorso/{page}", login="p_zoe").url.endswith("/my/percorso"))
