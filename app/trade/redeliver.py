"""To deliver again: a paid order whose goods were not whole gets them, and a code that does not work is replaced."""

from collections import Counter

from sqlalchemy import Connection

from app import delivery, orders, outbox, stock
from app.db import AnyRow
from app.errors import N_, Refusal
from app.trade.confirm import accrue_or_later


def hand_over_again(tx: Connection, order_id: int, *, actor: str, reason: str, now: int) -> None:
    """Take what is missing from the shelf and deliver a paid order, all of it or nothing. Raises Refusal, SoldOut.

    Its commission is computed now: nothing is earned by goods that did not come (an apology is not a code).
    """
    order = _paid(tx, order_id)
    if orders.buyer_of(tx, order_id).delivered_at is not None:
        raise Refusal(N_("This order was delivered already."), "reason")
    held = Counter(card.sku_id for card in stock.cards_of_order(tx, order_id) if card.state == "reserved")
    for line in orders.lines_of_order(tx, order_id):
        missing = line.quantity - held[line.sku_id]
        if missing > 0 and not stock.reserve(tx, line.sku_id, missing, order_id):
            raise stock.SoldOut(N_("There are not enough codes on the shelf. Add some first, or refund."), "reason")
    if not delivery.hand_over(tx, order_id, now):
        raise Refusal(
            N_("The codes of this order do not add up. Nothing was changed; please refund it instead."), "reason"
        )
    delivery.note_delivery(tx, order_id, "handed_over", actor=actor, reason=reason, now=now)
    accrue_or_later(tx, order_id, order.number, now)


def replace_card(tx: Connection, order_id: int, card_id: int, *, actor: str, reason: str, now: int) -> None:
    """Mark a code of a delivered order as faulty and hand over another one. Raises Refusal, SoldOut."""
    _paid(tx, order_id)
    new_card_id = stock.replace(tx, order_id, card_id, now)
    cards = {"old_card_id": card_id, "new_card_id": new_card_id}
    delivery.note_delivery(tx, order_id, "replaced", actor=actor, reason=reason, **cards, now=now)
    outbox.tell(tx, outbox.REPLACED, f"{order_id}:{new_card_id}", now)


def _paid(tx: Connection, order_id: int) -> AnyRow:
    order = orders.lock_order(tx, order_id)
    if order.state != "paid" or not any(orders.refundable(tx, order_id).values()):
        raise Refusal(N_("This order is not paid, or was refunded."), "reason")
    return order
