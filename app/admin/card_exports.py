"""The codes on the shelf, or in the bin, as a file: for whoever shows again who they are. What was asked for is in the log."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask import Blueprint, Response, abort, request, stream_with_context
from flask_babel import lazy_gettext

from app import audit, stock
from app.admin import exporting
from app.admin.actors import who
from app.admin.cards import STATES, Asked
from app.admin.exporting import Sheet
from app.db import db, transaction

pages = Blueprint("card_exports", __name__, url_prefix="/cards/exports")
# Codes that are somebody's are not exported: they are read in the order, and each look is in the log.
UNSOLD = ("available", "faulty", "binned")
HEAD = (
    lazy_gettext("Code"),
    lazy_gettext("Product"),
    lazy_gettext("State"),
    lazy_gettext("Batch"),
    lazy_gettext("Imported"),
)


@pages.post("", endpoint="create")
def create() -> Response:
    asked = Asked()
    if not asked.is_narrow or asked.state not in UNSOLD:
        abort(404)
    told = {name: str(value) for name, value in asked.address.items()}
    if request.args.get("kind") == "txt":
        # As they were imported, a line each: what a spreadsheet would compute is not changed here.
        transaction(audit.record, who(), "card.export", "card", now=told | {"kind": "txt"})
        body = (f"{code}\n" for _card, _title, code in _found(asked))
        answer = Response(stream_with_context(body), content_type="text/plain; charset=utf-8")
        answer.headers["Content-Disposition"] = 'attachment; filename="codes.txt"'
        return answer
    return exporting.send(Sheet("card", HEAD, _rows(asked), told))


def _found(asked: Asked) -> Iterator[tuple[Any, str, str]]:
    wanted = asked.wanted
    for page in exporting.pages(partial(stock.list_cards, db.session, wanted)):
        for row in page:
            if row.Card.order_id is None:
                yield row.Card, row.title, stock.open_code(row.Card)


def _rows(asked: Asked) -> Iterator[tuple[Any, ...]]:
    for card, title, code in _found(asked):
        yield code, title, str(STATES[card.state]), card.import_id or "", exporting.moment(card.imported_at)
