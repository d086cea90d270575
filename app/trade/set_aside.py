"""To set aside: money that no order took is put into the merchant's queue and held by the ledger, or goes back by setting."""

from typing import Any

from sqlalchemy import Connection

from app import ledger, outbox, payments, shop
from app.db import AnyRow
from app.payments import Account, Due, Reading, Verdict
from app.trade.give_back import give_back

SYSTEM = "system"
PASSING = (Verdict.FAILED.value, Verdict.UNCONFIRMED.value)


def set_aside(
    tx: Connection, channel: Account, reading: Reading, verdict: Verdict, due: Due | None, notice_id: int, now: int
) -> None:
    """Keep the queue true to what was just judged: what needs a hand enters it, what is settled leaves it."""
    if verdict in (Verdict.ACCEPTED, Verdict.DUPLICATE) and due is not None and reading.tells_of_payment:
        _clear(tx, channel, reading, due, now)
        return
    if not verdict.needs_a_hand:
        return
    is_booked = _is_ours(tx, reading, verdict)
    row: dict[str, Any] = {
        "notice_id": notice_id,
        "channel_id": channel.id,
        "verdict": verdict.value,
        "is_booked": is_booked,
    }
    # A refund or a dispute that fits nothing is a matter of its own, and not the transfer's.
    trade_number = reading.trade_number if reading.tells_of_payment else None
    row |= {"trade_number": _cut(trade_number, 64), "payment_number": _cut(reading.payment_number, 64)}
    row |= {"payment_id": due.payment_id if due else None, "method": _cut(reading.method, 20), "now": now}
    row |= {"amount_fen": reading.told_fen, "currency": _cut(reading.currency, 3)}
    stray_id = payments.open_stray(tx, row)
    if stray_id is None or not is_booked:
        return
    outbox.tell(tx, "payment.unmatched", stray_id, now)
    assert reading.trade_number is not None
    assert reading.amount_fen is not None
    ledger.post_unclaimed(
        tx, channel_slug=channel.slug, trade_number=reading.trade_number, amount_fen=reading.amount_fen, now=now
    )
    if due is not None and verdict in (Verdict.LATE, Verdict.DOUBLE_PAID):
        _send_back(tx, channel, payments.lock_stray(tx, stray_id), due, now)


def leave_queue(
    tx: Connection,
    channel: Account,
    stray: AnyRow,
    state: str,
    *,
    actor: str,
    reason: str,
    order_id: int | None = None,
    order_number: str | None = None,
    now: int,
) -> bool:
    """Take a stray out of the queue as 'attached', 'refunded' or 'closed', and its money out of the ledger's keeping.

    False when that was done before; then nothing is written.
    """
    if not payments.settle_stray(tx, stray.id, state, order_id=order_id, now=now):
        return False
    payments.note_decision(tx, stray.notice_id, state, actor=actor, reason=reason, order_id=order_id, now=now)
    if stray.is_booked:
        ledger.post_unclaimed_gone(
            tx,
            channel_slug=channel.slug,
            trade_number=stray.trade_number,
            amount_fen=stray.amount_fen,
            order_number=order_number,
            now=now,
        )
    return True


def _cut(text: str | None, most: int) -> str | None:
    return (text or "")[:most] or None


def _is_ours(tx: Connection, reading: Reading, verdict: Verdict) -> bool:
    """Whether the money surely lies in our account now. What goes by a number too long to keep is nobody's known transfer."""
    if not (verdict.tells_of_money and reading.paid and reading.tells_of_payment):
        return False
    has_number = reading.trade_number is not None and 0 < len(reading.trade_number) <= 64
    return has_number and (reading.amount_fen or 0) > 0 and reading.currency == shop.read_settings(tx).currency


def _clear(tx: Connection, channel: Account, reading: Reading, due: Due, now: int) -> None:
    assert reading.trade_number is not None
    for stray in payments.open_strays(tx, due.payment_id, channel.id, reading.trade_number):
        if stray.trade_number == reading.trade_number and stray.is_booked:
            order: dict[str, Any] = {"order_id": due.order_id, "order_number": due.order_number}
            leave_queue(tx, channel, stray, "attached", actor=SYSTEM, reason="it paid this order", **order, now=now)
        elif stray.verdict in PASSING:
            leave_queue(tx, channel, stray, "closed", actor=SYSTEM, reason="the payment is settled", now=now)


def _send_back(tx: Connection, channel: Account, stray: AnyRow, due: Due, now: int) -> None:
    """What the provider gave back already is done with; what the merchant wants sent back is sent."""
    for parked in payments.parked_repayments(tx, due.payment_id, stray.trade_number):
        if parked.amount_fen == stray.amount_fen:
            payments.take_repayment(tx, parked.id, now)
            actor, reason = f"provider:{channel.slug}", f"refund {parked.refund_number}"
            leave_queue(tx, channel, stray, "refunded", actor=actor, reason=reason, now=now)
            return
    if shop.read_settings(tx).late_money == "refund" and channel.can_refund:
        give_back(tx, stray, actor=SYSTEM, reason="it came too late, or twice", now=now)
