from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import datetime, safe_eval, time

from .network_common import NetworkCase

WORK = {"today", "people", "observatory", "academy", "incubator", "network"}
ROOMS = {
    "operator": WORK,
    "coordinator": WORK,
    "administrator": WORK | {"privacy", "configuration"},
    "observatory_editor": {"observatory", "incubator"},
    "network_manager": {"network"},
    "reviewer": {"incubator"},
    "privacy_officer": {"privacy"},
    "sensitive": set(),
}
COMBINED = {
    "coordinator,network_manager": WORK,
    "operator,sensitive": WORK,
    "operator,observatory_editor": WORK,
    "reviewer,privacy_officer": {"incubator", "privacy"},
    "network_manager,observatory_editor,reviewer": {"network", "observatory", "incubator"},
}
LEAVES = {
    "menu_citta_access_log": {"privacy_officer"},
    "menu_citta_consent": {"privacy_officer", "administrator"},
    "menu_citta_programme": {"administrator"},
    "menu_citta_workflow_log": {"administrator"},
    "menu_citta_network_lead": {"network_manager", "coordinator", "administrator"},
    "menu_citta_incubator_review": {"reviewer", "coordinator", "administrator"},
    "menu_citta_pathway": {"operator", "coordinator", "administrator"},
}


def reading(models, model, node):
    """The specification that the web client reads a view with.

    :param models: fields by model, as ``get_views`` gives them
    :param node: the view, or a view inside a field
    """
    spec = {}
    for field in node.xpath("descendant::field[@name]"):
        if next((up for up in field.iterancestors("field")), None) is not (node if node.tag == "field" else None):
            continue
        description = models[model]["fields"].get(field.get("name"))
        if not description:
            continue
        kind = description["type"]
        value = spec.setdefault(field.get("name"), {})
        if kind in ("many2one", "one2many", "many2many"):
            inside = reading(models, description["relation"], field) if len(field) and description["relation"] in models else {}
            value.setdefault("fields", {}).update({"display_name": {}, **inside})
    return spec


