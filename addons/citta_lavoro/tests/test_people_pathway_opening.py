from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase

CODE, TWIN, WRONG = "RCCMNL83S18D969H", "RCCMNL83S18D9S9T", "RCCMNL83S18D969X"


@tagged("post_install", "-at_install")
class TestOpening(PeopleCase):
    """From first contact to pathway."""

    def open(self, lead, user=None):
        return lead.with_user(user or self.operator)._open_pathway()

    def test_a_contact_becomes_a_pathway(self):
        lead = self._lead(phone="000 111", citta_fiscal_code=CODE)
        action = lead.with_user(self.operator).action_open_pathway()
        pathway = self.env["citta.pathway"].browse(action["res_id"])
        person = pathway.partner_id
        self.assertEqual((pathway.lead_id, pathway.programme_id, pathway.body_id, pathway.state), (lead, self.programme, self.body_a, "draft"))
        self.assertEqual((person.name, person.email, person.phone), ("Aldo Prova", "aldo.prova@esempio.example", "000 111"))
        self.assertEqual((person.citta_fiscal_code, person.citta_no_fiscal_code_reason), (CODE, False))
        self.assertEqual((person.citta_is_person, person.citta_body_id, person.citta_territory_id), (True, self.body_a, self.east))
        self.assertEqual((lead.partner_id, lead.stage_id), (person, self.env.ref("citta_lavoro.crm_stage_intake_opened")))
        consent = self.env["citta.consent"].search([("partner_id", "=", person.id)])
        self.assertEqual((consent.lead_id, consent.territory_id), (lead, self.east))

    def test_twice_is_once(self):
        lead = self._lead()
        self.assertEqual(self.open(lead), self.open(lead))
        self.assertEqual(self.env["citta.pathway"].search_count([("lead_id", "=", lead.id)]), 1)
        self.assertEqual(lead.with_user(self.operator).citta_pathway_count, 1)

    def test_a_free_contact_is_taken_by_the_users_body(self):
        lead = self._lead(citta_body_id=False)
        self.assertEqual(self.open(lead).body_id, self.body_a)
        self.assertEqual(lead.citta_body_id, self.body_a)

    def test_no_consent_no_pathway(self):
        without, withdrawn = self._lead(consent=False), self._lead()
        withdrawn.citta_consent_ids.action_withdraw()
        for lead in (without, withdrawn):
            with self.assertRaises(UserError):
                self.open(lead)
            self.assertFalse(lead.citta_pathway_ids)
            self.assertFalse(lead.partner_id.citta_is_person)

    def test_another_body_or_territory_does_not_open(self):
        lead = self._lead()
        for user in (self.operator_b, self.operator_west, self.employee):
            with self.assertRaises(AccessError):
                self.open(lead, user)

    def test_which_body_and_programme_must_be_clear(self):
        lead = self._lead(citta_body_id=False)
        with self.assertRaises(UserError):
            self.open(lead, self.administrator)
        self.env["citta.programme"].create({
            "name": "Second", "code": "p-east-2", "territory_id": self.east.id, "date_start": "2024-01-01",
            "lead_partner_id": self.body_a.id,
        })
        lead.write({"citta_body_id": self.body_a.id, "citta_programme_id": False, "citta_territory_id": self.east.id})
        with self.assertRaises(UserError):
            self.open(lead)

    def test_the_person_is_found_again(self):
        first = self.open(self._lead(citta_fiscal_code=CODE))
        first.write({"state": "closed", "outcome": "job"})
        by_code = self.open(self._lead(contact_name="A. Prova", email_from=False, citta_fiscal_code=CODE))
        self.assertEqual(by_code.partner_id, first.partner_id)
        by_code.write({"state": "closed", "outcome": "job"})
        by_mail = self.open(self._lead(contact_name="aldo prova"))
        self.assertEqual(by_mail.partner_id, first.partner_id)

    def test_a_shared_mailbox_is_not_a_person(self):
        first = self.open(self._lead())
        sister = self.open(self._lead(contact_name="Anna Prova"))
        self.assertNotEqual(sister.partner_id, first.partner_id)

    def test_another_fiscal_code_is_another_person(self):
        first = self.open(self._lead(citta_fiscal_code=CODE))
        namesake = self.open(self._lead(citta_fiscal_code=TWIN))
        self.assertNotEqual(namesake.partner_id, first.partner_id)

    def test_a_name_with_wildcards_matches_nobody(self):
        first = self.open(self._lead())
        self.assertNotEqual(self.open(self._lead(contact_name="%")).partner_id, first.partner_id)

    def test_a_person_with_an_open_pathway_gets_no_second(self):
        self.open(self._lead(citta_fiscal_code=CODE))
        again = self._lead(citta_fiscal_code=CODE)
        with self.assertRaises(UserError):
            self.open(again)
        self.assertFalse(again.citta_pathway_ids)

    def test_a_person_of_another_body_is_not_named(self):
        lead = self._lead(contact_name="Segreta Prova", citta_fiscal_code=CODE, citta_body_id=self.body_b.id)
        self.open(lead, self.operator_b)
        with self.assertRaises(UserError) as refused:
            self.open(self._lead(contact_name="Altra", citta_fiscal_code=CODE))
        self.assertNotIn("Segreta", str(refused.exception))

    def test_the_column_says_that_there_is_a_pathway(self):
        lead = self._lead()
        with self.assertRaises(ValidationError):
            lead.with_user(self.operator).stage_id = self.env.ref("citta_lavoro.crm_stage_intake_opened")

    def test_a_merged_contact_keeps_the_pathway(self):
        lead, double = self._lead(), self._lead()
        pathway = self.open(double)
        kept = lead.browse((lead | double).with_user(self.operator).action_intake_merge()["res_id"])
        self.assertEqual(pathway.lead_id, kept)
        self.assertEqual(kept.citta_consent_ids.partner_id, pathway.partner_id)


