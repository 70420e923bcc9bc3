"""Lists of gifts that came in one transfer: payroll giving of a firm, the collection of an association."""
import codecs
from typing import NamedTuple

from stdnum.it import codicefiscale, iva

from .statement_csv import TableFault, read_amount, read_table

MAX_ROWS = 10_000
TITLES = {
    "name": ("nome", "nome e cognome", "donatore", "name", "donor"),
    "code": ("codice fiscale", "cf", "fiscal code"),
    "email": ("e-mail", "email"),
    "amount": ("importo", "amount"),
    "receipt": ("ricevuta", "receipt"),
}
YES = {"si", "sì", "s", "x", "1", "yes", "true", "vero"}


class Gift(NamedTuple):
    """One row of a list."""

    name: str
    code: str
    email: str
    amount: float
    receipt: bool


def _places(titles):
    found = {}
    for place, title in enumerate(" ".join(one.split()).lower() for one in titles):
        for field, names in TITLES.items():
            if title in names:
                found.setdefault(field, place)
    for field in ("name", "amount"):
        if field not in found:
            raise TableFault("column", text=TITLES[field][0])
    return found


def read_list(data):
    """The gifts of a CSV with titles, semicolons or commas.

    :param bytes data: the file
    :return: list of :class:`Gift`
    :raise TableFault: ``large``, ``encoding``, ``damaged``, ``rows``, ``column``, ``short``, ``amount``, ``code``, ``name``

    >>> read_list("Nome;Codice fiscale;Importo;Ricevuta\\nAnna Inventata;RSSMRA80A01F205X;10,50;sì\\n".encode())
    [Gift(name='Anna Inventata', code='RSSMRA80A01F205X', email='', amount=10.5, receipt=True)]
    >>> read_list(b"Nome;Importo\\nAnna;-3\\n")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    TableFault: amount
    """
    rows = read_table(data, _coding(data), None, MAX_ROWS + 1)
    if len(rows) < 2:
        raise TableFault("rows")
    places = _places(rows[0])
    return [_gift(number, row, places) for number, row in enumerate(rows[1:], 2) if any(cell.strip() for cell in row)]


def _coding(data):
    """How a list was saved: as Unicode, or in the characters of Windows, as Italian spreadsheets do unless they are told otherwise.

    >>> _coding("Nicolò".encode()), _coding("Nicolò".encode("cp1252")), _coding("Nicolò".encode("utf-16"))
    ('utf-8-sig', 'cp1252', 'utf-16')
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _gift(number, row, places):
    if len(row) <= max(places.values()):
        raise TableFault("short", number)
    cells = {field: " ".join(row[place].split()) for field, place in places.items()}
    try:
        amount = read_amount(cells["amount"])
    except TableFault as fault:
        raise TableFault("amount", number, fault.text) from fault
    if amount <= 0:
        raise TableFault("amount", number, cells["amount"])
    code = cells.get("code", "").replace(" ", "").upper()
    if code and not (codicefiscale.is_valid(code) or iva.is_valid(code)):
        raise TableFault("code", number, code)
    if not cells["name"]:
        raise TableFault("name", number)
    return Gift(cells["name"][:120], code, cells.get("email", "")[:120], float(amount), cells.get("receipt", "").lower() in YES)
