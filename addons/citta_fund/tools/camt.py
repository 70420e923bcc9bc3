"""Bank statements in XML (ISO 20022 camt), read strictly: a file is right as a whole or it is refused as a whole."""
import hashlib
import io
import re
import zipfile
import zlib
from collections import Counter
from datetime import date
from decimal import Decimal

from lxml import etree

# What a bank sends of a month is far below these; a file above them would hold a worker until it is stopped.
MAX_BYTES, MAX_ENTRIES = 20_000_000, 10_000
PIECE = 65_536  # bytes that the parser is fed at a time
YEARS = range(2000, 2100)
AMOUNT = re.compile(r"\d{1,12}(\.\d{1,5})?|\.\d{1,5}", re.ASCII)
NO_REFERENCE = {"", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "NOTAVAILABLE", "N/A", "0"}
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)


class StatementFault(ValueError):
    """Why a file cannot be taken: a code and what the message needs to know."""

    def __init__(self, code, **details):
        super().__init__(code)
        self.code, self.details = code, details


def looks_like_xml(data):
    """Whether a file wants to be XML, in any Unicode coding.

    >>> looks_like_xml(b"\\xef\\xbb\\xbf <Document/>"), looks_like_xml("<a/>".encode("utf-16")), looks_like_xml(b"date;amount")
    (True, True, False)
    """
    return data[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def members(data):
    """The statements in an archive; None where it is no archive, or the file of an office programme.

    >>> members(b"no archive") is None
    True

    :raise StatementFault: ``large``, ``damaged`` or, where nothing in it is XML, ``archive``
    """
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if sum(info.file_size for info in infos) > MAX_BYTES:
                raise StatementFault("large")
            if any(info.filename == "[Content_Types].xml" for info in infos):
                return None
            found = [archive.read(info) for info in infos if info.filename.lower().endswith(".xml")]
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise StatementFault("damaged", where=str(error)) from error
    if not found:
        raise StatementFault("archive")
    return found


def read_root(data):
    """The root element, without entities, document types or repair.

    >>> read_root(b"<a><b/></a>").tag
    'a'

    :raise StatementFault: ``large``, ``many``, ``doctype`` or ``damaged``

    >>> read_root(b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    StatementFault: doctype
    """
    if len(data) > MAX_BYTES:
        raise StatementFault("large")
    if b"<!DOCTYPE" in data[:4000].replace(b"\x00", b""):
        raise StatementFault("doctype")
    try:
        root = _parse(data)
    except StatementFault:
        raise
    except (etree.XMLSyntaxError, ValueError) as error:
        raise StatementFault("damaged", where=str(error)) from error
    if root.getroottree().docinfo.doctype:
        raise StatementFault("doctype")
    return root


def _parse(data):
    """The root element, read piece by piece, so that a file with too many entries is left before all of it stands in memory.

    :raise StatementFault: ``many``
    """
    parser = etree.XMLPullParser(
        events=("end",), tag="{*}Ntry", resolve_entities=False, no_network=True, load_dtd=False, recover=False, huge_tree=False,
    )
    found = 0
    for start in range(0, len(data), PIECE):
        parser.feed(data[start:start + PIECE])
        found += sum(1 for _entry in parser.read_events())
        if found > MAX_ENTRIES:
            raise StatementFault("many")
    return parser.close()


def is_camt(root):
    """Whether it is a statement, report or notification of a bank, of any version.

    >>> is_camt(read_root(b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><a/></Document>'))
    True
    >>> is_camt(read_root(b"<Document/>"))
    False
    """
    namespace = etree.QName(root).namespace or ""
    return any(f"camt.05{kind}." in namespace for kind in "234")


def statements(root):
    """The statements of a document, each for one account.

    >>> len(statements(read_root(b"<D><B><GrpHdr/><Stmt/><Stmt/><SplmtryData/></B></D>")))
    2
    """
    return [node for body in root for node in body if etree.QName(node).localname in ("Stmt", "Rpt", "Ntfctn")]


def _text(node, path):
    found = node.find(path)
    return (found.text or "").strip() if found is not None else ""


def signed_amount(node):
    """The amount of an entry or balance, negative for a debit.

    >>> signed_amount(etree.fromstring("<N><Amt Ccy='EUR'>2.50</Amt><CdtDbtInd>DBIT</CdtDbtInd></N>"))
    Decimal('-2.50')

    :raise StatementFault: ``amount``, or ``sign`` where it says neither in nor out
    """
    text, sign = _text(node, "{*}Amt"), _text(node, "{*}CdtDbtInd")
    if not AMOUNT.fullmatch(text):
        raise StatementFault("amount", text=text)
    if sign not in ("CRDT", "DBIT"):
        raise StatementFault("sign", text=text)
    return -Decimal(text) if sign == "DBIT" else Decimal(text)


def is_booked(entry):
    """Whether an entry is final: pending and informative ones change again. Version 08 puts the status one level deeper.

    >>> [is_booked(etree.fromstring(f"<N><Sts>{inner}</Sts></N>")) for inner in ("BOOK", "PDNG", "<Cd>BOOK</Cd>", "<Cd>INFO</Cd>")]
    [True, False, True, False]
    """
    return (_text(entry, "{*}Sts/{*}Cd") or _text(entry, "{*}Sts") or "BOOK") == "BOOK"


def entries(statement):
    """The booked entries of a statement; the others are taken out of it.

    :raise StatementFault: ``currency`` where an entry is not in the account's
    """
    found = statement.findall("{*}Ntry")
    for entry in found:
        if not is_booked(entry):
            statement.remove(entry)
    booked = [entry for entry in found if is_booked(entry)]
    own = _text(statement, "{*}Acct/{*}Ccy")
    currencies = {own} - {""} | {node.get("Ccy") for entry in booked for node in entry.findall("{*}Amt")}
    if len(currencies) > 1:
        raise StatementFault("currency", currencies=", ".join(sorted(filter(None, currencies))))
    return booked


def balances(statement):
    """Opening and closing balance, None where one is not given."""
    found = {}
    for node in statement.findall("{*}Bal"):
        found.setdefault(_text(node, "{*}Tp/{*}CdOrPrtry/{*}Cd"), node)
    return tuple(
        next((signed_amount(found[code]) for code in codes if code in found), None) for codes in (OPENING, CLOSING)
    )


def contradiction(statement):
    """Where the opening balance and all entries do not make the closing balance: the three, else None."""
    opening, closing = balances(statement)
    moved = sum((signed_amount(entry) for entry in entries(statement)), Decimal())
    if None in (opening, closing) or opening + moved == closing:
        return None
    return {"opening": opening, "moved": moved, "closing": closing}


def entry_date(entry):
    """The day of booking, else of value.

    >>> entry_date(etree.fromstring("<N><BookgDt><DtTm>2026-03-02T08:00:00+01:00</DtTm></BookgDt></N>"))
    '2026-03-02'

    :raise StatementFault: ``date`` where there is none, or none of this century
    """
    for path in ("{*}BookgDt/{*}Dt", "{*}BookgDt/{*}DtTm", "{*}ValDt/{*}Dt", "{*}ValDt/{*}DtTm"):
        if text := _text(entry, path):
            return check_day(text[:10])
    raise StatementFault("date", text="")


def check_day(text):
    """A day as banks write it, checked.

    >>> check_day("2026-03-02")
    '2026-03-02'

    :raise StatementFault: ``date``

    >>> check_day("2026-02-30")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    StatementFault: date
    """
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise StatementFault("date", text=text) from error
    if day.year not in YEARS or len(text) != 10:
        raise StatementFault("date", text=text)
    return day.isoformat()


def remittance(details):
    """What the payer wrote, structured reference first, then the bank's own words.

    >>> remittance(etree.fromstring("<T><RmtInf><Ustrd>a</Ustrd><Ustrd> b</Ustrd><Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf></Strd></RmtInf></T>"))
    'RF18 a b'
    """
    paths = (
        "{*}RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref", "{*}RmtInf/{*}Ustrd", "{*}RmtInf/{*}Strd/{*}AddtlRmtInf", "{*}AddtlTxInf",
        "{*}RtrInf/{*}AddtlInf", "{*}AddtlNtryInf",
    )
    parts = [" ".join((node.text or "").split()) for path in paths for node in details.findall(path)]
    return " ".join(dict.fromkeys(part for part in parts if part))


def entry_key(entry, details, text):
    """What tells an entry from all others, in every file that holds it: the bank's reference, else all that it says."""
    for node, path in ((details, "{*}Refs/{*}AcctSvcrRef"), (entry, "{*}AcctSvcrRef"), (entry, "{*}NtryRef")):
        reference = _text(node, path) if node is not None else ""
        if reference.upper() not in NO_REFERENCE:
            return reference
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def number_repeats(keys):
    """The same keys with a number where one comes again: two equal gifts of a day are two.

    >>> number_repeats(["a", "b", "a"])
    ['a', 'b', 'a|2']
    """
    seen, numbered = Counter(), []
    for key in keys:
        seen[key] += 1
        numbered.append(key if seen[key] == 1 else f"{key}|{seen[key]}")
    return numbered
