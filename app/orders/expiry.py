"""The end of an order that nobody paid in time: it expires, once, and is counted."""

from collections import Counter

from sqlalchemy import Connection

from app.clock import HOUR
from app.db import AnyRow
from app.orders.figure import count_unpaid
from app.statement import Statement

# The time is looked at twice: whoever was waited for may have kept the order for longer.
_EXPIRE = Statement(
    "UPDATE orders SET state = 'expired' WHERE id IN (SELECT id FROM orders WHERE state = 'pending' AND expires_at <= :now "
    "ORDER BY expires_at LIMIT :batch) AND state = 'pending' AND expires_at <= :now RETURNING id, created_at"
)


def expire_due(tx: Connection, now: int, batch: int = 200) -> list[int]:
    """Expire unpaid orders whose time is up; returns their ids, so that their cards are given back."""
    rows: list[AnyRow] = list(_EXPIRE.run(tx, {"now": now, "batch": batch}))
    if rows:
        count_unpaid(tx, Counter(row.created_at // HOUR for row in rows))
    return [row.id for row in rows]
