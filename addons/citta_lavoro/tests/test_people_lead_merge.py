from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestLeadMerge(PeopleCase):
    """Two first contacts become one: what hangs on the one that disappears goes with the one that stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.opened = cls.env.ref("citta_lavoro.crm_stage_intake_opened")

    def open(self, lead, user=None):
        return lead.with_user(user or self.operator)._open_pathway()

    def merge(self, leads, user=None):
        """What a request does that comes later, by a user with an empty memory."""
        self.env.flush_all()
        self.env.invalidate_all()
        return leads.with_user(user or self.operator)._merge_opportunity().with_user(self.env.user)

    def test_the_pathway_of_what_disappears_is_kept(self):
        """An archived contact is the last to stay, also if it has the pathway."""
        lead, gone = self._lead(), self._lead()
        pathway = self.open(gone)
        lead.message_post(body="Called in spring")
        gone.message_post(body="Wrote in autumn")
        gone.active = False
        kept = self.merge(lead | gone)
        self.assertEqual(((lead | gone).exists(), kept), (lead, lead))
        self.assertEqual((pathway.lead_id, kept.citta_pathway_ids, kept.stage_id), (lead, pathway, self.opened))
        self.assertEqual(self.open(kept), pathway, "the contact that stays opens no second pathway")
        history = " ".join(kept.message_ids.mapped("body"))
        self.assertIn("Called in spring", history)
        self.assertIn("Wrote in autumn", history)

    def test_the_pathway_of_what_stays_is_kept(self):
        lead, double = self._lead(), self._lead()
        pathway = self.open(lead)
        self.assertEqual(self.merge(lead | double), lead)
        self.assertEqual((pathway.lead_id, lead.stage_id), (lead, self.opened))

    def test_by_the_wizard_of_the_crm_too(self):
        lead, gone = self._lead(), self._lead()
        pathway = self.open(gone)
        gone.active = False
        wizard = self.env["crm.merge.opportunity"].with_user(self.administrator).create({"opportunity_ids": (lead | gone).ids})
        wizard.action_merge()
        self.assertFalse(gone.exists())
        self.assertEqual(pathway.lead_id, lead)

    def test_two_pathways_keep_their_own_contacts(self):
        ada, bea = self._lead(contact_name="Ada Prova"), self._lead(contact_name="Bea Prova")
        pathways = self.open(ada) | self.open(bea)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.merge(ada | bea)
        self.assertEqual((ada | bea).exists(), ada | bea)
        self.assertEqual(pathways.lead_id, ada | bea)

    def test_a_pathway_out_of_sight_counts_and_is_not_named(self):
        ada = self._lead(contact_name="Ada Prova")
        bea = self._lead(contact_name="Bea Prova", email_from="segreta@esempio.example")
        hidden = self.open(bea).sudo()
        hidden.body_id = self.body_b
        self.open(ada)
        with self.assertRaises(AccessError):
            hidden.with_user(self.operator).read(["date_start"])
        with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
            self.merge(ada | bea)
        self.assertNotIn("Bea", str(refused.exception))
        self.assertEqual(hidden.lead_id, bea)

    def test_rows_of_imported_lists_follow(self):
        lead, gone = self._lead(), self._lead()
        gone.active = False
        imported = self.env["citta.intake.import"].create({
            "name": "elenco.csv", "user_id": self.operator.id, "territory_id": self.east.id,
            "line_ids": [Command.create({"row": 2, "outcome": "taken", "lead_id": gone.id})],
        })
        self.merge(lead | gone)
        self.assertEqual(imported.line_ids.lead_id, lead)

    def test_what_is_out_of_reach_is_not_merged(self):
        lead, foreign = self._lead(), self._lead(citta_body_id=self.body_b.id)
        for user in (self.operator, self.operator_west, self.employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError), self.env.cr.savepoint():
                self.merge(lead | foreign, user)
        self.assertEqual((lead | foreign).exists(), lead | foreign)


@tagged("post_install", "-at_install")
class TestFindPerson(PeopleCase):
    """A person is found again by the number, in whatever spelling."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._pathway("Gina Prova").partner_id
        cls.person.write({"phone": "+39 333 123 4567", "email": False})

    def found(self, user=None, **values):
        lead = self._lead(consent=False, **{"contact_name": "gina prova", "email_from": False, **values})
        return lead.with_user(user or self.operator)._find_person()

    def test_one_number_in_many_spellings(self):
        for phone in ("3331234567", "333-12.34.567", "0039 333 1234567", "+39333 1234567"):
            with self.subTest(phone=phone):
                self.assertEqual(self.found(phone=phone), self.person)

    def test_another_number_or_another_name_is_another_person(self):
        for values in ({"phone": "333 7654321"}, {"phone": False}, {"phone": "333 1234567", "contact_name": "Anna Prova"}):
            with self.subTest(values=values):
                self.assertFalse(self.found(**values))

    def test_a_person_out_of_scope_is_not_found(self):
        for user in (self.administrator, self.coordinator):
            self.assertEqual(self.found(user, phone="3331234567"), self.person)
        hidden = self._pathway("Lia Prova", body=self.body_b).partner_id
        hidden.phone = "333 9998887"
        self.assertFalse(self.found(contact_name="Lia Prova", phone="3339998887"))
