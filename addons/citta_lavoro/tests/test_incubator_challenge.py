from datetime import timedelta

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged

from .network_common import NetworkCase
from .test_network_portal import EVIL, NetworkHttpCase


def make_need(case, **values):
    """A confirmed need of an observatory in the East."""
    observatory = case.env["citta.observatory"].create({"name": "Observatory of Cittaprova", "city_id": case.city.id})
    need = case.env["citta.need"].create({
        "name": "Nobody repairs bicycles", "observatory_id": observatory.id, "description": "Weeks of waiting", **values,
    })
    need.action_validate()
    return need


@tagged("post_install", "-at_install")
class TestIncubatorChallenge(NetworkCase):

    def setUp(self):
        super().setUp()
        self.editor = self._user("i_editor", "observatory_editor", self.body_a, self.east)
        self.need = make_need(self)

    def test_a_need_becomes_one_challenge(self):
        need = self.need.with_user(self.editor)
        action = need.action_make_challenge()
        challenge = self.env["citta.challenge"].browse(action["res_id"])
        self.assertEqual((challenge.need_id, challenge.territory_id), (self.need, self.east))
        self.assertEqual(need.action_make_challenge()["res_id"], challenge.id)

    def test_life_and_its_refusals(self):
        challenge = self.env["citta.challenge"].browse(self.need.with_user(self.editor).action_make_challenge()["res_id"])
        with self.assertRaises(AccessError):
            challenge.with_user(self.operator).action_publish()
        challenge.with_user(self.editor).action_publish()
        with self.assertRaises(UserError):
            challenge.with_user(self.editor).write({"state": "draft"})
        challenge.with_user(self.coordinator).action_close()
        with self.assertRaises(UserError):
            self.env["citta.challenge"].with_user(self.editor).create(
                {"name": "x", "problem": "y", "programme_id": self.programme.id, "state": "published"}
            )

    def test_territories_and_portal(self):
        challenge = self.env["citta.challenge"].browse(self.need.action_make_challenge()["res_id"])
        self.assertNotIn(challenge, self.env["citta.challenge"].with_user(self.operator_west).search([]))
        self.assertIn(challenge, self.env["citta.challenge"].with_user(self.operator).search([]))
        for user in (self.person_a, self.delegate_a, self.employee):
            with self.assertRaises(AccessError):
                self.env["citta.challenge"].with_user(user).search([])

    def test_figures(self):
        challenge = self.env["citta.challenge"].browse(self.need.action_make_challenge()["res_id"])
        kpi = self.env["citta.kpi"].create({"name": "C", "programme_id": self.programme.id, "source": "challenges"})
        self.assertEqual(kpi.actual, 0)
        challenge.action_publish()
        kpi.invalidate_recordset()
        self.assertEqual(kpi.actual, 1)


@tagged("post_install", "-at_install")
class TestIncubatorPages(NetworkHttpCase):

    def setUp(self):
        super().setUp()
        self.challenge = self.env["citta.challenge"].create({
            "name": f"T{EVIL}"[:110], "problem": EVIL, "proposer_id": self.firm_a.id, "programme_id": self.programme.id,
        })
        self.url = f"/sfide/{self.challenge.id}"

    def _idea(self, **values):
        return {
            "title": "Mobile workshop", "idea": "A van that repairs", "contact_name": "Ida Prova",
            "email": "ida@esempio.example", "phone": "", "consent": "1", **values,
        }

    def _found(self):
        return self.env["crm.lead"].search([("name", "=", "Mobile workshop")])

    def test_just_after_midnight_a_challenge_of_today_is_open(self):
        self.challenge.date_start = "2026-11-23"
        self.challenge.action_publish()
        Challenge = self.env["citta.challenge"].with_user(self.env.ref("base.public_user"))
        for moment, shown in (("2026-11-22 22:30:00", 0), ("2026-11-22 23:30:00", 1)):
            with freeze_time(moment):
                # as the public page does
                found = Challenge.sudo().search_count(Challenge._get_public_domain() & Domain("id", "=", self.challenge.id))
            self.assertEqual(found, shown, moment)

    def test_a_draft_is_not_found(self):
        self._get(self.url, 404)
        self.assertNotIn(self.url, self._get("/sfide"))
        self._get("/sfide/999999999", 404)

    def test_markup_is_shown_not_run(self):
        self.challenge.action_publish()
        for url in ("/sfide", self.url):
            page = self._get(url)
            self.assertNotIn("<script>alert", page)
            self.assertNotIn("<img src=x", page)
            self.assertIn("&lt;script&gt;", page)

    def test_a_visitor_proposes_an_idea_once(self):
        self.challenge.action_publish()
        page = self._get(self.url)
        self._post(self.url, self._idea(), page=page)
        self._post(self.url, self._idea(), page=page)
        lead = self._found()
        self.assertEqual(len(lead), 1)
        self.assertEqual((lead.citta_pipeline, lead.citta_challenge_id, lead.citta_territory_id), ("incubator", self.challenge, self.east))
        self.assertEqual(lead.stage_id, self.env.ref("citta_lavoro.crm_stage_incubator_idea"))
        self.assertTrue(self.env["citta.consent"].search_count([("lead_id", "=", lead.id)]))
        self._get("/sfide/grazie")

    def test_a_participants_idea_reaches_the_own_operator(self):
        self.challenge.action_publish()
        self._login(self.person_a)
        self.assertIn("Ada Inventati", self._get(self.url))
        self._post(self.url, self._idea())
        lead = self._found()
        self.assertEqual((lead.citta_pathway_id, lead.citta_body_id), (self.pathway_a, self.body_a))
        self.assertIn(lead, self.env["crm.lead"].with_user(self.operator).search([]))
        self.assertNotIn(lead, self.env["crm.lead"].with_user(self.operator_b).search([]))

    def test_bad_input_loses_nothing(self):
        self.challenge.action_publish()
        wrong = self._idea(title="", email="", consent="")
        tree = html.fromstring(self._post(self.url, wrong, code=422).text)
        for field in ("title", "email", "consent"):
            self.assertTrue(tree.xpath(f"//*[@id='error_{field}' and @role='alert']"), field)
        self.assertEqual(tree.xpath("//textarea[@id='idea']/text()")[0].strip(), "A van that repairs")
        self.assertFalse(self._found())

    def test_what_is_over_takes_no_ideas(self):
        self.challenge.action_publish()
        page = self._get(self.url)
        self.challenge.write({"date_start": False, "date_end": self.today - timedelta(days=1)})
        self.assertNotIn("idea_form", self._get(self.url))
        self._post(self.url, self._idea(), code=422, page=page)
        self.challenge.action_close()
        self._post(self.url, self._idea(), code=404, page=page)
        self.assertFalse(self._found())

    def test_forged_fields_are_ignored(self):
        self.challenge.action_publish()
        self._post(self.url, self._idea(
            team_id=self.env.ref("citta_lavoro.crm_team_intake").id, citta_pathway_id=self.pathway_b.id,
            stage_id=self.env.ref("citta_lavoro.crm_stage_incubator_started").id,
        ))
        lead = self._found()
        self.assertEqual((lead.citta_pipeline, lead.citta_pathway_id.id), ("incubator", False))
        self.assertEqual(lead.stage_id, self.env.ref("citta_lavoro.crm_stage_incubator_idea"))
