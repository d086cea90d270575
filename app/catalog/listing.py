"""What a visitor sees of the catalog: the published products, by category, by search, a page at a time."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select

from app.catalog.category import Category
from app.catalog.product import Product
from app.catalog.sku import Sku
from app.db import AnyRow, Session

PAGE_SIZE = 20
_LISTED = select(Product, Sku).join(Sku, Sku.product_id == Product.id).where(Product.state == "published")
Cursor = tuple[int, int]


def list_categories(session: Session) -> list[Category]:
    return list(session.scalars(select(Category).order_by(Category.position, Category.id)))


def _escape(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def list_products(
    session: Session,
    *,
    category_ids: Sequence[int] | None = None,
    words: str = "",
    after: Cursor | None = None,
    also: ColumnElement[Any],
) -> tuple[list[AnyRow], Cursor | None]:
    """One page of (product, sku, `also`), and the cursor (position, id) of the next page if there is one."""
    statement = _LISTED.add_columns(also).order_by(Product.position, Product.id).limit(PAGE_SIZE + 1)
    if category_ids is not None:
        statement = statement.where(Product.category_id.in_(category_ids))
    for word in words.split()[:5]:
        pattern = f"%{_escape(word)}%"
        statement = statement.where(
            or_(Product.title.ilike(pattern, escape="\\"), Product.summary.ilike(pattern, escape="\\"))
        )
    if after is not None:
        position, product_id = after
        later = and_(Product.position == position, Product.id > product_id)
        statement = statement.where(or_(Product.position > position, later))
    rows = list(session.execute(statement))
    page = rows[:PAGE_SIZE]
    following = (page[-1].Product.position, page[-1].Product.id) if len(rows) > PAGE_SIZE else None
    return page, following


def find_listed(session: Session, slug: str) -> Row[Product, Sku] | None:
    """The published product at `slug` with its SKU."""
    return session.execute(_LISTED.where(Product.slug == slug)).first()


def find_archived(session: Session, slug: str) -> Product | None:
    """The product at `slug` that was sold once and is not any more."""
    return session.scalar(select(Product).where(Product.slug == slug, Product.state == "archived"))


def find_by_sku(session: Session, sku_code: str) -> Row[Product, Sku] | None:
    """The published product that has the SKU with `sku_code`."""
    return session.execute(_LISTED.where(Sku.code == sku_code)).first()
