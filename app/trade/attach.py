"""To attach: money from the queue pays an order that the merchant names, by the same act as a callback."""

from typing import Any

from sqlalchemy import Connection

from app import orders, payments
from app.db import AnyRow
from app.errors import N_, Refusal
from app.money import yuan
from app.payments import Account, Due, Notice, Verdict
from app.trade.by_hand import refuse_unless_taken, say
from app.trade.set_aside import leave_queue

CHANGED = N_("Somebody dealt with this money meanwhile. Please look at it again.")


def attach(
    tx: Connection,
    stray_id: int,
    order_number: str,
    *,
    reason: str,
    actor: str,
    address: str,
    request_id: str,
    now: int,
) -> None:
    """Let a stray's money pay the order. Raises Refusal when it cannot, and then nothing has changed.

    The amount has to be what the order's payment asks for: what was paid too little or too much is settled with the buyer.
    """
    stray = payments.lock_stray(tx, stray_id)
    if stray.state != "open" or not stray.is_booked:
        raise Refusal(CHANGED, "order")
    order_id = orders.id_of_number(tx, order_number)
    if order_id is None:
        raise Refusal(N_("There is no order with this number."), "order")
    if orders.lock_order(tx, order_id).state == "paid":
        raise Refusal(N_("This order is paid already."), "order")
    channel = payments.channel_by_id(tx, stray.channel_id)
    payment = _payment(tx, channel, stray, order_id, now)
    words = f"attached to {order_number}\nreason={reason}\nactor={actor}"
    notice = Notice("hand", "", "text/plain", b"", words.encode(), address, request_id, first_id=stray.notice_id)
    order: dict[str, Any] = {"order_id": order_id, "order_number": payment.order_number}
    leave_queue(tx, channel, stray, "attached", actor=actor, reason=reason, **order, now=now)
    verdict = say(tx, channel, payment, stray.trade_number, notice, now)
    if verdict is Verdict.REUSED_TRADE:
        raise Refusal(N_("This transfer paid another order."), "order")
    refuse_unless_taken(verdict, "order")


def _payment(tx: Connection, channel: Account, stray: AnyRow, order_id: int, now: int) -> Due:
    """The payment of the order that the money is for: its own where it came for that one, else a new one."""
    latest = payments.latest_due(tx, order_id)
    if latest is None or latest.amount_fen != stray.amount_fen:
        raise Refusal(
            N_(
                "The order costs ¥%(due)s, and ¥%(came)s came. Send it back, or agree with the buyer and confirm by hand."
            ),
            "order",
            due=yuan(latest.amount_fen if latest else 0),
            came=yuan(stray.amount_fen),
        )
    if stray.payment_id is not None:
        own = payments.find_due(tx, stray.payment_number)
        if own is not None and own.order_id == order_id and not own.is_paid and own.channel_id == channel.id:
            return own
    number = payments.open_payment(
        tx,
        order_id,
        channel_id=channel.id,
        method=stray.method if stray.method in channel.gateway.methods else channel.methods[0],
        amount_fen=stray.amount_fen,
        currency=stray.currency,
        known_as=stray.payment_number,
        now=now,
    )
    found = payments.find_due(tx, number)
    assert found is not None
    return found


def close(tx: Connection, stray_id: int, outcome: str, *, reason: str, actor: str, now: int) -> None:
    """Take a stray out of the queue: its money was 'refunded' by the merchant, or nothing has to be done ('closed').

    Of a return that is doubtful the merchant says how it went; 'open' puts the money back into the queue. Raises Refusal.
    """
    stray = payments.lock_stray(tx, stray_id)
    if stray.state == "doubtful" and outcome == "open":
        payments.settle_stray(tx, stray.id, "open", now=now)
        payments.note_decision(tx, stray.notice_id, "open", actor=actor, reason=reason, now=now)
        return
    if stray.state not in ("open", "doubtful") or outcome not in ("refunded", "closed"):
        raise Refusal(CHANGED, "reason")
    channel = payments.channel_by_id(tx, stray.channel_id)
    leave_queue(tx, channel, stray, outcome, actor=actor, reason=reason, now=now)
