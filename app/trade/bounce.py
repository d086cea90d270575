"""To let a refund bounce: a provider tells that money it was to give back will not reach the buyer."""

from sqlalchemy import Connection

from app import orders, payments
from app.payments import Account, Due, Reading, Verdict
from app.trade.refund import settle_refund


def bounce(tx: Connection, channel: Account, reading: Reading, due: Due, now: int) -> tuple[Verdict, str]:
    """Settle the refund as failed if nobody knew yet how it went; what was booked as sent is the merchant's to look into."""
    assert reading.refund_number
    assert reading.refunded_fen
    assert reading.trade_number
    orders.lock_order(tx, due.order_id)
    refunds = orders.refunds_of_order(tx, due.order_id)
    own = next((row for row in refunds if row.reference == reading.refund_number), None)
    known = payments.find_repayment(tx, channel.id, reading.refund_number)
    stray = payments.find_stray(tx, channel.id, reading.trade_number)
    was_sent = own is not None and own.state == "done"
    if was_sent or (known is not None and known.taken_at is None) or (stray is not None and stray.state != "attached"):
        return Verdict.REFUND_UNFIT, "the provider says that a refund failed which it had sent"
    if known is None:
        # Its earlier notices may still be on the way: they find the number taken.
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
    if own is None:
        return Verdict.DUPLICATE, "the shop had booked nothing of this refund"
    settled = settle_refund(tx, own.id, state="failed", reference=reading.refund_number, now=now)
    return (Verdict.ACCEPTED if settled else Verdict.DUPLICATE), "the refund failed"
