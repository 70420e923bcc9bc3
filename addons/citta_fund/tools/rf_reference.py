"""Creditor references of ISO 11649: "RF", two check digits, up to 21 letters and digits.

The check digits find every digit mistyped for a digit, every letter for a letter and every swap of two digits, and all
but one in a hundred other slips: a reference copied by hand from a letter to a bank's form is right or known to be wrong.
"""
import re

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SHAPE = re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}")
# In free text of a bank: RF and two digits, then groups parted by single blanks, dots or dashes.
IN_TEXT = re.compile(r"(?<![0-9A-Z])R[ .-]?F[ .-]?[0-9OIL][ .-]?[0-9OIL](?:[ .-]{0,2}[0-9A-Z]){1,30}", re.IGNORECASE)


def normalise_rf(text):
    """Without blanks and signs between, in capitals.

    >>> normalise_rf(" rf78 CAL0-0000.1 ")
    'RF78CAL000001'
    >>> normalise_rf(None)
    ''
    """
    return re.sub(r"[\W_]", "", text or "").upper()


def _remainder(reference):
    """ISO 7064 MOD 97-10 over the reference with its first four characters moved to the end."""
    number = "".join(str(ALPHABET.index(char)) for char in reference[4:] + reference[:4])
    return int(number) % 97


def make_rf(number):
    """The reference of a number of our own.

    >>> make_rf("CAL000001")
    'RF78CAL000001'
    >>> make_rf("539007547034")
    'RF18539007547034'

    :raise ValueError: unless it is 1 to 21 letters and digits
    """
    body = normalise_rf(number)
    if not re.fullmatch(r"[0-9A-Z]{1,21}", body):
        raise ValueError("1 to 21 letters and digits")
    return f"RF{98 - _remainder(f'RF00{body}'):02d}{body}"


def is_valid_rf(text):
    """Whether a reference has the right form and check digits; blanks and case do not matter.

    >>> is_valid_rf("RF78 CAL0 0000 1"), is_valid_rf("RF78CAL000002"), is_valid_rf("")
    (True, False, False)
    """
    reference = normalise_rf(text)
    return bool(SHAPE.fullmatch(reference)) and reference.isascii() and _remainder(reference) == 1


def print_rf(reference):
    """In groups of four, as it is printed.

    >>> print_rf("RF78CAL000001")
    'RF78 CAL0 0000 1'
    """
    reference = normalise_rf(reference)
    return " ".join(reference[start:start + 4] for start in range(0, len(reference), 4))


def find_rf(text):
    """All valid references in a text, in their order: banks glue other words before and after.

    >>> find_rf("BONIFICO SEPA DA ROSSI CAUSALE rf 78 cal0 0000 1 GRAZIE")
    ['RF78CAL000001']
    >>> find_rf("RF78CAL000001/RF51CAL000002"), find_rf("PRF78CAL000001"), find_rf("")
    (['RF78CAL000001', 'RF51CAL000002'], [], [])
    """
    best = [readings[0] for readings in _readings(text) if readings]
    return list(dict.fromkeys(best))


def rf_candidates(text):
    """All references that a text may hold, also where it is unclear at which blank one ends: to be looked up.

    >>> rf_candidates("RF78CAL000001 GRAZIE"), rf_candidates("RF78CAL0000012")
    (['RF78CAL000001'], [])
    """
    return list(dict.fromkeys(reading for readings in _readings(text) for reading in readings))


def _readings(text):
    for start in re.finditer(r"(?<![0-9A-Z])R[ .-]?F(?=[ .-]?[0-9])", text or "", re.IGNORECASE):
        match = IN_TEXT.match(text, start.start())
        yield _valid_beginnings(match.group()) if match else []


def _valid_beginnings(text):
    """The valid references at the start of a text whose end is unknown, likeliest first.

    Every length has one chance in 97 to be valid by accident; a true reference ends where a word ends, so ends of
    words are tried first, the longest first. One that a further digit follows at once is mistyped, whatever its beginning says.
    """
    word_ends = [match.end() for match in re.finditer(r"[0-9A-Z](?![0-9A-Z])", text, re.IGNORECASE)]
    ends = sorted(word_ends, reverse=True) + list(range(len(text), 5, -1))
    found = [normalise_rf(text[:end]) for end in ends if not text[end:end + 1].isdigit() and is_valid_rf(text[:end])]
    return list(dict.fromkeys(found))


def suggest_rf(text, known):
    """References out of ``known`` that a text means with one character mistyped, left out, added or two swapped.

    Only a suggestion for a person to decide: what was typed is wrong by its check digits.

    >>> suggest_rf("causale RF78CAL00O001", ["RF78CAL000001", "RF51CAL000002"])
    ['RF78CAL000001']
    >>> suggest_rf("RF87CAL000001", ["RF78CAL000001"]), suggest_rf("nothing here", ["RF78CAL000001"])
    (['RF78CAL000001'], [])
    """
    flat, exact = normalise_rf(text), set(rf_candidates(text))
    if exact & {normalise_rf(reference) for reference in known}:
        return []
    return [reference for reference in known if _is_near(flat, normalise_rf(reference))]


def _is_near(flat, reference):
    size = len(reference)
    windows = (flat[start:start + length] for length in (size, size - 1, size + 1) for start in range(len(flat) - length + 1))
    return any(one_slip(window, reference) for window in windows)


def one_slip(typed, meant):
    """Whether two words differ by exactly one slip of the finger.

    >>> one_slip("CAT", "CUT"), one_slip("CT", "CUT"), one_slip("CCUT", "CUT"), one_slip("UCT", "CUT")
    (True, True, True, True)
    >>> one_slip("CUT", "CUT"), one_slip("DOG", "CUT")
    (False, False)
    """
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    head = next((place for place, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    rest_typed, rest_meant = typed[head:], meant[head:]
    swapped = rest_typed[:2] == rest_meant[1::-1] and rest_typed[2:] == rest_meant[2:] and len(rest_meant) > 1
    return swapped or rest_typed[1:] == rest_meant[1:] or rest_typed == rest_meant[1:] or rest_typed[1:] == rest_meant
