"""One appointment as a file that every calendar reads (iCalendar, RFC 5545)."""

import vobject
from vobject.icalendar import utc


def write(uid, start, stop, stamp, **texts):
    """The file; sent again with the same ``uid`` it moves the appointment instead of adding a second one.

    :param str uid: the appointment's name among all appointments
    :param datetime start: in UTC, without a zone, as the database keeps it
    :param datetime stop: likewise
    :param datetime stamp: when the file is written, likewise
    :param texts: ``summary``, ``location``, ``description``; empty ones are left out
    :return: bytes

    >>> from datetime import datetime
    >>> file = write("1@x", datetime(2026, 7, 1, 7), datetime(2026, 7, 1, 8), datetime(2026, 6, 1), summary="Talk", location="Via Roma 1, scala A", description="")
    >>> for line in file.decode().splitlines():
    ...     print(line)
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//appointment//IT
    BEGIN:VEVENT
    UID:1@x
    DTSTART:20260701T070000Z
    DTEND:20260701T080000Z
    DTSTAMP:20260601T000000Z
    LOCATION:Via Roma 1\\, scala A
    SUMMARY:Talk
    END:VEVENT
    END:VCALENDAR
    """
    calendar = vobject.iCalendar()
    calendar.add("prodid").value = "-//appointment//IT"
    event = calendar.add("vevent")
    event.add("uid").value = uid
    for name, moment in (("dtstart", start), ("dtend", stop), ("dtstamp", stamp)):
        event.add(name).value = moment.replace(microsecond=0, tzinfo=utc)
    for name, text in texts.items():
        if text:
            event.add(name).value = text
    return calendar.serialize().encode()
