from odoo.models import BaseModel
from odoo.tests import tagged

from .people_common import PeopleCase

#: What a form of a new record is called by: nothing that would be half a sentence.
UNBORN = (
    "citta.agreement", "citta.assessment", "citta.canvas", "citta.feedback", "citta.internship", "citta.privacy.erasure", "citta.privacy.request",
)


@tagged("post_install", "-at_install")
class TestNames(PeopleCase):
    """What a record is called by is for people."""

    def test_a_choice_is_shown_by_its_words(self):
        """No model of ours is called by the key of a selection."""
        by_key = [
            name for name, model in self.registry.items()
            if name.startswith("citta.") and model._rec_name and model._fields[model._rec_name].type == "selection"
            and model._compute_display_name is BaseModel._compute_display_name
        ]
        self.assertFalse(by_key)

    def test_words_of_a_declaration(self):
        """The words, not the key, also of a record in the form."""
        declaration = self.env["citta.status.declaration"].new({"kind": "did"})
        self.assertEqual(declaration.display_name, "DID (immediate availability for work)")

    def test_nothing_is_half_a_sentence(self):
        """Before the person is chosen there is no “Agreement of , version 1”."""
        self.assertFalse([name for name in UNBORN if self.env[name].new({"kind": False} if "kind" in self.env[name]._fields else {}).display_name])

    def test_log_in_words(self):
        """The log of moves says states as the screens do."""
        row = self.env["citta.workflow.log"].new({"res_model": "citta.pathway", "from_state": "draft", "to_state": "active"})
        self.assertEqual((row.from_label, row.to_label), ("To start", "Active"))
        gone = self.env["citta.workflow.log"].new({"res_model": "citta.gone", "from_state": "draft", "to_state": "done"})
        self.assertEqual((gone.from_label, gone.to_label), ("draft", "done"))
