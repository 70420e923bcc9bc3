from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .case_common import CaseCommon, CasePortalCommon

#: Model → what each role may do with a row in its scope: read, write, create, unlink.
RIGHTS = {
    "citta.canvas": (True, True, True, False),
    "citta.canvas.line": (True, True, True, True),
    "citta.assessment": (True, True, True, True),
    "citta.assessment.line": (True, True, True, True),
    "citta.path.decision": (True, False, True, False),
    "citta.agreement": (True, True, True, True),
    "citta.agreement.signature": (True, False, False, False),
    "citta.delivery": (True, True, True, True),
    "citta.person.skill": (True, True, True, True),
    "citta.experience": (True, True, True, True),
    "citta.person.profile": (True, True, True, False),
    "citta.isee.past": (True, False, False, False),
    "citta.status.declaration": (True, True, True, True),
}


class CaseWalk(CaseCommon):
    """One row of every model of the case, in the pathway of body A and in that of body B."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["hr.skill.type"].create({
            "name": "Kitchen", "skill_ids": [Command.create({"name": "Baking"})],
            "skill_level_ids": [Command.create({"name": "Alone", "level_progress": 80})],
        })
        cls.own, cls.foreign = cls.rows(cls.pathway, cls.operator), cls.rows(cls.of_b, cls.operator_b)

    @classmethod
    def rows(cls, pathway, user):
        """Model → its row, made by the operator as on the screen."""
        env, part = cls.env(user=user), {"pathway_id": pathway.id}
        env["citta.action"].create({**part, "name": f"Deed of {pathway.display_name}"})
        canvas = env["citta.canvas"].create(dict(part))
        line = env["citta.canvas.line"].create({"canvas_id": canvas.id, "block": "talent", "text": f"Talent of {pathway.display_name}"})
        assessment = env["citta.assessment"].create(dict(part))
        assessment.line_ids[0].level = "1"
        assessment.action_confirm()
        agreement = env["citta.agreement"].create({**part, "profile": "Cook", "frequency": "weekly", "responsible_id": user.id})
        agreement.action_propose()
        agreement.action_sign()
        band, other = env["citta.isee.band"].search([], limit=2)
        profile = env["citta.person.profile"].create({**part, "hours_week": 20, "isee_band_id": band.id, "isee_date_end": cls.today})
        profile.action_isee_seen()
        profile.isee_band_id = other
        return {
            "citta.canvas": canvas,
            "citta.canvas.line": line,
            "citta.assessment": assessment,
            "citta.assessment.line": assessment.line_ids[0],
            "citta.path.decision": env["citta.path.decision"].create({"assessment_id": assessment.id, "path": "reskilling", "reason": "Said"}),
            "citta.agreement": agreement,
            "citta.agreement.signature": agreement.signature_ids,
            "citta.delivery": env["citta.delivery"].create(dict(part)),
            "citta.person.skill": env["citta.person.skill"].create({**part, "skill_id": cls.kind.skill_ids.id}),
            "citta.experience": env["citta.experience"].create({**part, "name": "Cook"}),
            "citta.person.profile": profile,
            "citta.isee.past": profile.isee_past_ids,
            "citta.status.declaration": env["citta.status.declaration"].create({**part, "kind": "did", "date_start": "2025-01-01"}),
        }


@tagged("post_install", "-at_install")
class TestCaseRights(CaseWalk):
    """The same walk over every model of the case, as each role and through each door."""

    def test_the_walk_covers_every_part_with_rights_of_its_own(self):
        part = self.env.registry["citta.pathway.item"]
        parts = {name for name, model in self.env.registry.items() if issubclass(model, part) and not model._abstract}
        self.assertLessEqual(set(RIGHTS), parts)
        self.assertEqual(set(self.own), set(RIGHTS))

    def test_every_row_carries_the_scope_of_its_pathway(self):
        for name, row in self.own.items():
            with self.subTest(model=name):
                self.assertEqual(row.pathway_id, self.pathway)
                self.assertEqual((row.partner_id, row.territory_id, row.body_id), (self.pathway.partner_id, self.east, self.body_a))

    def test_every_row_follows_a_pathway_that_moves(self):
        self.env["citta.privacy.deed"].create({"partner_id": self.body_b.id, "reference": "1/2026"})
        self.pathway.with_user(self.coordinator).body_id = self.body_b
        for name, row in self.own.items():
            with self.subTest(model=name):
                self.assertEqual(row.sudo().body_id, self.body_b)
                self.assertTrue(row.with_user(self.operator_b).read(["display_name"]))
                with self.assertRaises(AccessError):
                    row.with_user(self.operator).read(["display_name"])

    def test_rights_are_those_of_the_table(self):
        for name, wanted in RIGHTS.items():
            for user in (self.operator, self.coordinator, self.administrator):
                with self.subTest(model=name, user=user.login):
                    given = tuple(self.env[name].with_user(user).has_access(one) for one in ("read", "write", "create", "unlink"))
                    self.assertEqual(given, wanted)
            for user in (self.employee, self.env.ref("base.public_user")):
                self.assertFalse(self.env[name].with_user(user).has_access("read"), (name, user.login))

    def test_each_role_finds_its_scope_and_no_more(self):
        for name in RIGHTS:
            both = self.own[name].sudo() | self.foreign[name].sudo()
            found = {
                user.login: self.env[name].with_user(user).search([("id", "in", both.ids)])
                for user in (self.operator, self.operator_b, self.operator_west, self.coordinator, self.administrator)
            }
            with self.subTest(model=name):
                self.assertEqual(found["p_operator"].ids, self.own[name].ids)
                self.assertEqual(found["p_operator_b"].ids, self.foreign[name].ids)
                self.assertFalse(found["p_operator_west"])
                self.assertEqual(set(found["p_coordinator"].ids), set(both.ids))
                self.assertEqual(set(found["p_administrator"].ids), set(both.ids))

    def test_no_door_leads_to_another_scope(self):
        for name, row in self.foreign.items():
            theirs = row.with_user(self.operator)
            for deed in (
                lambda one: one.read(["display_name"]), lambda one: one.web_read({"display_name": {}}), lambda one: one.copy(),
                lambda one: one.export_data(["id"]), lambda one: one.unlink(), lambda one: one.write({"create_uid": one.env.uid}),
            ):
                with self.subTest(model=name), self.assertRaises(UserError):
                    deed(theirs)
            self.assertNotIn(row.id, [one[0] for one in theirs.name_search("", limit=None)])
            groups = theirs.formatted_read_group([("id", "=", row.id)], [], ["__count"])
            self.assertEqual(groups[0]["__count"], 0, name)

    def test_a_filter_over_a_relation_tells_nothing_of_another_scope(self):
        for field in ("canvas_ids.line_ids.text", "experience_ids.name", "agreement_ids.profile", "declaration_ids.kind", "profile_ids.hours_week"):
            found = self.env["citta.pathway"].with_user(self.operator).search([(field, "!=", False)])
            self.assertEqual(found, self.pathway, field)


@tagged("post_install", "-at_install")
class TestCaseScreens(CaseWalk):
    """Forms as operators fill them in, lists that cost the same for few and many, papers within the scope."""

    def test_a_new_assessment_on_the_grid(self):
        form = Form(self.env["citta.assessment"].with_user(self.operator).with_context(default_pathway_id=self.pathway.id))
        with form.line_ids.edit(0) as line:
            line.level = "4"
        assessment = form.save()
        self.assertEqual((len(assessment.line_ids), assessment._get_levels()), (10, {assessment.line_ids[0].domain_id.id: 4}))

    def test_a_new_entry_in_a_block(self):
        canvas = self.own["citta.canvas"]
        with Form(canvas.with_user(self.operator)) as form, form.value_ids.new() as line:
            line.text = "Respect"
        self.assertEqual(canvas.value_ids.mapped("text"), ["Respect"])
        self.assertEqual(canvas.line_ids.mapped("block"), ["talent", "value"])

    def test_a_new_agreement_comes_with_its_words(self):
        pathway = self._pathway("Cia Prova", referent_id=self.operator.id)
        form = Form(self.env["citta.agreement"].with_user(self.operator).with_context(default_pathway_id=pathway.id))
        form.frequency = "monthly"
        agreement = form.save()
        self.assertEqual((agreement.responsible_id, agreement.version), (self.operator, 1))

    def queries(self, model, fields, count):
        """Queries of a list of so many rows."""
        found = self.env[model].search([("pathway_id", "=", self.pathway.id)], limit=count)
        self.assertEqual(len(found), count)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        found.web_read({name: {} for name in fields})
        return self.env.cr.sql_log_count - before

    def test_lists_cost_the_same_with_3_and_30_rows(self):
        self.env["citta.delivery"].create([
            {"pathway_id": self.pathway.id, "date": self.today, "quantity": number + 1} for number in range(30)
        ])
        self.env["citta.experience"].create([{"pathway_id": self.pathway.id, "name": f"Cook {number}"} for number in range(30)])
        for model, fields in (
            ("citta.delivery", ("date", "type_id", "quantity", "unit", "user_id")),
            ("citta.experience", ("partner_id", "kind", "name", "date_from")),
        ):
            self.queries(model, fields, 3)
            self.assertEqual(self.queries(model, fields, 3), self.queries(model, fields, 30), model)

    def test_papers_are_printed_within_the_scope(self):
        engine = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        for report, record in (("canvas_report_action", self.own["citta.canvas"]), ("curriculum_report_action", self.pathway)):
            content, kind = engine.with_user(self.operator)._render_qweb_pdf(f"citta_lavoro.{report}", record.ids)
            self.assertEqual((kind, content[:4]), ("pdf", b"%PDF"), report)
            for user in (self.operator_b, self.employee):
                with self.assertRaises(AccessError):
                    engine.with_user(user)._render_qweb_pdf(f"citta_lavoro.{report}", record.ids)

    def test_meetings_are_opened_from_the_pathway(self):
        action = self.pathway.with_user(self.operator).action_open_meetings()
        start = self.env.cr.now() + timedelta(hours=1)
        meeting = self.env["calendar.event"].with_user(self.operator).with_context(action["context"]).create(
            {"name": "Talk", "start": start, "stop": start + timedelta(hours=1)}
        )
        self.assertEqual((meeting.citta_pathway_id, meeting.privacy), (self.pathway, "private"))


@tagged("post_install", "-at_install")
class TestCaseDoors(CasePortalCommon):
    """The doors on the person's first page, and pages without a pathway."""

    PATHS = ("canvas", "bussola", "documenti", "curriculum")

    def test_the_first_page_leads_to_every_tool(self):
        page = self.page("/my/percorso").text
        for path in self.PATHS:
            self.assertIn(f'href="/my/percorso/{path}"', page)
            self.assertEqual(self.page(f"/my/percorso/{path}").status_code, 200, path)

    def test_strangers_are_sent_to_log_in(self):
        for path in self.PATHS:
            answer = self.url_open(f"/my/percorso/{path}", allow_redirects=False)
            self.assertEqual(answer.status_code, 303, path)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_a_colleague_without_a_pathway_sees_no_tool_of_anybody(self):
        for path in self.PATHS:
            page = self.page(f"/my/percorso/{path}", "p_operator")
            self.assertEqual(page.status_code, 200, path)
            self.assertNotIn(self.ada.name, page.text)


