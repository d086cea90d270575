"""Batches of codes: what each import brought, how far it is, what one code of it cost, and what became of them."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import Row

from app import catalog, clock, shop, stock, web
from app.admin import actors
from app.admin.card_form import BatchForm
from app.admin.cards import STATES
from app.admin.search import words
from app.catalog import Product, Sku
from app.cursor import read_cursor, write_cursor
from app.db import db, transaction
from app.money import yuan
from app.noting import Line, compared
from app.sheet import MARK, write_lines
from app.stock import CardImport

pages = Blueprint("batches", __name__, url_prefix="/batches")
ONE = "/<int(max=2147483647):import_id>"
FEW = 50
KINDS = {
    "repeated_in_text": lazy_gettext("Repeated in the text, taken once"),
    "already_in_stock": lazy_gettext("In stock or sold before, left out"),
    "malformed": lazy_gettext("Too long or unreadable, left out"),
}


def batch_or_404(import_id: int) -> CardImport:
    batch = stock.find_import(db.session, import_id)
    if batch is None:
        abort(404)
    return batch


@pages.get("", endpoint="index")
def index() -> Response:
    row, name = asked()
    before = read_cursor("admin.batches")
    found, last_id = stock.list_imports(db.session, sku_id=row.Sku.id if row else None, words=name, before=before)
    products = catalog.products_of_skus(db.session, [batch.sku_id for batch in found])
    context = {"batches": found, "products": products, "product": row.Product if row else None, "words": name}
    following = write_cursor("admin.batches", last_id)
    return web.page_or_partial("admin/batches/index.html", "admin/batches/_rows.html", following=following, **context)


def asked() -> tuple[Row[Product, Sku] | None, str]:
    """The product and the words that the list is narrowed to."""
    product_id = request.args.get("product", type=int)
    is_one = product_id is not None and 0 < product_id < 2**31
    return catalog.find_product(db.session, product_id or 0) if is_one else None, words(60)


@pages.get(ONE, endpoint="show")
def show(import_id: int) -> Response:
    batch = batch_or_404(import_id)
    cost = "" if batch.cost_fen is None else yuan(batch.cost_fen)
    return _page(batch, BatchForm(formdata=None, data={"note": batch.note, "cost": cost}))


@pages.get(f"{ONE}/progress", endpoint="progress")
def progress(import_id: int) -> Response:
    """How far an import is: what the page asks for until it is done."""
    batch = batch_or_404(import_id)
    if batch.finished_at and web.sent_by_htmx():
        # What can be done with the codes stands elsewhere on the page.
        return web.go(url_for("admin.batches.show", import_id=import_id))
    return make_response(render_template("admin/batches/_progress.html", **_story(batch)))


@pages.get(f"{ONE}/report", endpoint="report")
def report(import_id: int) -> Response:
    """Every line that was left out, with why, as CSV. It holds no codes."""
    told = stock.read_report(db.session, batch_or_404(import_id).id)
    rows = [(number, str(KINDS[kind])) for kind in KINDS for number in getattr(told, kind)]
    lines = write_lines([(_("Line"), _("What became of it")), *sorted(rows)])
    answer = Response([MARK, *lines], content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{import_id}.csv"'
    return answer


@pages.post(ONE, endpoint="update")
def update(import_id: int) -> Response:
    batch, form = batch_or_404(import_id), BatchForm()
    if form.validate_on_submit():
        around = compared(
            Line("batch.update", f"batch:{import_id}"), lambda tx: dict(stock.import_before(tx, import_id)._mapping)
        )
        transaction(around(stock.change_import), import_id, note=form.note.data, cost_fen=form.cost.number)
        return web.go(url_for("admin.batches.show", import_id=import_id, saved=1))
    return _page(batch, form, 422)


def _story(batch: CardImport) -> dict[str, Any]:
    [product] = catalog.products_of_skus(db.session, [batch.sku_id]).values()
    told = stock.read_report(db.session, batch.id) if batch.finished_at else None
    # Never a line that could still be taken in by a worker that is only late.
    silent = batch.finished_at is None and shop.is_silent(db.session, "worker", clock.now())
    left_out = [(words, getattr(told, kind)) for kind, words in KINDS.items() if told and getattr(told, kind)]
    return {"batch": batch, "product": product, "left_out": left_out, "silent": silent, "few": FEW}


def _page(batch: CardImport, form: BatchForm, status: int = 200) -> Response:
    by = f"account:{batch.account_id}"
    page = render_template(
        "admin/batches/show.html",
        form=form,
        by=actors.names([by])[by] if batch.account_id else "",
        counts=stock.states_of_import(db.session, batch.id),
        states=STATES,
        saved="saved" in request.args,
        changed=request.args.get("changed", type=int),
        **_story(batch),
    )
    return make_response(page, status)
