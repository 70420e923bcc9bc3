import json

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase


class SensitiveCase(PeopleCase):
    """A person with special data, and readers with and without the group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._user("p_reader", "operator", cls.body_a, cls.east, ",citta_lavoro.group_citta_sensitive,base.group_allow_export")
        cls.reader_b = cls._user("p_reader_b", "operator", cls.body_b, cls.east, ",citta_lavoro.group_citta_sensitive")
        cls.reader_west = cls._user("p_reader_west", "operator", cls.body_a, cls.west, ",citta_lavoro.group_citta_sensitive")
        cls.person = cls._pathway("Ada Prova").partner_id
        cls.other = cls._pathway("Bea Prova", cls.body_b).partner_id
        cls.special = cls.env["citta.person.sensitive"].create({"partner_id": cls.person.id, "health": "allergia", "family": "due figli"})
        cls.special_b = cls.env["citta.person.sensitive"].create({"partner_id": cls.other.id, "health": "asma"})

    def new_request(self):
        """What a request leaves in memory is gone in the next."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.cache.clear()

    def logged(self, record=None):
        rows = self.env["citta.access.log"].search([
            ("res_model", "=", "citta.person.sensitive"), ("res_id", "=", (record or self.special).id), ("user_id", "!=", self.env.uid),
        ], order="id")
        return [(row.user_id.login, row.operation, row.field_names) for row in rows]


