"""Bank statements of the Italian interbank standard (CBI, balances and movements, "RH"): records of 120 characters, read strictly.

A file is one or more flows, each from its head (RH) to its foot (EF). A flow holds statements: opening balance (61),
movements (62) with further information (63), closing balance (64), liquidity of days to come (65, not used here).
Positions count from 1, both ends included. What the standard leaves to the banks (fillers) is not looked at.
"""
import hashlib
import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .camt import MAX_BYTES, NO_REFERENCE, StatementFault

LENGTH = 120
FIELDS = {
    "RH": {"sender": (4, 8), "receiver": (9, 13), "created": (14, 19), "name": (20, 39)},
    "61": {
        "number": (4, 10), "account": (52, 74), "currency": (75, 77), "date": (78, 83), "sign": (84, 84), "amount": (85, 99), "check": (100, 103),
    },
    "62": {
        "number": (4, 10), "place": (11, 13), "date": (20, 25), "sign": (26, 26), "amount": (27, 41), "reference": (62, 77), "said": (78, 120),
        "all": (42, 120),
    },
    "63": {"number": (4, 10), "place": (11, 13), "flag": (14, 16), "said": (17, 120), "all": (14, 120)},
    "64": {"number": (4, 10), "currency": (11, 13), "date": (14, 19), "sign": (20, 20), "amount": (21, 35)},
    "65": {"number": (4, 10)},
    "EF": {"sender": (4, 8), "receiver": (9, 13), "created": (14, 19), "name": (20, 39), "statements": (46, 52), "records": (83, 89)},
}
# What may stand before a record; before the first one nothing.
BEFORE = {
    "RH": ("", "EF"), "61": ("RH", "64", "65"), "62": ("61", "62", "63"), "63": ("62", "63"), "64": ("61", "62", "63"), "65": ("64", "65"),
    "EF": ("RH", "64", "65"),
}
# Further information with a structure of its own; all other is the bank's free text, which runs on over the ends of records.
FLAGS = {"KKK", "YYY", "YY2", "ZZ1", "ZZ2", "ZZ3", "ID1", "RI1", "RI2"}
ACCOUNT = re.compile(r"[A-Z]\d{10}[0-9A-Z]{12}")
AMOUNT = re.compile(r"\d{12},\d{2}")


class CbiFault(StatementFault):
    """Why a file cannot be taken: a code, the number of the record, and what the message needs to know."""


class Record(NamedTuple):
    """One record: its number in the file, its kind, and the 120 characters."""

    row: int
    kind: str
    line: str

    def raw(self, field):
        """A field as it stands, blanks and all."""
        first, last = FIELDS[self.kind][field]
        return self.line[first - 1:last]

    def get(self, field):
        """A field without the blanks around it.

        >>> Record(1, "RH", " RH09999SIA01031126STATEMENT".ljust(120)).get("name")
        'STATEMENT'
        """
        return self.raw(field).strip()

    def count(self, field):
        """A field of digits.

        :raise CbiFault: ``digits``
        """
        if not self.raw(field).isdecimal():
            raise CbiFault("digits", record=self.row, text=self.get(field))
        return int(self.raw(field))

    def amount(self):
        """The amount of a movement or balance, negative for a debit.

        >>> Record(1, "64", " 640000001EUR031126D000000000012,50".ljust(120)).amount()
        Decimal('-12.50')

        :raise CbiFault: ``amount`` or ``sign``
        """
        text, sign = self.raw("amount"), self.raw("sign")
        if not AMOUNT.fullmatch(text):
            raise CbiFault("amount", record=self.row, text=text.strip())
        if sign not in ("C", "D"):
            raise CbiFault("sign", record=self.row, text=sign)
        value = Decimal(text.replace(",", "."))
        return -value if sign == "D" else value

    def day(self, field="date"):
        """A day, written ggmmaa.

        >>> Record(1, "64", " 640000001EUR031126C000000000012,50".ljust(120)).day()
        '2026-11-03'

        :raise CbiFault: ``date``
        """
        text = self.raw(field)
        try:
            return date(2000 + int(text[4:]), int(text[2:4]), int(text[:2])).isoformat()
        except ValueError as error:
            raise CbiFault("date", record=self.row, text=text.strip()) from error


