"""The hand-over: all cards of a paid order, or none of them, and the rights that they carry."""

from sqlalchemy import Connection

from app import catalog, orders, stock
from app.delivery.entitlement import grant


def hand_over(tx: Connection, order_id: int, now: int) -> bool:
    """Turn the order's reserved cards into sold ones, grant the rights that they carry, and mark it delivered.

    False when the reservation is not whole, which only a hand on the database can bring about: then nothing moves, the order
    stays paid and undelivered for the merchant to see, and nothing accrues (an apology is not a code).
    """
    lines = orders.lines_of_order(tx, order_id)
    if not stock.hand_over(tx, order_id, sum(line.quantity for line in lines), now):
        return False
    for line in lines:
        terms = catalog.terms_of(tx, line.product_id)
        if terms.vesting != "instant":
            grant(
                tx,
                line.id,
                order_id,
                kind=terms.vesting,
                validity_days=terms.validity_days,
                uses=terms.uses,
                quantity=line.quantity,
                now=now,
            )
    orders.mark_delivered(tx, order_id, now)
    return True
