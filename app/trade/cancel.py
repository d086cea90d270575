"""To cancel: an order that nobody paid ends before its time, by the merchant's hand. Money that still comes is late money."""

from sqlalchemy import Connection

from app import orders, stock
from app.errors import N_, Refusal


def cancel(tx: Connection, order_id: int) -> bool:
    """Cancel an unpaid order and give its cards back; False when it was cancelled before. Raises Refusal.

    Its payment stays open at the provider: what arrives is taken up, or waits in the queue, as for an order that expired.
    """
    if orders.lock_order(tx, order_id).state == "cancelled":
        return False
    if not orders.cancel_order(tx, order_id):
        raise Refusal(N_("This order is not waiting for its payment any more. Please look at it again."), "reason")
    stock.release(tx, order_id)
    return True
