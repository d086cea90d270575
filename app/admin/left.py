"""How many codes are left, as far as the desk counts them: further on a product's own page than on the list of many."""

from typing import Any

from sqlalchemy import Label

from app import stock
from app.catalog import Sku
from app.db import db

MOST, MOST_LISTED = 100_000, 1000


def of_one(sku_id: int) -> int:
    """How many codes the SKU has left, counted no further than one over MOST."""
    left = stock.stock_hint(Sku.__table__.c.id, MOST + 1)
    return db.session.scalar(db.select(left).where(Sku.id == sku_id)) or 0


def of_many() -> Label[Any]:
    """The same of each SKU that a list reads, counted no further than one over MOST_LISTED."""
    return stock.stock_hint(Sku.__table__.c.id, MOST_LISTED + 1).label("left")
