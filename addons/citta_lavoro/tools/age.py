"""The age classes in which people are counted."""

CLASSES = [("under_18", 0, 17), ("18_24", 18, 24), ("25_34", 25, 34), ("35_44", 35, 44), ("45_54", 45, 54), ("55_64", 55, 64), ("65_over", 65, 200)]


def age(born, day):
    """Full years on a day.

    >>> from datetime import date
    >>> age(date(1980, 3, 2), date(2026, 3, 1)), age(date(1980, 3, 2), date(2026, 3, 2))
    (45, 46)
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_class(born, day):
    """The class of somebody on a day, or False where a date is not known or the birth makes no sense.

    >>> from datetime import date
    >>> [age_class(born, date(2026, 1, 1)) for born in (date(1980, 1, 1), date(2001, 6, 1), None, date(2027, 1, 1))]
    ['45_54', '18_24', False, False]
    >>> age_class(date(1980, 1, 1), None)
    False
    """
    if not (born and day) or born > day:
        return False
    years = age(born, day)
    return next((name for name, least, most in CLASSES if least <= years <= most), False)
