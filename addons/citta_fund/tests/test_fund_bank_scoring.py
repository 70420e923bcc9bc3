import random
from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools.bank_scoring import CERTAIN, Candidates, is_certain, name_fit, rank, score, words
from ..tools.rf_reference import make_rf

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

    def test_the_index_finds_what_a_look_at_each_finds(self):
        """Lines with slips, glued words, other people's accounts and names, against every candidate one by one."""
        for seed in range(30):
            rng = random.Random(seed)
            people = ["Marta Bianchi Esempio", "Nicolò D'Annunzio", "Comune di Pioltello", "Bianchi Marta", "Ugo", ""]
            ibans = [f"IT00{place}" for place in range(4)]
            candidates = {place: {
                "reference": make_rf(f"CAL{rng.randrange(40):06d}" if rng.random() < 0.8 else f"X{rng.randrange(9)}"), "amount": rng.choice((10.0, 50.0)),
                "ibans": set(rng.sample(ibans, rng.randrange(3))), "name": rng.choice(people), "dates": (date(2026, 3, 1), date(2026, 4, rng.randrange(1, 30))),
            } for place in range(30)}
            index, without_slips = Candidates(candidates), Candidates(candidates, slips=False)
            for _line in range(15):
                line = {
                    "text": self.mistype(rng, rng.choice(list(candidates.values()))["reference"]), "amount": rng.choice((10.0, 50.0)),
                    "iban": rng.choice([*ibans, ""]), "name": rng.choice(people).upper(), "date": date(2026, rng.randrange(2, 6), 15),
                }
                each = [(key, found) for key, one in candidates.items() if (found := score(line, one)).points]
                found = index.rank(line)
                self.assertEqual(found, sorted(each, key=lambda pair: -pair[1].points), (seed, line))
                certain = without_slips.rank(line)
                self.assertEqual(is_certain(certain), is_certain(found))
                if is_certain(certain):
                    self.assertEqual(certain[0][0], found[0][0])

    def mistype(self, rng, reference):
        """A reference as a donor may write it, among other words."""
        place = rng.randrange(len(reference))
        written = rng.choice((
            reference, reference.lower(), reference[:place] + reference[place + 1:], reference[:place] + rng.choice("A7") + reference[place:],
            reference[:place] + rng.choice("Z3") + reference[place + 1:], reference[:place] + reference[place:place + 2][::-1] + reference[place + 2:],
            f"{reference[:4]} {reference[4:8]} {reference[8:]}", reference[4:], f"P{reference}", "",
        ))
        return f"{rng.choice(('BONIFICO DA UGO', 'donazione', ''))} {written} {rng.choice(('GRAZIE', '2026', ''))}".strip()
