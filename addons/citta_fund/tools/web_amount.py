"""Amounts as people type them."""
import re
from decimal import Decimal

LEAST, MOST = Decimal(1), Decimal("999999.99")


def parse_amount(text):
    """An amount with comma or point as decimal sign and optional signs between thousands; None when it is none.

    >>> parse_amount("50"), parse_amount("50,5"), parse_amount("1.234,56 €"), parse_amount("1,234.56"), parse_amount("1 000")
    (50.0, 50.5, 1234.56, 1234.56, 1000.0)
    >>> parse_amount("1.000"), parse_amount("1,50")
    (1000.0, 1.5)
    >>> [parse_amount(wrong) for wrong in ("", "0", "-5", "1e9", "5,555,5", "1000000", "cinquanta", None, "1.2.3", "NaN")]
    [None, None, None, None, None, None, None, None, None, None]
    """
    compact = re.sub(r"[\s€'’]|(?i:euro?)", "", text or "")
    match = re.fullmatch(r"(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*|\d+)(?:([.,])(\d{1,2}))?", compact, re.ASCII)
    if not match or match[2] and match[2] == match[3]:
        return None
    amount = Decimal(f"{re.sub(r'[.,]', '', match[1])}.{match[4] or '0'}")
    return float(amount) if LEAST <= amount <= MOST else None
