"""Movements of a bank's CSV, by a saved description of its columns: the file is right as a whole or refused as a whole."""
import csv
import hashlib
import io
import re
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

# What a bank sends of a month is far below these; a file above them would hold a worker until it is stopped.
MAX_BYTES, MAX_ROWS = 20_000_000, 10_000
YEARS = range(2000, 2100)
# By the decimal sign: thousands apart by three or not at all, so that 50.00 is not read as five thousand.
AMOUNT = {
    sign: re.compile(rf"[+-]?(\d{{1,12}}|[1-9]\d{{0,2}}([{other}]\d{{3}}){{1,3}}|(?=[{sign}]\d))([{sign}]\d{{0,2}}0*)?", re.ASCII)
    for sign, other in ((",", "."), (".", ","))
}
DATES = {"dmy": "%d/%m/%Y", "ymd": "%Y-%m-%d", "mdy": "%m/%d/%Y"}


class TableFault(ValueError):
    """Why a file cannot be taken: a code, the row in the file and what the message needs to know."""

    def __init__(self, code, row=0, text=""):
        super().__init__(code)
        self.code, self.row, self.text = code, row, text


class Layout(NamedTuple):
    """How a bank writes its table; columns are named by their title, several titles joined with ``+``."""

    delimiter: str = ";"
    encoding: str = "utf-8-sig"
    decimal: str = ","
    date_order: str = "dmy"
    skip: int = 0
    date: str = "Data"
    amount: str = "Importo"
    credit: str = ""
    debit: str = ""
    text: str = "Descrizione"
    name: str = ""
    account: str = ""
    key: str = ""


def read_amount(text, decimal=","):
    """A signed amount as banks write it; empty is nothing.

    >>> read_amount("1.234,56"), read_amount("-1 234,5"), read_amount("+7"), read_amount("1,234.50", "."), read_amount(" ")
    (Decimal('1234.56'), Decimal('-1234.5'), Decimal('7'), Decimal('1234.50'), Decimal('0'))
    >>> read_amount("12,50-"), read_amount("− 3,00 €")
    (Decimal('-12.50'), Decimal('-3.00'))

    :raise TableFault: ``amount``

    >>> read_amount("5O,00")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    TableFault: amount
    >>> read_amount("50.00")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    TableFault: amount
    """
    plain = re.sub(r"[\s\u00a0€'’]|EUR", "", text or "").replace("−", "-")
    plain = re.sub(r"([^+-]+)([+-])", r"\2\1", plain)  # some banks write the sign behind
    if not plain:
        return Decimal(0)
    if not AMOUNT[decimal].fullmatch(plain):
        raise TableFault("amount", text=text)
    return Decimal(plain.replace("." if decimal == "," else ",", "").replace(decimal, "."))


def read_date(text, order="dmy"):
    """A day, with any of the usual signs between its parts.

    >>> read_date("01/03/2026"), read_date("1-3-26"), read_date("2026-03-01", "ymd")
    ('2026-03-01', '2026-03-01', '2026-03-01')

    :raise TableFault: ``date``
    """
    plain = re.sub(r"[.\-/ ]", "-" if order == "ymd" else "/", (text or "").strip()[:10])
    for form in (DATES[order], DATES[order].replace("%Y", "%y")):
        try:
            day = datetime.strptime(plain, form).date()  # noqa: DTZ007 (a day has no time zone)
        except ValueError:
            continue
        if day.year in YEARS:
            return day.isoformat()
    raise TableFault("date", text=text)