@tagged("post_install", "-at_install")
class TestCaseThread(CaseWalk):
    """One thing of the case leads to the next."""

    def rule(self, **values):
        return self.env["citta.path.rule"].create({
            "programme_id": self.programme.id, "name": "so", "path": "upskilling", "subject": "barriers", "comparison": "at_least",
            "value": 1, "points": 2, **values,
        })

    def suggested(self, level="1"):
        """What is suggested when one domain has this level."""
        assessment = self.env["citta.assessment"].with_user(self.operator).create({"pathway_id": self.pathway.id})
        assessment.line_ids[0].level = level
        assessment.action_confirm()
        return assessment.suggested_path

    def test_of_two_equal_paths_the_more_intensive_is_suggested(self):
        self.rule()
        self.rule(path="inclusion")
        self.assertEqual(self.suggested(), "inclusion")
        self.rule(path="inclusion", points=-1)
        self.assertEqual(self.suggested(), "upskilling")
        self.assertFalse(self.suggested(level="5"))

    def test_an_archived_criterion_is_silent(self):
        rule = self.rule()
        self.assertEqual(self.suggested(), "upskilling")
        rule.active = False
        self.assertEqual(self.suggested(), "reskilling")

    def test_the_profession_of_the_canvas_heads_the_cv(self):
        self.assertFalse(self.pathway._get_cv()["headline"])
        line = self.env["citta.canvas.line"].with_user(self.operator)
        line.create({"canvas_id": self.own["citta.canvas"].id, "block": "profession", "text": "Baker of the afternoon"})
        self.env.invalidate_all()
        self.assertEqual(self.pathway._get_cv()["headline"], "Baker of the afternoon")

    def test_what_waits_for_an_operator_is_found(self):
        fresh = self._pathway("Cia Prova")
        Pathway = self.env["citta.pathway"].with_user(self.operator)
        self.assertEqual(Pathway.search([("assessment_ids", "=", False)]), fresh)
        waiting = self.env["citta.agreement"].with_user(self.operator).search([("state", "=", "proposed")])
        self.assertEqual(waiting.pathway_id, self.pathway)
        self.assertEqual((self.pathway.agreement_status, fresh.agreement_status), ("proposed", "none"))

    def test_a_goal_out_of_the_canvas_calls_for_a_new_agreement(self):
        agreement = self.own["citta.agreement"]
        self.assertFalse(agreement.is_outdated)
        self.own["citta.canvas.line"].with_user(self.operator).action_make_goal()
        self.assertTrue(agreement.is_outdated)
        self.assertEqual(self.pathway.agreement_status, "outdated")
        goal = self.own["citta.canvas.line"].goal_id
        goal.with_user(self.operator).action_drop()
        self.assertFalse(agreement.is_outdated)
