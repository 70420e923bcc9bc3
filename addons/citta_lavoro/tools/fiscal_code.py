"""The Italian fiscal code: one spelling, what is wrong with a bad one, and the birth date it speaks of."""
import re

from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.it import codicefiscale


def normal(text):
    """The code without blanks and in capitals, whatever stands in it; empty for nothing.

    >>> normal(" rcc mnl 83s18 d969h "), normal("RCCMNL-83S18-D969H"), normal(None), normal("  ")
    ('RCCMNL83S18D969H', 'RCCMNL83S18D969H', '', '')
    """
    return re.sub(r"[\s.:/\-]", "", text or "").upper()


def problem(text):
    """What is wrong: ``length``, ``checksum``, ``format``; None for a right code.

    Omocodia (letters that stand for digits) is right, and so are the eleven digits of a provisional code.

    >>> problem("RCCMNL83S18D969H"), problem("rccmnl83s18d969h"), problem("00743110157"), problem("RCCMNL83S18D96VW")
    (None, None, None, None)
    >>> problem("RCCMNL83S18D969"), problem("RCCMNL83S18D969X"), problem("1CCMNL83S18D969H"), problem("00743110158")
    ('length', 'checksum', 'format', 'checksum')
    """
    try:
        codicefiscale.validate(normal(text))
    except InvalidLength:
        return "length"
    except InvalidChecksum:
        return "checksum"
    except ValidationError:
        return "format"
    return None


def is_valid(text):
    """Whether it is a right code.

    >>> is_valid("rccmnl83s18d969h"), is_valid("RCCMNL83S18D969X"), is_valid("")
    (True, False, False)
    """
    return problem(text) is None


def agrees_with_birth(text, born):
    """Whether a right code and a birth date can belong together; a provisional code says nothing about it.

    >>> from datetime import date
    >>> agrees_with_birth("RCCMNL83S18D969H", date(1983, 11, 18)), agrees_with_birth("RCCMNL83S18D969H", date(1983, 11, 19))
    (True, False)
    >>> agrees_with_birth("00743110157", date(1983, 11, 19))
    True
    """
    code = normal(text)
    if len(code) != 16:
        return True
    written = codicefiscale.get_birth_date(code)
    return (written.year % 100, written.month, written.day) == (born.year % 100, born.month, born.day)
