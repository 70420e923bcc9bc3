from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_people_agreement import AgreementCommon
from .test_people_curriculum import CurriculumCommon


@tagged("post_install", "-at_install")
class TestCaseReach(AgreementCommon, CurriculumCommon):
    """Every part of a pathway's case, by every door: who follows the person reaches it, nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reviewer = cls._user("p_reviewer", "reviewer", cls.body_a, cls.east)
        cls.ada = cls._portal_user(cls.pathway, "p_reach_ada")
        cls.public = cls.env.ref("base.public_user")
        exporting = cls.operator | cls.coordinator | cls.operator_b | cls.operator_west | cls.reviewer | cls.employee
        exporting.write({"group_ids": [Command.link(cls.env.ref("base.group_allow_export").id)]})
        cls.inside = (cls.operator, cls.coordinator, cls.administrator)
        cls.scoped_out = (cls.operator_b, cls.operator_west)
        cls.locked_out = (cls.reviewer, cls.employee, cls.ada, cls.public)
        case = {"pathway_id": cls.pathway.id}
        canvas = cls._make("citta.canvas", **case)
        cls.work = cls.env.ref("citta_lavoro.life_domain_work")
        assessment = cls._make("citta.assessment", **case, line_ids=[Command.create({"domain_id": cls.work.id, "level": "2"})])
        draft = cls._make("citta.assessment", **case, line_ids=[Command.create({"domain_id": cls.work.id, "level": "3"})])
        assessment.action_confirm()
        cls.talk = cls.env["citta.delivery.type"].create({"name": "Talk", "unit": "hours"})
        cls.agreement.sudo().action_propose()
        cls.agreement.sudo()._sign("person", "Ada Prova", cls.agreement.pdf_sha256)
        trial = cls._make(
            "citta.internship", **case, host_id=cls.body_b.id, date_start=cls.today, date_end=cls.today,
            skill_ids=[Command.create({"skill_id": cls.email.id})],
        )
        cls.rows = [
            trial, trial.skill_ids, cls._make("citta.message", **case, text="Ciao"), cls._make("citta.feedback", **case, text="Grazie", kind="thanks"),
            canvas, cls._make("citta.canvas.line", canvas_id=canvas.id, block="talent", text="Cucinare"),
            draft, draft.line_ids,
            cls._make("citta.path.decision", assessment_id=assessment.id, path="inclusion", reason="Detto insieme"),
            cls.agreement, cls.agreement.signature_ids,
            cls._make("citta.delivery", **case, type_id=cls.talk.id, quantity=1),
            cls._make("citta.person.skill", **case, skill_id=cls.baking.id),
            cls._make("citta.experience", **case, name="Cuoca"),
            cls._make("citta.person.profile", **case, household_size=3),
            cls._make("citta.status.declaration", **case, kind="did", date_start="2025-01-01"),
        ]
        cls.fresh = {
            "citta.message": {**case, "text": "Preso"},
            "citta.feedback": {**case, "text": "Preso"},
            "citta.canvas.line": {"canvas_id": canvas.id, "block": "value", "text": "Preso"},
            "citta.assessment": case,
            "citta.assessment.line": {"assessment_id": draft.id, "domain_id": cls.env.ref("citta_lavoro.life_domain_money").id},
            "citta.path.decision": {"assessment_id": assessment.id, "path": "upskilling", "reason": "Preso"},
            "citta.delivery": {**case, "type_id": cls.talk.id, "quantity": 2},
            "citta.person.skill": {**case, "skill_id": cls.email.id},
            "citta.experience": {**case, "name": "Preso"},
            "citta.status.declaration": {**case, "kind": "naspi", "date_start": "2025-01-01"},
        }

    @classmethod
    def _make(cls, model, **values):
        return cls.env[model].with_user(cls.operator).create(values)

    def each(self, users):
        """Every row as every one of the users, each with an empty cache."""
        for row in self.rows:
            for user in users:
                self.env.flush_all()
                self.env.invalidate_all()
                yield row.with_user(user)

    def assertRefused(self, deed, *args):
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
            deed(*args)

    def test_search(self):
        for row in self.each(self.inside):
            self.assertEqual(row.search([("id", "=", row.id)]), row)
            self.assertEqual(row.search_count([("pathway_id", "=", self.pathway.id), ("id", "=", row.id)]), 1)
        for row in self.each(self.scoped_out):
            self.assertFalse(row.search([("pathway_id", "=", self.pathway.id)]))
            self.assertEqual(row.search_count([("partner_id", "=", self.pathway.partner_id.id)]), 0)
        for row in self.each(self.locked_out):
            self.assertRefused(row.search, [])

    def test_read_by_id(self):
        for row in self.each(self.inside):
            self.assertEqual(row.read(["partner_id", "body_id"], load=None), [
                {"id": row.id, "partner_id": self.pathway.partner_id.id, "body_id": self.body_a.id}
            ])
        for row in self.each(self.scoped_out + self.locked_out):
            self.assertRefused(row.read, ["partner_id"])

    def test_groups_and_sums(self):
        for row in self.each(self.inside):
            groups = row._read_group([("id", "=", row.id)], ["body_id"], ["__count"])
            self.assertEqual([(body.id, count) for body, count in groups], [(self.body_a.id, 1)])
        for row in self.each(self.scoped_out):
            self.assertFalse(row._read_group([("body_id", "=", self.body_a.id)], ["partner_id"], ["__count"]))
        for row in self.each(self.locked_out):
            self.assertRefused(row._read_group, [], ["partner_id"], ["__count"])

    def test_name_search(self):
        for row in self.each(self.inside):
            self.assertEqual([one for one, _name in row.name_search("", [("id", "=", row.id)])], [row.id])
        for row in self.each(self.scoped_out):
            self.assertFalse(row.name_search("", [("id", "=", row.id)]))
        for row in self.each(self.locked_out):
            self.assertRefused(row.name_search, "", [("id", "=", row.id)])

    def test_export(self):
        for row in self.each((self.operator, self.coordinator)):
            self.assertEqual(row.export_data(["partner_id/name"])["datas"], [[self.pathway.partner_id.name]])
        for row in self.each(self.scoped_out + (self.reviewer, self.employee)):
            self.assertRefused(row.export_data, ["partner_id/name"])
        for row in self.each((self.ada, self.public)):
            with self.assertRaises(UserError):
                row.export_data(["partner_id/name"])

    def test_write(self):
        for row in self.each(self.scoped_out + self.locked_out):
            self.assertRefused(row.write, {"body_id": self.body_b.id})
            self.assertEqual(row.sudo().body_id, self.body_a)

    def test_create(self):
        for model, values in self.fresh.items():
            before = self.env[model].search_count([])
            for user in self.scoped_out + self.locked_out:
                with self.subTest(model=model, user=user.login):
                    with self.assertRaises(UserError), mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
                        self.env[model].with_user(user).create(values)
            self.assertEqual(self.env[model].search_count([]), before)
            made = self.env[model].with_user(self.coordinator).create(values)
            self.assertEqual((made.partner_id, made.body_id, made.territory_id), (self.pathway.partner_id, self.body_a, self.east))

    def test_unlink(self):
        for row in self.each(self.scoped_out + self.locked_out):
            self.assertRefused(row.unlink)
            self.assertTrue(row.sudo().exists())

    def test_own_operator_takes_away_only_what_is_no_evidence(self):
        kept = {
            "citta.message", "citta.feedback", "citta.canvas", "citta.path.decision", "citta.agreement", "citta.agreement.signature",
            "citta.person.profile",
        }
        for row in reversed(list(self.rows)):
            mine = row.with_user(self.operator)
            if row._name in kept:
                with self.assertRaises(UserError):
                    mine.unlink()
                self.assertTrue(row.exists())
            else:
                mine.unlink()
                self.assertFalse(row.exists())

    def test_a_copy_is_no_way_round(self):
        for row in self.each(self.scoped_out + self.locked_out):
            with self.assertRaises(UserError), mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
                row.copy()

    def test_the_scope_ends_when_the_person_moves(self):
        self.env["citta.privacy.deed"].create({"partner_id": self.body_b.id, "reference": "1/2026"})
        self.pathway.with_user(self.coordinator).body_id = self.body_b
        for row in self.each((self.operator_b, self.coordinator)):
            self.assertEqual(row.body_id, self.body_b)
        for row in self.each((self.operator,)):
            self.assertFalse(row.search([("id", "=", row.id)]))
            self.assertRefused(row.read, ["partner_id"])
