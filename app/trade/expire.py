"""To expire unpaid orders: their time is up, and their cards go back to the shelf."""

from sqlalchemy import Connection

from app import orders, stock


def expire(tx: Connection, now: int) -> int:
    """Expire what is due at `now`, a batch at a time. Returns how many orders."""
    expired = orders.expire_due(tx, now)
    for order_id in expired:
        stock.release(tx, order_id)
    return len(expired)
