"""Telephone numbers as people type them, brought to one form so that two spellings of one number meet."""
import re

TYPED = re.compile(r"[\d\s().,/+\-]+")
NATIONAL = re.compile(r"3\d{8,9}|0\d{5,10}")  # mobile numbers begin with 3, all others with 0
PREFIX = "39"


def phone_key(text):
    """The number in international form, Italian unless it says otherwise; None if it cannot be one.

    >>> phone_key("333 123 45 67"), phone_key("+39 333-1234567"), phone_key("0039.3331234567"), phone_key("393331234567")
    ('+393331234567', '+393331234567', '+393331234567', '+393331234567')
    >>> phone_key("02/9210.0001"), phone_key("+39 02 92100001")
    ('+390292100001', '+390292100001')
    >>> phone_key("391 234 5678")
    '+393912345678'
    >>> phone_key("+40 721 234 567"), phone_key("0040 721 234 567")
    ('+40721234567', '+40721234567')
    >>> phone_key("12"), phone_key("555 1234"), phone_key("call me"), phone_key(""), phone_key(None), phone_key("+39 12")
    (None, None, None, None, None, None)
    """
    text = (text or "").strip()
    if not TYPED.fullmatch(text):
        return None
    digits = re.sub(r"\D", "", text)
    if text.startswith("+") or digits.startswith("00"):
        return _international(digits if text.startswith("+") else digits[2:])
    if len(digits) > 10 and digits.startswith(PREFIX + "3"):
        digits = digits[len(PREFIX):]
    return f"+{PREFIX}{digits}" if NATIONAL.fullmatch(digits) else None


def _international(digits):
    """A number that begins with its country's prefix.

    >>> _international("390292100001"), _international("40721234567"), _international("1234")
    ('+390292100001', '+40721234567', None)
    """
    if digits.startswith(PREFIX) and not NATIONAL.fullmatch(digits[len(PREFIX):]):
        return None
    # "00" is also how invented numbers of a demo begin: they stay national ones
    if digits.startswith("0"):
        return f"+{PREFIX}00{digits}" if NATIONAL.fullmatch("00" + digits) else None
    return f"+{digits}" if 8 <= len(digits) <= 15 else None


def phone_text(text):
    """How a number is written down: prefix apart, or as typed when it is none.

    >>> phone_text("0039.3331234567"), phone_text("+40 721 234 567"), phone_text("ask the neighbour")
    ('+39 3331234567', '+40721234567', 'ask the neighbour')
    """
    key = phone_key(text)
    if not key:
        return (text or "").strip()
    return f"+{PREFIX} {key[len(PREFIX) + 1:]}" if key.startswith("+" + PREFIX) else key
