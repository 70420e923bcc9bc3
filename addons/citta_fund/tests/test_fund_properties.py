import random
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..tools.bank_scoring import is_certain, rank
from ..tools.gift_list import read_list
from ..tools.matching import match_amount, split_amount, to_cents
from ..tools.payout import MOST_EACH, MOST_RATE, find_payout
from ..tools.rf_reference import make_rf
from ..tools.statement_csv import Layout, TableFault, movements

SEEDS = range(40)


class Ledger:
    """Gifts and refunds under three ceilings, kept as the addon does, in cents."""

    def __init__(self, rng):
        self.factor = rng.choice((Decimal("0.5"), Decimal("0.3333"), Decimal(1), Decimal(2)))
        self.gift_ceiling, self.donor_ceiling, self.pot = (to_cents(rng.randrange(100, 30000) / 100) for _n in range(3))
        self.standing = []

    def left(self, ceiling, donor=None):
        """What is left of a ceiling, of all donors or of one."""
        return ceiling - sum((matched for who, _amount, matched in self.standing if donor in (None, who)), Decimal())

    def give(self, donor, amount):
        """Match one gift."""
        matched = match_amount(
            amount, self.factor, per_gift=self.gift_ceiling, donor_left=self.left(self.donor_ceiling, donor), pot_left=self.left(self.pot),
        )
        self.standing.append((donor, amount, matched))
        return matched


@tagged("post_install", "-at_install")
class TestProperties(BaseCase):
    """What must hold for any numbers, tried with many seeds; the seeds are fixed, so that a failure comes again."""

    def each_seed(self):
        """A random generator for each seed."""
        return map(random.Random, SEEDS)

    def test_any_order_of_gifts_and_refunds_keeps_every_ceiling(self):
        for rng in self.each_seed():
            ledger = Ledger(rng)
            for _step in range(60):
                if ledger.standing and rng.random() < 0.35:
                    ledger.standing.pop(rng.randrange(len(ledger.standing)))
                else:
                    amount = to_cents(rng.randrange(1, 20000) / 100)
                    matched = ledger.give(rng.choice("abc"), amount)
                    self.assertEqual(matched, matched.quantize(Decimal("0.01")))
                    self.assertLessEqual(matched, to_cents(amount * ledger.factor))
                    self.assertTrue(0 <= matched <= ledger.gift_ceiling)
                self.assertGreaterEqual(ledger.left(ledger.pot), 0)
                self.assertTrue(all(ledger.left(ledger.donor_ceiling, donor) >= 0 for donor in "abc"))

    def test_a_match_stops_at_a_ceiling_only(self):
        for rng in self.each_seed():
            ledger, given = Ledger(rng), Decimal()
            for _step in range(80):
                amount = to_cents(rng.randrange(1, 5000) / 100)
                before = (ledger.left(ledger.pot), ledger.left(ledger.donor_ceiling, "a"), ledger.gift_ceiling, to_cents(amount * ledger.factor))
                matched = ledger.give("a", amount)
                self.assertEqual(matched, min(before), "no more and no less than the tightest of all")
                given += matched
            self.assertEqual(given, min(ledger.pot, ledger.donor_ceiling) if not ledger.left(min(ledger.pot, ledger.donor_ceiling)) else given)

    def test_parts_make_the_whole_to_the_cent(self):
        for rng in self.each_seed():
            amount = to_cents(rng.randrange(0, 10_000_000) / 100)
            weights = [rng.randrange(0, 1000) / 10 for _n in range(rng.randrange(1, 9))]
            parts = split_amount(amount, weights)
            self.assertEqual((sum(parts), len(parts)), (amount, len(weights)))
            self.assertTrue(all(part >= 0 for part in parts))
            exact = [amount * Decimal(str(one)) / sum(Decimal(str(w)) for w in weights) for one in weights] if sum(weights) else parts
            self.assertTrue(all(abs(part - one) < Decimal("0.02") for part, one in zip(parts, exact, strict=True)) or not sum(weights))

    def test_a_payout_is_found_and_never_pays_more_than_waits(self):
        for rng in self.each_seed():
            waiting = [(place, rng.randrange(100, 20000) / 100) for place in range(rng.randrange(1, 12))]
            count = rng.randrange(1, len(waiting) + 1)
            total = sum(to_cents(amount) for _key, amount in waiting[:count])
            fee = to_cents(total * MOST_RATE * Decimal(str(rng.random())))
            found = find_payout(total - fee, waiting)
            self.assertIsNotNone(found)
            paid = sum(to_cents(amount) for key, amount in waiting if key in found.keys)
            self.assertEqual(paid - found.fee, total - fee)
            self.assertTrue(0 <= found.fee <= paid * MOST_RATE + len(found.keys) * MOST_EACH)
            everything = sum(to_cents(amount) for _key, amount in waiting)
            self.assertIsNone(find_payout(everything + 1, waiting))

    def test_certain_means_the_right_reference(self):
        for rng in self.each_seed():
            pledges = {make_rf(f"CAL{number:06d}"): rng.randrange(1, 50) * 10 for number in rng.sample(range(1, 99999), 20)}
            candidates = {
                reference: {"reference": reference, "amount": amount, "ibans": set(), "name": "Anna Inventata"} for reference, amount in pledges.items()
            }
            right = rng.choice(list(pledges))
            line = {"text": f"dono {right} grazie", "amount": pledges[right], "iban": "", "name": "ANNA INVENTATA"}
            ranking = rank(line, candidates)
            self.assertEqual((ranking[0][0], is_certain(ranking)), (right, True))
            place = rng.randrange(6, len(right))
            wrong = right[:place] + rng.choice([digit for digit in "0123456789" if digit != right[place]]) + right[place + 1:]
            self.assertFalse(is_certain(rank({**line, "text": f"dono {wrong}"}, candidates)) and wrong not in pledges)
            self.assertFalse(is_certain(rank({**line, "amount": line["amount"] + 0.01}, candidates)))

    def test_damaged_files_are_refused_or_read_whole_never_otherwise(self):
        table = "Data;Importo;Descrizione\n" + "".join(f"{day:02}/03/2026;{day},50;dono {day}\n" for day in range(1, 29))
        gifts = "Nome;Importo\n" + "".join(f"Donatore {place};{place},25\n" for place in range(1, 29))
        for rng in self.each_seed():
            for text, read in ((table, lambda data: movements(data, Layout())), (gifts, read_list)):
                data = bytearray(text.encode())
                for _slip in range(rng.randrange(1, 4)):
                    place = rng.randrange(len(data))
                    data[place:place + rng.randrange(0, 3)] = rng.randbytes(rng.randrange(0, 3))
                try:
                    found = read(bytes(data))
                except TableFault as fault:
                    self.assertTrue(fault.code)
                else:
                    self.assertLessEqual(len(found), 32)
