from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .privacy_common import OfficerCase


@tagged("post_install", "-at_install")
class TestConsentRenewalByVoice(OfficerCase):
    """A consent is renewed by who may, under the notice and the term of today; the chain stays readable."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purpose = cls.env.ref("citta_lavoro.purpose_callback")
        cls.purpose.write({"validity_months": 12, "notice_version": "1.0"})
        cls.consents = cls.env["citta.consent"]

    def give(self, days=10, **values):
        return self.consents.create({
            "purpose_id": self.purpose.id, "partner_id": self.person.id, "channel": "paper", "proof": "Folder 3", "territory_id": self.east.id,
            "date_expiry": self.today + timedelta(days=days), **values,
        })

    def letters(self, consents):
        return self.env["mail.mail"].search([("model", "=", "citta.consent"), ("res_id", "in", consents.ids)])

    def test_renewed_by_voice_with_the_name_of_who_heard_it(self):
        consent = self.give()
        consent.with_user(self.operator).action_renew()
        renewed = consent.renewed_by_id
        self.assertEqual((renewed.channel, renewed.territory_id, renewed.purpose_id), ("voice", self.east, self.purpose))
        self.assertIn(self.operator.name, renewed.proof)
        self.assertEqual(renewed.date_expiry, self.today + relativedelta(months=12))
        self.assertEqual((consent.proof, consent.channel, consent.date_expiry), ("Folder 3", "paper", self.today + timedelta(days=10)))

    def test_the_term_of_today_counts_also_without_one(self):
        consent = self.give()
        self.purpose.write({"validity_months": 0, "notice_version": "3.1"})
        renewed = consent._renew("portal", "/my/percorso")
        self.assertEqual((renewed.date_expiry, renewed.notice_version, renewed.is_valid), (False, "3.1", True))

    def test_many_at_once_and_the_renewed_ones_are_not_renewed_twice(self):
        consents = self.give() | self.give() | self.give()
        first = consents[0]._renew("voice", "x")
        renewed = consents._renew("voice", "x")
        self.assertEqual((len(renewed), renewed[0]), (3, first))
        self.assertEqual(self.consents.search_count([("partner_id", "=", self.person.id)]), 6)

    def test_withdrawn_is_withdrawn_with_what_it_renewed(self):
        first = self.give()
        second = first._renew("voice", "x")
        third = second._renew("portal", "y")
        other = self.give()
        for one in (third, first):
            with self.env.cr.savepoint() as point:
                one.with_user(self.operator).action_withdraw()
                self.assertFalse((first | second | third).filtered("is_valid"))
                self.assertEqual(len(set((first | second | third).mapped("date_withdrawn"))), 1)
                self.assertTrue(other.is_valid, "another yes is another one")
                point.rollback()
            self.env.invalidate_all()

    def test_whom_no_letter_reaches_is_asked_by_the_referent(self):
        self.person.email = False
        consent = self.give()
        for _again in range(2):
            self.consents._cron_expiring()
        self.assertEqual(self.pathway.activity_ids.user_id, self.operator)
        self.assertEqual((len(self.pathway.activity_ids), self.pathway.activity_ids.date_deadline), (1, consent.date_expiry))
        self.assertFalse(self.letters(consent))

    def test_one_withdrawn_among_many_renews_none(self):
        good, bad = self.give(), self.give()
        bad.action_withdraw()
        with self.assertRaises(UserError):
            (good | bad).with_user(self.operator).action_renew()
        self.assertFalse((good | bad).renewed_by_id)

    def test_who_is_out_of_reach_renews_nothing(self):
        consent = self.give()
        for user in (self.operator_west, self.employee, self.env.ref("base.public_user"), self.strangers[-1]):
            with self.assertRaises(AccessError, msg=user.login):
                consent.with_user(user).action_renew()
            with self.assertRaises(AccessError, msg=user.login):
                consent.with_user(user).action_withdraw()
        self.assertEqual((consent.renewed_by_id.id, consent.date_withdrawn), (False, False))

    def test_the_successor_is_not_forged(self):
        consent, other = self.give(), self.give()
        for values in ({"renewed_by_id": other.id}, {"date_expiry": self.today + timedelta(days=900)}, {"date_reminded": False}, {"channel": "web"}):
            with self.assertRaises(UserError, msg=str(values)):
                consent.with_user(self.operator).write(values)
        self.assertFalse(consent.renewed_by_id)

    def test_the_round_asks_a_month_before_each_once_and_only_for_what_rests_on_consent(self):
        soon, edge, far, gone = self.give(5), self.give(30), self.give(31), self.give(-1)
        withdrawn = self.give(5)
        withdrawn.action_withdraw()
        duty = self.give(5, purpose_id=self.env.ref("citta_lavoro.purpose_pathway").id)
        mine = soon | edge | far | gone | withdrawn | duty
        self.assertEqual(self.consents._cron_expiring() & mine, soon | edge)
        self.assertFalse(self.consents._cron_expiring() & mine)
        self.assertEqual(sorted(self.letters(mine).mapped("res_id")), sorted((soon | edge).ids))

    def test_a_first_contact_is_asked_at_its_own_address(self):
        lead = self._lead(consent=False, email_from="ugo.contatto@posta.example")
        consent = self.give(5, partner_id=False, lead_id=lead.id)
        silent = self.give(5, partner_id=False, lead_id=self._lead(consent=False, email_from=False, phone="+39 347 0000000").id)
        self.consents._cron_expiring()
        self.assertEqual(self.letters(consent | silent).mapped("email_to"), ["ugo.contatto@posta.example"])
        self.assertEqual(silent.date_reminded, self.today, "who cannot be written to is not tried each night")
        self.assertEqual(consent._renew("voice", "x").lead_id, lead)

    def test_the_successor_is_asked_for_in_its_own_time(self):
        consent = self.give(5)
        self.consents._cron_expiring()
        renewed = consent._renew("voice", "x")
        self.assertFalse(renewed.date_reminded)
        renewed.sudo().date_expiry = self.today + timedelta(days=3)
        self.assertIn(renewed, self.consents._cron_expiring())
