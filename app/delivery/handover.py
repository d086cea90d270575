"""The hand-over: all cards of a paid order, or none of them."""

from sqlalchemy import Connection

from app import orders, stock


def hand_over(tx: Connection, order_id: int, now: int) -> bool:
    """Turn the order's reserved cards into sold ones and mark it delivered.

    False when the reservation is not whole, which only a hand on the database can bring about: then nothing moves, the order
    stays paid and undelivered for the merchant to see, and nothing accrues (an apology is not a code).
    """
    quantity = sum(line.quantity for line in orders.lines_of_order(tx, order_id))
    if not stock.hand_over(tx, order_id, quantity, now):
        return False
    orders.mark_delivered(tx, order_id, now)
    return True
