"""To take an order up again: its time is over and its goods are back on the shelf, and now its money comes after all."""

from sqlalchemy import Connection

from app import orders, payments, stock
from app.payments import Account, Due, Verdict
from app.savepoint import savepoint


def take_up(tx: Connection, channel: Account, due: Due, trade_number: str, now: int) -> tuple[Verdict, str] | None:
    """Put the goods of a late order aside once more and turn it to paid; None when that is done.

    Else the verdict on the money, and why. The order's lock orders late payments among one another; whoever expires an order
    gives its cards back in the same transaction, so that no card is put back and handed over at once (guard, K05).
    """
    order = orders.lock_order(tx, due.order_id)
    again = payments.find_due(tx, due.number)
    if again is not None and again.is_paid and again.trade_number == trade_number:
        return Verdict.DUPLICATE, ""
    if again is not None and again.by_hand and payments.meet_hand(tx, due.payment_id, trade_number):
        # The merchant confirmed this very payment a moment before.
        return Verdict.DUPLICATE, "it was confirmed by hand before"
    stray = payments.find_stray(tx, channel.id, trade_number)
    if stray is not None and stray.state != "open" and (stray.state, stray.order_id) != ("attached", due.order_id):
        return Verdict.DUPLICATE, f"this money was dealt with before: it is {stray.state}"
    if order.state == "paid":
        return Verdict.DOUBLE_PAID, "the order was paid by another transfer"
    if payments.parked_repayments(tx, due.payment_id, trade_number):
        return Verdict.LATE, f"the order is {order.state}, and the provider gave money back"
    if not _put_aside(tx, due.order_id):
        return Verdict.LATE, f"the order is {order.state}, and its goods are sold"
    if not orders.mark_paid(tx, due.order_id, now, late=True):
        return Verdict.LATE, f"the order is {order.state}"
    return None


def _put_aside(tx: Connection, order_id: int) -> bool:
    """All of the order's goods, or none of them."""
    try:
        with savepoint(tx):
            for line in orders.lines_of_order(tx, order_id):
                if not stock.reserve(tx, line.sku_id, line.quantity, order_id):
                    raise stock.SoldOut("")
    except stock.SoldOut:
        return False
    return True
