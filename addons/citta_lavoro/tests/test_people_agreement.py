import base64
from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools.agreement import paper_digest
from .case_common import CaseCommon, CasePortalCommon

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


class AgreementCommon(CaseCommon):
    """A plan of one goal and two actions, and an agreement made from it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goal = cls.env["citta.goal"].create({"name": "Lavorare in cucina", "pathway_id": cls.pathway.id})
        cls.visit, cls.call = cls.env["citta.action"].create([
            {"name": "Visitare il forno", "pathway_id": cls.pathway.id, "goal_id": cls.goal.id, "date_due": cls.today + timedelta(days=9)},
            {"name": "Sentire il forno", "pathway_id": cls.pathway.id, "owner": "operator"},
        ])
        cls.agreement = cls.env["citta.agreement"].with_user(cls.operator).create(
            {"pathway_id": cls.pathway.id, "profile": "Cuoca di comunità", "frequency": "monthly"}
        )

    def next(self):
        """The next version, from the button."""
        return self.agreement.browse(self.agreement.action_new_version()["res_id"])

    def sign(self, agreement, role, sha256=None, name="Ada Prova"):
        agreement._sign(role, name, sha256 or agreement.pdf_sha256)

    def signed(self, agreement):
        """Proposed and signed by both."""
        if not agreement.frequency:
            agreement.write({"frequency": "weekly", "profile": "Cuoca"})
        agreement.action_propose()
        self.sign(agreement, "person")
        agreement.action_sign()
        return agreement


@tagged("post_install", "-at_install")
class TestAgreement(AgreementCommon):
    """The paper that never changes, its versions and its signatures."""

    def test_the_pathway_proposes_the_words(self):
        self.assertEqual(self.agreement.responsible_id, self.operator)
        self.assertTrue(self.agreement.proof and self.agreement.willingness)
        assessment = self.env["citta.assessment"].with_user(self.operator).create({"pathway_id": self.pathway.id})
        assessment.line_ids[0].write({"level": "2", "is_priority": True})
        assessment.line_ids[1].level = "5"
        assessment.action_confirm()
        self.env["citta.path.decision"].with_user(self.operator).create(
            {"assessment_id": assessment.id, "path": "upskilling", "reason": "x"}
        )
        self.assertEqual(self.pathway._describe_profile(), "Path: Upskilling.\nStrengths: Training.\nTo work on: Work.")

    def test_the_words_stand_in_the_form_before_it_is_saved(self):
        self.env["citta.status.declaration"].create([
            {"pathway_id": self.pathway.id, "kind": "did", "date_start": self.today - timedelta(days=days), "date_end": until}
            for days, until in ((400, self.today - timedelta(days=300)), (40, False))
        ])
        self.pathway.path = "reskilling"
        self.agreement.with_user(self.operator).action_cancel()
        button = self.pathway.with_user(self.operator).action_open_agreement()
        form = Form(self.env["citta.agreement"].with_user(self.operator).with_context(**button["context"]))
        self.assertEqual(form.responsible_id, self.operator)
        self.assertEqual(form.profile, "Path: Reskilling.")
        self.assertEqual(form.did_date, self.today - timedelta(days=40))
        self.assertFalse(form.psp_date)
        form.profile = "Cuoca di comunità"
        self.assertEqual(form.save().profile, "Cuoca di comunità")

    def test_a_portal_user_is_not_responsible(self):
        with self.assertRaisesRegex(ValidationError, "portal users"):
            self.env["citta.agreement"].create({"pathway_id": self.of_b.id, "responsible_id": self.env.ref("base.public_user").id})

    def test_scope(self):
        self.assertScoped(self.agreement, {"profile": "x"})
        with self.assertRaises(UserError):
            self.env["citta.agreement"].with_user(self.operator).create({"pathway_id": self.of_b.id})
        self.signed(self.agreement)
        signature = self.agreement.signature_ids[0]
        self.assertTrue(signature.with_user(self.operator).read(["name"]))
        for user in (self.operator_b, self.operator_west, self.employee):
            with self.assertRaises(AccessError):
                signature.with_user(user).read(["name"])

    def test_every_heading_is_needed(self):
        for name in ("responsible_id", "profile", "frequency", "proof", "willingness"):
            before = self.agreement[name]
            self.agreement[name] = False
            with self.assertRaises(UserError) as refused:
                self.agreement.action_propose()
            self.assertIn("Still to write", str(refused.exception))
            self.agreement[name] = before
        empty = self.env["citta.agreement"].with_user(self.operator_b).create(
            {"pathway_id": self.of_b.id, "profile": "x", "frequency": "monthly"}
        )
        with self.assertRaises(UserError):
            empty.action_propose()

    def test_the_paper_is_frozen_with_its_fingerprint(self):
        self.agreement.action_propose()
        self.assertEqual(self.agreement.pdf_sha256, paper_digest(base64.b64decode(self.agreement.pdf)))
        self.assertTrue(self.agreement._is_intact())
        for values in ({"pdf": base64.b64encode(b"x")}, {"pdf_sha256": "x"}, {"pdf": False}):
            with self.assertRaises(UserError):
                self.agreement.write(values)
            with self.assertRaises(UserError):
                self.agreement.sudo().write(values)
        for values in ({"profile": "altro"}, {"frequency": "weekly"}, {"date_signed": "2020-01-01"}, {"version": 7}, {"plan_digest": "x"}):
            with self.assertRaises(UserError):
                self.agreement.write(values)
        with self.assertRaises(UserError):
            self.agreement.unlink()
        with self.assertRaises(UserError):
            self.agreement.action_propose()
        self.assertFalse(self.env["ir.attachment"].search([("res_model", "=", "citta.agreement"), ("res_id", "=", self.agreement.id)]))

    def test_a_paper_is_not_smuggled_in(self):
        forged = self.env["citta.agreement"].with_user(self.operator_b).create({
            "pathway_id": self.of_b.id, "pdf": base64.b64encode(b"x"), "pdf_sha256": "x", "version": 9, "date_signed": "2020-01-01",
        })
        self.assertEqual((forged.pdf, forged.pdf_sha256, forged.version, forged.date_signed), (False, False, 1, False))

    def test_both_sign_and_it_is_in_force(self):
        self.agreement.action_propose()
        self.sign(self.agreement, "person")
        self.assertEqual(self.agreement.state, "proposed")
        self.agreement.action_sign()
        self.assertEqual(self.agreement.state, "signed")
        self.assertTrue(self.agreement.date_signed)
        facts = {one.role: (one.name, one.user_id, one.pdf_sha256) for one in self.agreement.signature_ids}
        self.assertEqual(facts["body"], (self.operator.name, self.operator, self.agreement.pdf_sha256))
        self.assertEqual(facts["person"][0], "Ada Prova")

    def test_the_person_signs_on_the_operators_screen(self):
        self.agreement.action_propose()
        context = self.agreement.action_sign_here()["context"]
        values = {name.removeprefix("default_"): value for name, value in context.items()}
        wizard = self.env["citta.agreement.sign"].with_user(self.operator).create({**values, "name": "Ada P.", "image": PIXEL})
        wizard.action_confirm()
        signature = self.agreement.signature_ids
        self.assertEqual((signature.role, signature.name, signature.user_id), ("person", "Ada P.", self.operator))
        with self.assertRaises(UserError):
            wizard.action_confirm()
        with self.assertRaises(AccessError):
            self.env["citta.agreement.sign"].with_user(self.operator_b).create(values).action_confirm()

    def test_nobody_signs_twice(self):
        self.agreement.action_propose()
        self.agreement.action_sign()
        with self.assertRaises(UserError) as refused:
            self.agreement.action_sign()
        self.assertIn("signed already", str(refused.exception))
        self.sign(self.agreement, "person")
        with self.assertRaises(UserError):
            self.sign(self.agreement, "person")
        self.assertEqual(len(self.agreement.signature_ids), 2)

    def test_only_the_responsible_person_or_a_coordinator_signs_for_the_body(self):
        self.agreement.action_propose()
        colleague = self._user("p_colleague", "operator", self.body_a, self.east)
        with self.assertRaises(AccessError):
            self.agreement.with_user(colleague).action_sign()
        with self.assertRaises(AccessError):
            self.agreement.with_user(self.operator_b).action_sign()
        self.agreement.with_user(self.coordinator).action_sign()
        self.assertEqual(self.agreement.signature_ids.user_id, self.coordinator)

    def test_what_cannot_be_signed(self):
        with self.assertRaises(UserError):
            self.sign(self.agreement, "person", "x")
        self.agreement.action_propose()
        for sha256, name in (("other", "Ada"), (self.agreement.pdf_sha256, "  ")):
            with self.assertRaises(UserError):
                self.sign(self.agreement, "person", sha256, name)
        with self.assertRaises(UserError):
            self.agreement.write({"state": "signed"})
        self.agreement.action_cancel()
        with self.assertRaises(UserError) as refused:
            self.sign(self.agreement, "person")
        self.assertIn("old version", str(refused.exception))

    def test_signatures_are_not_forged_or_changed(self):
        self.agreement.action_propose()
        values = {"agreement_id": self.agreement.id, "role": "person", "name": "Ada", "user_id": self.operator.id, "pdf_sha256": "x"}
        with self.assertRaises(AccessError):
            self.env["citta.agreement.signature"].with_user(self.operator).create(values)
        with self.assertRaises(AccessError):
            self.agreement.write({"signature_ids": [Command.create(values)]})
        self.agreement.action_sign()
        for user in (self.operator, self.administrator):
            with self.assertRaises(UserError):
                self.agreement.signature_ids.with_user(user).write({"name": "x"})
            with self.assertRaises(UserError):
                self.agreement.signature_ids.with_user(user).unlink()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.agreement.sudo().signature_ids.create({**values, "role": "body"})

    def test_a_change_of_the_plan_needs_a_new_version(self):
        self.signed(self.agreement)
        paper = self.agreement.pdf
        self.visit.action_done()
        self.assertFalse(self.agreement.is_outdated)
        self.assertEqual(self.pathway.agreement_status, "signed")
        self.call.date_due = self.today
        self.assertTrue(self.agreement.is_outdated)
        self.assertEqual(self.pathway.agreement_status, "outdated")
        second = self.next()
        self.assertEqual((second.version, second.frequency, second.state), (2, "monthly", "draft"))
        with self.assertRaises(UserError):
            self.next()
        self.assertEqual(self.agreement.state, "signed")
        self.signed(second)
        self.assertEqual((self.agreement.state, second.state), ("superseded", "signed"))
        self.assertEqual(self.agreement.pdf, paper)
        with self.assertRaises(UserError):
            self.sign(self.agreement, "person")

    def test_a_paper_of_an_old_plan_is_not_signed(self):
        self.agreement.action_propose()
        self.env["citta.action"].create({"name": "Altro", "pathway_id": self.pathway.id})
        with self.assertRaises(UserError) as refused:
            self.sign(self.agreement, "person")
        self.assertIn("plan has changed", str(refused.exception))
        second = self.next()
        self.assertEqual((self.agreement.state, second.version), ("cancelled", 2))

    def test_a_paper_in_force_is_not_replaced_by_hand(self):
        self.signed(self.agreement)
        for state in ("superseded", "draft", "cancelled"):
            with self.assertRaises(UserError):
                self.agreement.write({"state": state})

    def test_closing_a_pathway_names_the_open_paper(self):
        (self.visit | self.call).action_done()
        self.agreement.action_propose()
        with self.assertRaises(UserError) as refused:
            self.pathway.write({"state": "closed", "outcome": "job"})
        self.assertIn("Agreement of Ada Prova", str(refused.exception))
        self.close(self.pathway)
        self.assertEqual(self.agreement.state, "cancelled")
        with self.assertRaises(UserError):
            self.next()

    def test_the_button_of_the_pathway(self):
        pathway = self.pathway.with_user(self.operator)
        self.assertEqual(pathway.action_open_agreement()["res_id"], self.agreement.id)
        self.assertFalse(self.of_b.with_user(self.operator_b).action_open_agreement()["res_id"])


@tagged("post_install", "-at_install")
class TestAgreementPortal(CasePortalCommon, AgreementCommon):
    """The person reads and signs on the phone."""

    PATH = "/my/percorso/documenti"

    def sign_online(self, agreement, login="p_ada", name="Ada Prova", sha256=None, signature=PIXEL):
        self.authenticate(login, login)
        answer = self.url_open(
            f"{self.PATH}/{agreement.id}/firma?sha256={sha256 or agreement.pdf_sha256}",
            json={"params": {"name": name, "signature": signature}},
        )
        return answer.json()["result"]

    def test_a_draft_is_not_shown(self):
        self.assertIn("There is no paper yet", self.page(self.PATH).text)
        with mute_logger("odoo.http"):
            self.assertEqual(self.page(f"{self.PATH}/{self.agreement.id}").status_code, 404)
        self.assertIn("error", self.sign_online(self.agreement, sha256="x"))

    def test_read_sign_and_keep(self):
        self.agreement.action_propose()
        self.assertIn("There is a paper to sign", self.page("/my/percorso").text)
        page = self.page(f"{self.PATH}/{self.agreement.id}").text
        for part in ("Visitare il forno", "Cuoca di comunità", "Every month", self.agreement.pdf_sha256, "portal.signature_form"):
            self.assertIn(part, page)
        self.assertIn("notice=signed", self.sign_online(self.agreement)["redirect_url"])
        signature = self.agreement.signature_ids
        self.assertEqual((signature.role, signature.name, signature.user_id, signature.ip), ("person", "Ada Prova", self.ada, "127.0.0.1"))
        self.assertTrue(signature.image)
        self.assertNotIn("There is a paper to sign", self.page("/my/percorso").text)
        self.assertIn("signed already", self.sign_online(self.agreement)["error"])
        self.assertNotIn("portal.signature_form", self.page(f"{self.PATH}/{self.agreement.id}").text)

    def test_the_paper_itself(self):
        self.agreement.action_propose()
        answer = self.page(f"{self.PATH}/{self.agreement.id}/pdf")
        self.assertEqual(paper_digest(answer.content), self.agreement.pdf_sha256)
        text = self.text_of(answer.content)
        for part in ("Version 1", self.operator.name, "Cuoca di comunità", "Visitare il forno", "Every month", "150/2015", "Willingness"):
            self.assertIn(part, text)

    def test_old_versions_are_refused_with_a_word(self):
        self.agreement.action_propose()
        second = self.next()
        second.write({"frequency": "weekly", "profile": "Cuoca"})
        second.action_propose()
        self.assertIn("old version", self.sign_online(self.agreement)["error"])
        self.assertIn("load the page again", self.sign_online(second, sha256=self.agreement.pdf_sha256)["error"])
        self.assertIn("Write your name", self.sign_online(second, name=" ")["error"])
        self.assertNotIn("error", self.sign_online(second, signature="no picture"))
        self.assertFalse(second.signature_ids.image)

    def test_nobody_signs_or_reads_for_another(self):
        self.agreement.action_propose()
        self.assertIn("error", self.sign_online(self.agreement, login="p_bea"))
        self.assertFalse(self.agreement.signature_ids)
        with mute_logger("odoo.http"):
            for path in (f"{self.PATH}/{self.agreement.id}", f"{self.PATH}/{self.agreement.id}/pdf"):
                self.assertEqual(self.page(path, "p_bea").status_code, 404)
        self.assertNotIn("version 1", self.page(self.PATH, "p_bea").text)
        for model in ("citta.agreement", "citta.agreement.signature"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.ada).search([])


@tagged("post_install", "-at_install")
class TestPlanTemplate(CaseCommon):
    """Plans begin from templates; nothing is doubled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["citta.plan.template"].create({"name": "Cucina", "line_ids": [
            Command.create({"goal": "Lavorare in cucina", "action": "Scrivere il CV", "days": 7}),
            Command.create({"goal": "Lavorare in cucina", "action": "Cercare una visita", "owner": "operator", "days": 0}),
            Command.create({"goal": "Farsi conoscere"}),
        ]})

    def apply(self, pathway=None, user=None):
        wizard = self.env["citta.plan.apply"].with_user(user or self.operator).create(
            {"pathway_id": (pathway or self.pathway).id, "template_id": self.template.id, "date_start": self.today}
        )
        return wizard.action_apply()

    def test_goals_and_actions_with_their_terms(self):
        self.apply()
        self.assertEqual(self.pathway.goal_ids.mapped("name"), ["Lavorare in cucina", "Farsi conoscere"])
        actions = {one.name: (one.owner, one.date_due, one.goal_id.name) for one in self.pathway.action_ids}
        self.assertEqual(actions, {
            "Scrivere il CV": ("person", self.today + timedelta(days=7), "Lavorare in cucina"),
            "Cercare una visita": ("operator", self.today, "Lavorare in cucina"),
        })

    def test_used_twice_nothing_is_doubled(self):
        self.apply()
        with self.assertRaises(UserError):
            self.apply()
        self.pathway.action_ids[:1].action_done()
        self.apply()
        self.assertEqual((len(self.pathway.goal_ids), len(self.pathway.action_ids)), (2, 3))

    def test_out_of_scope_and_closed(self):
        with self.assertRaises(UserError):
            self.apply(self.of_b)
        self.close(self.pathway)
        with self.assertRaises(UserError):
            self.apply()

    def test_only_a_coordinator_writes_templates(self):
        with self.assertRaises(AccessError):
            self.template.with_user(self.operator).write({"name": "X"})
        with self.assertRaises(AccessError):
            self.template.line_ids.with_user(self.operator).write({"days": 1})
        self.template.with_user(self.coordinator).write({"name": "Cucina e mensa"})
        self.assertEqual(self.template.name, "Cucina e mensa")
        self.assertEqual(self.pathway.with_user(self.operator).action_use_template()["context"]["default_pathway_id"], self.pathway.id)
