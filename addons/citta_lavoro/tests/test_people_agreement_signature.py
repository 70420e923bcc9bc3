import base64
import hashlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_people_agreement import PIXEL, AgreementCommon


@tagged("post_install", "-at_install")
class TestAgreementSignature(AgreementCommon):
    """The orders of signing, the paper nobody replaces, the plan that changes meanwhile."""

    def paper(self, agreement=None):
        return base64.b64decode((agreement or self.agreement).with_context(bin_size=False).pdf)

    def test_the_person_first_then_the_body(self):
        self.agreement.action_propose()
        self.sign(self.agreement, "person")
        self.assertEqual((self.agreement.state, self.agreement.date_signed), ("proposed", False))
        self.agreement.action_sign()
        self.assertEqual(self.agreement.signature_ids.mapped("role"), ["person", "body"])
        self.assertEqual(self.agreement.state, "signed")

    def test_the_body_first_then_the_person(self):
        self.agreement.action_propose()
        self.agreement.action_sign()
        self.assertEqual((self.agreement.state, self.agreement.date_signed), ("proposed", False))
        self.sign(self.agreement, "person")
        self.assertEqual(self.agreement.signature_ids.mapped("role"), ["body", "person"])
        self.assertEqual(self.agreement.state, "signed")
        self.assertEqual(set(self.agreement.signature_ids.mapped("pdf_sha256")), {self.agreement.pdf_sha256})

    def test_each_twice_in_every_order(self):
        self.agreement.action_propose()
        for role in ("body", "person"):
            self.sign(self.agreement, role)
            with self.assertRaises(UserError) as refused:
                self.sign(self.agreement, role, name="Un altro")
            self.assertIn("Ada Prova", str(refused.exception))
        for role in ("person", "body"):
            with self.assertRaises(UserError):
                self.sign(self.agreement, role)
        self.assertEqual(len(self.agreement.signature_ids), 2)

    def test_the_name_is_kept_without_blanks_at_its_ends(self):
        self.agreement.action_propose()
        self.sign(self.agreement, "person", name="  Ada Prova ")
        self.assertEqual((self.agreement.signature_ids.name, self.agreement.signature_ids.ip), ("Ada Prova", False))

    def test_a_drawn_signature_is_kept_with_its_row(self):
        self.agreement.action_propose()
        self.agreement._sign("person", "Ada Prova", self.agreement.pdf_sha256, PIXEL)
        signature = self.agreement.signature_ids.with_context(bin_size=False)
        self.assertEqual(signature.image.decode(), PIXEL)
        self.assertFalse(self.env["ir.attachment"].search_count([("res_model", "=", signature._name)]))

    def test_the_fingerprint_is_recomputed_by_anybody(self):
        self.agreement.action_propose()
        self.assertTrue(self.paper().startswith(b"%PDF"))
        self.assertEqual(hashlib.sha256(self.paper()).hexdigest(), self.agreement.pdf_sha256)
        self.signed_after_propose()
        self.assertEqual(hashlib.sha256(self.paper()).hexdigest(), self.agreement.signature_ids[0].pdf_sha256)

    def signed_after_propose(self):
        self.sign(self.agreement, "person")
        self.agreement.action_sign()

    def test_a_paper_changed_under_the_hood_is_not_signed(self):
        self.agreement.action_propose()
        self.env.flush_all()
        self.env.cr.execute("UPDATE citta_agreement SET pdf = %s WHERE id = %s", [base64.b64encode(b"%PDF other"), self.agreement.id])
        self.env.invalidate_all()
        self.assertFalse(self.agreement._is_intact())
        for role in ("person", "body"):
            with self.assertRaises(UserError):
                self.sign(self.agreement, role)
        self.assertFalse(self.agreement.signature_ids)

    def test_no_role_replaces_or_deletes_the_paper(self):
        self.agreement.action_propose()
        before = self.paper()
        for user in (self.operator, self.coordinator, self.administrator):
            mine = self.agreement.with_user(user)
            for values in ({"pdf": base64.b64encode(b"x")}, {"pdf": False}, {"pdf_sha256": "x"}, {"plan_digest": "x"}, {"date_proposed": False}):
                with self.assertRaises(UserError):
                    mine.write(values)
            with self.assertRaises(UserError):
                mine.unlink()
        self.assertEqual(self.paper(), before)
        self.assertTrue(self.agreement._is_intact())

    def test_an_attachment_beside_the_paper_changes_nothing(self):
        self.agreement.action_propose()
        before = self.paper()
        self.env["ir.attachment"].with_user(self.operator).create({
            "name": "pdf", "res_model": "citta.agreement", "res_id": self.agreement.id, "raw": b"%PDF other",
        })
        self.env.invalidate_all()
        self.assertEqual(self.paper(), before)
        self.sign(self.agreement, "person")
        self.assertEqual(self.agreement.signature_ids.pdf_sha256, hashlib.sha256(before).hexdigest())

    def test_the_signing_window_shows_no_foreign_paper(self):
        self.agreement.action_propose()
        values = {"agreement_id": self.agreement.id, "pdf_sha256": self.agreement.pdf_sha256, "name": "x"}
        self.env.flush_all()
        for user in (self.operator_b, self.operator_west):
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                window = self.env["citta.agreement.sign"].with_user(user).create(values)
                window.read(["pdf"])
        window = self.env["citta.agreement.sign"].with_user(self.operator).create(values)
        self.assertEqual(base64.b64decode(window.with_context(bin_size=False).pdf), self.paper())

    def test_the_old_version_is_signed_no_more(self):
        self.agreement.action_propose()
        self.sign(self.agreement, "person")
        second = self.next()
        second.action_propose()
        for role in ("person", "body"):
            with self.assertRaises(UserError):
                self.sign(self.agreement, role)
        self.assertEqual((self.agreement.state, len(self.agreement.signature_ids), len(second.signature_ids)), ("cancelled", 1, 0))

    def test_the_paper_of_one_version_is_not_signed_under_another(self):
        self.agreement.action_propose()
        second = self.next()
        self.visit.date_due = self.today
        second.action_propose()
        self.assertNotEqual(second.pdf_sha256, self.agreement.pdf_sha256)
        with self.assertRaises(UserError) as refused:
            self.sign(second, "person", self.agreement.pdf_sha256)
        self.assertIn("load the page again", str(refused.exception))

    def test_which_changes_of_the_plan_count(self):
        self.agreement.action_propose()
        changes = [
            (self.visit, {"name": "Visitare la mensa"}), (self.visit, {"owner": "operator"}), (self.visit, {"date_due": False}),
            (self.goal, {"name": "Lavorare in sala"}), (self.goal, {"date_due": self.today}),
        ]
        for part, values in changes:
            before = {name: part[name] for name in values}
            part.write(values)
            self.assertTrue(self.agreement.is_outdated, values)
            with self.assertRaises(UserError):
                self.sign(self.agreement, "person")
            part.write(before)
            self.assertFalse(self.agreement.is_outdated, values)
        self.call.action_done()
        self.goal.action_reach()
        self.assertFalse(self.agreement.is_outdated)
        self.visit.action_drop()
        self.assertTrue(self.agreement.is_outdated)

    def test_versions_keep_their_numbers_and_papers(self):
        papers = {}
        for number in (1, 2, 3):
            current = self.agreement if number == 1 else self.next()
            self.signed(current)
            papers[number] = current.pdf_sha256
        states = [(one.version, one.state) for one in self.pathway.agreement_ids.sorted("version")]
        self.assertEqual(states, [(1, "superseded"), (2, "superseded"), (3, "signed")])
        self.assertEqual(len(set(papers.values())), 3)
        for one in self.pathway.agreement_ids:
            self.assertEqual(hashlib.sha256(self.paper(one)).hexdigest(), papers[one.version])

    def test_one_draft_is_taken_away_and_its_number_used_again(self):
        self.agreement.unlink()
        again = self.env["citta.agreement"].with_user(self.operator).create({"pathway_id": self.pathway.id})
        self.assertEqual((again.version, again.state), (1, "draft"))
        with self.assertRaises(UserError):
            self.sign(again, "person", again.pdf_sha256)
        again.action_cancel()
        with self.assertRaises(UserError):
            again.action_propose()
        with self.assertRaises(AccessError):
            again.with_user(self.operator_b).action_new_version()
