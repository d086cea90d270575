"""Products, with how many codes are left."""

from typing import Any

from flask import Blueprint, Response, jsonify

from app import catalog, stock
from app.catalog import Filter, Sku
from app.cursor import read_cursor, write_cursor
from app.db import AnyRow, db

pages = Blueprint("products", __name__, url_prefix="/products")
PLACE = "api.products"
# More than this are told as this many: counting a million takes its time.
MOST_COUNTED = 1000


@pages.get("", endpoint="index")
def index() -> Response:
    """Twenty at a time, the newest first; `next` is the `before` of the following page."""
    left = stock.stock_hint(Sku.__table__.c.id, MOST_COUNTED).label("left")
    rows, last_id = catalog.list_inventory(db.session, Filter(), before=read_cursor(PLACE), also=left)
    return jsonify(products=[_told(row) for row in rows], next=write_cursor(PLACE, last_id))


def _told(row: AnyRow) -> dict[str, Any]:
    product, sku = row.Product, row.Sku
    told = {"id": product.id, "slug": product.slug, "title": product.title, "state": product.state}
    return told | {"sku": sku.code, "price_fen": sku.price_fen, "left": row.left}
