import os
from datetime import timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .privacy_common import CODE, EMAIL, NAME, NEEDLES, PHONE, PrivacyCase

LINKS = {"res.partner", "crm.lead", "citta.pathway"}
# Models that point to contacts which are bodies, colleagues or firms, never the persons of the programme.
BODIES = {
    "citta.territory", "citta.programme", "citta.programme.funder", "citta.observatory", "citta.member", "citta.opportunity", "citta.challenge",
    "citta.session", "citta.commitment", "citta.service", "citta.privacy.deed", "citta.meeting.slot", "citta.cohort",
}


@tagged("post_install", "-at_install")
class TestErasure(PrivacyCase):
    """Erasing a person leaves nothing of the person, and every figure as it was."""

    def test_the_needles_are_there_before(self):
        found = " ".join(self._found_texts(*NEEDLES))
        for table in ("res_partner:", "crm_lead:", "mail_message:", "ir_attachment:", "citta_note:", "calendar_event:", "sms_sms:", "res_users:",
                      "event_registration:", "survey_user_input_line:", "citta_application:", "mail_tracking_value:"):
            self.assertIn(table, found)

    def test_nothing_of_the_person_is_left(self):
        self._close()
        erasure = self._erase()
        self.assertEqual(erasure.state, "done")
        self.assertEqual(self._found_texts(*NEEDLES), [])
        self.assertFalse(erasure.leftovers)

    def test_the_figures_stay(self):
        self._close()
        before = self._figures()
        self._erase()
        self.assertEqual(self._figures(), before)
        self.assertEqual((self.full.state, self.full.outcome, self.full.age_class), ("closed", "job", "45_54"))

    def test_files_are_given_to_the_collector(self):
        """What has no row any more and stands in the check list is deleted from the disk by Odoo; the drill sees it gone."""
        name, waiting = self.file.store_fname, self.file._full_path(f"checklist/{self.file.store_fname}")
        self._close()
        self._erase()
        self.assertFalse(self.file.exists())
        self.assertTrue(os.path.exists(waiting))
        self.env.cr.execute("SELECT count(*) FROM ir_attachment WHERE store_fname = %s", [name])
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_the_login_is_closed_and_nameless(self):
        self._close()
        self._erase()
        self.assertFalse(self.login.active)
        self.assertEqual(self.login.login, f"anonymous-{self.login.id}")
        self.env.cr.execute("SELECT password FROM res_users WHERE id = %s", [self.login.id])
        self.assertIsNone(self.env.cr.fetchone()[0])

    def test_the_proof_of_consent_stays_without_the_name(self):
        self._close()
        consents = self.env["citta.consent"].search([("partner_id", "=", self.person.id)])
        self._erase()
        self.assertTrue(consents)
        self.assertEqual(consents.exists(), consents)
        self.assertTrue(all(consents.mapped("notice_version")))
        self.assertFalse(any(consents.mapped("proof")))

    def test_words_about_others_stay(self):
        self._close()
        self._erase()
        self.assertIn("Viene sempre con […], tel. […]", "".join(self.pathway_b.message_ids.mapped("body")))
        self.assertEqual(self.pathway_b.partner_id.name, "Bruno Inventati")

    def test_a_namesake_and_a_family_keep_theirs(self):
        other = self.env["res.partner"].create({"name": NAME, "phone": PHONE, "email": f"x{EMAIL}"})
        self._close()
        self._erase()
        self.assertEqual((other.name, other.phone, other.email), (NAME, PHONE, f"x{EMAIL}"))
        self.assertNotIn("Zoraide", self.person.name)
        self.assertEqual(self._found_texts(CODE), [])

    def test_another_address_that_contains_the_person_s_is_left_alone(self):
        other = self.env["res.partner"].create({"name": "Altra Persona", "email": f"x{EMAIL}"})
        self._close()
        self._erase()
        self.assertEqual(other.email, f"x{EMAIL}")

    def test_a_file_of_others_that_names_the_person_is_pointed_out(self):
        self._close()
        self.env["ir.attachment"].create({"name": f"Elenco con {NAME}.txt", "raw": b"x", "res_model": "citta.programme", "res_id": self.programme.id})
        self.assertIn("citta.programme", self._erase().leftovers)

    def test_a_first_contact_alone_is_erased(self):
        lead = self._lead(contact_name="Ugo Solitario", name="Ugo Solitario", email_from="ugo.solitario@posta.example")
        erasure = self.env["citta.privacy.erasure"].with_user(self.officer).create({"lead_id": lead.id})
        erasure.action_erase()
        self.assertEqual(self._found_texts("Solitario", "ugo.solitario"), [])
        self.assertTrue(lead.exists())

    # -- refusals --------------------------------------------------------------

    def test_an_open_pathway_stands_in_the_way(self):
        with self.assertRaisesRegex(UserError, "is open"):
            self._erase()
        self.assertEqual(self.person.name, NAME)

    def test_a_colleague_and_a_body_are_not_erased(self):
        for partner in (self.operator.partner_id, self.body_b):
            with self.assertRaises(UserError):
                self._erase(partner_id=partner.id)

    def test_only_the_officer_erases(self):
        self._close()
        erasure = self.env["citta.privacy.erasure"].create({"partner_id": self.person.id})
        for user in (self.operator, self.coordinator, self.administrator, self.manager, self.login, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                erasure.with_user(user).action_erase()
            with self.assertRaises(AccessError):
                erasure.with_user(user).read(["kind"])
            with self.assertRaises(AccessError):
                self.env["citta.privacy.erasure"].with_user(user).create({"partner_id": self.person.id})
        with self.assertRaises(AccessError):
            erasure.with_user(self.officer).unlink()
        self.assertEqual(self.person.name, NAME)

    def test_the_engine_is_no_door_for_rpc(self):
        for name in ("erase",):
            self.assertTrue(getattr(getattr(self.env.registry["citta.privacy.eraser"], name), "_api_private", False), name)

    def test_twice_is_refused(self):
        self._close()
        erasure = self._erase()
        with self.assertRaises(UserError):
            erasure.action_erase()
        with self.assertRaises(UserError):
            erasure.write({"state": "planned"})

    def test_one_erasure_at_a_time(self):
        self.env["citta.privacy.erasure"].create({"partner_id": self.person.id})
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["citta.privacy.erasure"].create({"partner_id": self.person.id})

    def test_a_break_in_the_middle_leaves_all_as_it_was_and_again_completes(self):
        self._close()
        erasure = self.env["citta.privacy.erasure"].create({"partner_id": self.person.id})
        self.env.flush_all()
        eraser = self.env.registry["citta.privacy.eraser"]
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint(), patch.object(eraser, "_sweep", side_effect=ZeroDivisionError):
            erasure.action_erase()
        self.env.invalidate_all()
        self.assertEqual((self.person.name, erasure.state), (NAME, "planned"))
        self.assertTrue(self.full.note_ids)
        erasure.action_erase()
        self.assertEqual(self._found_texts(*NEEDLES), [])

    # -- register ----------------------------------------------------------------

    def test_every_model_that_points_to_a_person_is_in_the_register(self):
        """A new model says here what it holds, or is a body's: see ``citta.privacy.registry._get_holdings``."""
        named = {holding.model for holding in self.env["citta.privacy.registry"]._get_plan()}
        parts = set(self.env["citta.privacy.registry"]._get_part_models())
        missing = {
            name for name, model in self.env.registry.items()
            if name.startswith("citta.") and model._original_module == "citta_lavoro" and not model._abstract and not model._transient
            and name not in named | BODIES
            and any(
                field.type == "many2one" and field.store and field.comodel_name in LINKS | parts for field in model._fields.values()
            )
        }
        self.assertEqual(missing, set())

    def test_links_of_the_register_exist(self):
        for holding in self.env["citta.privacy.registry"]._get_plan():
            fields_ = self.env[holding.model]._fields
            for field, target in holding.links + holding.points:
                self.assertEqual(fields_[field].comodel_name, target, f"{holding.model}.{field}")
            for field in [*holding.neutral, *holding.also, *holding.spare]:
                self.assertIn(field, fields_, holding.model)

    # -- look-up -----------------------------------------------------------------

    def test_odoo_s_look_up_leads_to_the_erasure(self):
        wizard = self.env["privacy.lookup.wizard"].create({"name": NAME, "email": EMAIL})
        wizard.action_lookup()
        self.assertIn("citta.pathway", wizard.line_ids.mapped("res_model"))
        action = wizard.action_citta_erase()
        self.assertEqual(self.env["citta.privacy.erasure"].browse(action["res_id"]).partner_id, self.person)
        nobody = self.env["privacy.lookup.wizard"].create({"name": "Nessuno", "email": "nessuno@posta.example"})
        with self.assertRaises(UserError):
            nobody.action_citta_erase()
        with self.assertRaises(AccessError):
            wizard.with_user(self.operator).action_citta_erase()


@tagged("post_install", "-at_install")
class TestRetention(PrivacyCase):
    """Who gives no sign of life is announced, warned, and erased at the end of the term; who comes back stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._close(cls)
        cls.programme.write({"retention_months": 24, "retention_notice_days": 30})
        cls.erasures = cls.env["citta.privacy.erasure"]

    def later(self, **time):
        return self.today + relativedelta(**time)

    def announce(self, day):
        """The erasures that are announced on a day."""
        return self.erasures._announce_idle(day).filtered(lambda one: one.partner_id == self.person)

    def test_nothing_before_the_notice(self):
        self.assertFalse(self.announce(self.later(months=22)))

    def test_announced_with_notice_and_a_letter(self):
        erasure = self.announce(self.later(months=24, days=-10))
        self.assertEqual((erasure.kind, erasure.state, erasure.notice), ("retention", "planned", "mail"))
        self.assertGreaterEqual(erasure.date_planned, self.later(months=24, days=20), "the notice is never shorter than promised")
        mail = self.env["mail.mail"].search([("model", "=", "citta.privacy.erasure"), ("res_id", "=", erasure.id)])
        self.assertEqual(mail.email_to, EMAIL)
        self.assertIn(NAME, mail.body_html)
        self.assertFalse(self.announce(self.later(months=24)), "announced once")

    def test_without_address_the_officer_is_told(self):
        self.person.email = False
        self.assertEqual(self.announce(self.later(months=25)).notice, "none")

    def test_a_sign_of_life_moves_the_term(self):
        self.env.flush_all()
        # three months from now it will have been noted; today nobody may
        self.cr.execute("UPDATE citta_pathway SET date_last_contact = %s WHERE id = %s", [self.later(months=3), self.full.id])
        self.env.invalidate_all()
        self.assertFalse(self.announce(self.later(months=24)))
        self.assertTrue(self.announce(self.later(months=27)))

    def test_a_long_programme_term_holds(self):
        self.programme.retention_months = 60
        self.assertFalse(self.announce(self.later(months=30)))

    def test_who_comes_back_is_called_off(self):
        erasure = self.announce(self.later(months=25))
        revived = self.erasures._call_off_revived()  # today everybody is alive
        self.assertIn(erasure, revived)
        self.assertEqual(erasure.state, "cancelled")

    def test_what_is_due_is_erased(self):
        erasure = self.announce(self.later(months=25))
        self.assertNotIn(erasure, self.erasures._get_due())
        erasure.date_planned = self.today - timedelta(days=1)
        self.assertIn(erasure, self.erasures._get_due())
        erasure._erase()
        self.assertEqual(self._found_texts(*NEEDLES), [])
        self.assertFalse(self.announce(self.later(months=60)), "nobody is announced again")

    def test_a_first_contact_that_became_nothing_goes_too(self):
        lead = self._lead(name="Ugo Solitario", contact_name="Ugo Solitario", email_from="ugo@posta.example")
        self.assertNotIn(lead, self.erasures._announce_idle(self.later(months=20)).lead_id)
        self.assertIn(lead, self.erasures._announce_idle(self.later(months=25)).lead_id)

    def test_the_cron_leaves_the_open_pathway_alone(self):
        pathway = self._pathway("Ivo Aperto", date_start=self.later(months=-30))
        pathway.action_activate()
        self.env["event.registration"].search([("partner_id", "=", pathway.partner_id.id)]).unlink()
        erasure = self.erasures._announce_idle(self.today).filtered(lambda one: one.partner_id == pathway.partner_id)
        self.assertTrue(erasure)
        self.assertIn("is open", erasure.obstacles)
        erasure.date_planned = self.today
        with self.assertRaises(UserError):
            erasure._erase()

    def test_roles(self):
        with self.assertRaises(AccessError):
            self.erasures.with_user(self.administrator).search([])
        auditor = new_test_user(self.env, "v_employee", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.erasures.with_user(auditor).search([])
