"""To take up a chargeback: a provider tells that the buyer disputes a payment there, and the shop opens a dispute of it once."""

from sqlalchemy import Connection

from app import orders, payments
from app.errors import Refusal
from app.payments import Account, Due, Reading, Verdict
from app.savepoint import savepoint
from app.trade.complain import report_chargeback


def take_chargeback(tx: Connection, channel: Account, reading: Reading, due: Due, now: int) -> tuple[Verdict, str]:
    """Open the dispute of the order that the payment is for; its commission is frozen with that (distribution 1.12).

    Where there is nothing that could be disputed, or a dispute is open already, the merchant has to look.
    """
    assert reading.dispute_number
    assert reading.disputed_fen
    orders.lock_order(tx, due.order_id)
    if due.trade_number != reading.trade_number:
        return Verdict.REFUND_UNFIT, "the dispute is over a transfer that did not pay the order"
    # What the buyer paid on top of the order is disputed with it, and cannot be taken from its lines.
    wanted_fen = min(reading.disputed_fen, sum(orders.refundable(tx, due.order_id).values()))
    claim = f"{channel.gateway.title} {reading.dispute_number}: {reading.reason}"
    told = {"payment_id": due.payment_id, "amount_fen": reading.disputed_fen, "now": now}
    try:
        with savepoint(tx):
            if not payments.keep_chargeback(tx, channel.id, reading.dispute_number, **told):
                return Verdict.DUPLICATE, ""
            actor = f"provider:{channel.slug}"
            number = report_chargeback(tx, due.order_id, claim=claim, wanted_fen=wanted_fen, actor=actor, now=now)
    except Refusal as refusal:
        return Verdict.REFUND_UNFIT, str(refusal)
    return Verdict.ACCEPTED, f"dispute {number}"