@tagged("post_install", "-at_install")
class TestSensitive(SensitiveCase):
    """Special data: own group and scope, and every route of reading leaves a row."""

    def setUp(self):
        super().setUp()
        self.new_request()
        self.mine = self.special.with_user(self.reader)

    # -- rights ------------------------------------------------------------------

    def test_the_group_alone_opens_and_only_in_scope(self):
        self.assertEqual(self.mine.health, "allergia")
        for user in (self.operator, self.coordinator, self.administrator, self.employee):
            with self.assertRaises(AccessError):
                self.special.with_user(user).read(["health"])
            with self.assertRaises(AccessError):
                self.env["citta.person.sensitive"].with_user(user).search([])
        for user in (self.reader_b, self.reader_west):
            with self.assertRaises(AccessError):
                self.special.with_user(user).read(["health"])
            self.assertNotIn(self.special, self.env["citta.person.sensitive"].with_user(user).search([]))

    def test_a_coordinator_with_the_group_reads_the_territory(self):
        self.coordinator.group_ids = [Command.link(self.env.ref("citta_lavoro.group_citta_sensitive").id)]
        found = self.env["citta.person.sensitive"].with_user(self.coordinator).search([("id", "in", (self.special | self.special_b).ids)])
        self.assertEqual(found, self.special | self.special_b)

    def test_nothing_is_made_or_moved_out_of_scope(self):
        Special = self.env["citta.person.sensitive"].with_user(self.reader)
        third = self._pathway("Cia Prova", self.body_b).partner_id
        for forged in ({}, {"body_id": self.body_a.id}, {"body_id": self.body_a.id, "territory_id": self.east.id}):
            with self.assertRaises(UserError):
                Special.create({"partner_id": third.id, "health": "x", **forged})
        with self.assertRaises(UserError):
            self.mine.write({"body_id": self.body_b.id})
        with self.assertRaises(AccessError):
            self.mine.write({"partner_id": third.id})
        with self.assertRaises(AccessError):
            self.mine.unlink()
        with self.assertRaises(UserError):
            Special.create({"partner_id": self.body_a.id, "health": "x"})

    def test_there_is_one_record_per_person(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["citta.person.sensitive"].create({"partner_id": self.person.id})
            self.env.flush_all()

    def test_no_other_model_leads_there(self):
        for name, model in self.env.registry.items():
            for field in model._fields.values():
                self.assertNotEqual(getattr(field, "comodel_name", None), "citta.person.sensitive", f"{name}.{field.name}")

    def test_no_copy_of_values_is_kept(self):
        self.assertNotIn("message_ids", self.special._fields)
        self.assertFalse(any(getattr(field, "tracking", False) for field in self.special._fields.values()))

    # -- the log -------------------------------------------------------------------

    def test_read(self):
        self.mine.read(["health"])
        self.assertEqual(self.logged(), [("p_reader", "read", "health")])

    def test_once_per_request_and_again_in_the_next(self):
        self.mine.read(["health"])
        self.mine.read(["health", "family"])
        self.assertEqual(self.mine.family, "due figli")
        self.assertEqual(self.logged(), [("p_reader", "read", "family, health")])
        self.new_request()
        self.mine.read(["health"])
        self.assertEqual(len(self.logged()), 2)

    def test_two_readers_are_two_rows(self):
        colleague = self._user("p_reader_2", "operator", self.body_a, self.east, ",citta_lavoro.group_citta_sensitive")
        self.mine.read(["health"])
        self.new_request()
        self.special.with_user(colleague).read(["health"])
        self.assertEqual([login for login, *_rest in self.logged()], ["p_reader", "p_reader_2"])

    def test_attribute_web_read_and_search_read(self):
        Special = self.env["citta.person.sensitive"].with_user(self.reader)
        routes = [
            lambda: self.mine.justice,
            lambda: self.mine.web_read({"justice": {}}),
            lambda: Special.search_read([], ["justice"]),
            lambda: Special.web_search_read([], {"justice": {}}),
            lambda: Special.search_fetch([], ["justice"]),
            lambda: self.mine.mapped("justice"),
            lambda: self.mine.onchange({}, [], {"justice": {}}),
            lambda: self.mine.copy_data({"partner_id": self.person.id}) and self.mine.justice,
            lambda: self.mine.filtered_domain([("justice", "=", False)]),
        ]
        for number, route in enumerate(routes, 1):
            route()
            self.assertEqual(len(self.logged()), number, f"route {number}")
            self.assertEqual(self.logged()[-1], ("p_reader", "read", "justice"))
            self.new_request()

    def test_search_in_special_fields(self):
        Special = self.env["citta.person.sensitive"].with_user(self.reader)
        self.assertEqual(Special.search([("health", "ilike", "aller")]), self.special)
        self.assertEqual(self.logged(), [("p_reader", "search", "health")])
        self.assertFalse(self.logged(self.special_b))
        self.new_request()
        self.assertEqual(Special.search_count(["|", ("health", "=", "x"), "!", ("family", "=", "x")]), 1)
        self.assertEqual(self.logged()[-1], ("p_reader", "search", "family, health"))
        self.new_request()
        self.assertEqual(Special._read_group([("migration", "=", False)], [], ["__count"]), [(1,)])
        self.assertEqual(len(self.logged()), 3)

    def test_export(self):
        rows = self.mine.export_data(["partner_id/name", "health"])["datas"]
        self.assertEqual(rows, [["Ada Prova", "allergia"]])
        self.assertEqual(self.logged(), [("p_reader", "export", "health")])

    def test_sorting_grouping_and_summing_are_refused(self):
        Special = self.env["citta.person.sensitive"].with_user(self.reader)
        refused = [
            lambda: Special.search([], order="health").ids,
            lambda: Special._read_group([], ["health"], ["__count"]),
            lambda: Special._read_group([], [], ["health:array_agg"]),
            lambda: Special._read_group([], ["partner_id"], ["health:count_distinct"]),
            lambda: Special.formatted_read_group([], ["health"], ["__count"]),
            lambda: Special.web_search_read([], {"health": {}}, order="health desc"),
        ]
        for number, route in enumerate(refused, 1):
            with self.assertRaises(AccessError, msg=f"route {number}"):
                route()

    def test_other_reading_reads_nothing_special(self):
        Special = self.env["citta.person.sensitive"].with_user(self.reader)
        found = Special.search([("partner_id", "=", self.person.id)])
        self.assertEqual(found.display_name, "Ada Prova")
        found.read(["partner_id", "body_id"])
        Special.name_search("Ada")
        Special.web_search_read([], {"partner_id": {"fields": {"display_name": {}}}})
        Special._read_group([], ["body_id"], ["__count"])
        self.person.with_user(self.reader).read(["name", "email", "citta_birth_date", "child_ids", "user_ids"])
        self.assertFalse(self.logged())

    def test_a_context_from_outside_does_not_silence_the_log(self):
        quiet = self.mine.with_context(install_mode=True, tracking_disable=True, prefetch_fields=False, active_test=False)
        quiet.read(["health"])
        self.assertEqual(self.logged(), [("p_reader", "read", "health")])

    def test_what_code_reads_for_a_user_is_logged_too(self):
        self.assertEqual(self.mine.sudo().health, "allergia")
        self.assertEqual(self.logged(), [("p_reader", "read", "health")])

    def test_the_log_says_whose_data_and_which(self):
        self.special.with_user(self.reader).read(["health", "family"])
        row = self.env["citta.access.log"].search([("res_id", "=", self.special.id)], limit=1)
        officer = new_test_user(self.env, "log_officer", groups="citta_lavoro.group_citta_privacy_officer")
        seen = row.with_user(officer)
        self.assertEqual((seen.person_id, seen.what), (self.special.partner_id, "Family, Health"))
        before = self.env["citta.access.log"].search_count([])
        self.env.invalidate_all()
        seen.read(["person_id", "what"])
        self.assertEqual(self.env["citta.access.log"].search_count([]), before, "looking at the log reads no special data")
        with self.assertRaises(AccessError):
            row.with_user(self.reader).read(["person_id"])

    def test_the_log_is_nobodys_to_write(self):
        self.mine.read(["health"])
        log = self.env["citta.access.log"].search([("res_model", "=", "citta.person.sensitive")], limit=1)
        for user in (self.reader, self.administrator):
            with self.assertRaises(AccessError):
                log.with_user(user).write({"field_names": ""})
            with self.assertRaises(AccessError):
                log.with_user(user).unlink()

    def test_the_form_opens_from_the_pathway(self):
        pathway = self.env["citta.pathway"].search([("partner_id", "=", self.person.id)])
        action = pathway.with_user(self.reader).action_open_sensitive()
        self.assertEqual((action["res_model"], action["res_id"]), ("citta.person.sensitive", self.special.id))
        with self.assertRaises(AccessError):
            pathway.with_user(self.operator).action_open_sensitive()


@tagged("post_install", "-at_install")
class TestSensitiveRequests(HttpCase, SensitiveCase):
    """The same over HTTP, where readings are served by read-only cursors unless the model says that it writes."""

    def rpc(self, login, method, *args, **kwargs):
        self.authenticate(login, login)
        answer = self.url_open(
            f"/web/dataset/call_kw/citta.person.sensitive/{method}",
            data=json.dumps({"params": {"model": "citta.person.sensitive", "method": method, "args": args, "kwargs": kwargs}}),
            headers={"Content-Type": "application/json"},
        )
        return answer.json()

    def test_every_reading_call_is_logged_without_a_second_try(self):
        ids, fields = self.special.ids, {"health": {}}
        calls = [
            ("read", (ids, ["health"])), ("web_read", (ids, fields)), ("search_read", ([["id", "in", ids]], ["health"])),
            ("web_search_read", ([["id", "in", ids]], fields)), ("search", ([["health", "ilike", "aller"]],)),
            ("search_count", ([["health", "ilike", "aller"]],)), ("export_data", (ids, ["health"])),
            ("formatted_read_group", ([["health", "ilike", "aller"]], ["partner_id"], ["__count"])),
            ("web_read_group", ([["health", "ilike", "aller"]], ["partner_id"], ["__count"])),
            ("name_search", ("", [["health", "ilike", "aller"]])),
        ]
        for number, (method, args) in enumerate(calls, 1):
            with self.assertNoLogs("odoo.http", "WARNING"):
                self.assertIn("result", self.rpc("p_reader", method, *args), method)
            self.env.invalidate_all()
            self.assertEqual(len(self.logged()), number, method)

    def test_others_get_an_error_and_no_value(self):
        for login in ("p_operator", "p_reader_b", "p_employee"):
            with mute_logger("odoo.http"):
                answer = self.rpc(login, "read", self.special.ids, ["health"])
            self.assertIn("error", answer)
            self.assertNotIn("allergia", json.dumps(answer))
        self.assertFalse(self.logged())
