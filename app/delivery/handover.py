"""The hand-over: all cards of a paid order, or none of them, and the rights that they carry."""

from sqlalchemy import Connection

from app import catalog, orders, outbox, stock
from app.delivery.entitlement import Right, grant


def hand_over(tx: Connection, order_id: int, now: int) -> bool:
    """Turn the order's reserved cards into sold ones, grant the rights that they carry, and mark it delivered.

    False when the reservation is not whole, which only a hand on the database can bring about: then nothing moves, the order
    stays paid and undelivered for the merchant to see, and nothing accrues (an apology is not a code).
    """
    lines = orders.lines_of_order(tx, order_id)
    if not stock.hand_over(tx, order_id, sum(line.quantity for line in lines), now):
        return False
    natures = catalog.natures_of(tx, [line.product_id for line in lines])
    rights = [
        Right(line.id, nature.vesting, nature.validity_days, nature.uses, line.quantity)
        for line in lines
        if (nature := natures.get(line.product_id)) is not None
    ]
    grant(tx, order_id, rights, now)
    orders.mark_delivered(tx, order_id, now)
    outbox.tell(tx, "order.delivered", order_id, now)
    return True
