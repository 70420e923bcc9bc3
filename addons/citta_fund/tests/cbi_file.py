"""Files of the interbank standard as a bank writes them, for tests: put together by width, not by the reader's table of positions."""
from decimal import Decimal

ACCOUNT = "K9999901600000000400050"


def figure(amount):
    """Sign and fifteen characters.

    >>> figure("-12.5")
    'D000000000012,50'
    """
    value = Decimal(str(amount))
    return ("D" if value < 0 else "C") + f"{abs(value):015.2f}".replace(".", ",")


def flow(*statements, name="ESTRATTO", created="051126"):
    """One flow from head to foot: a list of records of 120 characters.

    :param statements: each a list of records as of ``statement``, without its number
    """
    ends = "99999" + "SIA01" + created + name.ljust(20)
    own = [record.replace("#######", f"{number:07d}") for number, records in enumerate(statements, 1) for record in records]
    foot = f"{' EF' + ends:<45}{len(statements):07d}{'':30}{len(own) + 2:07d}"
    return [record.ljust(120) for record in (" RH" + ends, *own, foot)]


def statement(day, opening, *movements, account=ACCOUNT, currency="EUR", check="IT70", closing=None):
    """The records of one account and day.

    :param str day: as ``ddmmyy``
    :param movements: dicts of ``amount`` and maybe ``cause``, ``ref``, ``text``, ``name``, ``iban``, ``remittance``, ``free``
    """
    records = [" 61#######" + " " * 18 + "93001" + "C/C ORDINARIO".ljust(16) + "CC" + account + currency + day + figure(opening) + check]
    for place, move in enumerate(movements, 1):
        records += movement(f"#######{place:03d}", day, **move)
    if closing is None:
        closing = Decimal(str(opening)) + sum(Decimal(str(move["amount"])) for move in movements)
    return [*records, f" 64#######{currency}{day}{figure(closing)}{figure(closing)}", f" 65#######{day}{figure(closing)}"]


def movement(head, day, amount, cause="48", ref="", text="", name="", iban="", remittance="", free=""):
    """A movement and its further information."""
    records = [f" 62{head}{day}{day}{figure(amount)}{cause}BO{'':16}{ref:<16}{'':9}{text[:34]}"]
    if name:
        records.append(f" 63{head}YYY{'':24}{name:<40}MILANO")
    if iban:
        records.append(f" 63{head}YY2{'VIA INVENTATA 1':<50}{iban}")
    if remittance:
        records += [f" 63{head}RI1{remittance[:104]}", *([f" 63{head}RI2{remittance[104:140]}"] if remittance[104:] else [])]
    return records + [f" 63{head}{free[start:start + 107]}" for start in range(0, len(free), 107)]


def joined(*flows, end="\r\n", coding="ascii"):
    """Flows as a file."""
    return "".join(record + end for records in flows for record in records).encode(coding)
