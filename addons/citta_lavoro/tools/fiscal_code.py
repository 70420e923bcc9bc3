"""The Italian fiscal code: one spelling, and what is wrong with a bad one."""
import re

from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.it import codicefiscale


def compact(text):
    """The code without blanks and in capitals, whatever stands in it; empty for nothing.

    >>> compact(" rcc mnl 83s18 d969h "), compact("RCCMNL-83S18-D969H"), compact(None), compact("  ")
    ('RCCMNL83S18D969H', 'RCCMNL83S18D969H', '', '')
    """
    return re.sub(r"[\s.:/\-]", "", text or "").upper()


def problem(text):
    """What is wrong: ``length``, ``checksum``, ``format``; None for a right code.

    Omocodia (letters that stand for digits) is right, and so are the eleven digits of a provisional code.

    >>> problem("RCCMNL83S18D969H"), problem("rccmnl83s18d969h"), problem("00743110157")
    (None, None, None)
    >>> problem("RCCMNL83S18D96VW")
    >>> problem("RCCMNL83S18D969"), problem("RCCMNL83S18D969X"), problem("1CCMNL83S18D969H"), problem("00743110158")
    ('length', 'checksum', 'format', 'checksum')
    """
    try:
        codicefiscale.validate(compact(text))
    except InvalidLength:
        return "length"
    except InvalidChecksum:
        return "checksum"
    except ValidationError:
        return "format"
    return None
