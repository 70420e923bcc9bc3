from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .network_common import NetworkCase

# Who is who: a role, in a body and a territory. The rows below belong to the first body, in the East.
CAST = ("operator", "operator_b", "operator_west", "coordinator", "administrator", "manager", "manager_west", "editor", "editor_west",
        "reviewer", "reviewer_west", "officer", "reader", "reader_b", "employee")
BODY = "operator reader coordinator administrator "
EAST = BODY + "operator_b reader_b "
INSIDE = " ".join(CAST)

# row → who finds it, who changes it, who deletes it; nobody else does
RIGHTS = {
    "pathway": (BODY, BODY, "administrator"),
    "goal": (BODY, BODY, BODY),
    "action": (BODY, BODY, BODY),
    "note": (BODY, BODY, ""),
    "special": ("reader", "reader", ""),
    "slot": (BODY, BODY, BODY),
    "cohort": (EAST, "coordinator administrator", "coordinator administrator"),
    "invitation": (BODY, BODY, ""),
    "person": (BODY + "officer", BODY, "administrator"),
    "contact": (BODY, BODY, "administrator"),
    "free_contact": (EAST, EAST, "administrator"),
    "request": ("coordinator administrator manager", "coordinator administrator manager", "administrator"),
    "idea": (BODY + "editor reviewer", BODY, "administrator"),
    "member_a": (EAST + "manager", "manager administrator", "administrator"),
    "commitment": (EAST + "manager", "manager administrator", "manager administrator"),
    "service": (EAST + "manager", "manager administrator", "manager administrator"),
    "opportunity": (EAST + "manager", "manager administrator", "administrator"),
    "application": (BODY + "manager", BODY + "manager", "administrator"),
    "challenge": (EAST + "editor reviewer", "coordinator editor administrator", "administrator"),
    "review": ("reviewer coordinator administrator", "reviewer", "administrator"),
    "observatory": (EAST + "editor", "editor administrator", "administrator"),
    "need": (EAST + "editor", "editor administrator", "administrator"),
    "value": (EAST + "editor", "editor administrator", "editor administrator"),
    "consent": (BODY + "officer", BODY + "officer", ""),
    "kpi": (EAST, "administrator", "administrator"),
    "imported": (BODY.replace("reader ", ""), "", "administrator"),
    "imported_line": (BODY.replace("reader ", ""), "", "administrator"),
    "move": ("administrator officer", "", ""),
    "reading": ("officer", "", ""),
    "programme": (INSIDE, "administrator", "administrator"),
    "east": (INSIDE, "administrator", "administrator"),
    "purpose": (INSIDE, "officer administrator", "administrator"),
    "stage": (INSIDE, "administrator", "administrator"),
}


