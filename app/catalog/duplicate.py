"""A copy of a product: a draft with an address of its own, and with everything but the codes and what was sold."""

from sqlalchemy import Connection, select

from app.catalog.photo import copy_photos
from app.catalog.product import OF_SKU, Product, create_product
from app.catalog.question import questions_of, save_questions
from app.catalog.sku import Sku
from app.db import Reader, table

_products, _skus = table(Product), table(Sku)
_ITS_OWN = frozenset({"id", "slug", "title", "state", "created_at", "body_html"})
LONGEST_SLUG = 60


def copy_product(tx: Connection, product_id: int, *, slug: str, title: str, now: int) -> int:
    """Copy a product under another address and title; returns the copy's id. Raises BadProduct when the address is taken.

    What it earns whom is copied by whoever calls this: rates are no matter of the catalog.
    """
    columns = [column for column in _products.c if column.name not in _ITS_OWN] + [
        _skus.c[name] for name in sorted(OF_SKU)
    ]
    found = select(*columns).join(_skus, _skus.c.product_id == _products.c.id).where(_products.c.id == product_id)
    values = dict(tx.execute(found).one()._mapping)
    copy_id = create_product(tx, slug=slug, now=now, title=title, **values)
    copy_photos(tx, product_id, copy_id, now)
    save_questions(tx, copy_id, questions_of(tx, product_id))
    return copy_id


def free_slug(connection: Reader, slug: str) -> str:
    """An address like `slug` that no product has yet."""
    stem = slug[: LONGEST_SLUG - 4].rstrip("-")
    taken = set(
        connection.execute(select(_products.c.slug).where(_products.c.slug.startswith(stem, autoescape=True))).scalars()
    )
    return next(one for one in (f"{stem}-{number}" for number in range(2, len(taken) + 3)) if one not in taken)
