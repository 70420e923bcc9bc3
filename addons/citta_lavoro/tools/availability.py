"""When a person is free, in one line that people read at a glance."""


def summary(slots, days, parts):
    """The free parts of the week; days with the same parts stand together.

    :param slots: (day, part) pairs
    :param dict days: code → short label, in the order of the week
    :param dict parts: code → label, in the order of the day
    :return: text, empty where nothing is known

    >>> days = {"1": "Mon", "2": "Tue", "3": "Wed"}
    >>> parts = {"morning": "morning", "evening": "evening"}
    >>> summary([("1", "morning"), ("2", "morning"), ("3", "evening"), ("3", "morning")], days, parts)
    'Mon, Tue: morning; Wed: all day'
    >>> summary([(day, "evening") for day in days], days, parts)
    'Every day: evening'
    >>> summary([], days, parts)
    ''
    """
    return "; ".join(f"{_days(found, days)}: {_parts(which, parts)}" for which, found in _by_parts(slots, days, parts).items())


def _by_parts(slots, days, parts):
    """Parts of the day → days on which just these are free."""
    found = {}
    for day in days:
        which = tuple(part for part in parts if (day, part) in set(slots))
        if which:
            found.setdefault(which, []).append(day)
    return found


def _days(found, days):
    return days.get("all", "Every day") if len(found) == len([one for one in days if one != "all"]) else ", ".join(days[day] for day in found)


def _parts(which, parts):
    known = [one for one in parts if one != "all"]
    return parts.get("all", "all day") if len(which) == len(known) else ", ".join(parts[one] for one in which)
