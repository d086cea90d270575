"""Sheets: CSV that a spreadsheet opens as text, and workbooks. What would begin a formula there is made harmless (guard, I04)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

from app.money import yuan

# Excel takes a file without this mark for its own code page, and breaks Chinese names.
MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> str:
    """A value as a cell: with an apostrophe before what a spreadsheet would compute."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


class Fen(int):
    """An amount in fen: yuan with two decimals in a sheet."""


def write_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Rows as CSV, each as it is read, each cell harmless."""
    for row in rows:
        out = io.StringIO()
        csv.writer(out).writerow([cell(_written(value)) for value in row])
        yield out.getvalue()


def _written(value: object) -> object:
    if isinstance(value, Fen):
        # Not a formula, though it may begin with a minus.
        return f" {yuan(value)}" if value < 0 else yuan(value)
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else value


def write_workbook(file: BinaryIO, title: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows as a workbook (XLSX) of one sheet, row by row in bounded memory; texts stay texts, whatever they begin with."""
    # Few processes ever write one.
    import xlsxwriter

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "0.00"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headings) - 1, 20)
        for column, heading in enumerate(headings):
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, Fen):
                    sheet.write_number(number, column, value / 100, money)
                elif isinstance(value, datetime):
                    sheet.write_datetime(number, column, value, moment)
                elif isinstance(value, int):
                    sheet.write_number(number, column, value)
                else:
                    sheet.write_string(number, column, str(value))


def write_sheet(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV, each cell harmless."""
    out = io.StringIO()
    csv.writer(out).writerows([cell(value) for value in row] for row in rows)
    return MARK + out.getvalue()


# The library's own limit is raised for codes, where a line has one of its own.
MOST_OF_CELL = 10_000


def read_sheet(text: str, most: int) -> list[list[str]]:
    """The rows of pasted or uploaded CSV, empty ones left out. Raises ValueError when there are more than `most`,
    or when it is no CSV."""
    rows = []
    try:
        for row in csv.reader(io.StringIO(text.removeprefix(MARK), newline="")):
            if any(value.strip() for value in row):
                rows.append([value.strip() for value in row])
            if len(rows) > most or any(len(value) > MOST_OF_CELL for value in row):
                raise ValueError("too many rows, or a cell too long")
    except csv.Error as error:
        raise ValueError("not CSV") from error
    return rows
