from datetime import timedelta

from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from .case_common import CasePortalCommon
from .people_common import PeopleCase
from .test_people_person_profile import FactsCommon

FEW, MANY = 3, 30


class ReadingCommon(PeopleCase):
    """What the web client asks of a screen, and how many statements the answer takes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kinds = cls.env["hr.skill.type"].create({
            "name": "Trades", "skill_level_ids": [Command.create({"name": "Some", "level_progress": 50, "default_level": True})],
            "skill_ids": [Command.create({"name": f"Trade {place}"}) for place in range(MANY)],
        })

    def specification(self, records, tree):
        """The fields that a screen reads, those of the lists within it, too."""
        asked = {}
        for node in tree.xpath(".//field[@name][count(ancestor::field[@name]) = %s]" % int(tree.xpath("count(ancestor-or-self::field[@name])"))):
            field = records._fields[node.get("name")]
            if field.type == "many2one":
                asked[field.name] = {"fields": {"display_name": {}}}
            elif field.type in ("one2many", "many2many"):
                within = next((child for child in node if child.tag in ("list", "kanban")), None)
                lines = records.env[field.comodel_name]
                asked[field.name] = {"fields": {} if within is None else self.specification(lines, within), "limit": 40}
            else:
                asked[field.name] = {}
        return asked

    def screen(self, user, kind):
        """A screen of pathways as its user opens it: the records' environment, and what is asked."""
        pathways = self.env["citta.pathway"].with_user(user)
        return pathways, self.specification(pathways, etree.fromstring(pathways.get_view(view_type=kind)["arch"]))

    def ask(self, user, kind, pathway=None):
        """Ask as the web client does; a call that is made from nothing."""
        pathways, asked = self.screen(user, kind)
        self.env.flush_all()
        self.env.invalidate_all()
        domain = [("state", "!=", "closed")]
        if kind == "kanban":
            return lambda: pathways.web_read_group(domain, ["stage_id"], ["__count"], auto_unfold=True, unfold_read_specification=asked)
        if kind == "list":
            return lambda: pathways.web_search_read(domain, asked, limit=80, count_limit=10001)
        return lambda: pathways.browse(pathway.id).web_read(asked)

    def warm_up(self, call):
        """Make a call once, so that what is looked up once for all is there."""
        call()
        self.env.invalidate_all()
        return call

    def count(self, call):
        """Statements of a call, without what is looked up once for all."""
        self.warm_up(call)
        before = self.cr.sql_log_count
        call()
        return self.cr.sql_log_count - before

    def settle(self, count):
        """As many pathways, each with an own referent, a plan, a task and an invitation."""
        place = self.env["citta.pathway"].search_count([])
        for number in range(place, place + count):
            referent = self._user(f"p_referent_{number}", "operator", self.body_a, self.east)
            pathway = self._pathway(f"Persona {number}", referent_id=referent.id, date_next_contact=self.today)
            self.fill(pathway, 2)
            pathway.activity_schedule("mail.mail_activity_data_todo", user_id=referent.id)

    def fill(self, pathway, count):
        """As many lines in each list of a pathway."""
        base = {"pathway_id": pathway.id}
        numbers = range(count)
        self.env["citta.goal"].create([{**base, "name": f"Goal {number}"} for number in numbers])
        goals = pathway.goal_ids
        self.env["citta.action"].create([{**base, "name": f"Action {number}", "goal_id": goals[number].id} for number in numbers])
        self.env["citta.note"].create([{**base, "text": "x", "visibility": "team"} for number in numbers])
        self.env["citta.delivery"].create([{**base, "date": self.today} for number in numbers])
        self.env["citta.experience"].create([{**base, "name": f"Experience {number}"} for number in numbers])
        self.env["citta.person.skill"].create([{**base, "skill_id": skill.id} for skill in self.kinds.skill_ids[:count]])
        self.env["citta.feedback"].create([{**base, "text": "x"} for number in numbers])
        self.env["citta.status.declaration"].create([
            {
                **base, "kind": "naspi", "date_start": self.today + timedelta(days=2 * number), "date_end": self.today + timedelta(days=2 * number),
                "authority": "INPS",
            }
            for number in numbers
        ])


@tagged("post_install", "-at_install")
class TestPathwayReading(ReadingCommon):
    """Board, list and form take as many statements for thirty as for three."""

    def test_as_many_statements_for_thirty_as_for_three(self):
        self.settle(FEW)
        pathway = self.env["citta.pathway"].search([("referent_id", "!=", False)], limit=1)
        screens = [(user, kind) for user in (self.operator, self.coordinator) for kind in ("kanban", "list", "form")]
        few = {screen: self.count(self.ask(*screen, pathway)) for screen in screens}
        self.assertLessEqual(few[self.operator, "kanban"], 12)
        self.settle(MANY - FEW)
        for user, kind in screens:
            with self.subTest(user=user.login, kind=kind):
                call = self.warm_up(self.ask(user, kind, pathway))
                with self.assertQueryCount(few[user, kind]):
                    answer = call()
                if kind == "list":
                    self.assertEqual(answer["length"], MANY)
                if kind == "kanban":
                    shown = [record for group in answer["groups"] for record in group.get("__records", ())]
                    self.assertEqual(len(shown), MANY)
                    self.assertTrue(all(record["referent_id"] and record["activity_ids"] and record["open_action_count"] == 2 for record in shown))

    def assertFormSame(self, user):
        small, large = self._pathway("Poche Righe"), self._pathway("Molte Righe")
        self.fill(small, FEW)
        self.fill(large, MANY)
        few = self.count(self.ask(user, "form", small))
        call = self.warm_up(self.ask(user, "form", large))
        with self.assertQueryCount(few):
            [shown] = call()
        for name in ("goal_ids", "action_ids", "delivery_ids", "experience_ids", "trade_skill_ids", "declaration_ids"):
            self.assertEqual(len(shown[name]), MANY, name)

    def test_form_of_an_operator(self):
        self.assertFormSame(self.operator)

    def test_form_of_a_coordinator(self):
        self.assertFormSame(self.coordinator)


@tagged("post_install", "-at_install")
class TestPortalReading(CasePortalCommon, FactsCommon, ReadingCommon):
    """The person's own pages take as many statements for many entries as for few."""

    def assertPageSame(self, path):
        self.of_b.referent_id = self.operator_b
        for login, pathway, count in (("p_bea", self.of_b, FEW), ("p_ada", self.pathway, MANY)):
            self.fill(pathway, count)
            self.env["citta.person.skill"].create([
                {"pathway_id": pathway.id, "skill_id": skill.id} for skill in (self.languages if count == MANY else self.languages[:FEW])
            ])
            self.assertEqual(self.page(path, login).status_code, 200)  # what is looked up once is there
        before = self.cr.sql_log_count
        self.page(path, "p_bea")
        few = self.cr.sql_log_count - before
        with self.assertQueryCount(few):
            return self.page(path, "p_ada").text

    @property
    def languages(self):
        return self.env["hr.skill"].search([("skill_type_id.citta_kind", "=", "language")])

    def test_facts(self):
        text = self.assertPageSame("/my/percorso/su-di-me")
        for language in self.languages:
            self.assertIn(language.name, text)

    def test_pathway(self):
        self.assertIn(f"Action {MANY - 1}", self.assertPageSame("/my/percorso"))
