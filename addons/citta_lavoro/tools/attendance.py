"""Counting presences. Words: ``present``, ``excused``, ``absent``; None or empty: nobody has marked it yet."""


def rate(marks):
    """The share of sessions attended, in per cent; an excused absence counts neither way.

    >>> rate(["present", "present", "absent", "excused"])
    66.7
    >>> rate(["excused", None]), rate([])
    (0.0, 0.0)
    """
    counted = [mark for mark in marks if mark in ("present", "absent")]
    return round(100.0 * counted.count("present") / len(counted), 1) if counted else 0.0


def absences_in_row(marks):
    """How many of the last sessions in a row were missed without a word; an excuse is a word.

    :param marks: in order of time

    >>> absences_in_row(["absent", "present", "absent", "absent"])
    2
    >>> absences_in_row(["absent", "absent", "excused"]), absences_in_row(["absent", None, "absent", None]), absences_in_row([])
    (0, 2, 0)
    """
    run = 0
    for mark in reversed([mark for mark in marks if mark]):
        if mark != "absent":
            break
        run += 1
    return run
