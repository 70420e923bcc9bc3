from odoo.tests import TransactionCase, tagged

PARAMETERS = ("enrich.endpoint", "iap.partner_autocomplete.endpoint", "reveal.endpoint")


@tagged("post_install", "-at_install")
class TestOutsideServices(TransactionCase):
    """What Odoo would send to servers of its own leads nowhere."""

    def test_services_that_take_contacts_lead_to_this_machine(self):
        for name in PARAMETERS:
            self.assertEqual(self.env["ir.config_parameter"].get_param(name), "http://127.0.0.1:9", name)

    def test_first_contacts_are_not_enriched_by_themselves(self):
        """Enrichment on its own starts a cron job at each new lead; by hand it starts none."""
        cron = self.env.ref("crm_iap_enrich.ir_cron_lead_enrichment")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.env["crm.lead"].create({"name": "Aldo Prova", "email_from": "aldo@ditta-inventata.example"})
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before)
