"""To confirm a payment: the only way to "paid". Callback, return page and active query all end here (guard, rule 1)."""

import logging

from sqlalchemy import Connection

from app import delivery, orders, outbox, payments
from app.payments import Account, Due, Notice, Reading, Verdict
from app.savepoint import savepoint
from app.trade.accrue import accrue, accrue_later
from app.trade.book import book_sale
from app.trade.bounce import bounce
from app.trade.by_trade import name_payment
from app.trade.chargeback import take_chargeback
from app.trade.judge import judge
from app.trade.repay import repay, take_parked
from app.trade.set_aside import set_aside
from app.trade.take_up import take_up

log = logging.getLogger(__name__)


def confirm(tx: Connection, channel: Account, notice: Notice, reading: Reading, now: int) -> Verdict:
    """Judge a notice that was read, act on it once, and keep it with its verdict, all in one transaction."""
    reading = name_payment(tx, channel, reading)
    verdict, reason, due = judge(tx, channel, notice, reading)
    if verdict is Verdict.ACCEPTED:
        assert due is not None
        assert reading.trade_number is not None
        if reading.dispute_number is not None:
            verdict, reason = take_chargeback(tx, channel, reading, due, now)
        elif reading.refund_failed:
            verdict, reason = bounce(tx, channel, reading, due, now)
        elif reading.refund_number is not None:
            verdict, reason = repay(tx, channel, reading, due, now)
            reason = reason or f"refund {reading.refund_number}"
        else:
            verdict, reason = _take(tx, channel, due, reading.trade_number, now)
    elif verdict is Verdict.DUPLICATE and due is not None and due.by_hand:
        verdict, reason = _meet_hand(tx, due, reading)
    if reading.needs_query and due is not None and verdict in (Verdict.MALFORMED, Verdict.UNCONFIRMED):
        payments.ask_later(tx, due.payment_id, now)
    notice_id = payments.keep_notice(
        tx,
        channel.id,
        notice,
        verdict,
        reason,
        payment_id=due.payment_id if due else None,
        trade_number=reading.trade_number,
        amount_fen=reading.told_fen,
        now=now,
    )
    set_aside(tx, channel, reading, verdict, due, notice_id, now)
    return verdict


def _meet_hand(tx: Connection, due: Due, reading: Reading) -> tuple[Verdict, str]:
    """The provider tells of what the merchant confirmed by hand: the same payment, the same amount, and the first to come."""
    assert reading.trade_number is not None
    if payments.meet_hand(tx, due.payment_id, reading.trade_number):
        return Verdict.DUPLICATE, "it was confirmed by hand before"
    return Verdict.DOUBLE_PAID, "the payment was paid by another transfer"


def _take(tx: Connection, channel: Account, due: Due, trade_number: str, now: int) -> tuple[Verdict, str]:
    reason = ""
    if not orders.mark_paid(tx, due.order_id, now):
        refused = take_up(tx, channel, due, trade_number, now)
        if refused is not None:
            return refused
        reason = "it came late, and the goods were still there"
    payments.mark_paid(tx, due.payment_id, trade_number, now)
    outbox.tell(tx, "order.paid", due.order_id, now)
    book_sale(tx, channel, due, trade_number, now)
    if not delivery.hand_over(tx, due.order_id, now):
        log.error("order %s is paid, but its reserved cards are not whole", due.order_number)
        _take_parked(tx, channel, due, trade_number, now)
        return Verdict.ACCEPTED, "paid, but the reserved cards are not whole"
    accrue_or_later(tx, due.order_id, due.order_number, now)
    _take_parked(tx, channel, due, trade_number, now)
    return Verdict.ACCEPTED, reason


def accrue_or_later(tx: Connection, order_id: int, order_number: str, now: int) -> None:
    """Compute the commission of a delivered order; what cannot be computed now is put off."""
    # No fault of the network, foreseen or not, may keep a buyer from the goods.
    try:
        with savepoint(tx):
            accrue(tx, order_id, now)
    except Exception as error:
        log.exception("commission of order %s is put off", order_number)
        accrue_later(tx, order_id, repr(error), now)


def _take_parked(tx: Connection, channel: Account, due: Due, trade_number: str, now: int) -> None:
    # A refund that was told of before the payment; a fault of it may not undo the sale, which is a fact.
    if not payments.parked_repayments(tx, due.payment_id, trade_number):
        return
    try:
        with savepoint(tx):
            take_parked(tx, channel, due, trade_number, now)
    except Exception:
        log.exception("the parked refunds of order %s were not taken up", due.order_number)
