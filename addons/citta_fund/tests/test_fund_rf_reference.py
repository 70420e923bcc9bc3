import random

from stdnum import iso11649

from odoo.tests import BaseCase, tagged

from ..tools.amount_in_words import amount_in_words
from ..tools.rf_reference import (
    ALPHABET,
    find_rf,
    is_valid_rf,
    make_rf,
    normalise_rf,
    one_slip,
    print_rf,
    rf_candidates,
    suggest_rf,
)


@tagged("post_install", "-at_install")
class TestRfReference(BaseCase):
    """Creditor references, compared with an independent library."""

    def setUp(self):
        super().setUp()
        self.dice = random.Random(11649)

    def random_body(self):
        return "".join(self.dice.choices(ALPHABET, k=self.dice.randint(1, 21)))

    def test_made_references_are_valid_for_others(self):
        for _attempt in range(500):
            reference = make_rf(self.random_body())
            self.assertTrue(iso11649.is_valid(reference), reference)
            self.assertEqual(iso11649.format(reference), print_rf(reference))

    def test_validity_is_that_of_others(self):
        for _attempt in range(2000):
            body = f"RF{self.dice.randint(0, 99):02d}{self.random_body()}"
            self.assertEqual(is_valid_rf(body), iso11649.is_valid(body), body)

    def test_slips_of_the_finger_are_noticed(self):
        reference, slips, missed = make_rf("CAL000123"), 0, 0
        for place in range(2, len(reference)):
            for char in set(ALPHABET) - {reference[place]}:
                typed = reference[:place] + char + reference[place + 1:]
                slips, missed = slips + 1, missed + is_valid_rf(typed)
                self.assertTrue(one_slip(typed, reference))
                if char.isdigit() == reference[place].isdigit():
                    self.assertFalse(is_valid_rf(typed), typed)
        self.assertLess(missed, slips / 50)

    def test_swapped_neighbours_are_noticed_and_meant(self):
        reference = make_rf("CAL000123")
        for place in range(len(reference) - 1):
            swapped = reference[:place] + reference[place + 1] + reference[place] + reference[place + 2:]
            if swapped != reference:
                self.assertFalse(is_valid_rf(swapped), swapped)
                self.assertEqual(suggest_rf(f"causale {swapped} grazie", [reference]), [reference])

    def test_found_in_what_banks_make_of_it(self):
        reference = make_rf("CAL000123")
        for text in (
            reference, reference.lower(), print_rf(reference), f"RIF. {print_rf(reference)} DONAZIONE", f"/ROC/{reference}//",
            f"BON.DA ROSSI\nCAUSALE: {print_rf(reference)[:12]} {print_rf(reference)[12:]}", f"{reference}.", f"({reference})",
            ".".join(print_rf(reference).split()), f"donazione {reference} 50,00 EUR", f"R F{reference[2:]}",
        ):
            with self.subTest(text):
                self.assertIn(reference, rf_candidates(text))
                self.assertEqual(find_rf(text)[:1], [reference])

    def test_odd_input_is_no_reference(self):
        for text in (None, "", "RF", "RF18", "RF18539007547034X" * 9, "RF١٨539007547034", "ＲＦ18539007547034", "XRF18539007547034", "RF 18"):
            with self.subTest(text):
                self.assertFalse(is_valid_rf(text))
        self.assertEqual(normalise_rf("rf18 5390-0754.7034"), "RF18539007547034")
        for body in ("", "x" * 22, "ab cd é"):
            with self.assertRaises(ValueError):
                make_rf(body)

    def test_no_suggestion_where_a_valid_one_stands_or_two_slips(self):
        reference = make_rf("CAL000123")
        self.assertEqual(suggest_rf(reference, [make_rf("CAL000124")]), [])
        self.assertEqual(suggest_rf(reference.replace("00", "OO", 1)[:-1], [reference]), [])

    def test_sums_in_words(self):
        for amount, words in (
            (50, "cinquanta/00"), (40000, "quarantamila/00"), (0.5, "zero/50"), (1.005, "uno/01"), (999999.99, "novecentonovantanovemilanovecentonovantanove/99"),
            (19.999, "venti/00"), ("33.00", "trentatré/00"),
        ):
            self.assertEqual(amount_in_words(amount), words)
        self.assertEqual(amount_in_words(50, "de_DE"), "fünfzig/00")
        self.assertEqual(amount_in_words(50, "xx"), "fifty/00")
        with self.assertRaises(ValueError):
            amount_in_words(-1)
