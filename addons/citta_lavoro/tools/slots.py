"""Times at which somebody can be met: a series over days and hours as the clock on the wall shows them."""
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST = 400


def clock(hours):
    """A time of day from hours with a fraction, as Odoo's float_time widget writes it.

    >>> clock(9.5)
    datetime.time(9, 30)
    """
    minutes = round(hours * 60)
    return time(minutes // 60 % 24, minutes % 60)


def to_utc(day, moment, zone):
    """The moment on that day in UTC, without a zone, as the database keeps it.

    >>> from datetime import date
    >>> to_utc(date(2026, 7, 1), time(9), "Europe/Rome"), to_utc(date(2026, 12, 1), time(9), "Europe/Rome")
    (datetime.datetime(2026, 7, 1, 7, 0), datetime.datetime(2026, 12, 1, 8, 0))
    """
    return datetime.combine(day, moment, ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def to_local(moment, zone):
    """The moment of the database as the clock on the wall shows it.

    >>> to_local(datetime(2026, 7, 1, 22, 30), "Europe/Rome")
    datetime.datetime(2026, 7, 2, 0, 30)
    """
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def series(first, last, weekdays, begin, end, length, pause, zone):
    """Beginnings, in UTC, of slots of one length that fit between two hours on some days of the week.

    :param first: first day
    :param last: last day
    :param weekdays: days of the week, Monday is 0
    :param begin: hour at which the first slot begins
    :param end: hour by which the last one is over
    :param length: hours that a slot takes
    :param pause: hours between two slots
    :param zone: name of the time zone in which the hours are meant

    Two Mondays around the change of the clocks, with two slots each:

    >>> from datetime import date
    >>> found = series(date(2026, 10, 19), date(2026, 10, 26), {0}, 9, 10.5, 0.5, 0.25, "Europe/Rome")
    >>> [moment.isoformat(" ", "minutes") for moment in found]
    ['2026-10-19 07:00', '2026-10-19 07:45', '2026-10-26 08:00', '2026-10-26 08:45']
    >>> series(date(2026, 10, 19), date(2026, 10, 18), {0}, 9, 10, 0.5, 0, "Europe/Rome")
    []
    >>> len(series(date(2026, 1, 1), date(2099, 1, 1), set(range(7)), 0, 24, 0.25, 0, "Europe/Rome")) == MOST
    True
    """
    if length <= 0 or pause < 0:
        return []
    found, day = [], first
    while day <= last and len(found) < MOST:
        hour = begin
        while day.weekday() in weekdays and hour + length <= end + 1e-9 and len(found) < MOST:
            found.append(to_utc(day, clock(hour), zone))
            hour += length + pause
        day += timedelta(days=1)
    return found
