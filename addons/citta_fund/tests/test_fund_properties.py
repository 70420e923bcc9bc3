import random
from decimal import Decimal
from fractions import Fraction

from odoo.fields import Command
from odoo.tests import BaseCase, tagged
from odoo.tools import SQL

from ..tools.bank_scoring import is_certain, rank
from ..tools.gift_list import read_list
from ..tools.matching import match_amount, split_amount, to_cents
from ..tools.payout import MOST_EACH, MOST_RATE, find_payout
from ..tools.rf_reference import make_rf
from ..tools.statement_csv import Layout, TableFault, movements
from .common import FundCommon

SEEDS = range(40)


def ceilings_kept(rule, standing):
    """Whether matches keep everything that a rule promises; said as conditions, and not as the addon computes them.

    :param rule: factor as a fraction, ceilings in cents or None
    :param standing: list of (donor, cents given, cents matched)
    """
    by_donor = {}
    for donor, _given, matched in standing:
        by_donor[donor] = by_donor.get(donor, 0) + matched
    most = {"gift": max((matched for _d, _g, matched in standing), default=0), "donor": max(by_donor.values(), default=0), "pot": sum(by_donor.values())}
    half_up = all(matched >= 0 and 2 * matched <= 2 * given * rule["factor"] + 1 for _donor, given, matched in standing)
    return half_up and all(rule[name] is None or value <= rule[name] for name, value in most.items())


def is_most(rule, standing, donor, given, matched):
    """Whether a match keeps every ceiling, and one cent more would not."""
    return ceilings_kept(rule, [*standing, (donor, given, matched)]) and not ceilings_kept(rule, [*standing, (donor, given, matched + 1)])


def random_rule(rng):
    """A rule with some ceilings."""
    factor = rng.choice((Fraction(1, 2), Fraction(3333, 10000), Fraction(1), Fraction(2), Fraction(rng.randrange(1, 40000), 10000)))
    return {"factor": factor, **{name: rng.choice((None, rng.randrange(1, 30000))) for name in ("gift", "donor")}, "pot": rng.randrange(1, 90000)}


def matched_by(rule, standing, donor, given):
    """What the addon's arithmetic says, in cents."""
    def euro(cents):
        return None if cents is None else float(cents) / 100

    taken = sum(matched for who, _given, matched in standing if who == donor)
    left = None if rule["donor"] is None else rule["donor"] - taken
    amount = match_amount(
        euro(given), float(rule["factor"]), per_gift=euro(rule["gift"]), donor_left=euro(left),
        pot_left=euro(rule["pot"] - sum(matched for _who, _given, matched in standing)),
    )
    assert amount == amount.quantize(Decimal("0.01"))
    return int(amount * 100)


@tagged("post_install", "-at_install")
class TestProperties(BaseCase):
    """What must hold for any numbers, tried with many seeds; the seeds are fixed, so that a failure comes again."""

    def each_seed(self):
        """A random generator for each seed."""
        return map(random.Random, SEEDS)

    def test_any_order_of_gifts_and_refunds_keeps_every_ceiling_and_leaves_no_cent(self):
        for rng in self.each_seed():
            rule, standing = random_rule(rng), []
            for _step in range(60):
                if standing and rng.random() < 0.35:
                    standing.pop(rng.randrange(len(standing)))
                    continue
                donor, given = rng.choice("abc"), rng.choice((1, rng.randrange(1, 20000), rng.randrange(1, 2000) * 100))
                matched = matched_by(rule, standing, donor, given)
                self.assertTrue(is_most(rule, standing, donor, given, matched), (rule, standing, donor, given, matched))
                standing.append((donor, given, matched))

    def test_the_same_is_matched_of_a_pot_in_any_order(self):
        for rng in self.each_seed():
            gifts, pot = [rng.randrange(1, 20000) for _gift in range(12)], rng.randrange(1, 150000)
            rule = {"factor": Fraction(1), "gift": None, "donor": None, "pot": pot}
            for _order in range(4):
                rng.shuffle(gifts)
                standing = []
                for given in gifts:
                    standing.append(("a", given, matched_by(rule, standing, "a", given)))
                self.assertEqual(sum(matched for _who, _given, matched in standing), min(pot, sum(gifts)))
                parts = [matched for _who, given, matched in standing if matched not in (0, given)]
                self.assertLessEqual(len(parts), 1, "the pot ends once")

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


