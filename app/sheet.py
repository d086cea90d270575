"""Sheets: CSV that a spreadsheet opens as text. What would begin a formula there is made harmless (guard, I04)."""

import csv
import io
from collections.abc import Iterable, Sequence

# Excel takes a file without this mark for its own code page, and breaks Chinese names.
MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> str:
    """A value as a cell: with an apostrophe before what a spreadsheet would compute."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_sheet(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV, each cell harmless."""
    out = io.StringIO()
    csv.writer(out).writerows([cell(value) for value in row] for row in rows)
    return MARK + out.getvalue()


def read_sheet(text: str, most: int) -> list[list[str]]:
    """The rows of pasted or uploaded CSV, empty ones left out. Raises ValueError when there are more than `most`,
    or when it is no CSV."""
    rows = []
    try:
        for row in csv.reader(io.StringIO(text.removeprefix(MARK), newline="")):
            if any(value.strip() for value in row):
                rows.append([value.strip() for value in row])
            if len(rows) > most:
                raise ValueError("too many rows")
    except csv.Error as error:
        raise ValueError("not CSV") from error
    return rows
