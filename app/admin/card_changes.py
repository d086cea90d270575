"""What is done to codes that nobody owns: looked at in figures first, and done only while those still hold."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from app import audit, catalog, stock, web
from app.admin import left
from app.admin.actors import who
from app.audit import Who
from app.db import db, transaction
from app.errors import Refusal
from app.fields import Form
from app.stock import Foreseen, Picked

pages = Blueprint("card_changes", __name__, url_prefix="/cards/changes")
TITLES = {
    "bin": lazy_gettext("Codes to the bin"),
    "restore": lazy_gettext("Put codes back on the shelf"),
    "faulty": lazy_gettext("Mark codes as faulty"),
    "move": lazy_gettext("Move codes to another product"),
    "destroy": lazy_gettext("Destroy codes"),
}
MOST_PRODUCTS = 200


class Wish:
    """Which act on which codes a request asks for; what it does not understand is a page that is not there."""

    def __init__(self, given: MultiDict[str, str]) -> None:
        self.act = given.get("act", "")
        import_id = given.get("batch", type=int)
        if self.act not in stock.ACTS or (import_id is not None and not 0 < import_id < 2**31):
            abort(404)
        self.picked = Picked(stock.ids_of(given.getlist("card")), import_id)
        to = given.get("to", type=int)
        row = catalog.find_product(db.session, to) if to is not None and 0 < to < 2**31 else None
        self.to = row.Product if row else None
        self.to_sku_id = row.Sku.id if row else None

    @property
    def is_whole(self) -> bool:
        return self.act != "move" or self.to is not None


@pages.get("/new", endpoint="new")
def new() -> Response:
    return _page(Wish(request.args))


@pages.post("", endpoint="create")
def create() -> Response:
    wish = Wish(request.form)
    if not Form().validate_on_submit() or not wish.is_whole:
        return _page(wish, 422)
    try:
        done = transaction(_change, wish, request.form.get("seen", ""), who())
    except stock.Changed as changed:
        return _page(wish, 409, changed)
    if wish.picked.import_id is not None:
        return web.go(url_for("admin.batches.show", import_id=wish.picked.import_id, changed=done.count))
    product_id = wish.to.id if wish.to else done.shares[0].product_id
    state = stock.ACTS[wish.act][1] or "binned"
    return web.go(url_for("admin.cards.index", product=product_id, state=state, changed=done.count))


def _change(tx: Connection, wish: Wish, seen: str, by: Who) -> Foreseen:
    done = stock.change(tx, wish.act, wish.picked, wish.to_sku_id, seen=seen)
    about = f"batch:{wish.picked.import_id}" if wish.picked.import_id else f"product:{done.shares[0].product_id}"
    told: dict[str, Any] = {"codes": done.count}
    if wish.picked.card_ids:
        told["cards"] = list(wish.picked.card_ids)
    if wish.to:
        told["to"] = f"product:{wish.to.id}"
    audit.record(tx, by, f"card.{wish.act}", about, now=told)
    return done


def _page(wish: Wish, status: int = 200, changed: Refusal | None = None) -> Response:
    foreseen = stock.foresee(db.session, wish.act, wish.picked, wish.to_sku_id)
    page = render_template(
        "admin/card_changes/new.html",
        wish=wish,
        foreseen=foreseen,
        left={share.sku_id: left.of_one(share.sku_id) for share in foreseen.shares[:5]},
        title=TITLES[wish.act],
        only=foreseen.shares[0].product_id if len(foreseen.shares) == 1 else None,
        products=catalog.list_titles(db.session, MOST_PRODUCTS) if wish.act == "move" else [],
        changed=changed,
    )
    return make_response(page, status)
