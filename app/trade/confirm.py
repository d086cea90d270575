"""To confirm a payment: the only way to "paid". Callback, return page and active query all end here (guard, rule 1)."""

import logging

from sqlalchemy import Connection

from app import delivery, ledger, orders, payments
from app.payments import Account, Due, Notice, Reading, Verdict
from app.trade.accrue import accrue, accrue_later
from app.trade.judge import judge
from app.trade.repay import repay, take_parked

log = logging.getLogger(__name__)


def confirm(tx: Connection, channel: Account, notice: Notice, reading: Reading, now: int) -> Verdict:
    """Judge a notice that was read, act on it once, and keep it with its verdict, all in one transaction."""
    verdict, reason, due = judge(tx, channel, notice, reading)
    if verdict is Verdict.ACCEPTED:
        assert due is not None
        assert reading.trade_number is not None
        if reading.refund_number is not None:
            verdict, reason = repay(tx, channel, reading, due, now)
            reason = reason or f"refund {reading.refund_number}"
        else:
            verdict, reason = _take(tx, channel, due, reading.trade_number, now)
    if reading.needs_query and due is not None and verdict in (Verdict.MALFORMED, Verdict.UNCONFIRMED):
        payments.ask_later(tx, due.payment_id, now)
    payments.keep_notice(
        tx,
        channel.id,
        notice,
        verdict,
        reason,
        payment_id=due.payment_id if due else None,
        trade_number=reading.trade_number,
        amount_fen=reading.amount_fen if reading.refunded_fen is None else reading.refunded_fen,
        now=now,
    )
    return verdict


def _take(tx: Connection, channel: Account, due: Due, trade_number: str, now: int) -> tuple[Verdict, str]:
    if not orders.mark_paid(tx, due.order_id, now):
        return _too_late(tx, due, trade_number)
    payments.mark_paid(tx, due.payment_id, trade_number, now)
    fee_bps, _hold_days = payments.terms_of_channel(tx, channel.id)
    ledger.post_sale(
        tx,
        channel_slug=channel.slug,
        trade_number=trade_number,
        paid_fen=due.amount_fen,
        fee_fen=payments.fee_of(due.amount_fen, fee_bps),
        order_number=due.order_number,
        now=now,
    )
    if not delivery.hand_over(tx, due.order_id, now):
        log.error("order %s is paid, but its reserved cards are not whole", due.order_number)
        _take_parked(tx, channel, due, trade_number, now)
        return Verdict.ACCEPTED, "paid, but the reserved cards are not whole"
    _accrue_or_later(tx, due, now)
    _take_parked(tx, channel, due, trade_number, now)
    return Verdict.ACCEPTED, ""


def _too_late(tx: Connection, due: Due, trade_number: str) -> tuple[Verdict, str]:
    again = payments.find_due(tx, due.number)
    if again is not None and again.is_paid and again.trade_number == trade_number:
        return Verdict.DUPLICATE, ""
    state = orders.buyer_of(tx, due.order_id).state
    if state == "paid":
        return Verdict.DOUBLE_PAID, "the order was paid by another transfer"
    return Verdict.LATE, f"the order is {state}"


def _accrue_or_later(tx: Connection, due: Due, now: int) -> None:
    # No fault of the network, foreseen or not, may keep a buyer from the goods.
    try:
        with tx.begin_nested():
            accrue(tx, due.order_id, now)
    except Exception as error:
        log.exception("commission of order %s is put off", due.order_number)
        accrue_later(tx, due.order_id, repr(error), now)


def _take_parked(tx: Connection, channel: Account, due: Due, trade_number: str, now: int) -> None:
    # A refund that was told of before the payment; a fault of it may not undo the sale, which is a fact.
    try:
        with tx.begin_nested():
            take_parked(tx, channel, due, trade_number, now)
    except Exception:
        log.exception("the parked refunds of order %s were not taken up", due.order_number)
