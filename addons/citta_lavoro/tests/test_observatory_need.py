from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase

MOVES = {
    "recorded": {"validated", "dropped"},
    "validated": {"priority", "answered", "dropped"},
    "priority": {"answered", "dropped"},
    "answered": {"recorded"},
    "dropped": {"recorded"},
}
WAYS = {
    "recorded": (), "validated": ("validate",), "priority": ("validate", "prioritise"),
    "answered": ("validate", "answer"), "dropped": ("drop",),
}


class ObservatoryCase(PeopleCase):
    """One observatory in the East, one in the West, and their editors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        italy = cls.env.ref("base.it")
        cls.city, cls.city_west = cls.env["res.city"].create([
            {"name": name, "country_id": italy.id, "citta_territory_id": territory.id}
            for name, territory in (("Prova Est", cls.east), ("Prova Ovest", cls.west))
        ])
        cls.observatory, cls.observatory_west = cls.env["citta.observatory"].create([
            {"name": f"Observatory {city.name}", "city_id": city.id} for city in (cls.city, cls.city_west)
        ])
        cls.editor = cls._user("o_editor", "observatory_editor", cls.body_a, cls.east)
        cls.editor_west = cls._user("o_editor_west", "observatory_editor", cls.body_a, cls.west)
        cls.need = cls._need("Bakers")

    @classmethod
    def _need(cls, name, observatory=None, **values):
        return cls.env["citta.need"].create({"name": name, "observatory_id": (observatory or cls.observatory).id, **values})


@tagged("post_install", "-at_install")
class TestNeed(ObservatoryCase):
    """Needs: their workflow, their scope, what may be published."""

    def in_state(self, state):
        """A need that went the whole way to a state."""
        need = self._need(f"In {state}", outcome="Because")
        for name in WAYS[state]:
            need._workflow_move(name)
        self.assertEqual(need.state, state)
        return need

    # -- workflow --------------------------------------------------------------

    def test_the_way_of_a_need(self):
        need = self.need.with_user(self.editor)
        for action, state in (("validate", "validated"), ("prioritise", "priority"), ("answer", "answered"), ("reopen", "recorded")):
            getattr(need, f"action_{action}")()
            self.assertEqual(need.state, state)
        log = self.env["citta.workflow.log"].search([("res_model", "=", "citta.need"), ("res_id", "=", need.id)], order="id")
        self.assertEqual(log.mapped("transition"), ["validate", "prioritise", "answer", "reopen"])
        self.assertEqual(log.user_id, self.editor)

    def test_moves_outside_the_table_are_refused(self):
        for state, allowed in MOVES.items():
            for target in MOVES.keys() - allowed - {state}:
                need = self.in_state(state)
                with self.assertRaises(UserError, msg=f"{state} → {target}"):
                    need.with_user(self.editor).write({"state": target})

    def test_the_same_button_twice_is_refused(self):
        self.need.action_validate()
        with self.assertRaises(UserError):
            self.need.action_validate()

    def test_a_need_starts_as_recorded(self):
        with self.assertRaises(UserError):
            self.env["citta.need"].with_user(self.editor).create({
                "name": "Skipped", "observatory_id": self.observatory.id, "state": "priority",
            })
        self.assertEqual(self.in_state("answered").copy().state, "recorded")

    def test_dropping_needs_a_reason(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.need.with_user(self.editor).action_drop()
            self.env.flush_all()
        self.need.with_user(self.editor).outcome = "Nothing to do with work"
        self.need.with_user(self.editor).action_drop()
        self.assertEqual(self.need.state, "dropped")

    def test_numbers_are_not_negative(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.need.affected_count = -1
            self.env.flush_all()

    # -- scope -----------------------------------------------------------------

    def test_who_sees_what(self):
        west = self._need("Night buses", self.observatory_west)
        both = self.need | west
        seen = {user: self.env["citta.need"].with_user(user).search([("id", "in", both.ids)]) for user in (
            self.editor, self.editor_west, self.operator, self.operator_west, self.coordinator, self.administrator
        )}
        for user in (self.editor, self.operator, self.coordinator):
            self.assertEqual(seen[user], self.need)
        for user in (self.editor_west, self.operator_west):
            self.assertEqual(seen[user], west)
        self.assertEqual(seen[self.administrator], both)

    def test_who_does_what(self):
        for user in (self.operator, self.coordinator, self.editor_west, self.employee):
            need = self.need.with_user(user)
            for operation in (
                lambda need=need: need.write({"name": "Changed"}),
                lambda need=need: need.action_validate(),
                lambda need=need: need.create({"name": "New", "observatory_id": self.observatory.id}),
            ):
                with self.assertRaises(AccessError):
                    operation()
        with self.assertRaises(AccessError):
            self.need.with_user(self.editor).unlink()

    def test_nobody_else_reads(self):
        for user in (self.employee, self._portal_user(self._pathway("Ada Prova"), "o_portal")):
            with self.assertRaises(AccessError):
                self.need.with_user(user).read(["name"])

    def test_an_editor_writes_only_for_own_observatories(self):
        need = self.env["citta.need"].with_user(self.editor).create({"name": "Own", "observatory_id": self.observatory.id})
        self.assertEqual((need.territory_id, need.city_id, need.user_id), (self.east, self.city, self.editor))
        with self.assertRaises(AccessError):
            self.env["citta.need"].with_user(self.editor).create({"name": "West", "observatory_id": self.observatory_west.id})

    # -- figures ---------------------------------------------------------------

    def test_the_figure_counts_what_was_not_dropped(self):
        kpi = self.env["citta.kpi"].create({"name": "Needs", "programme_id": self.programme.id, "source": "needs"})
        self.in_state("dropped")
        self._need("West", self.observatory_west)
        self.assertEqual(kpi.actual, 1)
        self.assertEqual(self.env["citta.need"].search(kpi.action_open_source()["domain"]), self.need)

    def test_the_title_with_its_municipality(self):
        self.assertEqual(self.need.display_name, "Bakers")
        self.assertEqual(self.need.with_context(citta_need_with_city=True).display_name, "Prova Est: Bakers")


@tagged("post_install", "-at_install")
class TestObservatory(ObservatoryCase):
    """Observatories, their meetings and indicators."""

    def test_one_per_municipality(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.env["citta.observatory"].create({"name": "Second", "city_id": self.city.id})

    def test_counts(self):
        self._need("Second").action_validate()
        need = self._need("Third")
        need.action_validate()
        need.action_prioritise()
        self.assertEqual((self.observatory.need_count, self.observatory.priority_count), (3, 1))
        self.assertEqual(self.env["citta.need"].search_count(self.observatory.action_open_needs()["domain"]), 3)

    def test_only_administrators_set_observatories_up(self):
        for user in (self.editor, self.coordinator):
            with self.assertRaises(AccessError):
                self.env["citta.observatory"].with_user(user).create({"name": "New", "city_id": self.city.id})
        self.observatory.with_user(self.editor).mandate = "Listen"
        with self.assertRaises(AccessError):
            self.observatory_west.with_user(self.editor).mandate = "Listen"

    def test_an_editor_calls_a_meeting_and_writes_its_minutes(self):
        meeting = self.env["event.event"].with_user(self.editor).create({
            "name": "Meeting", "citta_kind": "observatory", "citta_observatory_id": self.observatory.id,
            "date_begin": "2026-05-04 16:00:00", "date_end": "2026-05-04 18:00:00",
        })
        meeting.citta_minutes = "<p>Agreed.</p>"
        self.assertEqual(meeting.citta_territory_id, self.east)
        self.assertEqual(self.observatory.meeting_count, 1)
        self.assertEqual(self.env["event.event"].search(self.observatory.action_open_meetings()["domain"]), meeting)

    def test_an_editor_calls_no_lab_and_no_meeting_elsewhere(self):
        values = {"name": "Event", "date_begin": "2026-05-04 16:00:00", "date_end": "2026-05-04 18:00:00"}
        for more in (
            {"citta_kind": "lab", "citta_programme_id": self.programme.id},
            {"citta_kind": "observatory", "citta_observatory_id": self.observatory_west.id},
            {},
        ):
            with self.assertRaises(AccessError):
                self.env["event.event"].with_user(self.editor).create({**values, **more})

    def test_a_meeting_does_not_become_a_lab(self):
        meeting = self.env["event.event"].with_user(self.editor).create({
            "name": "Meeting", "citta_kind": "observatory", "citta_observatory_id": self.observatory.id,
            "date_begin": "2026-05-04 16:00:00", "date_end": "2026-05-04 18:00:00",
        })
        with self.assertRaises(AccessError):
            meeting.write({"citta_kind": "lab"})


@tagged("post_install", "-at_install")
class TestIndicator(ObservatoryCase):
    """Indicators: one value for each municipality and period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.indicator = cls.env["citta.indicator"].create({
            "name": "Unemployment", "code": "T-UNEMP", "definition": "Seeking per hundred active", "source": "Invented", "unit": "%",
        })

    def value(self, period="2026-04-01", city=None, user=None, **values):
        return self.env["citta.indicator.value"].with_user(user or self.editor).create({
            "indicator_id": self.indicator.id, "city_id": (city or self.city).id, "period": period, "value": 7.5, **values,
        })

    def test_one_value_per_municipality_and_period(self):
        value = self.value()
        self.assertEqual((value.period_label, value.territory_id, self.indicator.value_count), ("2026 Q2", self.east, 1))
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.value()
        self.value("2026-07-01")

    def test_a_period_is_named_by_its_first_day(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.value("2026-04-02")

    def test_labels_of_periods(self):
        value = self.value("2026-11-01")
        for periodicity, label in (("month", "2026-11"), ("quarter", "2026 Q4"), ("year", "2026")):
            self.indicator.periodicity = periodicity
            self.assertEqual(value.period_label, label)

    def test_scope(self):
        value = self.value()
        for user in (self.operator, self.coordinator):
            self.assertEqual(value.with_user(user).value, 7.5)
            with self.assertRaises(AccessError):
                self.value("2026-10-01", user=user)
        with self.assertRaises(AccessError):
            self.value(city=self.city_west)
        with self.assertRaises(AccessError):
            value.with_user(self.editor_west).read(["value"])
        with self.assertRaises(AccessError):
            self.env["citta.indicator"].with_user(self.employee).search([])

    def test_the_button_opens_the_values(self):
        value = self.value()
        self.assertEqual(self.env["citta.indicator.value"].search(self.indicator.action_open_values()["domain"]), value)
