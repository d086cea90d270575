"""The end of an order that nobody paid: its time is up, or the merchant cancels it; once, and it is counted."""

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
_CANCEL = Statement("UPDATE orders SET state = 'cancelled' WHERE id = :id AND state = 'pending' RETURNING created_at")


def expire_due(tx: Connection, now: int, batch: int = 200) -> list[int]:
    """Expire unpaid orders whose time is up; returns their ids, so that their cards are given back."""
    rows: list[AnyRow] = list(_EXPIRE.run(tx, {"now": now, "batch": batch}))
    if rows:
        count_unpaid(tx, Counter(row.created_at // HOUR for row in rows))
    return [row.id for row in rows]


def cancel_order(tx: Connection, order_id: int) -> bool:
    """Turn an order from pending to cancelled; False when it is pending no more. Its cards are the caller's to give back."""
    created_at: int | None = _CANCEL.run(tx, {"id": order_id}).scalar()
    if created_at is None:
        return False
    count_unpaid(tx, {created_at // HOUR: 1})
    return True
