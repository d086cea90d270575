"""The batches of codes that the list shows; the codes themselves leave by an export of their own."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask_babel import lazy_gettext

from app import catalog, stock
from app.admin import exporting
from app.admin.batches import asked
from app.admin.exporting import Sheet, moment
from app.db import db
from app.sheet import Fen

HEAD = (
    lazy_gettext("Batch"),
    lazy_gettext("Name of the batch"),
    lazy_gettext("Product"),
    lazy_gettext("New codes"),
    lazy_gettext("Repeated in the text, taken once"),
    lazy_gettext("In stock or sold before, left out"),
    lazy_gettext("Too long or unreadable, left out"),
    lazy_gettext("Cost of one, yuan"),
    lazy_gettext("Imported"),
)


def sheet() -> Sheet:
    product, words = asked()
    told = {"product": product.Product.id if product else None, "q": words}
    return Sheet("batch", HEAD, _rows(product.Sku.id if product else None, words), told)


def _rows(sku_id: int | None, words: str) -> Iterator[tuple[Any, ...]]:
    for found in exporting.pages(partial(stock.list_imports, db.session, sku_id=sku_id, words=words)):
        products = catalog.products_of_skus(db.session, [batch.sku_id for batch in found])
        for batch in found:
            yield (
                batch.id,
                batch.note,
                products[batch.sku_id].title,
                batch.added,
                batch.repeated_in_text,
                batch.already_in_stock,
                batch.malformed,
                "" if batch.cost_fen is None else Fen(batch.cost_fen),
                moment(batch.created_at),
            )
