from unittest.mock import patch

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestIrCron(TransactionCase):
    """What a daily round writes on somebody's list is read in the language of the place."""

    def run_job(self, cron):
        """Language and time zone in which the job runs, as the scheduler starts it: without any."""
        heard = []
        actions = type(self.env["ir.actions.server"])
        with patch.object(actions, "run", lambda action: heard.append((action.env.lang, action.env.context.get("tz")))), patch.object(self.env.cr, "commit"):
            cron.with_context({})._callback(cron.cron_name, cron.ir_actions_server_id.id)
        return heard[0]

    def test_ours_speak_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("it_IT")
        self.env.company.partner_id.lang = "it_IT"
        self.assertEqual(self.run_job(self.env.ref("citta_lavoro.ir_cron_pauses"))[0], "it_IT")
        self.assertEqual(self.run_job(self.env.ref("base.autovacuum_job")), (None, None), "others are left as they are")

    def test_a_language_that_is_gone_does_not_stop_the_round(self):
        self.env.company.partner_id.lang = "en_US"
        with patch.object(type(self.env["res.lang"]), "get_installed", lambda _self: []):
            self.assertFalse(self.run_job(self.env.ref("citta_lavoro.ir_cron_pauses"))[0])

    def test_ours_go_by_the_clock_of_the_place(self):
        """A receipt of New Year's morning is of the new year, although it is still December in UTC."""
        self.assertEqual(self.run_job(self.env.ref("citta_lavoro.ir_cron_pauses"))[1], "Europe/Rome")
