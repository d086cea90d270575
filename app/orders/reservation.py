"""How long the goods of an unpaid order stay put aside, where something was said of its payment."""

from sqlalchemy import Connection, text

_HOLD = text(
    "UPDATE orders SET expires_at = CASE WHEN expires_at < created_at + :seconds THEN created_at + :seconds ELSE expires_at END "
    "WHERE id = :id AND state = 'pending' AND expires_at > :now"
)
_LET_GO = text("UPDATE orders SET expires_at = :at WHERE id = :id AND state = 'pending' AND expires_at > :at")


def hold(tx: Connection, order_id: int, seconds: int, now: int) -> bool:
    """Keep an unpaid order's goods until `seconds` after it was placed, or longer if they were kept longer before.

    False when its time was over already. Counted from the order, so that nobody keeps them for ever by saying so again.
    """
    return tx.execute(_HOLD, {"id": order_id, "seconds": seconds, "now": now}).rowcount == 1


def let_go(tx: Connection, order_id: int, at: int) -> None:
    """Keep an unpaid order's goods until `at` and no longer."""
    tx.execute(_LET_GO, {"id": order_id, "at": at})
