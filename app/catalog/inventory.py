"""What the merchant sees of the catalog: every product in any state, newest first, a page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from app.catalog.product import Product
from app.catalog.sku import Sku
from app.db import AnyRow, Session

PAGE_SIZE = 20
STATES = ("draft", "published", "archived")
_ALL = select(Product, Sku).join(Sku, Sku.product_id == Product.id)


@dataclass(frozen=True)
class Filter:
    """What a list of products is narrowed to. `short` holds for those with few codes left."""

    words: str = ""
    state: str | None = None
    category_ids: Sequence[int] | None = None
    short: ColumnElement[bool] | None = None

    def narrow(self, statement: Select[Any]) -> Select[Any]:
        statement = statement.where(Product.state != "archived" if self.state is None else Product.state == self.state)
        if self.category_ids is not None:
            statement = statement.where(Product.category_id.in_(self.category_ids))
        if self.short is not None:
            statement = statement.where(self.short)
        for word in self.words.split()[:5]:
            statement = statement.where(
                or_(Product.title.icontains(word, autoescape=True), Product.slug.contains(word, autoescape=True))
            )
        return statement


def list_inventory(
    session: Session, wanted: Filter, *, before: int | None = None, also: ColumnElement[Any], limit: int = PAGE_SIZE
) -> tuple[list[AnyRow], int | None]:
    """One page of (product, sku, `also`), and the cursor of the next page if there is one."""
    statement = wanted.narrow(_ALL.add_columns(also)).order_by(Product.id.desc()).limit(limit + 1)
    if before is not None:
        statement = statement.where(Product.id < before)
    rows = list(session.execute(statement))
    page = rows[:limit]
    return page, page[-1].Product.id if len(rows) > limit else None


def list_ids(session: Session, wanted: Filter, limit: int) -> list[int]:
    """The ids of the products that a filter lets through, the newest first."""
    found = select(Product.id).join(Sku, Sku.product_id == Product.id)
    return list(session.scalars(wanted.narrow(found).order_by(Product.id.desc()).limit(limit)))


def products_of_skus(session: Session, sku_ids: Iterable[int]) -> dict[int, Product]:
    """The product of each SKU."""
    found = select(Sku.id, Product).join(Product, Product.id == Sku.product_id).where(Sku.id.in_(set(sku_ids)))
    return dict(session.execute(found).all())


def list_titles(session: Session, limit: int) -> list[Product]:
    """What codes can be moved to: the products that are not archived, by their titles."""
    return list(
        session.scalars(select(Product).where(Product.state != "archived").order_by(Product.title).limit(limit))
    )


def find_product(session: Session, product_id: int) -> Row[Product, Sku] | None:
    """The product with its SKU, whatever its state."""
    return session.execute(_ALL.where(Product.id == product_id)).first()


def count_products(session: Session, category_id: int) -> int:
    """How many products, in any state, stand right in a category."""
    return session.scalar(select(func.count()).where(Product.category_id == category_id)) or 0


def list_short(session: Session, left: ColumnElement[int], *, limit: int) -> list[AnyRow]:
    """(product, left) of published products of which as few are left as the merchant wants to be told of."""
    statement = select(Product, left.label("left")).join(Sku, Sku.product_id == Product.id)
    statement = statement.where(Product.state == "published", left <= Sku.low_stock)
    return list(session.execute(statement.order_by(Product.position, Product.id).limit(limit)))