def looks_like_cbi(data):
    """Whether a file wants to be of this standard, also where it lost its first blank.

    >>> looks_like_cbi(b" RH09999SIA01031126"), looks_like_cbi(b" EC09999SIA01"), looks_like_cbi(b"RH;Data;Importo")
    (True, True, False)
    """
    return bool(re.match(rb"(\xef\xbb\xbf)?\s*(RH|EC)\d{5}", data[:20]))


def _records(data):
    """The records of a file, in Western European single bytes or in UTF-8.

    :raise CbiFault: ``large``, ``encoding``, ``length`` or ``kind``
    """
    if len(data) > MAX_BYTES:
        raise CbiFault("large")
    for row, line in enumerate(_decode(data).replace("\r\n", "\n").rstrip("\n\x1a").split("\n"), 1):
        if not line.isprintable():
            raise CbiFault("encoding", record=row)
        if len(line) != LENGTH:
            raise CbiFault("length", record=row, length=len(line))
        kind = line[1:3]
        if line[0] != " " or kind not in FIELDS:
            raise CbiFault("periodic" if line.startswith(" EC") else "kind", record=row, kind=line[:3].strip())
        yield Record(row, kind, line)


def _decode(data):
    for coding in ("utf-8", "cp1252"):
        try:
            return data.decode(coding)
        except UnicodeDecodeError:
            continue
    raise CbiFault("encoding", record=1)


class _Reader:
    """Takes one record after the other; ``found`` are the statements of all flows."""

    def __init__(self):
        self.found, self.last, self.head, self.statement = [], None, None, None

    def take(self, record):
        before = self.last.kind if self.last else ""
        if before not in BEFORE[record.kind]:
            raise CbiFault("order", record=record.row, kind=record.kind, before=before)
        if record.kind not in ("RH", "61", "EF") and record.get("number") != self.statement["number"]:
            raise CbiFault("number", record=record.row)
        take = {"RH": self._head, "61": self._open, "62": self._move, "63": self._add, "64": self._close, "EF": self._foot}.get(record.kind)
        if take:
            take(record)
        self.last = record

    def _head(self, record):
        self.head, self.own = record, 0

    def _open(self, record):
        self.own += 1
        account = record.get("account")
        if record.count("number") != self.own:
            raise CbiFault("number", record=record.row)
        if not ACCOUNT.fullmatch(account):
            raise CbiFault("account", record=record.row, text=account)
        self.statement = {
            "number": record.get("number"), "name": self.head.get("name"), "currency": record.get("currency"), "date": record.day(),
            "account": record.get("check") + account, "opening": record.amount(), "movements": [],
        }
        self.found.append(self.statement)

    def _move(self, record):
        record.day()
        self.statement["movements"].append((record, []))

    def _add(self, record):
        movement, details = self.statement["movements"][-1]
        if record.get("place") != movement.get("place"):
            raise CbiFault("number", record=record.row)
        details.append(record)

    def _close(self, record):
        if record.get("currency") != self.statement["currency"]:
            raise CbiFault("currency", record=record.row, text=f"{self.statement['currency']}, {record.get('currency')}")
        self.statement.update(date=record.day(), closing=record.amount())

    def _foot(self, record):
        if any(record.get(name) != self.head.get(name) for name in ("sender", "receiver", "created", "name")):
            raise CbiFault("foot", record=record.row)
        for name, found in (("statements", self.own), ("records", record.row - self.head.row + 1)):
            if record.count(name) != found:
                raise CbiFault(name, record=record.row, said=record.count(name), found=found)


