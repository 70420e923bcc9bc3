import io

import zxingcpp
from PIL import Image

from odoo.tests import BaseCase, tagged

from odoo.addons.citta_lavoro.tools.qr_code import qr_png, qr_svg

from ..tools.rf_reference import make_rf
from ..tools.sepa_qr import sepa_payload

IBAN = "IT70K9999901600000000400050"


@tagged("post_install", "-at_install")
class TestSepaQr(BaseCase):
    """The code on the letter, read back by an independent reader."""

    def read(self, payload):
        """What a telephone would read."""
        codes = zxingcpp.read_barcodes(Image.open(io.BytesIO(qr_png(payload))))
        self.assertEqual(len(codes), 1)
        return codes[0]

    def test_read_back_line_by_line(self):
        code = self.read(sepa_payload("Fondazione di Comunità (demo)", IBAN, "50.5", make_rf("CAL000002")))
        self.assertEqual(code.text.split("\n"), [
            "BCD", "002", "1", "SCT", "", "Fondazione di Comunità (demo)", IBAN, "EUR50.50", "", make_rf("CAL000002"),
        ])
        self.assertEqual(code.ec_level, "M")

    def test_free_text_and_open_amount(self):
        lines = self.read(sepa_payload("Fondo", IBAN, text="Donazione\nper i laboratori è " + "x" * 200)).text.split("\n")
        self.assertEqual(lines[7:10], ["", "", ""])
        self.assertEqual(len(lines[10]), 140)
        self.assertTrue(lines[10].startswith("Donazione per i laboratori è x"))

    def test_largest_content_still_fits(self):
        lines = self.read(sepa_payload("N" * 90, IBAN, 999999999.99, make_rf("1" * 21))).text.split("\n")
        self.assertEqual((lines[5], lines[7]), ("N" * 70, "EUR999999999.99"))

    def test_wrong_values_are_refused(self):
        for wrong in (
            {"amount": 0}, {"amount": -1}, {"amount": 1e9}, {"reference": "RF00CAL000002"}, {"reference": make_rf("1"), "text": "x"},
            {"text": "è" * 140, "name": "è" * 70},
        ):
            with self.subTest(wrong), self.assertRaises(ValueError):
                sepa_payload(**{"name": "Fondo", "iban": IBAN, "amount": 5, **wrong})

    def test_drawing_is_plain_svg(self):
        drawing = qr_svg(sepa_payload("Fondo", IBAN, 5, make_rf("1")))
        self.assertIn(b"<svg", drawing)
        self.assertNotIn(b"<script", drawing)