class ScreensCase(NetworkCase):
    """One record at least behind most menu entries, in the East."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._people()
        cls._case()
        cls._rooms()

    @classmethod
    def _people(cls):
        pathway = cls.pathway_a
        cls.env["citta.goal"].create({"name": "Goal", "pathway_id": pathway.id})
        cls.env["citta.action"].create({"name": "Action", "pathway_id": pathway.id})
        cls.env["citta.note"].create({"text": "Note", "pathway_id": pathway.id, "visibility": "team"})
        cls.env["citta.consent"].create({
            "partner_id": pathway.partner_id.id, "purpose_id": cls.env.ref("citta_lavoro.purpose_callback").id,
            "channel": "paper", "territory_id": cls.east.id,
        })
        cls.env["citta.kpi"].create({"name": "K", "programme_id": cls.programme.id, "source": "people_contacted"})
        cls.env["crm.lead"].create([{
            "name": f"Lead {team}", "contact_name": "Carla Prova", "user_id": False, "type": "opportunity",
            "team_id": cls.env.ref(f"citta_lavoro.crm_team_{team}").id, "citta_city_id": cls.city.id,
            "citta_programme_id": cls.programme.id, "citta_body_id": cls.body_a.id,
        } for team in ("intake", "network", "incubator")])

    @classmethod
    def _case(cls):
        pathway = {"pathway_id": cls.pathway_a.id}
        canvas = cls.env["citta.canvas"].create(dict(pathway))
        cls.env["citta.canvas.line"].create({"canvas_id": canvas.id, "block": "talent", "text": "Cooking"})
        assessment = cls.env["citta.assessment"].create(dict(pathway))
        assessment.line_ids[0].level = "2"
        assessment.action_confirm()
        cls.env["citta.path.decision"].create({"assessment_id": assessment.id, "path": "upskilling", "reason": "Said"})
        cls.env["citta.agreement"].create(dict(pathway))
        cls.env["citta.delivery"].create(dict(pathway))
        cls.env["citta.experience"].create({**pathway, "name": "Cook"})
        cls.env["citta.meeting.slot"].create({
            "start": fields.Datetime.now() + timedelta(days=3), "location": "Via Esempio 5", "body_id": cls.body_a.id, "territory_id": cls.east.id,
        })
        cls.env["citta.invitation"].create(dict(pathway))
        cls.env["citta.person.profile"].create({**pathway, "hours_week": 20})
        cls.env["citta.status.declaration"].create({**pathway, "kind": "did", "date_start": "2025-01-01"})
        kind = cls.env["hr.skill.type"].create({
            "name": "Kitchen", "skill_ids": [Command.create({"name": "Baking"})],
            "skill_level_ids": [Command.create({"name": "Alone", "level_progress": 80})],
        })
        cls.env["citta.person.skill"].create({**pathway, "skill_id": kind.skill_ids.id})
        internship = cls.env["citta.internship"].create({
            **pathway, "host_id": cls.body_b.id, "date_start": cls.today - timedelta(days=1), "date_end": cls.today,
            "skill_ids": [Command.create({"skill_id": kind.skill_ids.id})],
        })
        internship.day_ids.create({"internship_id": internship.id})
        cls.env["citta.message"].create({**pathway, "text": "Hello", "is_from_person": True})
        cls.env["citta.feedback"].create({**pathway, "text": "Thank you", "kind": "thanks"})
        cls.env["citta.cohort"].create({
            "name": "Spring", "programme_id": cls.programme.id, "body_id": cls.body_a.id, "pathway_ids": [Command.link(cls.pathway_a.id)],
        })
        cls.env["citta.plan.template"].create({"name": "Kitchen", "line_ids": [Command.create({"goal": "Cook"})]})

    @classmethod
    def _rooms(cls):
        observatory = cls.env["citta.observatory"].create({"name": "Observatory", "city_id": cls.city.id})
        need = cls.env["citta.need"].create({"name": "Bakers", "observatory_id": observatory.id})
        need.action_validate()
        need.action_make_challenge()
        now = fields.Datetime.now()
        kinds = {"lab": {}, "course": {}}
        events = cls.env["event.event"].create([{
            "name": kind, "citta_kind": kind, "citta_programme_id": cls.programme.id,
            "date_begin": now + timedelta(days=1), "date_end": now + timedelta(days=9), **more,
        } for kind, more in kinds.items()])
        lab = events[0]
        registration = cls.env["event.registration"].create({"event_id": lab.id, "name": "Dora Prova"})
        session = cls.env["citta.session"].create({
            "event_id": lab.id, "date_begin": now + timedelta(days=1), "date_end": now + timedelta(days=1, hours=2),
        })
        cls.env["citta.attendance"].search([("session_id", "=", session.id)]) or cls.env["citta.attendance"].create(
            {"session_id": session.id, "registration_id": registration.id}
        )
        cls.env["citta.commitment"].create({"name": "Hours", "member_id": cls.member_a.id})
        cls.env["citta.service"].create({"name": "Advice", "member_id": cls.member_a.id})
        cls._application()
        cls.env["citta.privacy.deed"].create({"partner_id": cls.body_b.id, "reference": "1/2026"})
        cls.env["citta.handover"].create({"pathway_id": cls.pathway_a.id, "to_body_id": cls.body_b.id, "reason": "Nearer"})
        cls.env["citta.follow.up"].create({"pathway_id": cls.pathway_a.id, "months": "3", "date_due": cls.today})

    def colleague(self, roles):
        """A user of the East and body A with one or more roles."""
        return new_test_user(
            self.env, "s_" + roles.replace(",", "_"), groups=",".join(f"citta_lavoro.group_citta_{role}" for role in roles.split(",")),
            citta_body_ids=[Command.set(self.body_a.ids)], citta_territory_ids=[Command.set(self.east.ids)],
        )

    def menus(self, user):
        """Our menu entries that the user sees, by name."""
        seen = set(self.env["ir.ui.menu"].with_user(user)._visible_menu_ids())
        rows = self.env["ir.model.data"].search([("module", "=", "citta_lavoro"), ("model", "=", "ir.ui.menu"), ("res_id", "in", list(seen))])
        menus = {row.name: self.env["ir.ui.menu"].browse(row.res_id) for row in rows}
        # an entry below a hidden one is not shown, whatever its own groups
        return {name: menu for name, menu in menus.items() if {int(up) for up in menu.parent_path.split("/") if up} <= seen}

    def actions(self):
        """All our window actions."""
        rows = self.env["ir.model.data"].search([("module", "=", "citta_lavoro"), ("model", "=", "ir.actions.act_window")])
        return self.env["ir.actions.act_window"].browse(rows.mapped("res_id"))

    def evaluate(self, user, text, default):
        """A domain or context of an action, as the client evaluates it."""
        return safe_eval(text or default, {
            "uid": user.id, "active_id": False, "active_ids": [], "allowed_company_ids": user.company_ids.ids,
            "context_today": fields.Date.today, "datetime": datetime, "time": time, "current_date": str(fields.Date.today()),
        })

    def open(self, user, action):
        """Open a window action in each of its modes, then the form of the first record.

        :return: whether there was a record to open
        """
        Model = self.env[action.res_model].with_user(user).with_context(self.evaluate(user, action.context, "{}"))
        action_views = {view.view_mode: view.view_id.id for view in action.view_ids}
        modes = action.view_mode.split(",")
        views = [(action_views.get(mode) or (mode == modes[0] and action.view_id.id) or False, mode) for mode in modes]
        answer = Model.get_views([*views, (action.search_view_id.id, "search")], {"toolbar": True, "action_id": action.id})
        domain = self.evaluate(user, action.domain, "[]")
        for mode in modes:
            arch = etree.fromstring(answer["views"][mode]["arch"])
            getattr(self, f"_open_{mode}", self._open_rows)(Model, domain, answer["models"], arch)
        return bool(Model.search_count(domain, limit=1))

    def _open_rows(self, Model, domain, models, arch):
        spec = reading(models, Model._name, arch)
        found = Model.web_search_read(domain, {"display_name": {}, **spec}, limit=40)
        self.assertEqual(len(found["records"]), min(found["length"], 40))
        if by := arch.get("default_group_by"):
            Model.formatted_read_group(domain, [by.split(",")[0]], ["__count"])

    def _open_form(self, Model, domain, models, arch):
        record = Model.search(domain, limit=1)
        if record:
            [row] = record.web_read({"display_name": {}, **reading(models, Model._name, arch)})
            self.assertEqual(row["id"], record.id)

    def _open_graph(self, Model, domain, models, arch):
        rows = [field for field in arch.iter("field") if field.get("type") != "measure"]
        by = [field.get("name") + (":" + field.get("interval") if field.get("interval") else "") for field in rows]
        Model.formatted_read_group(domain, by, ["__count"])

    _open_pivot = _open_graph


@tagged("post_install", "-at_install")
class TestScreens(ScreensCase):
    """Who sees which entry, and that every entry seen opens."""

    def assertAllOpen(self, user):
        """Every menu entry the user sees opens without a refusal.

        :return: names of the entries that had a record to open
        """
        full = set()
        for name, menu in self.menus(user).items():
            if menu.action and menu.action._name == "ir.actions.act_window":
                with self.subTest(user=user.login, menu=name):
                    try:
                        if self.open(user, menu.action):
                            full.add(name)
                    except AccessError as error:
                        self.fail(f"{user.login} cannot open {name}: {error}")
        return full

    def rooms(self, user):
        root = self.env.ref("citta_lavoro.menu_citta_root")
        return {name.removeprefix("menu_citta_") for name, menu in self.menus(user).items() if menu.parent_id == root}

    def test_lists_of_persons_have_cards_for_the_phone(self):
        """A list of six columns cannot be read at 390 pixels: Odoo takes the cards there, where there are any."""
        rooms = ("menu_citta_people", "menu_citta_privacy")
        roots = self.env["ir.ui.menu"].union(*(self.env.ref(f"citta_lavoro.{name}") for name in rooms))
        actions = self.env["ir.ui.menu"].search([("id", "child_of", roots.ids), ("action", "like", "ir.actions.act_window,")]).mapped("action")
        kinds = {action.name: action.view_mode.split(",") for action in actions}
        self.assertTrue(kinds)
        self.assertFalse([name for name, modes in kinds.items() if modes[0] == "list" and "kanban" not in modes])

    def test_each_role_sees_its_rooms_and_no_other(self):
        for roles, rooms in {**ROOMS, **COMBINED}.items():
            with self.subTest(roles=roles):
                self.assertEqual(self.rooms(self.colleague(roles)), rooms)

    def test_entries_of_others_are_hidden(self):
        users = {role: self.menus(self.colleague(role)) for role in ROOMS}
        for leaf, roles in LEAVES.items():
            self.assertEqual({role for role, menus in users.items() if leaf in menus}, roles, leaf)

    def test_an_employee_without_a_role_sees_no_application(self):
        self.assertFalse(self.menus(self.employee))

    def test_operator_opens_all_entries(self):
        full = self.assertAllOpen(self.colleague("operator"))
        self.assertLessEqual({"menu_citta_pathway", "menu_citta_intake", "menu_citta_goal", "menu_citta_network_opportunity"}, full)

    def test_coordinator_opens_all_entries(self):
        full = self.assertAllOpen(self.colleague("coordinator"))
        self.assertLessEqual({"menu_citta_today", "menu_citta_pathway", "menu_citta_lab", "menu_citta_network_lead"}, full)

    def test_administrator_opens_all_entries_and_finds_something(self):
        """But for a few entries the fixture stands behind each one, so their forms were really read."""
        user = self.colleague("administrator")
        full = self.assertAllOpen(user)
        entries = {name for name, menu in self.menus(user).items() if menu.action}
        self.assertLessEqual(entries - full, EMPTY)

    def test_observatory_editor_opens_all_entries(self):
        full = self.assertAllOpen(self.colleague("observatory_editor"))
        self.assertLessEqual({"menu_citta_need", "menu_citta_incubator_challenge", "menu_citta_incubator_lead"}, full)

    def test_network_manager_opens_all_entries(self):
        full = self.assertAllOpen(self.colleague("network_manager"))
        self.assertLessEqual({"menu_citta_network_member", "menu_citta_network_lead", "menu_citta_network_application"}, full)

    def test_reviewer_opens_all_entries(self):
        self.assertLessEqual({"menu_citta_incubator_lead"}, self.assertAllOpen(self.colleague("reviewer")))

    def test_privacy_officer_opens_all_entries(self):
        self.assertLessEqual({"menu_citta_consent", "menu_citta_purpose"}, self.assertAllOpen(self.colleague("privacy_officer")))

    def test_combined_roles_open_all_entries(self):
        """Rights add up: a role more never takes a screen away."""
        for roles in COMBINED:
            user = self.colleague(roles)
            leaves = {leaf for leaf, who in LEAVES.items() if who & set(roles.split(","))}
            self.assertLessEqual(leaves, set(self.menus(user)), roles)
            self.assertTrue(self.assertAllOpen(user), roles)


# Nothing in the fixture stands behind these.
EMPTY = {f"menu_citta_{name}" for name in (
    "channel", "incubator_review", "meeting", "intake_import", "indicator_value", "indicator", "classification", "feedback_count",
)}


@tagged("post_install", "-at_install")
class TestActions(ScreensCase):
    """Window actions, views and buttons hang together."""

    def test_every_list_explains_the_next_step(self):
        for action in self.actions().filtered(lambda action: action.target != "new"):
            self.assertTrue(action.help and action.help.striptags().strip(), action.xml_id)

    def test_every_mode_has_a_view_of_its_own(self):
        View = self.env["ir.ui.view"]
        for action in self.actions():
            own = set(action.view_ids.mapped("view_mode")) | {action.view_id.type}
            for mode in action.view_mode.split(","):
                with self.subTest(action=action.xml_id, mode=mode):
                    self.assertTrue(mode in own or View.default_view(action.res_model, mode), "the view is a generated one")

    def test_every_domain_and_context_is_valid(self):
        for action in self.actions():
            with self.subTest(action=action.xml_id):
                self.env[action.res_model].search(self.evaluate(self.env.user, action.domain, "[]"), limit=1)
                context = self.evaluate(self.env.user, action.context, "{}")
                names = [key.removeprefix("default_") for key in context if key.startswith("default_")]
                self.assertFalse([name for name in names if name not in self.env[action.res_model]._fields])

    def test_every_search_default_is_a_filter_of_the_search_view(self):
        for action in self.actions():
            wanted = {key.removeprefix("search_default_") for key in self.evaluate(self.env.user, action.context, "{}") if key.startswith("search_default_")}
            view = self.env[action.res_model].get_view(action.search_view_id.id, "search")
            offered = set(etree.fromstring(view["arch"]).xpath("//*[self::filter or self::field]/@name"))
            self.assertFalse(wanted - offered, action.xml_id)

    def test_every_button_has_a_method(self):
        """A button of type object calls a public method of its model; one of type action, an action that exists."""
        rows = self.env["ir.model.data"].search([("module", "=", "citta_lavoro"), ("model", "=", "ir.ui.view")])
        views = self.env["ir.ui.view"].browse(rows.mapped("res_id")).filtered(lambda view: view.model and view.type not in ("qweb", "search"))
        counted = 0
        for view in views:
            arch = self.env[view.model].get_view((view.inherit_id and view.mode == "extension" and view.inherit_id or view).id, view.type)["arch"]
            for button in etree.fromstring(arch).xpath("//*[@type='object'][@name]"):
                if next(button.iterancestors("field"), None) is not None:
                    continue
                counted += 1
                name = button.get("name")
                with self.subTest(view=view.xml_id, button=name):
                    self.assertFalse(name.startswith("_"))
                    self.assertTrue(callable(getattr(type(self.env[view.model]), name, None)))
            for button in etree.fromstring(arch).xpath("//button[@type='action'][@name]"):
                self.assertTrue(self.env["ir.actions.actions"].browse(int(button.get("name"))).exists(), button.get("name"))
        self.assertGreater(counted, 50)