@tagged("post_install", "-at_install")
class TestMatchingProperties(FundCommon):
    """The same through gifts, refunds and the books: several sponsors, random orders, always the same ones."""

    DAYS = ("2026-02-27", "2026-03-01", "2026-03-15", "2026-04-02")

    def setUp(self):
        super().setUp()
        self.rule.active = False
        self.sponsors = self.env["res.partner"].create([{"name": f"Invented sponsor {place}", "is_company": True} for place in range(3)])
        self.donors = [self.citizen, self.district, self.sponsors[0], self.env["res.partner"]]
        self.standing = []

    def make_rules(self, rng):
        """Three sponsors, each with a rule of its own, and what the oracle knows of it."""
        self.wanted = []
        for place, sponsor in enumerate(self.sponsors):
            known = random_rule(rng)
            window = sorted(rng.sample(self.DAYS, 2)) if rng.random() < 0.5 else [False, False]
            chosen = rng.sample(self.donors[:3], 2) if rng.random() < 0.4 else []
            bodies = not chosen and rng.random() < 0.4
            kind = rng.choice(("free", "tied", "conditional"))
            rule = self.env["citta.match.rule"].create({
                "name": f"Rule {place}", "fund_id": self.fund.id, "sponsor_id": sponsor.id, "priority": rng.randrange(1, 9), "kind": kind,
                "factor": float(known["factor"]), "ceiling_pot": known["pot"] / 100, "ceiling_gift": (known["gift"] or 0) / 100,
                "ceiling_donor": (known["donor"] or 0) / 100, "date_from": window[0], "date_to": window[1],
                "donor_ids": [Command.set([donor.id for donor in chosen])], "donor_domain": "[('is_company', '=', True)]" if bodies else False,
            })
            self.wanted.append({**known, "rule": rule, "window": window, "donors": chosen, "bodies": bodies, "sponsor": sponsor, "standing": {}})

    def is_meant(self, known, gift):
        """Whether a rule is for a gift, by what it was made with."""
        donor, day = gift.partner_id, str(gift.date_received)
        in_window = not known["window"][0] or known["window"][0] <= day <= known["window"][1]
        of_these = not known["donors"] or any(donor == one for one in known["donors"])
        return in_window and of_these and donor != known["sponsor"] and (not known["bodies"] or donor.is_company)

    def give(self, rng):
        """One gift, or some in one go, with random donors, days and parts."""
        lines = []
        for _gift in range(rng.choice((1, 1, 3))):
            cents = rng.choice((1, rng.randrange(1, 30000)))
            donor = rng.choice(self.donors)
            lines.append(self.bank_line(cents / 100, date=rng.choice(self.DAYS), partner_id=donor.id))
        vals_list = []
        for line in lines:
            parts = {}
            if line.amount > 1 and rng.random() < 0.5:
                first = round(line.amount / 3, 2)
                parts = {"line_ids": [Command.create({"fund_line_id": part.id, "amount": amount}) for part, amount in (
                    (self.labs, first), (self.aid, round(line.amount - first, 2)))]}
            vals_list.append({"partner_id": line.partner_id.id, **parts})
        gifts = self.env["citta.donation"]._post_from_statement_lines(self.env["account.bank.statement.line"].union(*lines), vals_list)
        for gift in gifts.sorted(lambda gift: (gift.date_received, gift.id)):
            self.assert_matched(gift)
            self.standing.append(gift)

    def assert_matched(self, gift):
        """What each sponsor added to a new gift: nothing where it is not meant, else all that its ceilings allow."""
        given = round(gift.amount * 100)
        order = [entry.rule_id for entry in gift.match_entry_ids.sorted("id")]
        self.assertEqual(order, sorted(order, key=lambda rule: (rule.priority, rule.id)))
        for known in self.wanted:
            entry = gift.match_entry_ids.filtered(lambda entry, known=known: entry.rule_id == known["rule"])
            matched = round(entry.amount * 100)
            if self.is_meant(known, gift):
                self.assertTrue(is_most(known, list(known["standing"].values()), gift.partner_id, given, matched), (known, gift.partner_id.name, given, matched))
            else:
                self.assertFalse(matched, known)
            if entry:
                known["standing"][gift] = (gift.partner_id, given, matched)

    def take_back(self, rng):
        """A gift that stands is refunded or undone; its matches fall."""
        gift = self.standing.pop(rng.randrange(len(self.standing)))
        if gift.partner_id and rng.random() < 0.5:
            gift.action_refund()
        else:
            gift.action_undo()
        for known in self.wanted:
            known["standing"].pop(gift, None)

    def assert_books(self):
        """Claim, matches and journal items of each rule are the same sum; sponsors owe what stands; parts add up."""
        self.env.flush_all()
        for known in self.wanted:
            cents, rule = sum(matched for _d, _g, matched in known["standing"].values()), known["rule"]
            rows = dict(self.env.execute_query(SQL(
                "SELECT i.citta_nature, round(100 * sum(i.balance)) FROM account_move_line i WHERE i.parent_state = 'posted' AND i.partner_id = %s"
                " AND i.move_id IN (SELECT unnest(array[move_id, reversal_move_id]) FROM citta_match_entry WHERE rule_id = %s) GROUP BY 1", rule.sponsor_id.id, rule.id,
            )))
            self.assertEqual((rows.get("match", 0), rows.get(None, 0)), (-cents, cents))
            self.assertEqual(round(rule._claim_used("pot") * 100), cents)
            accounts = rule.entry_ids.move_id.line_ids.filtered("citta_nature").account_id
            self.assertLessEqual(accounts, self.fund._get_gift_account(rule.kind))
        figures = self.figures()
        self.assertEqual(round(figures["received"] * 100), sum(round(gift.amount * 100) for gift in self.standing))
        self.assertEqual(round(figures["matched"] * 100), sum(m for known in self.wanted for _d, _g, m in known["standing"].values()))

    def play(self, seed):
        """A story of gifts and refunds."""
        rng = random.Random(seed)
        self.make_rules(rng)
        for _step in range(14):
            if self.standing and rng.random() < 0.3:
                self.take_back(rng)
            else:
                self.give(rng)
            self.assert_books()
        broken = self.env["citta.fund.check"]._run(self.company).filtered(lambda row: not row.is_ok)
        self.assertFalse(broken.mapped("findings"))
        return sum(len(known["standing"]) for known in self.wanted)

    def test_any_order_with_several_sponsors_seed_1(self):
        self.assertTrue(self.play(1))

    def test_any_order_with_several_sponsors_seed_2(self):
        self.assertTrue(self.play(2))

    def test_any_order_with_several_sponsors_seed_3(self):
        self.assertTrue(self.play(3))

    def test_any_order_with_several_sponsors_seed_4(self):
        self.assertTrue(self.play(4))
