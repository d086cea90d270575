"""A card import: codes pasted or uploaded. A small one is done at once, a large one by the worker, with its progress shown."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import Connection

from app import clock, stock, web
from app.admin import left
from app.admin.card_form import MOST_BYTES, CardImportForm
from app.admin.forms import put_beside
from app.admin.products import ONE, product_or_404
from app.db import transaction
from app.errors import Refusal
from app.hearing import AROUND_BYTES
from app.noting import Line, noted

pages = Blueprint("card_imports", __name__, url_prefix=f"/products{ONE}/card_imports")


@pages.url_value_preprocessor
def _make_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # Before the csrf guard reads the form, which a before_request would come too late for.
    request.max_content_length = MOST_BYTES + AROUND_BYTES
    request.max_form_memory_size = MOST_BYTES + AROUND_BYTES


@pages.get("/new", endpoint="new")
def new(product_id: int) -> Response:
    return _page(product_id, CardImportForm(formdata=None))


@pages.post("", endpoint="create")
def create(product_id: int) -> Response:
    sku_id = product_or_404(product_id).Sku.id
    form = CardImportForm()
    if form.validate_on_submit():
        try:
            lines, encoding = form.read()
            said = Line("card.import", f"product:{product_id}", now={"lines": len(lines)})
            told = {"note": form.note.data, "cost_fen": form.cost.number, "encoding": encoding}
            told |= {"account_id": current_user.id, "now": clock.now()}
            import_id = transaction(noted(said, _put_down), sku_id, lines, told)
            return web.go(url_for("admin.batches.show", import_id=import_id))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(product_id, form, 422)


def _put_down(tx: Connection, sku_id: int, lines: list[tuple[int, str]], told: dict[str, Any]) -> int:
    import_id = stock.put_down(tx, sku_id, lines, **told)
    if len(lines) <= stock.CHUNK_LINES:
        stock.take_chunk(tx, told["now"], import_id)
    return import_id


def _page(product_id: int, form: CardImportForm, status: int = 200) -> Response:
    row = product_or_404(product_id)
    page = render_template(
        "admin/card_imports/new.html",
        product=row.Product,
        left=left.of_one(row.Sku.id),
        form=form,
        most=stock.MOST_LINES,
    )
    return make_response(page, status)
