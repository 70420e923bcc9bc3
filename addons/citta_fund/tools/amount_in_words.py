"""Sums in words, as cheques and receipts write them: whole units in words, hundredths as a fraction."""
from decimal import ROUND_HALF_UP, Decimal

from num2words import num2words


def amount_in_words(amount, lang="it", currency="EUR"):
    """A sum in words.

    :param amount: a number or its text; halves of a hundredth are rounded up
    :param str lang: ``it``, ``it_IT``, ``en_US`` …; one that has no words falls back to English
    :param str currency: written in capitals unless it is the euro, whose name stands outside
    :return: str

    >>> amount_in_words(50)
    'cinquanta/00'
    >>> amount_in_words("40000.00"), amount_in_words(1821.5), amount_in_words("0.05")
    ('quarantamila/00', 'milleottocentoventuno/50', 'zero/05')
    >>> amount_in_words(23), amount_in_words(103), amount_in_words(1000000)
    ('ventitré/00', 'centotré/00', 'unmilione/00')
    >>> amount_in_words(50, "en_US"), amount_in_words(50, "it", "CHF")
    ('fifty/00', 'cinquanta/00 CHF')

    :raise ValueError: for a negative sum
    """
    value = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if value < 0:
        raise ValueError("a sum of money in words is not negative")
    whole, cents = divmod(int(value * 100), 100)
    words = _words(whole, (lang or "it").replace("-", "_").split("_")[0])
    suffix = "" if currency in ("EUR", "", None) else f" {currency}"
    return f"{words}/{cents:02d}{suffix}"


def _words(number, lang):
    """Italian writes a sum as one word, so that nothing can be put in between."""
    try:
        words = num2words(number, lang=lang)
    except NotImplementedError:
        words = num2words(number, lang="en")
    return words.replace(" ", "") if lang == "it" else words
