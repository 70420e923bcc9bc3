from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .fake_models import register


@tagged("post_install", "-at_install")
class TestWorkflow(TransactionCase):
    """The table of a workflow holds for buttons, RPC and imports alike."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        register(cls)
        cls.operator = new_test_user(cls.env, "wf_operator", groups="citta_lavoro.group_citta_operator")
        cls.administrator = new_test_user(cls.env, "wf_admin", groups="citta_lavoro.group_citta_administrator")
        cls.Files = cls.env["citta.fake.file"].with_user(cls.operator)

    def log_of(self, record):
        # sudo: the log is read here to check it, the operator may not
        return self.env["citta.workflow.log"].sudo().search([("res_model", "=", record._name), ("res_id", "=", record.id)])

    def test_move_is_logged_once_with_user_and_reason(self):
        file = self.Files.create({"name": "A"})
        file._workflow_move("open", reason="asked by phone")
        log = self.log_of(file)
        self.assertEqual(log.mapped("transition"), ["open"])
        self.assertEqual((log.from_state, log.to_state), ("draft", "open"))
        self.assertEqual(log.user_id, self.operator)
        self.assertEqual(log.reason, "asked by phone")

    def test_hook_runs_once_per_move(self):
        file = self.Files.create({"name": "A"})
        file.write({"state": "open"})
        file.write({"state": "open", "name": "B"})
        self.assertEqual(file.opened, 1)
        self.assertEqual(len(self.log_of(file)), 1)

    def test_move_outside_the_table_is_refused(self):
        file = self.Files.create({"name": "A"})
        with self.assertRaises(UserError):
            file.write({"state": "gone"})
        self.assertEqual(file.state, "draft")
        self.assertFalse(self.log_of(file))

    def test_button_pressed_twice_is_refused_the_second_time(self):
        file = self.Files.create({"name": "A"})
        file._workflow_move("open")
        with self.assertRaises(UserError):
            file._workflow_move("open")

    def test_move_of_a_group_is_refused_to_others(self):
        file = self.Files.create({"name": "A"})
        file._workflow_move("open")
        with self.assertRaises(AccessError):
            file._workflow_move("close")
        file.with_user(self.administrator)._workflow_move("close")
        self.assertEqual(file.state, "closed")

    def test_plain_write_takes_a_transition_that_is_open_to_the_user(self):
        file = self.Files.create({"name": "A", "state": "draft"})
        file.write({"state": "closed"})
        self.assertEqual(self.log_of(file).transition, "give_up")

    def test_new_record_starts_in_the_first_state(self):
        for context in ({}, {"install_mode": True}, {"default_state": "open"}):
            with self.assertRaises(UserError, msg=f"context {context}"):
                self.Files.with_context(**context).create({"name": "A", "state": "open"})
        self.assertEqual(self.Files.with_context(default_state="open").create({"name": "A"}).state, "draft")

    def test_import_passes_the_same_door(self):
        result = self.Files.load(["name", "state"], [["A", "open"]])
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_superuser_keeps_to_the_table(self):
        file = self.Files.create({"name": "A"})
        with self.assertRaises(UserError):
            # sudo: the point of the test is that it opens no state
            file.sudo().write({"state": "gone"})

    def test_several_records_move_together_or_not_at_all(self):
        files = self.Files.create([{"name": "A"}, {"name": "B"}])
        files[0]._workflow_move("give_up")
        with self.assertRaises(UserError):
            files._workflow_move("open")
        self.assertEqual(files.mapped("state"), ["closed", "draft"])

    def test_copy_starts_anew(self):
        file = self.Files.create({"name": "A"})
        file._workflow_move("open")
        self.assertEqual(file.copy().state, "draft")

    def test_log_is_nobodys_to_change(self):
        file = self.Files.create({"name": "A"})
        file._workflow_move("open")
        log = self.log_of(file)
        for user in (self.operator, self.administrator):
            with self.assertRaises(AccessError):
                log.with_user(user).write({"reason": "other"})
            with self.assertRaises(AccessError):
                log.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env["citta.workflow.log"].with_user(user).create({"res_model": "x", "res_id": 1})
