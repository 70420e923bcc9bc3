from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestConsent(TransactionCase):
    """A consent keeps what was said yes to, and can be withdrawn but not lost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.territory, cls.elsewhere = cls.env["citta.territory"].create(
            [{"name": "East", "code": "t-east"}, {"name": "West", "code": "t-west"}]
        )
        cls.person = cls.env["res.partner"].create({"name": "Ada Esempio"})
        cls.purpose = cls.env.ref("citta_lavoro.purpose_callback")
        cls.operator = new_test_user(
            cls.env, "consent_operator", groups="citta_lavoro.group_citta_operator",
            citta_territory_ids=[Command.set(cls.territory.ids)],
        )

    def give(self, **values):
        return self.env["citta.consent"].create({
            "purpose_id": self.purpose.id, "partner_id": self.person.id, "channel": "paper",
            "territory_id": self.territory.id, **values,
        })

    def test_version_of_the_notice_and_expiry_are_frozen(self):
        consent = self.give()
        self.purpose.write({"notice_version": "2.0", "validity_months": 1})
        self.assertEqual(consent.notice_version, "1.0")
        self.assertGreater(consent.date_expiry, fields.Date.today() + timedelta(days=360))

    def test_version_expiry_and_day_are_not_said_by_hand(self):
        body = self.env["res.partner"].create({"name": "Body", "is_company": True})
        self.operator.citta_body_ids = body
        self.person.write({"citta_is_person": True, "citta_territory_id": self.territory.id, "citta_body_id": body.id})
        forged = {"notice_version": "99", "date_expiry": "2999-01-01", "date_given": "2001-01-01 08:00:00", "date_withdrawn": "2001-01-02 08:00:00"}
        for context in ({}, {f"default_{name}": value for name, value in forged.items()}):
            values = {"purpose_id": self.purpose.id, "partner_id": self.person.id, "channel": "paper", "territory_id": self.territory.id}
            consent = self.env["citta.consent"].with_user(self.operator).with_context(**context).create(values if context else {**values, **forged})
            self.assertEqual((consent.notice_version, consent.date_withdrawn), (self.purpose.notice_version, False))
            self.assertEqual(consent.date_given.date(), fields.Date.today())
            self.assertLess(consent.date_expiry, fields.Date.today() + timedelta(days=4000))

    def test_nobody_says_yes_for_another(self):
        body = self.env["res.partner"].create({"name": "Body", "is_company": True})
        self.operator.citta_body_ids = body
        self.person.write({"citta_is_person": True, "citta_territory_id": self.territory.id, "citta_body_id": body.id})
        lead = self.env["crm.lead"].create({
            "name": "Bea", "team_id": self.env.ref("citta_lavoro.crm_team_intake").id, "citta_territory_id": self.territory.id, "citta_body_id": body.id,
        })
        values = {"purpose_id": self.purpose.id, "lead_id": lead.id, "partner_id": self.person.id, "channel": "voice", "territory_id": self.territory.id}
        with self.assertRaisesRegex(UserError, "each says yes for itself"):
            self.env["citta.consent"].with_user(self.operator).create(values)
        lead.partner_id = self.person
        self.assertTrue(self.env["citta.consent"].with_user(self.operator).create(values).is_valid)

    def test_other_words_are_another_version(self):
        officer = new_test_user(self.env, "consent_officer", groups="citta_lavoro.group_citta_privacy_officer")
        purpose = self.purpose.with_user(officer)
        self.give()
        for values in ({"notice": "<p>Other</p>"}, {"legal_basis": "contract"}, {"notice": "<p>Other</p>", "notice_version": purpose.notice_version}):
            with self.assertRaisesRegex(UserError, "another version"):
                purpose.write(values)
        purpose.write({"notice": "<p>Other</p>", "notice_version": "9.0"})
        purpose.write({"notice": "<p>Nobody has seen these words yet</p>"})
        self.give()
        with self.assertRaises(UserError):
            purpose.write({"notice": "<p>Third</p>"})

    def test_withdrawn_is_no_longer_valid_and_stays(self):
        consent = self.give()
        self.assertTrue(consent.is_valid)
        consent.with_user(self.operator).action_withdraw()
        withdrawn = consent.date_withdrawn
        self.assertFalse(consent.is_valid)
        consent.action_withdraw()
        self.assertEqual(consent.date_withdrawn, withdrawn, "a second click must not move the date")

    def test_consent_is_not_rewritten_and_a_withdrawal_not_taken_back(self):
        consent = self.give().with_user(self.operator)
        for values in ({"date_expiry": False}, {"purpose_id": self.purpose.id}, {"date_withdrawn": False}):
            with self.assertRaises(UserError, msg=str(values)):
                consent.write(values)
        consent.action_withdraw()
        for values in ({"date_withdrawn": False}, {"date_withdrawn": fields.Datetime.now()}):
            with self.assertRaises(UserError, msg=str(values)):
                consent.write(values)

    def test_expired_is_no_longer_valid(self):
        consent = self.give(date_expiry=fields.Date.today() - timedelta(days=1))
        self.assertFalse(consent.is_valid)

    def test_search_agrees_with_the_field(self):
        given, withdrawn = self.give(), self.give()
        expired = self.give(date_expiry=fields.Date.today() - timedelta(days=1))
        withdrawn.action_withdraw()
        mine = [("partner_id", "=", self.person.id)]
        self.assertEqual(self.env["citta.consent"].search([*mine, ("is_valid", "=", True)]), given)
        self.assertEqual(self.env["citta.consent"].search([*mine, ("is_valid", "=", False)]), withdrawn | expired)

    def test_consent_of_nobody_is_refused(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.give(partner_id=False)

    def test_consent_is_not_deleted(self):
        consent = self.give()
        with self.assertRaises(AccessError):
            consent.with_user(self.operator).unlink()
        administrator = new_test_user(self.env, "consent_admin", groups="citta_lavoro.group_citta_administrator")
        with self.assertRaises(AccessError):
            consent.with_user(administrator).unlink()

    def test_consents_of_another_territory_are_hidden(self):
        foreign = self.give(territory_id=self.elsewhere.id)
        with self.assertRaises(AccessError):
            foreign.with_user(self.operator).read(["purpose_id"])

    def test_read_log_is_nobodys_to_write(self):
        officer = new_test_user(self.env, "consent_privacy", groups="citta_lavoro.group_citta_privacy_officer")
        self.env["citta.access.log"].with_user(self.operator)._log(self.person, ["health"])
        row = self.env["citta.access.log"].with_user(officer).search([("res_id", "=", self.person.id)])
        self.assertEqual((row.user_id, row.field_names), (self.operator, "health"))
        for user in (officer, self.operator):
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()
            with self.assertRaises(AccessError):
                row.with_user(user).write({"field_names": "nothing"})

    def test_renewed_under_the_notice_of_today(self):
        consent = self.give()
        self.purpose.notice_version = "2.0"
        renewed = consent._renew("portal", "/my/percorso")
        self.assertEqual((renewed.notice_version, renewed.channel, renewed.partner_id), ("2.0", "portal", self.person))
        self.assertEqual((consent.notice_version, consent.renewed_by_id), ("1.0", renewed))
        self.assertEqual(consent._renew("portal", "again"), renewed, "twice is once")

    def test_a_withdrawn_one_or_a_duty_is_not_renewed(self):
        withdrawn = self.give()
        withdrawn.action_withdraw()
        duty = self.give(purpose_id=self.env.ref("citta_lavoro.purpose_pathway").id)
        for consent in (withdrawn, duty):
            with self.assertRaises(UserError):
                consent.with_user(self.operator).action_renew()

    def test_asked_once_a_month_before(self):
        self.person.email = "ada@posta.example"
        soon, later = self.give(date_expiry=fields.Date.today() + timedelta(days=29)), self.give(date_expiry=fields.Date.today() + timedelta(days=40))
        asked = self.env["citta.consent"]._cron_expiring()
        self.assertIn(soon, asked)
        self.assertNotIn(later, asked)
        self.assertTrue(self.env["mail.mail"].search([("model", "=", "citta.consent"), ("res_id", "=", soon.id), ("email_to", "=", "ada@posta.example")]))
        self.assertNotIn(soon, self.env["citta.consent"]._cron_expiring())

    def test_a_renewed_one_is_not_asked_for(self):
        soon = self.give(date_expiry=fields.Date.today() + timedelta(days=5))
        soon._renew("voice", "x")
        self.assertNotIn(soon, self.env["citta.consent"]._cron_expiring())
