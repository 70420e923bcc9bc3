from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestUserScope(PeopleCase):
    """The programme's administrator says where colleagues work and in which role, and reaches nothing else of a user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(cls.env, "s_colleague", groups="base.group_user")
        cls.path_a, cls.path_west = cls._pathway("Ada Prova"), cls._pathway("Cleo Prova", programme=cls.programme_west)

    def role(self, name):
        return self.env.ref(f"citta_lavoro.group_citta_{name}")

    def scope(self, user, by=None, **values):
        """The dialogue about a user, opened and filled in by somebody."""
        scopes = self.env["citta.user.scope"].with_user(by or self.administrator)
        return scopes.create({"user_id": user.id, **{name: [Command.set(records.ids)] for name, records in values.items()}})

    def set_scope(self, user, **values):
        self.scope(user, **values).action_apply()

    def seen(self, user):
        return self.env["citta.pathway"].with_user(user).search([("id", "in", (self.path_a | self.path_west).ids)])

    def assertRefused(self, scope):
        """The dialogue changes nothing of its user."""
        user = scope.sudo().user_id
        before = (user.group_ids, user.citta_body_ids, user.citta_territory_ids)
        with self.assertRaises(AccessError):
            scope.action_apply()
        self.assertEqual((user.group_ids, user.citta_body_ids, user.citta_territory_ids), before)

    # -- what it does --------------------------------------------------------

    def test_the_dialogue_sets_a_colleague_to_work(self):
        action = self.colleague.with_user(self.administrator).action_citta_scope()
        form = Form(self.env["citta.user.scope"].with_user(self.administrator).with_context(action["context"]))
        self.assertEqual(form.user_id, self.colleague)
        form.territory_ids.add(self.east)
        form.body_ids.add(self.body_a)
        form.role_ids.add(self.role("operator"))
        form.save().action_apply()
        self.assertEqual(self.seen(self.colleague), self.path_a)
        self.assertTrue(self.colleague.has_group("citta_lavoro.group_citta_operator"))

    def test_the_dialogue_begins_with_what_is(self):
        scope = self.scope(self.operator)
        self.assertEqual((scope.territory_ids, scope.body_ids, scope.role_ids), (self.east, self.body_a, self.role("operator")))

    def test_applied_twice_is_once(self):
        for _time in range(2):
            self.set_scope(self.colleague, territory_ids=self.west, body_ids=self.body_a, role_ids=self.role("coordinator"))
        self.assertEqual(self.seen(self.colleague), self.path_west)
        self.assertEqual(self.colleague.citta_role_ids, self.role("coordinator"))

    def test_a_role_taken_away_counts_at_once_and_other_rights_stay(self):
        exporter = self.env.ref("base.group_allow_export")
        self.operator.group_ids = [Command.link(exporter.id)]
        self.set_scope(self.operator, role_ids=self.env["res.groups"])
        self.assertFalse(self.operator.citta_role_ids)
        self.assertIn(exporter, self.operator.group_ids)
        self.assertTrue(self.operator._is_internal())
        with self.assertRaises(AccessError):
            self.seen(self.operator)

    def test_another_rung_of_the_ladder_replaces_the_first(self):
        self.set_scope(self.coordinator, role_ids=self.role("operator") | self.role("network_manager"))
        self.assertEqual(self.coordinator.citta_role_ids, self.role("operator") | self.role("network_manager"))
        self.assertFalse(self.coordinator.has_group("citta_lavoro.group_citta_coordinator"))

    def test_it_is_noted_who_gave_what(self):
        self.set_scope(self.colleague, territory_ids=self.east, role_ids=self.role("sensitive"))
        note = self.colleague.partner_id.message_ids[0]
        self.assertEqual(note.author_id, self.administrator.partner_id)
        self.assertIn("East", note.body)
        self.assertIn(self.role("sensitive").name, note.body)

    def test_the_list_shows_colleagues_to_the_administrator(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("citta_lavoro.res_users_scope_action")
        names = {"login": {}, "citta_role_ids": {"fields": {"display_name": {}}}, "citta_territory_ids": {}}
        rows = self.env["res.users"].with_user(self.administrator).web_search_read([("share", "=", False)], names)["records"]
        row = next(row for row in rows if row["login"] == "p_operator")
        self.assertEqual([role["id"] for role in row["citta_role_ids"]], self.role("operator").ids)
        self.assertEqual(action["view_mode"], "list")

    # -- what it refuses -----------------------------------------------------

    def test_nobody_sets_the_own_scope(self):
        self.assertRefused(self.scope(self.administrator, territory_ids=self.east, role_ids=self.role("sensitive")))

    def test_whoever_runs_the_system_is_out_of_reach(self):
        keeper = new_test_user(self.env, "s_keeper", groups="base.group_erp_manager")
        for user in (self.env.ref("base.user_admin"), self.env.ref("base.user_root"), keeper):
            with self.subTest(user=user.login):
                self.assertRefused(self.scope(user, role_ids=self.role("operator")))

    def test_only_colleagues_who_work_here_now(self):
        gone = new_test_user(self.env, "s_gone", groups="base.group_user", active=False)
        for user in (self._portal_user(self.path_a, "s_portal"), self.env.ref("base.public_user"), gone):
            with self.subTest(user=user.login):
                self.assertRefused(self.scope(user, role_ids=self.role("operator")))

    def test_no_group_but_the_programmes_own_is_given(self):
        for name in ("base.group_system", "base.group_erp_manager", "base.group_partner_manager", "base.group_allow_export", "sales_team.group_sale_manager"):
            with self.subTest(group=name):
                self.assertRefused(self.scope(self.colleague, role_ids=self.env.ref(name) | self.role("operator")))

    def test_no_person_is_a_users_body(self):
        self.assertRefused(self.scope(self.colleague, body_ids=self.path_a.partner_id))

    def test_a_user_changed_after_the_form_was_opened_is_checked_again(self):
        scope = self.scope(self.colleague, role_ids=self.role("operator"))
        scope.write({"user_id": self.administrator.id})
        self.assertRefused(scope)

    def test_nobody_else_opens_the_dialogue(self):
        manager = self._user("s_manager", "network_manager", self.body_a, self.east)
        officer = self._user("s_officer", "privacy_officer", self.body_a, self.east)
        for user in (self.employee, self.operator, self.coordinator, manager, officer, self._portal_user(self.path_a, "s_person")):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.scope(self.colleague, by=user, role_ids=self.role("operator"))
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.scope(self.colleague, role_ids=self.role("operator")).with_user(user).action_apply()

    def test_the_users_themselves_stay_shut(self):
        """The dialogue is the only door: the administrator still writes no user."""
        for values in ({"citta_territory_ids": [Command.link(self.east.id)]}, {"login": "x"}, {"group_ids": [Command.link(self.role("operator").id)]}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self.colleague.with_user(self.administrator).write(values)
        with self.assertRaises(AccessError):
            self.role("operator").with_user(self.administrator).write({"user_ids": [Command.link(self.colleague.id)]})
