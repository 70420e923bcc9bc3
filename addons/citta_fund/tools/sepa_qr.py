"""The QR code that every European bank's application understands as a transfer (EPC069-12, version 002)."""
import re
from decimal import Decimal

from .rf_reference import is_valid_rf, normalise_rf

MAX_BYTES = 331
MAX_AMOUNT = Decimal("999999999.99")


def sepa_payload(name, iban, amount=None, reference="", text="", bic=""):
    """The content of the code.

    :param str name: of who is paid, cut at 70 characters
    :param str iban: of who is paid
    :param amount: in euro, or None to let the donor decide
    :param str reference: an ISO 11649 reference; excludes ``text``
    :param str text: free remittance, cut at 140 characters
    :param str bic: not needed within the European Economic Area

    >>> print(sepa_payload("Fondazione di prova", "IT70 K999 9901 6000 0000 0400 050", 50, "RF51CAL000002"))
    BCD
    002
    1
    SCT
    <BLANKLINE>
    Fondazione di prova
    IT70K9999901600000000400050
    EUR50.00
    <BLANKLINE>
    RF51CAL000002
    >>> sepa_payload("A", "IT70K9999901600000000400050", text="x" * 200).endswith("x" * 140)
    True

    :raise ValueError: wrong amount or reference, both kinds of remittance, or too long

    >>> sepa_payload("A", "IT70K9999901600000000400050", 50, "RF00CAL000002")
    Traceback (most recent call last):
    ...
    ValueError: the reference is wrong
    """
    if reference and not is_valid_rf(reference):
        raise ValueError("the reference is wrong")
    if reference and text:
        raise ValueError("either a reference or a text")
    lines = [
        "BCD", "002", "1", "SCT", bic.replace(" ", ""), _clean(name, 70), re.sub(r"\s", "", iban).upper(), _amount(amount),
        "", normalise_rf(reference), _clean(text, 140),
    ]
    payload = "\n".join(lines).rstrip("\n")
    if len(payload.encode()) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES} bytes")
    return payload


def _clean(text, size):
    """One line, cut: a line feed would shift all that follows.

    >>> _clean(" a\\nb ", 9)
    'a b'
    """
    return " ".join((text or "").split())[:size].rstrip()


def _amount(amount):
    if amount is None:
        return ""
    value = Decimal(str(amount)).quantize(Decimal("0.01"))
    if not 0 < value <= MAX_AMOUNT:
        raise ValueError("an amount between 0.01 and 999999999.99")
    return f"EUR{value}"
