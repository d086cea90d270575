"""Scarcity: which products have so few codes left that the merchant wants to know, and whether that was told."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from app.catalog.product import Product
from app.catalog.sku import Sku
from app.db import AnyRow, Reader, table

_products = table(Product)
_skus = table(Sku)


def newly_scarce(reader: Reader, left: ColumnElement[Any]) -> list[AnyRow]:
    """(sku_id, product_id) of the published products of which too few are `left`, and nobody was told."""
    wanted = select(_skus.c.id.label("sku_id"), _skus.c.product_id).join(
        _products, _products.c.id == _skus.c.product_id
    )
    is_low = (_skus.c.low_stock > 0) & (left <= _skus.c.low_stock) & _skus.c.low_told_at.is_(None)
    return list(reader.execute(wanted.where(_products.c.state == "published", is_low).order_by(_skus.c.id)))


def mark_scarce(tx: Connection, sku_ids: Sequence[int], now: int) -> None:
    """Note that it was told of these."""
    tx.execute(update(_skus).where(_skus.c.id.in_(sku_ids)).values(low_told_at=now))


def forget_scarce(tx: Connection, left: ColumnElement[Any]) -> None:
    """Let what was filled up be told of again, the next time that it runs low."""
    filled = (left > _skus.c.low_stock) & _skus.c.low_told_at.is_not(None)
    tx.execute(update(_skus).where(filled).values(low_told_at=None))
