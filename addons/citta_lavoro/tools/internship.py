"""The arithmetic of an internship: hours of a month, rate of presence, allowance due, and days to fill in.

A day is (presence, hours done, hours planned). Presence: ``present``, ``absent`` or ``excused``; an excused day (the firm is
closed, the internship is suspended) counts neither way.
"""
import calendar
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

CENT = Decimal("0.01")


class Month(NamedTuple):
    """What one month comes to.

    :param done: hours of presence
    :param planned: hours that counted
    :param rate: the first in per cent of the second
    :param due: the allowance of the month
    """

    done: float
    planned: float
    rate: float
    due: float


def rate(days):
    """Hours done in per cent of hours planned; hours made up on another day count, more than all do not.

    >>> rate([("present", 6, 6), ("present", 3, 6), ("absent", 0, 6), ("excused", 0, 6)])
    50.0
    >>> rate([]), rate([("excused", 0, 6)])
    (0.0, 0.0)
    """
    counted = [day for day in days if day[0] != "excused"]
    planned = sum(day[2] for day in counted)
    return min(round(100.0 * sum(day[1] for day in counted) / planned, 1), 100.0) if planned else 0.0


def covered(start, end, month):
    """Which part of a month the internship covers, by calendar days.

    :param date month: any day of that month

    >>> from datetime import date
    >>> covered(date(2026, 1, 17), date(2026, 6, 30), date(2026, 1, 1))
    Fraction(15, 31)
    >>> covered(date(2026, 1, 17), date(2026, 6, 30), date(2026, 2, 1)), covered(date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1))
    (Fraction(1, 1), Fraction(0, 1))
    """
    first = month.replace(day=1)
    length = calendar.monthrange(first.year, first.month)[1]
    last = first.replace(day=length)
    return Fraction(max((min(end, last) - max(start, first)).days + 1, 0), length)


def allowance_due(monthly, presence, threshold, share=1):
    """The allowance of one month: whole from the threshold of presence on, below it in proportion to the presence.

    :param monthly: as agreed
    :param presence: rate in per cent
    :param threshold: from which rate on it is whole
    :param share: part of the month that the internship covers

    >>> allowance_due(500, 70, 70), allowance_due(500, 69.9, 70), allowance_due(500, 0, 70)
    (500.0, 349.5, 0.0)
    >>> from datetime import date
    >>> allowance_due(500, 100, 70, covered(date(2026, 1, 17), date(2026, 6, 30), date(2026, 1, 1)))
    241.94
    >>> allowance_due(0, 100, 70)
    0.0
    """
    part = Decimal(1) if presence >= threshold else Decimal(str(presence)) / 100
    whole = Decimal(str(monthly)) * part
    return float((whole * share.numerator / share.denominator).quantize(CENT, ROUND_HALF_UP))


def month_of(days, monthly, threshold, share=1):
    """A month in figures.

    >>> month_of([("present", 6, 6), ("absent", 0, 6), ("excused", 0, 6)], 500, 70)
    Month(done=6, planned=12, rate=50.0, due=250.0)
    >>> month_of([("present", 6, 6)], 500, 70).due, month_of([], 500, 70).due
    (500.0, 0.0)
    """
    presence = rate(days)
    due = allowance_due(monthly, presence, threshold, share)
    return Month(sum(day[1] for day in days), sum(day[2] for day in days if day[0] != "excused"), presence, due)


def days_between(start, end, weekdays):
    """The days of these weekdays, both ends included; Monday is 0.

    >>> from datetime import date
    >>> [day.day for day in days_between(date(2026, 6, 1), date(2026, 6, 9), {0, 2})]
    [1, 3, 8]
    >>> days_between(date(2026, 6, 2), date(2026, 6, 1), {0, 1})
    []
    """
    found = (start + timedelta(days=number) for number in range((end - start).days + 1))
    return [day for day in found if day.weekday() in weekdays]


def latest_end(start, months):
    """The last day of a term in months.

    >>> from datetime import date
    >>> latest_end(date(2026, 1, 15), 12), latest_end(date(2024, 2, 29), 12)
    (datetime.date(2027, 1, 14), datetime.date(2025, 2, 27))
    """
    return start + relativedelta(months=months) - timedelta(days=1)
