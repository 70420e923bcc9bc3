import re
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .people_common import PeopleCase


@tagged("post_install", "-at_install")
class TestConsentRenewal(HttpCase, PeopleCase):
    """The person sees what was agreed, how and until when, and renews an own consent that expires."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway, cls.foreign = cls._pathway("Ada Prova"), cls._pathway("Bea Prova")
        (cls.pathway | cls.foreign).action_activate()
        cls._portal_user(cls.pathway, "c_ada")
        cls.soon = cls.give(cls.pathway, 10)
        cls.later = cls.give(cls.pathway, 200)
        cls.other = cls.give(cls.foreign, 10)

    @classmethod
    def give(cls, pathway, days, **values):
        return cls.env["citta.consent"].create({
            "purpose_id": cls.env.ref("citta_lavoro.purpose_callback").id, "partner_id": pathway.partner_id.id, "channel": "paper",
            "territory_id": cls.east.id, "date_expiry": cls.today + timedelta(days=days), **values,
        })

    def page(self):
        self.authenticate("c_ada", "c_ada")
        return self.url_open("/my/percorso").text

    def renew(self, consent):
        token = re.search(r'csrf_token: "([^"]+)"', self.page())[1]
        path = f"/my/percorso/consenso/{consent.id}/rinnova"
        return self.url_open(path, data={"csrf_token": token}, allow_redirects=False)

    def test_the_button_is_there_when_it_is_time(self):
        page = self.page()
        self.assertIn(f"renew_{self.soon.id}", page)
        self.assertNotIn(f"renew_{self.later.id}", page)
        self.assertIn("Signed paper", page)
        self.assertIn("/my/dati", page)

    def test_renewed_once_and_shown_by_its_successor(self):
        self.assertIn("notice=renewed", self.renew(self.soon).headers["Location"])
        renewed = self.soon.renewed_by_id
        self.assertEqual((renewed.channel, renewed.is_valid), ("portal", True))
        self.renew(self.soon)
        self.assertEqual(self.soon.renewed_by_id, renewed)
        self.assertNotIn(f"renew_{self.soon.id}", self.page())

    def test_an_expired_one_can_be_renewed(self):
        expired = self.give(self.pathway, -5)
        self.assertFalse(expired.is_valid)
        self.renew(expired)
        self.assertTrue(expired.renewed_by_id.is_valid)

    def test_others_withdrawn_ones_and_duties_are_not_found(self):
        withdrawn = self.give(self.pathway, 10, date_given=fields.Datetime.now() - timedelta(days=1))
        withdrawn.action_withdraw()
        duty = self.give(self.pathway, 10, purpose_id=self.env.ref("citta_lavoro.purpose_pathway").id)
        with mute_logger("odoo.http"):
            for consent in (self.other, withdrawn, duty):
                self.assertEqual(self.renew(consent).status_code, 404)
        self.assertFalse((self.other | withdrawn | duty).renewed_by_id)

    def test_a_withdrawal_needs_the_token_and_no_get(self):
        self.page()
        with mute_logger("odoo.http"):
            path = f"/my/percorso/consenso/{self.soon.id}/rinnova"
            self.assertEqual(self.url_open(path, data={"x": "1"}).status_code, 400)
            self.assertEqual(self.url_open(path).status_code, 405)
        self.assertFalse(self.soon.renewed_by_id)

    def test_withdrawn_after_renewal_nothing_is_in_force(self):
        self.renew(self.soon)
        renewed = self.soon.renewed_by_id
        token = re.search(r'csrf_token: "([^"]+)"', self.page())[1]
        self.url_open(f"/my/percorso/consenso/{renewed.id}/revoca", data={"csrf_token": token})
        self.assertTrue(renewed.date_withdrawn)
        self.assertFalse(renewed.is_valid)
