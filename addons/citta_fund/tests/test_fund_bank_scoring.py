from odoo.tests import BaseCase, tagged

from ..tools.bank_scoring import CERTAIN, is_certain, name_fit, rank, score, words

PLEDGE = {"reference": "RF51CAL000002", "amount": 50.0, "ibans": {"IT58C9999901600000000000050"}, "name": "Marta Bianchi Esempio"}
LINE = {"text": "DONAZIONE", "amount": 50.0, "iban": "", "name": ""}


@tagged("post_install", "-at_install")
class TestBankScoring(BaseCase):
    """What speaks for a pledge, in points and reasons."""

    def test_reference_and_amount_are_certain(self):
        found = score({**LINE, "text": "rf51 cal0 0000 2"}, PLEDGE)
        self.assertEqual(found.points, CERTAIN)
        self.assertTrue(is_certain([("a", found)]))

    def test_reference_with_other_amount_is_not_certain(self):
        found = score({**LINE, "text": "RF51CAL000002", "amount": 40.0}, PLEDGE)
        self.assertEqual(found.reasons, ("reference",))
        self.assertFalse(is_certain([("a", found)]))

    def test_two_pledges_by_their_references_are_for_a_person_to_decide(self):
        line = {**LINE, "text": "RF51CAL000002 RF78CAL000001"}
        ranking = rank(line, {"a": PLEDGE, "b": {**PLEDGE, "reference": "RF78CAL000001"}})
        self.assertEqual(len(ranking), 2)
        self.assertFalse(is_certain(ranking))

    def test_amount_alone_says_nothing(self):
        self.assertEqual(score(LINE, PLEDGE).points, 0)
        self.assertEqual(score({**LINE, "name": "Bianchi Marta"}, PLEDGE).points, 0)

    def test_order_of_what_speaks_for_it(self):
        lines = (
            {**LINE, "text": "RF51CAL000002"},
            {**LINE, "iban": "IT58C9999901600000000000050", "name": "BIANCHI ESEMPIO MARTA"},
            {**LINE, "text": "RF51CAL00002"},
            {**LINE, "name": "BIANCHI ESEMPIO MARTA"},
            {**LINE, "iban": "IT58C9999901600000000000050", "amount": 7.0},
            {**LINE, "text": "per CAL000002", "amount": 7.0},
        )
        points = [score(line, PLEDGE).points for line in lines]
        self.assertEqual(points, sorted(points, reverse=True))
        self.assertEqual(len(set(points)), len(points))
        self.assertTrue(all(points))

    def test_names_of_banks(self):
        for given, known, fit in (
            ("D'ANNUNZIO NICOLO'", "Nicolò D'Annunzio", "name"), ("COMUNE DI PIOLTELLO", "Comune di Pioltello", "name"),
            ("BIANCHI MARTA ESEMPIO E ROSSI UGO", "Marta Bianchi Esempio", None), ("ESEMPIO SRL", "Esempio S.r.l.", "name"),
            ("BIANCHI", "Marta Bianchi Esempio", None), ("", "", None), ("ŁUKASZ", "李", None),
        ):
            with self.subTest(given):
                self.assertEqual(name_fit(given, known), fit)
        self.assertEqual(words(None), set())

    def test_what_says_nothing_is_left_out(self):
        self.assertEqual(rank(LINE, {"a": PLEDGE}), [])
        self.assertFalse(is_certain([]))
