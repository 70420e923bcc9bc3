from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestCommonFormAttempt(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.attempts = cls.env["citta.form.attempt"]
        cls.env["ir.config_parameter"].set_param("citta.form.limit", "3")

    def test_a_source_has_its_share_of_each_form(self):
        answers = [self.attempts._allow("talk", "192.0.2.7") for _time in range(5)]
        self.assertEqual(answers, [True, True, True, False, False])
        self.assertTrue(self.attempts._allow("report", "192.0.2.7"), "another form")
        self.assertTrue(self.attempts._allow("talk", "192.0.2.8"), "another source")

    def test_the_share_comes_back(self):
        for _time in range(3):
            self.attempts._allow("talk", "192.0.2.7")
        self.attempts.search([("form", "=", "talk")]).date = fields.Datetime.now() - timedelta(minutes=61)
        self.assertTrue(self.attempts._allow("talk", "192.0.2.7"))

    def test_no_address_is_stored(self):
        self.attempts._allow("talk", "192.0.2.7")
        row = self.attempts.search([("form", "=", "talk")])
        self.assertNotIn("192.0.2.7", str(row.read()))

    def test_a_wrong_parameter_falls_back(self):
        self.env["ir.config_parameter"].set_param("citta.form.limit", "many")
        self.assertEqual(self.attempts._parameter("limit", 30), 30)

    def test_a_key_is_taken_once_and_remembers_its_answer(self):
        self.assertTrue(self.attempts._claim_key("talk", "talk.k1"))
        self.assertFalse(self.attempts._claim_key("talk", "talk.k1"))
        self.attempts._set_answer("talk.k1", "/thanks")
        self.assertEqual(self.attempts._answer_of("talk.k1"), "/thanks")
        self.assertFalse(self.attempts._answer_of("talk.k2") or self.attempts._answer_of(None))

    def test_old_rows_are_thrown_away(self):
        self.attempts._allow("talk", "192.0.2.7")
        self.attempts._claim_key("talk", "talk.k1")
        self.attempts.search([]).date = fields.Datetime.now() - timedelta(hours=49)
        self.attempts._allow("talk", "192.0.2.9")
        self.attempts._gc_attempts()
        self.assertEqual(len(self.attempts.search([("form", "=", "talk")])), 1)

    def test_nobody_touches_the_log(self):
        self.attempts._allow("talk", "192.0.2.7")
        row = self.attempts.search([("form", "=", "talk")])
        for role, mode in (("operator", "read"), ("coordinator", "read"), ("administrator", "write"), ("administrator", "unlink")):
            user = new_test_user(self.env, f"fa_{role}_{mode}", groups=f"citta_lavoro.group_citta_{role}")
            with self.assertRaises(AccessError):
                row.with_user(user).check_access(mode)
