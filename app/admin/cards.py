"""The codes in stock: masked, by product, batch and state, or found by the whole code."""

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import lazy_gettext

from app import catalog, orders, stock, web
from app.admin.search import words
from app.cursor import read_cursor, write_cursor
from app.db import db
from app.stock import Card, CardFilter

pages = Blueprint("cards", __name__, url_prefix="/cards")
ONE = "/<int(max=9007199254740991):card_id>"
STATES = {
    "available": lazy_gettext("Ready to sell"),
    "reserved": lazy_gettext("Put aside for an order"),
    "sold": lazy_gettext("Sold to a buyer"),
    "faulty": lazy_gettext("Faulty"),
    "binned": lazy_gettext("In the bin"),
}
# Listed for all products together: few lie there.
ASIDE = ("faulty", "binned")


class Asked:
    """What the address narrows the list to; of a product or a batch one state at a time is shown."""

    def __init__(self) -> None:
        product_id, import_id = request.args.get("product", type=int), request.args.get("batch", type=int)
        self.code = words(stock.LONGEST_CODE)
        row = (
            catalog.find_product(db.session, product_id) if product_id is not None and 0 < product_id < 2**31 else None
        )
        # Plain values: an export is still read when this request's session is gone.
        self.product_id: int | None = row.Product.id if row else None
        self.sku_id: int | None = row.Sku.id if row else None
        self.title: str = row.Product.title if row else ""
        self.import_id = import_id if import_id is not None and 0 < import_id < 2**31 else None
        state = request.args.get("state", "")
        self.is_narrow = self.product_id is not None or self.import_id is not None
        allowed = STATES if self.is_narrow else ASIDE
        self.state = state if state in allowed else "available" if self.is_narrow else None

    @property
    def wanted(self) -> CardFilter:
        if self.code:
            return CardFilter(code=self.code)
        return CardFilter(sku_id=self.sku_id, state=self.state, import_id=self.import_id)

    @property
    def address(self) -> dict[str, object]:
        told = {"product": self.product_id, "batch": self.import_id, "state": self.state}
        return {name: value for name, value in told.items() if value is not None}


def card_or_404(card_id: int) -> Card:
    card = stock.find_card(db.session, card_id)
    if card is None:
        abort(404)
    return card


@pages.get("", endpoint="index")
def index() -> Response:
    asked = Asked()
    rows, last_id = stock.list_cards(db.session, asked.wanted, before=read_cursor("admin.cards"))
    return web.page_or_partial(
        "admin/cards/index.html",
        "admin/cards/_rows.html",
        rows=rows,
        mask=lambda card: stock.mask_code(stock.open_code(card)),
        owners=orders.orders_by_id(db.session, [row.Card.order_id for row in rows if row.Card.order_id]),
        asked=asked,
        states=STATES,
        shown_states=STATES if asked.is_narrow else {state: STATES[state] for state in ASIDE},
        changed=request.args.get("changed", type=int),
        following=write_cursor("admin.cards", last_id),
    )


def render_card(card: Card, code: str) -> str:
    """One code in full, for whoever asked for it."""
    row = catalog.products_of_skus(db.session, [card.sku_id])[card.sku_id]
    owners = orders.orders_by_id(db.session, [card.order_id] if card.order_id else [])
    return render_template(
        "admin/card_codes/show.html",
        card=card,
        code=code,
        product=row,
        owner=owners.get(card.order_id or 0),
        states=STATES,
    )
