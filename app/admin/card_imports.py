"""A card import: codes pasted as text, one a line, with duplicates told apart."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from flask_login import current_user

from app import clock, stock
from app.admin.forms import CardImportForm, put_beside
from app.admin.products import ONE, left_of, product_or_404
from app.db import transaction
from app.errors import Refusal
from app.guard import MEBIBYTE
from app.noting import Line, noted

pages = Blueprint("card_imports", __name__, url_prefix=f"/products{ONE}/card_imports")
MOST_BYTES = 5 * MEBIBYTE
# The token, the boundaries and the headers of a form.
AROUND_BYTES = 16 * 1024


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
            said = Line(
                "card.import", f"product:{product_id}", now={"lines": len((form.codes.data or "").splitlines())}
            )
            report = transaction(
                noted(said, stock.take_in), sku_id, form.codes.data, account_id=current_user.id, now=clock.now()
            )
            return _page(product_id, CardImportForm(formdata=None), report=report)
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(product_id, form, 422)


def _page(product_id: int, form: CardImportForm, status: int = 200, report: stock.Report | None = None) -> Response:
    row = product_or_404(product_id)
    page = render_template(
        "admin/card_imports/new.html", product=row.Product, left=left_of(row.Sku.id), form=form, report=report
    )
    return make_response(page, status)
