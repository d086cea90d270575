"""Reading codes out of what a merchant pastes or uploads: bytes to text, text to numbered lines. Nothing here is stored."""

import csv
from collections.abc import Iterator

LONGEST_CODE = 2000
# What people put between the parts of one code.
JOINT = "----"
ENCODINGS = ("utf-8-sig", "gb18030")
_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# What a line becomes that no encoding fits: it is told as malformed, and the others are not lost.
UNREADABLE = "\x00"


def decode(content: bytes) -> tuple[str, str]:
    """The text of a file, and the encoding that it was read by: UTF-8, UTF-16 with its mark, or GB18030 (GBK).

    Where the file as a whole fits none of them, each line is read by the one that fits it.
    """
    marked = _MARKS.get(content[:2])
    for encoding in (marked,) if marked else ENCODINGS:
        try:
            return content.decode(encoding).removeprefix("\ufeff"), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    return "\n".join(_decode_line(line) for line in content.split(b"\n")), "mixed"


def _decode_line(line: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return UNREADABLE


def read_lines(text: str) -> Iterator[tuple[int, str]]:
    """(number from 1, code) of each line with something in it: a line is a code."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        if code := line.strip():
            yield number, code


def read_table(text: str, *, has_heading: bool) -> Iterator[tuple[int, str]]:
    """The same of a CSV file, the cells of a row joined by `JOINT`. A code has no line break, so a row is one line: an
    odd quotation mark spoils its own row, and none of those that follow."""
    delimiter, is_first = None, True
    for number, line in read_lines(text):
        if delimiter is None:
            delimiter = next((mark for mark in (",", "\t", ";") if mark in line), ",")
        is_heading, is_first = is_first and has_heading, False
        if is_heading:
            continue
        # The library takes no longer cell; nothing of that length is a code, and it is told as what it is.
        cells = next(csv.reader([line], delimiter=delimiter)) if len(line) <= csv.field_size_limit() else [line]
        if code := JOINT.join(cell.strip() for cell in cells if cell.strip()):
            yield number, code


def is_malformed(code: str) -> bool:
    """Whether a line cannot be a code: too long, or with a character in it that nobody sees."""
    return len(code) > LONGEST_CODE or any(not character.isprintable() and character != "\t" for character in code)
