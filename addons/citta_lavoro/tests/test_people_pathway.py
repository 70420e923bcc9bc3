from datetime import timedelta

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestPathway(PeopleCase):
    """The case: its course, its exit, and who may do what to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway = cls._pathway("Ada Prova")
        cls.of_b = cls._pathway("Bea Prova", cls.body_b)
        cls.in_west = cls._pathway("Ugo Prova", programme=cls.programme_west)
        cls.all = cls.pathway | cls.of_b | cls.in_west

    def close(self, pathway, user=None, **values):
        """Close by the wizard, as a user."""
        wizard = self.env["citta.pathway.close"].with_user(user or self.operator).create(
            {"pathway_id": pathway.id, "outcome": "job", **values}
        )
        return wizard.action_confirm()

    # -- scope ---------------------------------------------------------------

    def visible(self, user):
        return self.env["citta.pathway"].with_user(user).search([("id", "in", self.all.ids)])

    def test_each_role_sees_its_scope(self):
        self.assertEqual(self.visible(self.operator), self.pathway)
        self.assertEqual(self.visible(self.operator_b), self.of_b)
        self.assertEqual(self.visible(self.operator_west), self.in_west)
        self.assertEqual(self.visible(self.coordinator), self.pathway | self.of_b)
        self.assertEqual(self.visible(self.administrator), self.all)

    def test_an_employee_without_role_gets_nothing(self):
        with self.assertRaises(AccessError):
            self.visible(self.employee)
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.employee).read(["state"])

    def test_other_scopes_are_closed_on_every_route(self):
        for user in (self.operator_b, self.operator_west):
            pathway = self.pathway.with_user(user)
            with self.assertRaises(AccessError):
                pathway.read(["partner_id"])
            with self.assertRaises(AccessError):
                pathway.write({"date_next_contact": self.today})
            with self.assertRaises(AccessError):
                pathway.action_activate()
            with self.assertRaises(UserError):
                pathway.export_data(["partner_id/name"])
            self.assertFalse(pathway.name_search("Ada Prova"))
            self.assertFalse(pathway._read_group([("id", "=", pathway.id)], ["stage_id"], ["__count"]))

    def test_the_person_is_hidden_with_the_pathway(self):
        person = self.pathway.partner_id
        self.assertEqual((person.citta_is_person, person.citta_body_id, person.citta_territory_id), (True, self.body_a, self.east))
        with self.assertRaises(AccessError):
            person.with_user(self.operator_b).read(["name"])
        with self.assertRaises(AccessError):
            person.with_user(self.employee).read(["name"])
        self.assertEqual(person.with_user(self.operator).name, "Ada Prova")

    # -- forged values ---------------------------------------------------------

    def vals(self, **values):
        person = self.env["res.partner"].create({"name": "Nuova Prova"})
        return {"partner_id": person.id, "programme_id": self.programme.id, "body_id": self.body_a.id, **values}

    def test_an_operator_creates_in_the_own_scope(self):
        pathway = self.env["citta.pathway"].with_user(self.operator).create(self.vals())
        self.assertEqual((pathway.territory_id, pathway.state, pathway.referent_id), (self.east, "draft", self.operator))
        self.assertEqual(pathway.stage_id, self.env.ref("citta_lavoro.pathway_stage_welcome"))

    def test_an_operator_does_not_create_elsewhere(self):
        Pathway = self.env["citta.pathway"].with_user(self.operator)
        for forged in ({"body_id": self.body_b.id}, {"programme_id": self.programme_west.id}):
            with self.assertRaises(AccessError):
                Pathway.create(self.vals(**forged))
        with self.assertRaises(UserError):
            Pathway.create(self.vals(programme_id=self.programme_west.id, territory_id=self.east.id))

    def test_an_operator_does_not_take_somebody_elses_person(self):
        with self.assertRaises(AccessError):
            self.env["citta.pathway"].with_user(self.operator).create(self.vals(partner_id=self.of_b.partner_id.id))
        self.assertEqual(self.of_b.partner_id.citta_body_id, self.body_b)

    def test_a_firm_or_a_colleague_is_no_person(self):
        for partner in (self.body_b, self.employee.partner_id):
            with self.assertRaises(UserError):
                self.env["citta.pathway"].with_user(self.operator).create(self.vals(partner_id=partner.id))
            self.assertFalse(partner.citta_is_person)

    def test_who_and_where_never_change(self):
        pathway = self.pathway.with_user(self.operator)
        other = self.env["res.partner"].create({"name": "Altra Prova"})
        for forged in ({"partner_id": other.id}, {"programme_id": self.programme_west.id}, {"territory_id": self.west.id}):
            with self.assertRaises(UserError):
                pathway.write(forged)
        pathway.write({"partner_id": self.pathway.partner_id.id, "date_next_contact": self.today})
        self.assertEqual(self.pathway.date_next_contact, self.today)

    def test_only_a_coordinator_moves_a_person_to_another_body(self):
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.operator).write({"body_id": self.body_b.id})
        with self.assertRaisesRegex(UserError, "no privacy deed in force"):
            self.pathway.with_user(self.coordinator).write({"body_id": self.body_b.id})
        self.env["citta.privacy.deed"].create({"partner_id": self.body_b.id, "reference": "1/2026"})
        self.pathway.with_user(self.coordinator).write({"body_id": self.body_b.id})
        self.assertEqual(self.pathway.partner_id.citta_body_id, self.body_b)
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.operator).read(["state"])

    def test_the_state_is_not_set_by_hand(self):
        with self.assertRaises(UserError):
            self.env["citta.pathway"].with_user(self.operator).create(self.vals(state="active"))
        with self.assertRaises(UserError):
            self.pathway.with_user(self.operator).write({"state": "suspended"})

    def test_a_portal_user_is_no_referent(self):
        own, strange = self._portal_user(self.pathway, "p_portal_own"), self._portal_user(self.of_b, "p_portal_referent")
        for user, refusal in ((own, ValidationError), (strange, AccessError)):
            with self.assertRaises(refusal):
                self.pathway.with_user(self.operator).write({"referent_id": user.id})

    def test_operators_delete_nothing_that_has_started(self):
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.operator).unlink()
        self.pathway.action_activate()
        with self.assertRaises(UserError):
            self.pathway.with_user(self.administrator).unlink()
        self.of_b.with_user(self.administrator).unlink()
        self.assertFalse(self.of_b.exists())

    # -- one open pathway --------------------------------------------------------

    def test_one_open_pathway_per_person_and_programme(self):
        values = {"partner_id": self.pathway.partner_id.id, "programme_id": self.programme.id, "body_id": self.body_a.id}
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["citta.pathway"].create(values)
            self.env.flush_all()
        self.close(self.pathway)
        again = self.env["citta.pathway"].with_user(self.operator).create(values)
        self.assertEqual(again.state, "draft")

    def test_reopening_beside_an_open_one_is_refused(self):
        self.close(self.pathway)
        self.env["citta.pathway"].create({
            "partner_id": self.pathway.partner_id.id, "programme_id": self.programme.id, "body_id": self.body_a.id,
        })
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.pathway.with_user(self.coordinator).action_reopen()
            self.env.flush_all()

    # -- course ----------------------------------------------------------------

    def test_course(self):
        pathway = self.pathway.with_user(self.operator)
        pathway.action_activate()
        pathway.action_suspend()
        pathway.action_resume()
        self.assertEqual(pathway.state, "active")
        moves = self.env["citta.workflow.log"].search([("res_model", "=", "citta.pathway"), ("res_id", "=", pathway.id)])
        self.assertEqual(moves.mapped("transition"), ["resume", "suspend", "activate"])
        self.assertEqual(moves.user_id, self.operator)

    def test_illegal_moves(self):
        pathway = self.pathway.with_user(self.operator)
        for move in ("action_suspend", "action_resume"):
            with self.assertRaises(UserError):
                getattr(pathway, move)()
        pathway.action_activate()
        with self.assertRaises(UserError):
            pathway.action_activate()

    def test_no_start_without_fiscal_code_or_reason(self):
        self.pathway.partner_id.citta_no_fiscal_code_reason = False
        with self.assertRaises(UserError):
            self.pathway.with_user(self.operator).action_activate()
        self.pathway.partner_id.citta_fiscal_code = "RCCMNL83S18D969H"
        self.pathway.with_user(self.operator).action_activate()
        self.assertEqual(self.pathway.state, "active")

    def test_contacted_today(self):
        self.pathway.with_user(self.operator).action_contacted()
        self.assertEqual(self.pathway.date_last_contact, self.today)

    def test_late_is_shown_until_the_end(self):
        self.pathway.date_next_contact = self.today - timedelta(days=1)
        self.assertTrue(self.pathway.is_late)
        self.pathway.date_next_contact = self.today
        self.assertFalse(self.pathway.is_late)

    # -- exit ------------------------------------------------------------------

    def test_closing_with_an_outcome(self):
        self.close(self.pathway, outcome="training", outcome_note="Corso")
        self.assertEqual((self.pathway.state, self.pathway.outcome, self.pathway.date_end), ("closed", "training", self.today))
        self.assertTrue(self.pathway.stage_id.is_exit)

    def test_closing_twice_is_refused(self):
        self.close(self.pathway)
        with self.assertRaises(UserError):
            self.close(self.pathway, outcome="moved")
        self.assertEqual(self.pathway.outcome, "job")

    def test_closing_by_another_body_is_refused(self):
        with self.assertRaises(AccessError):
            self.close(self.pathway, self.operator_b)

    def test_closing_needs_an_outcome_on_every_route(self):
        with self.assertRaises(UserError):
            self.pathway.with_user(self.operator).write({"state": "closed"})
        for bad in ({"outcome": "job"}, {"date_end": self.today}):
            self._refuse_everywhere(bad)
        self.close(self.pathway)
        self._refuse_everywhere({"outcome": False})

    def _refuse_everywhere(self, bad):
        """Users are told, and the database holds where code acts without them."""
        with self.assertRaises(UserError):
            self.pathway.with_user(self.operator).write(bad)
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.pathway.sudo().write(bad)
            self.env.flush_all()

    def test_an_end_before_the_start_is_refused(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.close(self.pathway, date_end=self.today - timedelta(days=3))
            self.env.flush_all()

    def test_open_obligations_hold_a_closure_up(self):
        action = self.env["citta.action"].create({"name": "Portare il CV", "pathway_id": self.pathway.id})
        with self.assertRaises(UserError):
            self.close(self.pathway)
        with self.assertRaises(UserError):
            self.close(self.pathway, closing_reason="   ")
        with self.assertRaises(UserError):
            self.pathway.with_user(self.operator).write({"state": "closed", "outcome": "job"})
        self.assertEqual((self.pathway.state, action.state), ("draft", "open"))
        self.close(self.pathway, closing_reason="Ha trovato lavoro")
        self.assertEqual((self.pathway.state, action.state), ("closed", "dropped"))
        self.assertEqual(self.pathway.closing_reason, "Ha trovato lavoro")

    def test_the_wizard_names_what_is_open(self):
        self.env["citta.action"].create({"name": "Portare il CV", "pathway_id": self.pathway.id})
        wizard = self.env["citta.pathway.close"].with_user(self.operator).new({"pathway_id": self.pathway.id})
        self.assertIn("Portare il CV", wizard.obligations)

    def test_only_a_coordinator_reopens(self):
        self.close(self.pathway)
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.operator).action_reopen()
        with self.assertRaises(AccessError):
            self.pathway.with_user(self.operator).write({"state": "active", "outcome": False, "date_end": False})
        self.pathway.with_user(self.coordinator).action_reopen()
        self.assertEqual((self.pathway.state, self.pathway.outcome, self.pathway.date_end), ("active", False, False))
        self.assertFalse(self.pathway.stage_id.is_exit)

    def test_the_exit_column_follows_the_state(self):
        exit_stage = self.env.ref("citta_lavoro.pathway_stage_exit")
        with self.assertRaises(ValidationError):
            self.pathway.with_user(self.operator).write({"stage_id": exit_stage.id})
        self.pathway.with_user(self.operator).write({"stage_id": self.env.ref("citta_lavoro.pathway_stage_plan").id})
        self.close(self.pathway)
        with self.assertRaises(ValidationError):
            self.pathway.with_user(self.operator).write({"stage_id": self.env.ref("citta_lavoro.pathway_stage_plan").id})

    def test_there_is_one_exit_stage(self):
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["citta.pathway.stage"].create({"name": "Second", "is_exit": True})
            self.env.flush_all()
        with self.assertRaises(AccessError):
            self.env["citta.pathway.stage"].with_user(self.coordinator).create({"name": "Mine"})

    # -- figures and filters -----------------------------------------------------

    def test_active_pathways_are_counted(self):
        kpi = self.env["citta.kpi"].create(
            {"name": "Active", "programme_id": self.programme.id, "source": "active_pathways", "target": 10}
        )
        self.assertEqual(kpi.actual, 0)
        (self.pathway | self.of_b).action_activate()
        kpi.invalidate_recordset()
        self.assertEqual(kpi.actual, 2)
        kpi.invalidate_recordset()
        self.assertEqual(kpi.with_user(self.operator).actual, 1)
        self.assertEqual(kpi.with_user(self.coordinator).action_open_source()["res_model"], "citta.pathway")

    def test_filters_of_the_search_view_find(self):
        view = self.env["citta.pathway"].get_view(view_type="search")
        for name in ("mine", "late", "silent", "no_next_contact"):
            self.assertIn(f'name="{name}"', view["arch"])
        self.pathway.date_last_contact = self.today - timedelta(days=10)
        silent = [("state", "in", ["draft", "active"]), "|", ("date_last_contact", "=", False), ("date_last_contact", "<", "today -30d")]
        found = self.env["citta.pathway"].search([("id", "in", self.all.ids), *silent])
        self.assertEqual(found, self.of_b | self.in_west)

    # -- speed -----------------------------------------------------------------

    def count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        return self.env.cr.sql_log_count - before

    def test_lists_cost_the_same_at_3_and_30_rows(self):
        many = [self._pathway(f"Persona {number}") for number in range(30)]
        for one in many:
            self.env["citta.action"].create({"name": "Una cosa", "pathway_id": one.id})
        names = ["partner_id", "stage_id", "body_id", "referent_id", "date_next_contact", "is_late", "open_action_count", "state"]
        specification = {name: {"fields": {"display_name": {}}} if name.endswith("_id") else {} for name in names}
        Pathway = self.env["citta.pathway"].with_user(self.operator)

        def page(limit):
            return lambda: Pathway.web_search_read([], specification, limit=limit)

        page(30)()  # fill the caches of rules and groups
        self.assertEqual(self.count(page(3)), self.count(page(30)))

        def board(limit):
            return lambda: Pathway.web_read_group(
                [], ["stage_id"], ["__count"], auto_unfold=True, unfold_read_specification=specification, unfold_read_default_limit=limit,
            )

        board(30)()
        self.assertEqual(self.count(board(3)), self.count(board(30)))

    def test_a_form_costs_the_same_with_3_and_30_actions(self):
        few, lot = self._pathway("Poche"), self._pathway("Molte")
        self.env["citta.action"].create([
            {"name": f"Azione {number}", "pathway_id": one.id} for one, rows in ((few, 3), (lot, 30)) for number in range(rows)
        ])
        specification = {
            "partner_id": {"fields": {"display_name": {}}}, "has_portal": {},
            "action_ids": {"fields": {"name": {}, "state": {}, "is_late": {}, "goal_id": {"fields": {"display_name": {}}}}},
        }

        def open_form(pathway):
            return lambda: pathway.with_user(self.operator).web_read(specification)

        open_form(few)()
        self.assertEqual(self.count(open_form(few)), self.count(open_form(lot)))
