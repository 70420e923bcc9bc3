import re

from lxml import html

from odoo.tests import HttpCase, tagged

from ..tools.suppression import suppress
from .test_observatory_need import ObservatoryCase


@tagged("post_install", "-at_install")
class TestNeedPage(ObservatoryCase, HttpCase):
    """What the public sees of the observatories' needs."""

    def page(self, query=""):
        """The page's own block as one text."""
        response = self.url_open(f"/osservatorio{query}")
        self.assertEqual(response.status_code, 200)
        block = html.fromstring(response.content).xpath("//div[contains(@class, 'o_citta_page')]")[0]
        return re.sub(r"\s+", " ", block.text_content())

    def publish(self, name, count, **values):
        need = self._need(name, affected_count=count, is_public=True, **values)
        need.action_validate()
        return need

    def test_only_published_and_confirmed_needs(self):
        self.publish("Shown need", 12)
        self._need("Not confirmed", is_public=True)
        self._need("Not published").action_validate()
        gone = self.publish("Dropped need", 9)
        gone.outcome = "Not about work"
        gone.action_drop()
        text = self.page()
        self.assertIn("Shown need", text)
        self.assertIn("12 people affected", text)
        for absent in ("Not confirmed", "Not published", "Dropped need", "Not about work"):
            self.assertNotIn(absent, text)

    def test_small_numbers_are_hidden_also_by_subtraction(self):
        for name, count in (("Large", 33), ("Middle", 21), ("Small", 3)):
            self.publish(name, count)
        text = self.page("?city=Prova+Est")
        for shown in ("33", "In all: 57"):
            self.assertIn(shown, text)
        for hidden in ("21", " 3 people"):
            self.assertNotIn(hidden, text)
        self.assertEqual(text.count("Number not shown"), 2)

    def test_a_lonely_small_number_has_no_total(self):
        self.publish("Small", 4)
        self.publish("None", 0)
        text = self.page("?city=Prova+Est")
        self.assertNotIn("In all", text)
        self.assertIn("Total not shown", text)

    def test_sides_and_municipalities_stand_apart(self):
        self.publish("Of firms", 7, side="firm")
        self.publish("In the West", 8, observatory=self.observatory_west)
        text = self.page("?city=Prova+Ovest")
        self.assertIn("In the West", text)
        self.assertNotIn("Of firms", text)
        everything = self.page("?city=Nowhere")
        self.assertIn("7 firms affected", everything)
        self.assertIn("In the West", everything)

    def test_typed_html_stays_text(self):
        self.publish("<script>alert(1)</script>", 12, description="<img src=x onerror=alert(2)>")
        content = self.url_open("/osservatorio").text
        self.assertNotIn("<script>alert(1)", content)
        self.assertNotIn("<img src=x", content)

    def test_nothing_can_be_worked_out(self):
        """Whatever the numbers: with a total shown, at least two parts are hidden, and together they are no small number."""
        for first in range(8):
            for second in range(8):
                for third in (0, 2, 6, 40):
                    cells = [first, second, third]
                    shown, total = suppress(cells)
                    self.assertFalse([number for number in (*shown, total) if number and number < 5])
                    hidden = [cell for cell, number in zip(cells, shown, strict=True) if number is None]
                    if hidden and total is not None:
                        self.assertGreaterEqual(len(hidden), 2)
                        self.assertGreaterEqual(sum(hidden), 5)
