from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .network_common import NetworkCase


@tagged("post_install", "-at_install")
class TestNetworkInternship(NetworkCase):
    """The application from which an internship came: the person's own, until it is over."""

    def test_the_application_is_the_persons_own(self):
        application = self._application()
        internship = self.env["citta.internship"].with_user(self.operator).create({
            "pathway_id": self.pathway_a.id, "host_id": self.body_b.id, "date_start": self.today, "date_end": self.today,
            "application_id": application.id,
        })
        self.assertEqual(internship.application_id, application)
        with self.assertRaises(ValidationError):
            self.env["citta.internship"].with_user(self.coordinator).create({
                "pathway_id": self.pathway_b.id, "host_id": self.body_a.id, "date_start": self.today, "date_end": self.today,
                "application_id": application.id,
            })
        internship.action_cancel()
        with self.assertRaises(UserError):
            internship.application_id = False
