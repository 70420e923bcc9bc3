from odoo.tests import HttpCase, tagged

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestFirstContactTour(PeopleCase, HttpCase):
    """The operator's main screens in a real browser."""

    def test_an_operator_opens_and_starts_a_pathway(self):
        city = self.env["res.city"].create({"name": "Eastville", "country_id": self.env.ref("base.it").id, "citta_territory_id": self.east.id})
        lead = self._lead(phone="+39 333 0000000", citta_city_id=city.id)
        lead.with_user(self.operator).action_intake_take()
        self.start_tour(f"/odoo/action-citta_lavoro.crm_lead_intake_action/{lead.id}", "citta_first_contact_tour", login="p_operator")
        pathway = self.env["citta.pathway"].search([("lead_id", "=", lead.id)])
        self.assertEqual(pathway.state, "active")
        self.assertEqual(pathway.goal_ids.mapped("name"), ["Find a job near home"])
