"""The products that the list shows."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app import catalog
from app.admin import exporting, labels
from app.admin.exporting import Sheet, moment
from app.admin.left import MOST_LISTED, of_many
from app.admin.product_filter import Narrowed
from app.catalog import Filter
from app.db import db
from app.sheet import Fen

HEAD = (
    lazy_gettext("Product"),
    lazy_gettext("Address"),
    lazy_gettext("Category"),
    lazy_gettext("State"),
    lazy_gettext("Price, yuan"),
    lazy_gettext("Stock"),
    lazy_gettext("Made"),
)


def sheet() -> Sheet:
    narrowed = Narrowed()
    # Read before the sheet is noted in the log: that ends what the session has in hand.
    categories = {one.id: one.name for one in narrowed.categories}
    return Sheet("product", HEAD, _rows(narrowed.wanted, categories), narrowed.address)


def _rows(wanted: Filter, categories: dict[int, str]) -> Iterator[tuple[Any, ...]]:
    for page in exporting.pages(partial(catalog.list_inventory, db.session, wanted, also=of_many())):
        for row in page:
            yield (
                row.Product.title,
                row.Product.slug,
                categories.get(row.Product.category_id, ""),
                str(labels.PRODUCT_STATES[row.Product.state]),
                Fen(row.Sku.price_fen),
                row.left if row.left <= MOST_LISTED else _("more than %(left)s", left=MOST_LISTED),
                moment(row.Product.created_at),
            )
