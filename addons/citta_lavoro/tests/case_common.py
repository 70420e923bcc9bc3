import io
import re

from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import HttpCase

from .people_common import PeopleCase


class CaseCommon(PeopleCase):
    """A started pathway of body A, and one of body B."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pathway = cls._pathway("Ada Prova", referent_id=cls.operator.id)
        cls.of_b = cls._pathway("Bea Prova", cls.body_b)
        (cls.pathway | cls.of_b).action_activate()

    def close(self, pathway):
        pathway.write({"state": "closed", "outcome": "job", "closing_reason": "Fine"})

    def assertScoped(self, record, values):
        """Own body and the coordinator reach it; other bodies, territories and employees do not, by any door."""
        self.assertTrue(record.with_user(self.operator).read(["display_name"]))
        self.assertTrue(record.with_user(self.coordinator).read(["display_name"]))
        Model = self.env[record._name]
        for user in (self.operator_b, self.operator_west):
            self.assertFalse(Model.with_user(user).search([("id", "=", record.id)]))
            with self.assertRaises(AccessError):
                record.with_user(user).read(["display_name"])
            with self.assertRaises(AccessError):
                record.with_user(user).write(values)
        for user in (self.employee, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                Model.with_user(user).search([])


class CasePortalCommon(HttpCase, CaseCommon):
    """Ada and Bea with logins."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ada = cls._portal_user(cls.pathway, "p_ada")
        cls.bea = cls._portal_user(cls.of_b, "p_bea")

    def page(self, path, login="p_ada"):
        self.authenticate(login, login)
        return self.url_open(path)

    def post(self, path, data=None, login="p_ada", csrf=True):
        self.authenticate(login, login)
        token = re.search(r'csrf_token: "([^"]+)"', self.url_open("/my/percorso").text)
        return self.url_open(path, data={**(data or {}), "csrf_token": token[1] if csrf else ""}, allow_redirects=False)

    def text_of(self, content):
        """The text of a PDF, in one line."""
        return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