@tagged("post_install", "-at_install")
class TestRoleReach(NetworkCase):
    """Every model with rules, every role, both ways: who reaches a row does, who does not is refused on each route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, role, body, territory in (
            ("editor", "observatory_editor", cls.body_a, cls.east), ("editor_west", "observatory_editor", cls.body_a, cls.west),
            ("reviewer", "reviewer", cls.body_a, cls.east), ("reviewer_west", "reviewer", cls.body_a, cls.west),
            ("officer", "privacy_officer", cls.body_a, cls.east),
        ):
            setattr(cls, name, cls._user(f"r_{name}", role, body, territory))
        for name, body in (("reader", cls.body_a), ("reader_b", cls.body_b)):
            setattr(cls, name, cls._user(f"r_{name}", "operator", body, cls.east, ",citta_lavoro.group_citta_sensitive"))
        cls.rows = {name: getattr(cls, name) for name in ("member_a", "opportunity", "programme", "east")}
        cls.rows.update(cls._case_rows() | cls._lead_rows() | cls._territory_rows() | cls._log_rows())

    @classmethod
    def _make(cls, model, **values):
        return cls.env[model].create(values)

    @classmethod
    def _case_rows(cls):
        case = {"pathway_id": cls.pathway_a.id}
        return {
            "pathway": cls.pathway_a, "person": cls.pathway_a.partner_id, "application": cls._application(),
            "goal": cls._make("citta.goal", name="Goal", **case), "action": cls._make("citta.action", name="Action", **case),
            "slot": cls._make(
                "citta.meeting.slot", start="2040-01-02 09:00:00", location="Desk", body_id=cls.body_a.id, territory_id=cls.east.id,
            ),
            "cohort": cls._make("citta.cohort", name="Edition", programme_id=cls.programme.id, body_id=cls.body_a.id),
            "invitation": cls._make("citta.invitation", **case), "note": cls._make("citta.note", text="Note", visibility="team", **case),
            "special": cls._make("citta.person.sensitive", partner_id=cls.pathway_a.partner_id.id, health="asma"),
        }

    @classmethod
    def _lead_rows(cls):
        def lead(team, body, **values):
            return cls._make(
                "crm.lead", name="Ada Prova", type="opportunity", user_id=False, citta_body_id=body.id, citta_programme_id=cls.programme.id,
                team_id=cls.env.ref(f"citta_lavoro.crm_team_{team}").id, citta_territory_id=cls.east.id, **values,
            )
        idea = lead("incubator", cls.body_a)
        return {
            "contact": lead("intake", cls.body_a), "free_contact": lead("intake", cls.env["res.partner"]),
            "request": lead("network", cls.env["res.partner"]), "idea": idea,
            "review": cls.env["citta.review"].with_user(cls.reviewer).create({"lead_id": idea.id}).sudo(),
        }

    @classmethod
    def _territory_rows(cls):
        member = {"member_id": cls.member_a.id}
        observatory = cls._make("citta.observatory", name="Observatory", city_id=cls.city.id)
        indicator = cls._make("citta.indicator", name="Without work", code="r-without-work", definition="d", source="Office", unit="people")
        return {
            "observatory": observatory, "need": cls._make("citta.need", name="Need", observatory_id=observatory.id),
            "value": cls._make("citta.indicator.value", indicator_id=indicator.id, city_id=cls.city.id, period="2024-01-01", value=7),
            "challenge": cls._make("citta.challenge", name="Challenge", problem="Problem", programme_id=cls.programme.id),
            "commitment": cls._make("citta.commitment", name="Hours", **member), "service": cls._make("citta.service", name="Desk", **member),
            "kpi": cls._make("citta.kpi", name="Members", programme_id=cls.programme.id, source="members"),
            "purpose": cls.env.ref("citta_lavoro.purpose_callback"), "stage": cls.env["citta.pathway.stage"].search([], limit=1),
        }

    @classmethod
    def _log_rows(cls):
        imported = cls._make("citta.intake.import", name="elenco.csv", user_id=cls.operator.id, territory_id=cls.east.id)
        person = cls.pathway_a.partner_id
        cls.env["citta.access.log"].with_user(cls.reader)._log(person, ["health"])
        return {
            "imported": imported,
            "imported_line": cls._make("citta.intake.import.line", import_id=imported.id, row=2, outcome="taken"),
            "consent": cls._make(
                "citta.consent", partner_id=person.id, purpose_id=cls.env.ref("citta_lavoro.purpose_callback").id, channel="paper",
                territory_id=cls.east.id,
            ),
            "move": cls.env["citta.workflow.log"].search([("res_model", "=", "citta.pathway"), ("res_id", "=", cls.pathway_a.id)], limit=1),
            "reading": cls.env["citta.access.log"].search([("user_id", "=", cls.reader.id)], limit=1),
        }

    def as_each(self, name):
        """(role, the row with its eyes)"""
        return [(role, self.rows[name].with_user(getattr(self, role))) for role in CAST]

    def outsiders(self):
        """(row's name, the row with the eyes of each role that must not find it)"""
        for name, (readers, _writers, _deleters) in RIGHTS.items():
            for role, row in self.as_each(name):
                if role not in readers.split():
                    yield f"{name} for {role}", row

    def assertRoles(self, position, may):
        """The roles for which ``may(row)`` holds are those of the table, for every row."""
        for name, rights in RIGHTS.items():
            with self.subTest(row=name):
                self.assertTrue(self.rows[name])
                found = {role for role, row in self.as_each(name) if may(row)}
                self.assertEqual(found, set(rights[position].split()))

    def test_who_finds_what(self):
        self.assertRoles(0, lambda row: row.has_access("read") and row.search_count([("id", "=", row.id)]))

    def test_who_changes_what(self):
        self.assertRoles(1, lambda row: row.has_access("write"))

    def test_who_deletes_what(self):
        self.assertRoles(2, lambda row: row.has_access("unlink"))

    def test_the_others_read_nothing_by_id(self):
        for label, row in self.outsiders():
            for deed in (lambda one: one.read(["display_name"]), lambda one: one.copy()):
                with self.subTest(label), self.assertRaises(AccessError):
                    deed(row)

    def test_the_others_find_nothing_by_name(self):
        for label, row in self.outsiders():
            if row.browse().has_access("read"):
                with self.subTest(label):
                    self.assertNotIn(row.id, [found[0] for found in row.name_search("", limit=None)])
                    self.assertFalse(row.search_count([("id", "=", row.id)]))
                    self.assertFalse(row.formatted_read_group([("id", "=", row.id)], [], ["__count"])[0]["__count"])

    def test_nobody_exports_without_the_right_to(self):
        for name in ("pathway", "person", "note", "special", "consent"):
            for role, row in self.as_each(name):
                if role != "administrator":
                    with self.subTest(row=name, role=role), self.assertRaises(UserError):
                        row.export_data(["id"])

    def test_the_right_to_export_opens_no_other_scope(self):
        exporters = [
            self._user(f"r_export_{number}", "operator", body, territory, ",base.group_allow_export")
            for number, (body, territory) in enumerate(((self.body_b, self.east), (self.body_a, self.west)))
        ]
        for user in exporters:
            for name in ("pathway", "goal", "note", "person", "special", "contact", "application"):
                with self.subTest(row=name, user=user.login), self.assertRaises(AccessError):
                    self.rows[name].with_user(user).export_data(["id", "display_name"])