@tagged("post_install", "-at_install")
class TestPerson(PeopleCase):
    """The person behind a pathway: fiscal code, scope, who may write, the portal login."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway = cls._pathway("Ada Prova")
        cls.person = cls.pathway.partner_id

    # -- fiscal code -------------------------------------------------------------

    def test_fiscal_codes_are_checked_and_cleaned(self):
        person = self.person.with_user(self.operator)
        person.citta_fiscal_code = " rccmnl83s18 d969h "
        self.assertEqual(person.citta_fiscal_code, CODE)
        person.citta_fiscal_code = TWIN
        for bad in (WRONG, "RCCMNL83", "x"):
            with self.assertRaises(ValidationError):
                person.citta_fiscal_code = bad

    def test_birth_date_and_code_agree(self):
        self.person.citta_fiscal_code = CODE
        self.person.citta_birth_date = "1983-11-18"
        with self.assertRaises(ValidationError):
            self.person.citta_birth_date = "1983-11-19"

    def test_a_code_is_one_persons(self):
        self.person.citta_fiscal_code = CODE
        other = self._pathway("Bea Prova").partner_id
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            other.citta_fiscal_code = CODE
            self.env.flush_all()
        donor = self.env["res.partner"].create({"name": "Ditta", "citta_fiscal_code": CODE})
        self.assertFalse(donor.citta_is_person)

    # -- who writes ----------------------------------------------------------------

    def test_operators_keep_the_data_of_their_persons_only(self):
        self.person.with_user(self.operator).phone = "000 222"
        with self.assertRaises(AccessError):
            self.person.with_user(self.operator_b).phone = "000 333"
        for other in (self.body_b, self.employee.partner_id, self.env["res.partner"].create({"name": "Nessuno"})):
            with self.assertRaises(AccessError):
                other.with_user(self.operator).phone = "000 333"
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.operator).create({"name": "Ditta"})
        with self.assertRaises(AccessError):
            self.person.with_user(self.operator).unlink()

    def test_a_second_role_keeps_its_own_right_on_contacts(self):
        self.operator.group_ids = [Command.link(self.env.ref("base.group_partner_manager").id)]
        self.body_b.with_user(self.operator).phone = "000 333"
        self.assertEqual(self.body_b.phone, "000 333")

    def test_the_scope_is_nobodys_to_change_by_hand(self):
        for user in (self.operator, self.coordinator):
            for forged in ({"citta_is_person": False}, {"citta_body_id": self.body_b.id}, {"citta_territory_id": self.west.id}):
                with self.assertRaises(AccessError):
                    self.person.with_user(user).write(forged)

    # -- portal login --------------------------------------------------------------

    def test_a_login_is_given_once_and_revoked_once(self):
        pathway = self.pathway.with_user(self.operator)
        pathway.action_give_portal_access()
        user = self.person.user_ids
        self.assertEqual((user.login, user.share, pathway.has_portal), ("ada.prova@esempio.example", True, True))
        mails = self.env["mail.mail"].sudo().search_count([("email_to", "ilike", "ada.prova")])
        pathway.action_give_portal_access()
        self.assertEqual((self.person.user_ids, self.env["mail.mail"].sudo().search_count([("email_to", "ilike", "ada.prova")])), (user, mails))
        pathway.action_revoke_portal_access()
        pathway.action_revoke_portal_access()
        pathway.invalidate_recordset()
        self.assertEqual((user.active, pathway.has_portal), (False, False))
        pathway.action_give_portal_access()
        self.assertTrue(user.active and user._is_portal())

    def test_an_invitation_needs_an_own_address(self):
        for email in (False, "no-address"):
            self.person.email = email
            with self.assertRaises(UserError):
                self.pathway.with_user(self.operator).action_give_portal_access()
        new_test_user(self.env, "somebody@esempio.example", groups="base.group_portal")
        self.person.email = "somebody@esempio.example"
        with self.assertRaises(UserError) as refused:
            self.pathway.with_user(self.operator).action_give_portal_access()
        self.assertIn("somebody@esempio.example", str(refused.exception))
        self.assertFalse(self.person.user_ids)

    def test_nobody_else_gives_or_revokes_a_login(self):
        for user in (self.operator_b, self.operator_west, self.employee):
            for action in ("action_give_portal_access", "action_revoke_portal_access"):
                with self.assertRaises(AccessError):
                    getattr(self.pathway.with_user(user), action)()

    def test_colleagues_and_firms_get_no_login_this_way(self):
        for partner in (self.body_b, self.employee.partner_id):
            with self.assertRaises(UserError):
                partner.with_user(self.operator)._citta_give_portal_access()
        internal = new_test_user(self.env, "p_internal", groups="base.group_user")
        # a person who was later hired
        internal.partner_id.write({"citta_is_person": True, "citta_body_id": self.body_a.id, "citta_territory_id": self.east.id})
        with self.assertRaises(UserError):
            internal.partner_id.with_user(self.operator)._citta_give_portal_access()
        self.assertTrue(internal._is_internal())
