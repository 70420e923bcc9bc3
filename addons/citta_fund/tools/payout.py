"""What a payment provider's transfer pays out: which of the payments that wait, and how much it kept as its fee."""
from decimal import Decimal
from typing import NamedTuple

from .matching import to_cents

# A fee above these is no fee: the transfer is then left to somebody's look.
MOST_RATE, MOST_EACH = Decimal("0.05"), Decimal("0.60")


class Payout(NamedTuple):
    """Keys of the payments paid out, and the fee."""

    keys: tuple
    fee: Decimal


def _fee_fits(fee, total, count):
    return 0 <= fee <= total * MOST_RATE + count * MOST_EACH


def find_payout(amount, waiting, named=()):
    """The payments that a transfer pays: those it names, else the oldest that make its amount up to a small fee.

    :param amount: what came by the bank
    :param waiting: (key, amount) pairs, the oldest first
    :param named: keys whose reference stands in the transfer's text
    :return: :class:`Payout`; None where nothing fits; where several sums fit, the one with the smallest fee

    >>> find_payout(98.2, [("a", 50), ("b", 50), ("c", 500)])
    Payout(keys=('a', 'b'), fee=Decimal('1.80'))
    >>> find_payout(50, [("a", 50), ("b", 0.5)])
    Payout(keys=('a',), fee=Decimal('0.00'))
    >>> find_payout(49, [("a", 50), ("b", 50), ("back", -50)])
    Payout(keys=('a', 'b', 'back'), fee=Decimal('1.00'))
    >>> find_payout(48.5, [("a", 10), ("b", 50)], named=["b"])
    Payout(keys=('b',), fee=Decimal('1.50'))
    >>> find_payout(30, [("a", 50)]) is None, find_payout(60, [("a", 50)]) is None, find_payout(0, []) is None
    (True, True, True)
    """
    amount, waiting = to_cents(amount), [(key, to_cents(one)) for key, one in waiting]
    chosen = [(key, one) for key, one in waiting if key in set(named)]
    sums = [chosen] if chosen else [waiting[:count] for count in range(1, len(waiting) + 1)]
    fits = []
    for part in sums:
        total = sum((one for _key, one in part), Decimal())
        if amount > 0 and _fee_fits(total - amount, total, len(part)):
            fits.append(Payout(tuple(key for key, _one in part), total - amount))
    # of equal fees the longest: what came and went back since is settled with it
    return min(fits, key=lambda found: (found.fee, -len(found.keys)), default=None)
