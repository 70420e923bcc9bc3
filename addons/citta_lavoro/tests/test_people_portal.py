import json
import re
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase

MODELS = ("citta.pathway", "citta.goal", "citta.action", "citta.note", "citta.person.sensitive", "citta.consent")


@tagged("post_install", "-at_install")
class TestPortal(HttpCase, PeopleCase):
    """The participant's page: own data, few own deeds, nothing of anybody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway = cls._pathway("Ada Prova", referent_id=cls.operator.id, date_next_contact=cls.today + timedelta(days=3))
        cls.foreign = cls._pathway("Bea Prova")
        cls.ada = cls._portal_user(cls.pathway, "p_ada")
        cls.bea = cls._portal_user(cls.foreign, "p_bea")
        (cls.pathway | cls.foreign).action_activate()
        cls.parts, cls.foreign_parts = ({
            "citta.pathway": pathway,
            "citta.goal": cls.env["citta.goal"].create({"name": f"Meta di {name}", "pathway_id": pathway.id}),
            "citta.action": cls.env["citta.action"].create({"name": f"Compito di {name}", "pathway_id": pathway.id}),
            "citta.note": cls.env["citta.note"].create({"text": f"Nota su {name}", "pathway_id": pathway.id, "visibility": "team"}),
            "citta.person.sensitive": cls.env["citta.person.sensitive"].create({"partner_id": pathway.partner_id.id, "health": "x"}),
            "citta.consent": cls.env["citta.consent"].create({
                "partner_id": pathway.partner_id.id, "purpose_id": cls.env.ref("citta_lavoro.purpose_callback").id,
                "channel": "paper", "territory_id": cls.east.id,
            }),
        } for name, pathway in (("Ada", cls.pathway), ("Bea", cls.foreign)))
        cls.action, cls.consent = cls.parts["citta.action"], cls.parts["citta.consent"]

    def page(self, login="p_ada", path="/my/percorso"):
        self.authenticate(login, login)
        return self.url_open(path)

    def post(self, path, csrf=True, login="p_ada"):
        page = self.page(login).text
        token = re.search(r'csrf_token: "([^"]+)"', page)
        return self.url_open(path, data={"csrf_token": token[1]} if csrf else {"x": "1"}, allow_redirects=False)

    def tick(self, action, **kwargs):
        return self.post(f"/my/percorso/azione/{action.id}/fatta", **kwargs)

    def withdraw(self, consent, **kwargs):
        return self.post(f"/my/percorso/consenso/{consent.id}/revoca", **kwargs)

    # -- page ------------------------------------------------------------------

    def test_the_page_shows_what_is_mine_only(self):
        page = self.page()
        self.assertEqual(page.status_code, 200)
        for shown in ("Meta di Ada", "Compito di Ada", "p_operator", self.body_a.name):
            self.assertIn(shown, page.text)
        for hidden in ("Bea", "Nota su"):
            self.assertNotIn(hidden, page.text)

    def test_outsiders_are_sent_to_log_in(self):
        answer = self.url_open("/my/percorso", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_who_has_no_pathway_gets_a_friendly_page(self):
        for login in ("p_employee", "p_operator"):
            page = self.page(login)
            self.assertEqual(page.status_code, 200)
            self.assertIn("/parliamo-di-lavoro", page.text)

    def test_past_and_suspended_pathways_are_shown_as_such(self):
        self.pathway.action_suspend()
        self.assertIn("paused", self.page().text)
        self.action.action_done()
        self.pathway.write({"state": "closed", "outcome": "job"})
        text = self.page().text
        self.assertIn("Past pathways", text)
        self.assertNotIn("Meta di Ada", text)

    def test_the_card_is_on_the_home_page(self):
        self.authenticate("p_ada", "p_ada")
        self.assertIn("/my/percorso", self.url_open("/my").text)
        counted = {}
        for login in ("p_ada", "p_employee"):
            self.authenticate(login, login)
            answer = self.url_open(
                "/my/counters", data=json.dumps({"params": {"counters": ["citta_pathway_count"]}}),
                headers={"Content-Type": "application/json"},
            )
            counted[login] = answer.json()["result"]["citta_pathway_count"]
        self.assertEqual(counted, {"p_ada": 1, "p_employee": 0})

    # -- deeds -----------------------------------------------------------------

    def test_an_own_action_is_ticked_once(self):
        self.assertIn("notice=done", self.tick(self.action).headers["Location"])
        self.assertEqual((self.action.state, self.action.done_by_id, self.action.date_done), ("done", self.ada, self.today))
        self.assertIn("Compito di Ada", "".join(self.pathway.message_ids.mapped("body")))
        self.assertIn("notice=late", self.tick(self.action).headers["Location"])

    def test_other_actions_are_not_found(self):
        for_operator = self.env["citta.action"].create({"name": "Mio", "pathway_id": self.pathway.id, "owner": "operator"})
        foreign = self.foreign_parts["citta.action"]
        gone = self.env["citta.action"].create({"name": "Via", "pathway_id": self.pathway.id})
        gone_id = gone.id
        gone.unlink()
        with mute_logger("odoo.http"):
            for action in (for_operator, foreign, self.env["citta.action"].browse(gone_id)):
                self.assertEqual(self.tick(action).status_code, 404)
        self.assertEqual((for_operator.state, foreign.state), ("open", "open"))

    def test_deeds_need_the_token_and_post(self):
        with mute_logger("odoo.http"):
            self.assertEqual(self.tick(self.action, csrf=False).status_code, 400)
            self.assertEqual(self.withdraw(self.consent, csrf=False).status_code, 400)
            self.assertEqual(self.page(path=f"/my/percorso/azione/{self.action.id}/fatta").status_code, 405)
        self.assertEqual((self.action.state, self.consent.date_withdrawn), ("open", False))

    def test_a_consent_is_withdrawn_and_the_referent_told(self):
        self.assertIn("notice=withdrawn", self.withdraw(self.consent).headers["Location"])
        first = self.consent.date_withdrawn
        self.assertTrue(first)
        self.withdraw(self.consent)
        self.assertEqual(self.consent.date_withdrawn, first)
        told = [body for body in self.pathway.message_ids.mapped("body") if "Consent withdrawn" in body]
        self.assertEqual(len(told), 1)

    def test_other_consents_are_not_found(self):
        duty = self.env["citta.consent"].create({
            "partner_id": self.pathway.partner_id.id, "purpose_id": self.env.ref("citta_lavoro.purpose_pathway").id,
            "channel": "paper", "territory_id": self.east.id,
        })
        foreign = self.foreign_parts["citta.consent"]
        with mute_logger("odoo.http"):
            for consent in (foreign, duty):
                self.assertEqual(self.withdraw(consent).status_code, 404)
        self.assertFalse(foreign.date_withdrawn or duty.date_withdrawn)

    # -- remote calls ----------------------------------------------------------

    def test_no_model_shows_anybody_else(self):
        for model in MODELS:
            foreign = self.foreign_parts[model].with_user(self.ada)
            with self.assertRaises(AccessError):
                foreign.read(["display_name"])
            with self.assertRaises(AccessError):
                foreign.web_read({"display_name": {}})
            if foreign.has_access("read"):
                self.fail(f"{model} can be read")
            try:
                found = foreign.search([("id", "in", foreign.ids)])
                self.assertFalse(found or foreign.name_search("Bea"), model)
            except AccessError:
                self.assertNotIn(model, ("citta.pathway", "citta.goal", "citta.action"))

    def test_own_records_are_read_and_never_written(self):
        for model in ("citta.pathway", "citta.goal", "citta.action"):
            own = self.parts[model].with_user(self.ada)
            self.assertEqual(own.search([]), own, model)
            self.assertTrue(own.read(["display_name"]))

    def test_no_model_is_written_over_rpc(self):
        values = {"citta.pathway": {"state": "closed", "outcome": "job"}, "citta.action": {"state": "done"}, "citta.goal": {"name": "x"}}
        for model in MODELS:
            for record in (self.parts[model], self.foreign_parts[model]):
                mine = record.with_user(self.ada)
                with self.assertRaises(AccessError):
                    mine.write(values.get(model, {"partner_id": self.ada.partner_id.id}))
                with self.assertRaises(AccessError):
                    mine.unlink()
                with self.assertRaises(AccessError):
                    mine.create({"pathway_id": self.pathway.id, "partner_id": self.ada.partner_id.id, "name": "x"})
        with self.assertRaises(AccessError):
            self.action.with_user(self.ada).action_done()
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.ada).action_contacted()

    def test_internal_fields_stay_inside(self):
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.ada).read(["outcome_note"])
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.ada).read(["note_ids"])
        with self.assertRaises(AccessError):
            self.ada.partner_id.with_user(self.ada).read(["citta_fiscal_code"])
        with self.assertRaises(AccessError):
            self.bea.partner_id.with_user(self.ada).read(["name"])

    def test_nothing_is_exported(self):
        for model in ("citta.pathway", "citta.action"):
            with self.assertRaises(Exception) as refused:
                self.foreign_parts[model].with_user(self.ada).export_data(["display_name"])
            self.assertNotIn("Bea", str(refused.exception))

    # -- speed -----------------------------------------------------------------

    def queries(self, count):
        """Queries of the page with so many more actions of each kind; the least of three, as the session logs now and then."""
        self.env["citta.action"].create([
            {"name": f"Compito {number}", "pathway_id": self.pathway.id, "date_due": self.today} for number in range(count)
        ])
        self.env.flush_all()
        self.page()
        return min(self._queries_of_a_page() for _time in range(3))

    def _queries_of_a_page(self):
        before = self.env.cr.sql_log_count
        self.page()
        return self.env.cr.sql_log_count - before

    def test_the_page_costs_the_same_with_3_and_30_actions(self):
        self.page()
        self.assertEqual(self.queries(3), self.queries(27))
