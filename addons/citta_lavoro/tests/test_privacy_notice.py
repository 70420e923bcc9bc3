from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestPrivacyNotice(HttpCase, PeopleCase):
    """A consent shows the words that were agreed to, whatever the notice says by now."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("it_IT")
        cls.purpose = cls.env.ref("citta_lavoro.purpose_callback")
        cls.purpose.write({"notice_version": "7.0", "notice": "<p>Old words</p>"})
        cls.purpose.update_field_translations("notice", {"it_IT": {"Old words": "Parole vecchie"}})
        cls.pathway = cls._pathway("Ada Prova")
        cls.pathway.partner_id.lang = "it_IT"
        cls.officer = new_test_user(cls.env, "n_officer", groups="citta_lavoro.group_citta_privacy_officer")

    def give(self, lang=None, **values):
        return self.env["citta.consent"].with_context(lang=lang).create({
            "purpose_id": self.purpose.id, "partner_id": self.pathway.partner_id.id, "channel": "paper", "territory_id": self.east.id, **values,
        })

    def reword(self):
        self.purpose.with_user(self.officer).write({"notice_version": "8.0", "notice": "<p>New words</p>"})
        self.purpose.update_field_translations("notice", {"it_IT": {"New words": "Parole nuove"}})
        self.env.invalidate_all()

    def test_the_words_stay_when_the_notice_changes(self):
        old = self.give()
        self.reword()
        new = self.give()
        self.assertIn("Parole vecchie", old.with_user(self.operator).notice)
        self.assertIn("Parole nuove", new.with_user(self.operator).notice)
        self.assertEqual((old.notice_id.version, new.notice_id.version), ("7.0", "8.0"))

    def test_in_the_language_in_which_they_were_shown(self):
        self.assertIn("Old words", self.give("en_US", channel="web").notice, "the page's")
        self.assertIn("Parole vecchie", self.give("en_US").notice, "the person's")
        self.pathway.partner_id.lang = False
        self.assertIn("Old words", self.give("en_US", channel="voice").notice)

    def test_the_same_words_are_kept_once(self):
        self.assertEqual(self.give().notice_id, self.give().notice_id)
        self.purpose.notice_version = "7.1"
        self.assertEqual(len((self.give() | self.give()).notice_id), 1)

    def test_what_came_in_earlier_has_the_present_words_and_keeps_them(self):
        earlier, unknown = self.give(), self.give()
        (earlier | unknown).notice_id = False
        unknown.notice_version = "1.0"
        self.assertIn("Parole vecchie", earlier.notice)
        self.reword()
        self.assertIn("Parole vecchie", earlier.notice)
        self.assertFalse(unknown.notice)

    def test_a_translation_mended_later_changes_nothing(self):
        earlier = self.give()
        earlier.notice_id = False
        self.purpose.update_field_translations("notice", {"it_IT": {"Old words": "Altre"}})
        self.env.invalidate_all()
        self.assertIn("Altre", self.purpose.with_context(lang="it_IT").notice)
        self.assertIn("Parole vecchie", earlier.notice)

    def test_nobody_rewrites_what_was_shown(self):
        notice = self.give().notice_id
        for user in (self.operator, self.officer, self.administrator):
            mine = notice.with_user(user)
            for deed in (lambda mine=mine: mine.write({"text": "x"}), mine.unlink, lambda mine=mine: mine.copy()):
                with self.assertRaises(AccessError):
                    deed()

    def test_many_at_once_look_the_words_up_once(self):
        values = {"purpose_id": self.purpose.id, "channel": "import", "territory_id": self.east.id, "partner_id": self.pathway.partner_id.id}
        consents = self.env["citta.consent"].create([dict(values) for _number in range(20)])
        self.assertEqual(len(consents.notice_id), 1)

    def test_the_person_reads_them_in_the_portal_and_in_the_copy(self):
        self.give()
        self.reword()
        self.pathway.action_activate()
        self._portal_user(self.pathway, "n_ada")
        self.authenticate("n_ada", "n_ada")
        self.assertIn("Parole vecchie", self.url_open("/my/percorso").text)
        found = self.env["citta.privacy.export"]._collect(self.pathway.partner_id, self.env["crm.lead"])
        records = next(one["records"] for one in found if one["model"] == "citta.consent")
        self.assertEqual([one["Text agreed to"] for one in records], ["Parole vecchie"])
