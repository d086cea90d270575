"""Exports of lists: read page by page, written as it is sent, so that a long one needs no more memory than a short one."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from flask import Response, request, stream_with_context
from flask_babel import gettext as _

from app import audit, clock
from app.admin.actors import who
from app.db import db, transaction
from app.sheet import MARK, write_lines, write_workbook

KINDS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
CHUNK_BYTES = 64 * 1024
PAGE = 500
T = TypeVar("T")


@dataclass(frozen=True)
class Sheet:
    """A list as a file: `name` is what one of it is called, there and in the log; `told` what the list is narrowed to.

    A cell is a text, a whole number, `Fen`, or a moment.
    """

    name: str
    head: Sequence[object]
    rows: Iterator[Sequence[Any]]
    told: Mapping[str, Any] = field(default_factory=dict)


def moment(instant: int | None) -> datetime | str:
    """An instant as a cell: day and time in Shanghai, without a zone, as spreadsheets want it."""
    return "" if instant is None else datetime.fromtimestamp(instant, ZoneInfo("Asia/Shanghai")).replace(tzinfo=None)


def send(sheet: Sheet) -> Response:
    """The sheet as CSV or as a workbook (`?kind=`), in a file called by its name and the day; what was asked is written down."""
    kind = request.args.get("kind") if request.args.get("kind") in KINDS else "csv"
    told = {name: str(value) for name, value in sheet.told.items() if value}
    transaction(audit.record, who(), f"{sheet.name}.export", sheet.name, now=told | {"kind": kind})
    words = [str(heading) for heading in sheet.head]
    body = _csv(words, sheet.rows) if kind == "csv" else _workbook(words, sheet.rows, _("Sheet"))
    answer = Response(stream_with_context(body), content_type=KINDS[str(kind)])
    day = datetime.fromtimestamp(clock.now(), UTC).strftime("%Y%m%d")
    answer.headers["Content-Disposition"] = f'attachment; filename="{sheet.name}-{day}.{kind}"'
    return answer


def pages(page: Callable[..., tuple[Sequence[T], Any]]) -> Iterator[Sequence[T]]:
    """Everything that a list has, a page at a time (`before`, `limit`), and nothing of one kept when the next is read."""
    before: Any = None
    while True:
        found, before = page(before=before, limit=PAGE)
        yield found
        db.session.expunge_all()
        if before is None:
            return


def _csv(headings: Sequence[str], rows: Iterator[Sequence[Any]]) -> Iterator[str]:
    yield MARK
    yield from write_lines([headings])
    yield from write_lines(rows)


def _workbook(headings: Sequence[str], rows: Iterator[Sequence[Any]], title: str) -> Iterator[bytes]:
    # The format needs its end before its beginning: it goes through a file that nobody else sees, and that is gone afterwards.
    with tempfile.TemporaryFile() as file:
        write_workbook(file, title, headings, rows)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
