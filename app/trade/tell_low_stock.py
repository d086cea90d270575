"""To tell of low stock: once a product, until it was filled up."""

from sqlalchemy import Connection

from app import catalog, outbox, stock
from app.catalog import Sku


def tell_low_stock(tx: Connection, now: int) -> int:
    """Tell the merchant of each product that has as few codes left as they said; returns of how many."""
    left = stock.stock_count(Sku.__table__.c.id)
    catalog.forget_scarce(tx, left)
    scarce = catalog.newly_scarce(tx, left)
    for row in scarce:
        outbox.tell(tx, "stock.low", f"{row.product_id}:{now}", now)
    if scarce:
        catalog.mark_scarce(tx, [row.sku_id for row in scarce], now)
    return len(scarce)