def read_table(data, encoding, delimiter, most):
    """The rows of a file, refused as a whole when there are too many.

    :param delimiter: the sign between columns; None: a semicolon where the first line has one, else a comma
    :param int most: how many rows are taken

    >>> read_table(b"a;b\\n1;2\\n", "utf-8-sig", None, 9)
    [['a', 'b'], ['1', '2']]

    :raise TableFault: ``large``, ``encoding``, ``damaged``, ``rows``

    >>> read_table(b"\\n" * 10, "utf-8-sig", ";", 9)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    TableFault: rows
    """
    if len(data) > MAX_BYTES:
        raise TableFault("large")
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise TableFault("encoding", text=encoding.upper().removesuffix("-SIG")) from error
    if "\x00" in text:
        raise TableFault("encoding", text=encoding.upper().removesuffix("-SIG"))
    delimiter = delimiter or (";" if ";" in text.partition("\n")[0] else ",")
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), most + 1))
    except csv.Error as error:
        raise TableFault("damaged", text=str(error)) from error
    if not rows or len(rows) > most:
        raise TableFault("rows")
    return rows


def _places(titles, layout):
    """Column of the layout → positions in the table."""
    known = {" ".join(title.split()).lower(): place for place, title in reversed(list(enumerate(titles)))}
    found = {}
    for field in ("date", "amount", "credit", "debit", "text", "name", "account", "key"):
        names = [" ".join(name.split()) for name in getattr(layout, field).split("+") if name.strip()]
        missing = [name for name in names if name.lower() not in known]
        if missing:
            raise TableFault("column", text=missing[0])
        found[field] = [known[name.lower()] for name in names]
    if not found["date"] or not (found["amount"] or found["credit"] or found["debit"]):
        raise TableFault("layout")
    return found


def movements(data, layout):
    """The movements of a file.

    :param bytes data: the file
    :param Layout layout: its description
    :return: list of dicts with ``date``, ``amount``, ``payment_ref``, ``partner_name``, ``account_number``, ``key``
    :raise TableFault: ``large``, ``encoding``, ``damaged``, ``layout``, ``column``, ``short``, ``date``, ``amount``, ``rows``

    >>> file = "Data;Importo;Descrizione;Ordinante\\n01/03/2026;50,00;RF51CAL000002;Bianchi\\n;50,00;Saldo;\\n".encode()
    >>> [row] = movements(file, Layout(name="Ordinante"))
    >>> row["date"], row["amount"], row["payment_ref"], row["partner_name"]
    ('2026-03-01', Decimal('50.00'), 'RF51CAL000002', 'Bianchi')
    >>> file = "Data;Avere;Dare;Descrizione\\n1/3/26;5;;a\\n1/3/26;-5;;storno\\n1/3/26;;-7;b\\n1/3/26;;7;c\\n".encode()
    >>> [int(row["amount"]) for row in movements(file, Layout(amount="", credit="Avere", debit="Dare"))]
    [5, -5, -7, -7]
    """
    rows = read_table(data, layout.encoding, layout.delimiter, MAX_ROWS + layout.skip + 1)[layout.skip:]
    if not rows:
        raise TableFault("rows")
    places, found = _places(rows[0], layout), []
    for number, row in enumerate(rows[1:], layout.skip + 2):
        if not any(cell.strip() for cell in row):
            continue
        try:
            movement = _movement(row, places, layout)
        except TableFault as fault:
            fault.row = number
            raise
        if movement:
            found.append(movement)
    return found


def _movement(row, places, layout):
    if len(row) <= max((place for found in places.values() for place in found), default=0):
        raise TableFault("short")
    cells = {field: " ".join(" ".join(row[place].split()) for place in found if row[place].strip()) for field, found in places.items()}
    # a minus among what came in takes it back; what went out is written with or without one, as each bank likes
    amount = read_amount(cells["amount"], layout.decimal) + read_amount(cells["credit"], layout.decimal) - abs(read_amount(cells["debit"], layout.decimal))
    if not cells["date"] and (not amount or "saldo" in " ".join(row).lower()):
        return None  # a line of remarks or of a balance
    date = read_date(cells["date"], layout.date_order)
    if not amount:
        return None
    said = "|".join([cells["text"], cells["name"], cells["account"]])
    key = cells["key"] or hashlib.sha256(said.encode()).hexdigest()[:24]
    return {
        "date": date, "amount": amount, "payment_ref": cells["text"] or cells["name"] or "/", "partner_name": cells["name"],
        "account_number": cells["account"], "key": f"{date}|{amount:.2f}|{key}",
    }
