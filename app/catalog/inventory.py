"""What the merchant sees of the catalog: every product in any state, newest first, a page at a time."""

from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select

from app.catalog.product import Product
from app.catalog.sku import Sku
from app.db import AnyRow, Session

PAGE_SIZE = 20
STATES = ("draft", "published", "archived")
_ALL = select(Product, Sku).join(Sku, Sku.product_id == Product.id)


def list_inventory(
    session: Session,
    *,
    words: str = "",
    state: str | None = None,
    before: int | None = None,
    also: ColumnElement[Any],
) -> tuple[list[AnyRow], int | None]:
    """One page of (product, sku, `also`), and the cursor of the next page if there is one."""
    statement = _ALL.add_columns(also).order_by(Product.id.desc()).limit(PAGE_SIZE + 1)
    statement = statement.where(Product.state != "archived" if state is None else Product.state == state)
    for word in words.split()[:5]:
        statement = statement.where(
            or_(Product.title.icontains(word, autoescape=True), Product.slug.contains(word, autoescape=True))
        )
    if before is not None:
        statement = statement.where(Product.id < before)
    rows = list(session.execute(statement))
    page = rows[:PAGE_SIZE]
    return page, page[-1].Product.id if len(rows) > PAGE_SIZE else None


def find_product(session: Session, product_id: int) -> Row[Product, Sku] | None:
    """The product with its SKU, whatever its state."""
    return session.execute(_ALL.where(Product.id == product_id)).first()


def list_short(session: Session, left: ColumnElement[int], *, at_most: int, limit: int) -> list[AnyRow]:
    """(product, left) of published products that have `at_most` or fewer of `left`."""
    statement = select(Product, left.label("left")).join(Sku, Sku.product_id == Product.id)
    statement = statement.where(Product.state == "published", left <= at_most)
    return list(session.execute(statement.order_by(Product.position, Product.id).limit(limit)))
