"""To repay: a provider tells that it gave money back. The order is refunded, now or as soon as its payment is known."""

import logging
from dataclasses import replace

from sqlalchemy import Connection

from app import orders, payments
from app.db import AnyRow
from app.errors import Refusal
from app.money import yuan
from app.payments import Account, Due, Reading, Verdict
from app.savepoint import savepoint
from app.trade.refund import refund, settle_refund
from app.trade.set_aside import leave_queue

log = logging.getLogger(__name__)


def repay(tx: Connection, channel: Account, reading: Reading, due: Due, now: int) -> tuple[Verdict, str]:
    """Act on a refund notice that fits the payment, once per refund number of the provider's (distribution 1.8)."""
    assert reading.refund_number
    assert reading.refunded_fen
    assert reading.trade_number
    # Whoever confirms the payment at this moment takes this order's turn too: parked is only what nobody will overlook.
    orders.lock_order(tx, due.order_id)
    due = payments.find_due(tx, due.number) or due
    stray = payments.find_stray(tx, channel.id, reading.trade_number)
    if stray is not None and stray.state == "attached":
        # The merchant let it pay another order, under another number of ours.
        due = payments.due_of_trade(tx, channel.id, reading.trade_number) or due
        orders.lock_order(tx, due.order_id)
    if reading.refund_is_total:
        refunded_fen = reading.refunded_fen - _known_fen(tx, due, reading.trade_number)
        if refunded_fen <= 0:
            return Verdict.DUPLICATE, "the shop knows of all that went back"
        return repay(tx, channel, replace(reading, refunded_fen=refunded_fen, refund_is_total=False), due, now)
    known = payments.find_repayment(tx, channel.id, reading.refund_number)
    if known is not None:
        if (known.payment_id, known.amount_fen) == (due.payment_id, reading.refunded_fen):
            return Verdict.DUPLICATE, ""
        return Verdict.REFUND_UNFIT, "this refund number stood for another refund"
    if stray is not None and stray.state != "attached":
        return _return(tx, channel, reading, due, stray, now)
    if due.is_paid and due.trade_number != reading.trade_number:
        return Verdict.REFUND_UNFIT, "the refund is of a transfer that did not pay the order"
    repayment_id = payments.keep_repayment(
        tx,
        channel.id,
        reading.refund_number,
        payment_id=due.payment_id,
        trade_number=reading.trade_number,
        amount_fen=reading.refunded_fen,
        now=now,
    )
    if not due.is_paid:
        return Verdict.PARKED, "the payment is not known to be made yet"
    return _book(tx, channel, due, repayment_id, reading.refund_number, reading.refunded_fen, now)


def _known_fen(tx: Connection, due: Due, trade_number: str) -> int:
    """What surely went back of a payment already, and what is parked. One that is under way or doubtful may be the one told of."""
    settled = [row for row in orders.refunds_of_order(tx, due.order_id) if row.state == "done"]
    parked = payments.parked_repayments(tx, due.payment_id, trade_number)
    return sum(row.amount_fen for row in settled) + sum(row.amount_fen for row in parked)


def _return(
    tx: Connection, channel: Account, reading: Reading, due: Due, stray: AnyRow, now: int
) -> tuple[Verdict, str]:
    """Money that no order took went back: whoever sent it, it waits for nobody any more."""
    assert reading.refund_number
    assert reading.refunded_fen
    assert reading.trade_number
    if stray.state == "closed" or (stray.is_booked and reading.refunded_fen != stray.amount_fen):
        return Verdict.REFUND_UNFIT, f"the money is {stray.state}, and ¥{yuan(reading.refunded_fen)} went back"
    repayment_id = payments.keep_repayment(
        tx,
        channel.id,
        reading.refund_number,
        payment_id=due.payment_id,
        trade_number=reading.trade_number,
        amount_fen=reading.refunded_fen,
        now=now,
    )
    payments.take_repayment(tx, repayment_id, now)
    actor, reason = f"provider:{channel.slug}", f"refund {reading.refund_number}"
    left = leave_queue(tx, channel, stray, "refunded", actor=actor, reason=reason, now=now)
    return (Verdict.ACCEPTED if left else Verdict.DUPLICATE), "money that no order took went back"


def take_parked(tx: Connection, channel: Account, due: Due, trade_number: str, now: int) -> None:
    """The payment is made: take up the refunds that were told of before it."""
    for parked in payments.parked_repayments(tx, due.payment_id, trade_number):
        verdict, reason = _book(tx, channel, due, parked.id, parked.refund_number, parked.amount_fen, now)
        if verdict is not Verdict.ACCEPTED:
            log.warning("parked refund %s of payment %s: %s", parked.refund_number, due.number, reason)


def _book(
    tx: Connection, channel: Account, due: Due, repayment_id: int, reference: str, amount_fen: int, now: int
) -> tuple[Verdict, str]:
    own = _own(orders.refunds_of_order(tx, due.order_id), reference, amount_fen)
    if own is not None and own.reference == reference and own.amount_fen != amount_fen:
        return Verdict.REFUND_UNFIT, "the shop knows another amount under this refund number"
    if own is not None:
        settled = settle_refund(tx, own.id, state="done", reference=reference, at_provider=True, now=now)
        payments.take_repayment(tx, repayment_id, now)
        return (Verdict.ACCEPTED if settled else Verdict.DUPLICATE), "the shop had asked for it"
    try:
        with savepoint(tx):
            actor = f"provider:{channel.slug}"
            refund_id = refund(tx, due.order_id, amount_fen=amount_fen, way="provider", reason="", actor=actor, now=now)
            settle_refund(tx, refund_id, state="done", reference=reference, now=now)
    except Refusal as refusal:
        return Verdict.REFUND_UNFIT, str(refusal)
    payments.take_repayment(tx, repayment_id, now)
    return Verdict.ACCEPTED, ""


def _own(refunds: list[AnyRow], reference: str, amount_fen: int) -> AnyRow | None:
    """The refund that the shop knows of already, of which this tells: asked for, or noted by hand under the same number.

    One that was noted as failed is none of them: the provider says that the money left.
    """
    living = [row for row in refunds if row.state != "failed"]
    by_reference = [row for row in living if row.reference == reference]
    unsettled = [row for row in living if row.state in ("pending", "doubtful") and row.amount_fen == amount_fen]
    return next(iter(by_reference + unsettled), None)
