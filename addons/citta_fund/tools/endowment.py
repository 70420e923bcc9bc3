"""Arithmetic of an endowment: which part of what came in is capital, and how much of the capital the spending rule sets free."""
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def _cents(value):
    return Decimal(str(value)).quantize(CENT, rounding=ROUND_HALF_UP)


def locked(inflows, share, rate=0, today=None):
    """The capital that may not be spent.

    :param inflows: first day of a month → what came in then, gifts and matches together, refunds less
    :param share: per cent of what comes in that is capital
    :param rate: per cent of the capital that each year sets free, of what was there on 1 January; 0: only the yield is spent
    :param today: a date; the years up to its own are counted
    :return: a Decimal of cents, never negative

    >>> from datetime import date
    >>> locked({date(2025, 3, 1): 1000, date(2026, 2, 1): 500}, 40)
    Decimal('600.00')
    >>> locked({date(2025, 3, 1): 1000, date(2026, 2, 1): 500}, 40, 5, date(2026, 6, 30))   # 5 % of the 400 of 2025
    Decimal('580.00')
    >>> locked({date(2024, 3, 1): 1000}, 100, 10, date(2026, 6, 30))   # 1000, less 100, less 90
    Decimal('810.00')
    >>> locked({date(2026, 3, 1): -20}, 50), locked({}, 50), locked({date(2026, 3, 1): 100}, 0)
    (Decimal('0.00'), Decimal('0.00'), Decimal('0.00'))
    >>> locked({date(2026, 1, 1): "33.33"}, 50)
    Decimal('16.67')
    """
    capital = {}
    for month, amount in inflows.items():
        capital[month.year] = capital.get(month.year, Decimal()) + Decimal(str(amount)) * Decimal(str(share)) / 100
    total = Decimal()
    for year in range(min(capital, default=0), max([*capital, today.year if today else 0]) + 1 if capital else 0):
        if rate and today and year <= today.year:
            total -= _cents(max(total, Decimal()) * Decimal(str(rate)) / 100)
        total += capital.get(year, Decimal())
    return _cents(max(total, Decimal()))
