"""Arithmetic of matching and splitting, in exact decimal cents.

Pure: what a sponsor adds to one gift under its ceilings, and how a sum falls on several lines without losing a cent.
"""
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")


def to_cents(value):
    """A figure as an exact amount of cents.

    >>> to_cents(0.1 + 0.2)
    Decimal('0.30')
    >>> to_cents("2.005")
    Decimal('2.01')
    """
    return Decimal(str(value)).quantize(CENT, rounding=ROUND_HALF_UP)


def match_amount(gift, factor=1, per_gift=None, donor_left=None, pot_left=None):
    """What the sponsor adds to a gift.

    :param gift: amount of the gift
    :param factor: how much the sponsor gives for each unit; 1 doubles the gift
    :param per_gift: most for one gift; None: no ceiling
    :param donor_left: what is left of the ceiling of this donor; None: no ceiling
    :param pot_left: what is left of the sponsor's pledge; None: no ceiling
    :return: a Decimal of cents, never negative

    >>> match_amount(40000, 1, pot_left=40000)
    Decimal('40000.00')
    >>> match_amount(100, 0.5, per_gift=30)
    Decimal('30.00')
    >>> match_amount("33.33", 0.5)
    Decimal('16.67')
    >>> match_amount(50, 2, donor_left=80, pot_left=60)
    Decimal('60.00')
    >>> match_amount(50, 1, pot_left=0)
    Decimal('0.00')
    >>> match_amount(50, 1, pot_left=-5)
    Decimal('0.00')
    """
    wanted = to_cents(Decimal(str(gift)) * Decimal(str(factor)))
    ceilings = [to_cents(one) for one in (per_gift, donor_left, pot_left) if one is not None]
    return max(min([wanted, *ceilings]), Decimal("0.00"))


class Terms(NamedTuple):
    """What one sponsor's rule still allows.

    :param factor: added for each euro given
    :param pot_left: what is left of the sponsor's pledge
    :param per_gift: ceiling for one gift; None: no ceiling
    :param per_donor: ceiling for one donor; None: no ceiling
    :param donors: donor → what the rule has added to this donor's gifts so far
    :param parts: gift → the part of it that the rule adds to, where that is not the whole
    """

    factor: object
    pot_left: object
    per_gift: object = None
    per_donor: object = None
    donors: dict = {}
    parts: dict = {}


def share_out(gifts, terms):
    """What rules add to gifts, one gift after the other, each by the rules open to it in their order.

    :param gifts: list of (gift, donor, amount, rules open to it); gift, donor and rule are any keys
    :param dict terms: rule → :class:`Terms`
    :return: list of (rule, gift, Decimal amount above nought), in order

    >>> share_out([("a", "x", 30, ["r"]), ("b", "y", 30, ["r"])], {"r": Terms(1, 50)})
    [('r', 'a', Decimal('30.00')), ('r', 'b', Decimal('20.00'))]
    >>> share_out([("a", "x", 30, ["r"]), ("b", "x", 30, ["r"])], {"r": Terms(1, 500, per_gift=25, per_donor=40, donors={"x": 10})})
    [('r', 'a', Decimal('25.00')), ('r', 'b', Decimal('5.00'))]
    >>> share_out([("a", "x", 10, ["r", "s"]), ("b", "x", 10, [])], {"r": Terms("0.5", 3), "s": Terms(2, 100)})
    [('r', 'a', Decimal('3.00')), ('s', 'a', Decimal('20.00'))]
    >>> share_out([("a", "x", 10, ["r"])], {"r": Terms(2, 100, parts={"a": 4})})
    [('r', 'a', Decimal('8.00'))]
    """
    left = {rule: to_cents(found.pot_left) for rule, found in terms.items()}
    had = {(rule, donor): to_cents(amount) for rule, found in terms.items() for donor, amount in found.donors.items()}
    shares = []
    for gift, donor, amount, rules in gifts:
        for rule in rules:
            factor, _pot, per_gift, per_donor, _donors, parts = terms[rule]
            donor_left = None if per_donor is None else to_cents(per_donor) - had.get((rule, donor), Decimal(0))
            share = match_amount(parts.get(gift, amount), factor, per_gift=per_gift, donor_left=donor_left, pot_left=left[rule])
            if share:
                left[rule] -= share
                had[rule, donor] = had.get((rule, donor), Decimal(0)) + share
                shares.append((rule, gift, share))
    return shares


def split_amount(amount, weights):
    """Let an amount fall on weights, to the cent; the cents left over go to the largest remainders, then by order.

    >>> split_amount(100, [1, 1, 1])
    [Decimal('33.34'), Decimal('33.33'), Decimal('33.33')]
    >>> split_amount("0.01", [30, 70])
    [Decimal('0.00'), Decimal('0.01')]
    >>> sum(split_amount("77.77", [3, 5, 11])) == Decimal("77.77")
    True
    >>> split_amount(10, [0])
    [Decimal('10.00')]
    """
    cents, total = int(to_cents(amount) / CENT), sum(Decimal(str(one)) for one in weights) or Decimal(1)
    exact = [cents * Decimal(str(one)) / total for one in weights]
    parts = [int(one) for one in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (parts[i] - exact[i], i))
    for position in range(cents - sum(parts)):
        parts[by_remainder[position % len(parts)]] += 1
    return [CENT * one for one in parts]
