"""Codes from a program: a plain text, a code a line. What is there already is told and not taken twice, so it may be sent again."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, request
from sqlalchemy import Connection

from app import audit, catalog, stock
from app.api import door
from app.audit import Who
from app.db import db, transaction
from app.errors import N_, Refusal

pages = Blueprint("card_imports", __name__)
MOST_BYTES = 8 * 1024 * 1024


class NoText(Refusal):
    """Something else than a plain text."""

    status = 415

    def __init__(self) -> None:
        super().__init__(N_("Please send the codes as text/plain in UTF-8, one a line."))


@pages.url_value_preprocessor
def _make_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    request.max_content_length = MOST_BYTES


@pages.post("/products/<int:product_id>/card_imports", endpoint="create")
def create(product_id: int) -> Response:
    """A small one is done at once (201), a large one by the worker (202)."""
    row = catalog.find_product(db.session, product_id) if product_id < 2**62 else None
    if row is None:
        abort(404)
    lines = list(stock.read_lines(_text()))
    note = " ".join(request.args.get("note", "").split())[:60]
    import_id = transaction(_put_down, row.Sku.id, product_id, lines, note, door.who())
    told = _told(import_id)
    answer = jsonify(told)
    answer.status_code = 201 if told["finished"] else 202
    return answer


@pages.get("/card_imports/<int:import_id>", endpoint="show")
def show(import_id: int) -> Response:
    return jsonify(_told(import_id))


def _text() -> str:
    if request.mimetype != "text/plain":
        raise NoText
    try:
        return request.get_data().decode()
    except UnicodeDecodeError:
        raise NoText from None


def _put_down(tx: Connection, sku_id: int, product_id: int, lines: list[tuple[int, str]], note: str, who: Who) -> int:
    import_id = stock.put_down(tx, sku_id, lines, account_id=who.account_id, now=who.at, note=note)
    if len(lines) <= stock.CHUNK_LINES:
        stock.take_chunk(tx, who.at, import_id)
    told = {"lines": len(lines), "api_key": door.key().name}
    audit.record(tx, who, "card.import", f"product:{product_id}", now=told)
    return import_id


def _told(import_id: int) -> dict[str, Any]:
    found = stock.find_import(db.session, import_id) if import_id < 2**62 else None
    if found is None:
        abort(404)
    counts = ("lines", "lines_done", "added", "repeated_in_text", "already_in_stock", "malformed")
    told = {name: getattr(found, name) for name in counts}
    return {"id": found.id, **told, "finished": found.finished_at is not None}
