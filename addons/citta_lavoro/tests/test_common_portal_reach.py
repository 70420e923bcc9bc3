from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .network_common import NetworkCase

READABLE = {"citta.pathway", "citta.goal", "citta.action"}
CORE = {"crm.lead", "event.registration", "survey.user_input", "survey.user_input.line"}


@tagged("post_install", "-at_install")
class TestPortalReach(NetworkCase):
    """What a participant, a company's delegate and a passer-by reach over RPC: the allow-list, and nothing beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.public = cls.env.ref("base.public_user")
        cls.outsiders = cls.person_a | cls.delegate_a | cls.public
        cls.own, cls.foreign = ({
            "citta.pathway": pathway,
            "citta.goal": cls.env["citta.goal"].create({"name": "Goal", "pathway_id": pathway.id}),
            "citta.action": cls.env["citta.action"].create({"name": "Action", "pathway_id": pathway.id}),
        } for pathway in (cls.pathway_a, cls.pathway_b))
        cls._application()
        cls.env["citta.consent"].create({
            "partner_id": cls.pathway_a.partner_id.id, "purpose_id": cls.env.ref("citta_lavoro.purpose_callback").id,
            "channel": "paper", "territory_id": cls.east.id,
        })
        cls.env["crm.lead"].create({
            "name": "Own contact", "partner_id": cls.pathway_a.partner_id.id, "user_id": False,
            "team_id": cls.env.ref("citta_lavoro.crm_team_intake").id, "citta_territory_id": cls.east.id,
        })

    def models(self):
        """Every model with rows that this addon brings, and the core ones that hold the programme's people."""
        ours = {
            name for name, model in self.env.registry.items()
            if name.startswith("citta.") and model._original_module == "citta_lavoro" and not model._abstract
        }
        return sorted(ours | CORE)

    def closed(self):
        """(user, model, one row of it) for all that must stay shut."""
        for user in self.outsiders:
            for name in self.models():
                if user == self.public or name not in READABLE:
                    record = self.env[name].search([], limit=1) or self.env[name].browse(1)
                    yield user, name, record.with_user(user)

    def assertShut(self, deed, kind=AccessError):
        """The deed is refused for every outsider on every model that is not on the list."""
        for user, name, record in self.closed():
            with self.subTest(user=user.login, model=name), self.assertRaises(kind):
                deed(record)

    def test_the_walk_covers_the_addon(self):
        """The walk below is over real models with real rows, not over an empty list."""
        names = self.models()
        self.assertGreater(len(names), 30)
        self.assertLessEqual(READABLE | CORE | {"citta.note", "citta.consent", "citta.person.sensitive"}, set(names))
        for name in ("citta.application", "citta.member", "citta.consent", "crm.lead", "citta.workflow.log"):
            self.assertTrue(self.env[name].search_count([]), name)

    def test_allow_list_is_exactly_what_the_access_rows_say(self):
        readable = {name for name in self.models() if self.env[name].with_user(self.person_a).has_access("read")}
        self.assertEqual(readable, READABLE)
        self.assertFalse([name for name in self.models() if self.env[name].with_user(self.public).has_access("read")])

    def test_nobody_outside_may_change_any_model(self):
        for user in self.outsiders:
            for name in self.models():
                for operation in ("write", "create", "unlink"):
                    self.assertFalse(self.env[name].with_user(user).has_access(operation), (user.login, name, operation))

    def test_nothing_is_searched(self):
        self.assertShut(lambda record: record.search_read([], ["id"]))
        self.assertShut(lambda record: record.search_count([]))

    def test_nothing_is_grouped(self):
        self.assertShut(lambda record: record.formatted_read_group([], [], ["__count"]))

    def test_nothing_is_found_by_name(self):
        self.assertShut(lambda record: record.name_search(""))

    def test_nothing_is_read_by_id(self):
        self.assertShut(lambda record: record.read(["id", "display_name"]))
        self.assertShut(lambda record: record.web_read({"display_name": {}}))

    def test_nothing_is_written_or_deleted(self):
        """A consent answers a rewriting with its own refusal, before the rights are asked."""
        self.assertShut(lambda record: record.write({"create_uid": record.env.uid}), UserError)
        self.assertShut(lambda record: record.unlink())

    def test_nothing_is_copied(self):
        self.assertShut(lambda record: record.copy())

    def test_nothing_is_exported(self):
        self.assertShut(lambda record: record.export_data(["id"]), UserError)

    def test_own_rows_are_all_that_is_found(self):
        for name, own in self.own.items():
            mine = self.env[name].with_user(self.person_a)
            self.assertEqual(mine.search([]), own, name)
            self.assertEqual([row["id"] for row in mine.search_read([], ["id"])], own.ids, name)
            self.assertEqual([row[0] for row in mine.name_search("")], own.ids, name)
            self.assertEqual(mine.formatted_read_group([], [], ["__count"])[0]["__count"], 1, name)

    def test_a_delegate_has_no_pathway_at_all(self):
        for name, own in self.own.items():
            self.assertFalse(self.env[name].with_user(self.delegate_a).search([]), name)
            with self.assertRaises(AccessError):
                own.with_user(self.delegate_a).read(["display_name"])

    def test_foreign_rows_of_readable_models_are_refused_by_id(self):
        for name, foreign in self.foreign.items():
            theirs = foreign.with_user(self.person_a)
            for deed in (lambda row: row.read(["display_name"]), lambda row: row.web_read({"display_name": {}}), lambda row: row.copy()):
                with self.subTest(model=name), self.assertRaises(AccessError):
                    deed(theirs)

    def test_own_rows_are_not_changed(self):
        for name, own in self.own.items():
            mine = own.with_user(self.person_a)
            for deed in (
                lambda row: row.write({"create_uid": row.env.uid}), lambda row: row.unlink(), lambda row: row.copy(),
                lambda row: row.create({"name": "x", "pathway_id": self.pathway_a.id}),
            ):
                with self.subTest(model=name), self.assertRaises(AccessError):
                    deed(mine)
            with self.assertRaises(UserError):
                mine.export_data(["id"])

    def test_hidden_rows_are_not_guessed_by_a_path(self):
        """A filter over a relation does not answer questions about models that are shut."""
        Pathway = self.env["citta.pathway"].with_user(self.person_a)
        with self.assertRaises(AccessError):
            Pathway.search([("note_ids.text", "ilike", "a")])
        with self.assertRaises(AccessError):
            Pathway.search([("partner_id.citta_fiscal_code", "ilike", "a")])
        with self.assertRaises(AccessError):
            Pathway.formatted_read_group([], ["partner_id.citta_fiscal_code"], ["__count"])