def statements(data):
    """The statements of a file, each of one account and day, as they come.

    :param bytes data: the file
    :return: list of dicts with ``name``, ``currency``, ``account``, ``date``, ``opening``, ``closing`` and ``movements``
    :raise CbiFault: the file cannot be taken; nothing of it is then

    >>> head, account = "09999SIA01031126" + "STATEMENT".ljust(20), "K9999901600000000400050"
    >>> file = [
    ...     " RH" + head,
    ...     " 610000001".ljust(28) + "93001".ljust(23) + account + "EUR031126C000000000100,00IT70",
    ...     " 620000001001031126031126C000000000050,0048".ljust(86) + "Bonifico a Vs. favore",
    ...     " 630000001001YYY03112026".ljust(40) + "BIANCHI MARTA",
    ...     " 630000001001RI1RF51CAL000002",
    ...     " 640000001EUR031126C000000000150,00",
    ...     (" EF" + head).ljust(45) + "0000001".ljust(37) + "0000007",
    ... ]
    >>> [found] = statements("\\r\\n".join(line.ljust(120) for line in file).encode())
    >>> found["account"], found["date"], found["opening"], found["closing"]
    ('IT70K9999901600000000400050', '2026-11-03', Decimal('100.00'), Decimal('150.00'))
    >>> [(move["amount"], move["payment_ref"], move["partner_name"]) for move in found["movements"]]
    [(Decimal('50.00'), 'RF51CAL000002 Bonifico a Vs. favore', 'BIANCHI MARTA')]
    >>> statements("\\n".join(line.ljust(120) for line in file[:-1]).encode())  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    CbiFault: cut
    """
    reader = _Reader()
    for record in _records(data):
        reader.take(record)
    if reader.last.kind != "EF":
        raise CbiFault("cut", record=reader.last.row)
    for statement in reader.found:
        statement["movements"] = [move for taken in statement["movements"] if (move := _movement(*taken))["amount"]]
    return reader.found


def contradiction(statement):
    """Where the opening balance and all movements do not make the closing balance: the three, else None."""
    moved = sum((move["amount"] for move in statement["movements"]), Decimal())
    if statement["opening"] + moved == statement["closing"]:
        return None
    return {"opening": statement["opening"], "moved": moved, "closing": statement["closing"]}


def _movement(record, details):
    """One movement with what the payer wrote, the payer, and what tells it from all others in every file that holds it."""
    told = {flag: [one.raw("said") for one in details if one.get("flag") == flag] for flag in FLAGS}
    first = {flag: lines[0] for flag, lines in told.items() if lines}
    payer = _plain(first["YYY"][24:64]) if "YYY" in first else _plain(*told["ZZ2"])
    texts = [
        _plain(*told["RI1"], *(line[:36] for line in told["RI2"])), _plain(first.get("ZZ3", "")[50:]), _end_to_end(first.get("ID1", "")),
        _plain(*(one.raw("all") for one in details if one.get("flag") not in FLAGS)), _plain(record.raw("said")),
    ]
    said = "".join(one.raw("all") for one in (record, *details))
    reference, amount, day = record.get("reference"), record.amount(), record.day()
    key = reference if reference.strip("0") else hashlib.sha256(said.encode()).hexdigest()[:24]
    return {
        "date": day, "amount": amount, "payment_ref": " ".join(dict.fromkeys(filter(None, texts))) or payer or "/", "partner_name": payer,
        "account_number": first.get("YY2", "")[50:84].replace(" ", ""), "key": f"{day}|{amount:.2f}|{key}",
    }


def _plain(*parts):
    """Fields that run on over the ends of records, as one text.

    >>> _plain("DONO RF51CA".ljust(11), "L000002   ")
    'DONO RF51CAL000002'
    """
    return " ".join("".join(parts).split())


def _end_to_end(said):
    """The payer's own reference, where one was given.

    >>> _end_to_end("MSG".ljust(35) + "RF51CAL000002".ljust(35)), _end_to_end("MSG".ljust(35) + "NOTPROVIDED"), _end_to_end("".ljust(35) + "-")
    ('RF51CAL000002', '', '')
    """
    text = _plain(said[35:70])
    return text if text.upper() not in NO_REFERENCE and text.strip("-. ") else ""
