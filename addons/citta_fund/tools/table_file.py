"""Tables as files for people and authorities: CSV as Italian spreadsheets open it, and XLSX."""
import csv
import io
from datetime import date

import xlsxwriter

# As spreadsheets begin a formula, the wide signs of Asian keyboards too; some look past blanks before it.
FORMULA_SIGNS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def harmless(cell):
    """A text that no spreadsheet takes for a formula; other cells as they are.

    >>> harmless("=SUM(A1)"), harmless("Anna"), harmless(-2.5), harmless(None), harmless("\\t =1")
    ("'=SUM(A1)", 'Anna', -2.5, '', "'=1")
    """
    if cell is None or cell is False:
        return ""
    return f"'{cell.strip()}" if isinstance(cell, str) and cell.strip().startswith(FORMULA_SIGNS) else cell


def _written(cell):
    """A cell of a CSV: amounts with a comma and two decimals, days as in Italy.

    >>> _written(1234.5), _written(date(2026, 3, 1)), _written(7), _written("x")
    ('1234,50', '01/03/2026', '7', 'x')
    """
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", ",")
    return cell.strftime("%d/%m/%Y") if isinstance(cell, date) else str(harmless(cell))


def csv_bytes(rows):
    """Rows as CSV with semicolons, in UTF-8 with the mark that spreadsheets look for.

    >>> csv_bytes([["Name", "Amount"], ["Anna; Eva", 2.5]]).decode("utf-8-sig")
    'Name;Amount\\r\\n"Anna; Eva";2,50\\r\\n'
    """
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows([_written(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def xlsx_bytes(rows, name):
    """The same as a workbook of one sheet, titles bold and fixed.

    >>> xlsx_bytes([["Name"], ["=1"]], "x")[:2]
    b'PK'
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(name[:31])
        bold, money, day = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                style = bold if not number else money if isinstance(cell, float) else day if isinstance(cell, date) else None
                sheet.write(number, column, harmless(cell), style)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return stream.getvalue()
