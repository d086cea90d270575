"""To use what was bought: the right is spent, and what it earns the network is earned (distribution 1.10)."""

from sqlalchemy import Connection

from app import delivery, orders, settlement
from app.errors import N_, Refusal


def activate(tx: Connection, order_id: int, line_id: int, actor: str, now: int) -> None:
    """Begin to use a line; its commission's hold starts now. Raises Refusal."""
    _lock(tx, order_id, line_id)
    delivery.activate(tx, line_id, actor, now)
    settlement.note_activation(tx, line_id, now)


def use(
    tx: Connection, order_id: int, line_id: int, count: int, actor: str, now: int, *, left: int | None = None
) -> None:
    """Spend `count` uses of a line, of which `left` were left when it was decided. Raises Refusal."""
    _lock(tx, order_id, line_id)
    used = delivery.use(tx, line_id, count, actor, now, left=left)
    settlement.note_uses(tx, line_id, used, now)


def _lock(tx: Connection, order_id: int, line_id: int) -> None:
    """Take turns with the refund and the late accrual of the order, which both read what is used and write what it earns."""
    orders.lock_order(tx, order_id)
    if line_id not in delivery.rights_of_order(tx, order_id):
        raise Refusal(N_("This order has no such line."))
