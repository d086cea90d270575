"""To judge a notice: after the signature, bind channel, merchant, payment, amount and currency, then status (guard, rule 3)."""

from sqlalchemy import Connection

from app import payments
from app.payments import Account, Due, Notice, Reading, Verdict

Judgement = tuple[Verdict, str, Due | None]


def judge(tx: Connection, channel: Account, notice: Notice, reading: Reading) -> Judgement:
    """The verdict, its reason, and the payment that the notice is about. ACCEPTED still has to win the order's gate.

    Of a notice of a refund or a dispute ACCEPTED says that it fits the payment; whether it was told before is for `repay`,
    `bounce` and `take_chargeback` to find out.
    """
    due = payments.find_due(tx, reading.payment_number) if reading.payment_number else None
    if due is not None and due.channel_id != channel.id and not _is_valid(reading):
        # What was not signed must not even point at another channel's payment.
        due = None
    if not _is_valid(reading):
        return Verdict(reading.verdict), reading.reason, due
    if reading.merchant != channel.merchant:
        return Verdict.FOREIGN, f"the notice is for merchant {reading.merchant}", None
    if not reading.concerns_us:
        return Verdict.NOT_PAID, reading.reason, due
    if due is None:
        number = reading.payment_number or reading.trade_number
        return Verdict.UNKNOWN, f"no payment has the number {number}", None
    return _bind(tx, channel, notice, reading, due)


def _is_valid(reading: Reading) -> bool:
    return str(reading.verdict) == "valid"


def _bind(tx: Connection, channel: Account, notice: Notice, reading: Reading, due: Due) -> Judgement:
    if due.channel_id != channel.id:
        return Verdict.WRONG_CHANNEL, "the payment belongs to another channel", None
    if reading.method != due.method:
        return Verdict.WRONG_METHOD, f"the payment was started as {due.method}", due
    if reading.currency != due.currency:
        return Verdict.WRONG_CURRENCY, f"the payment is in {due.currency}", due
    if reading.amount_fen is None or reading.amount_fen < due.amount_fen:
        return Verdict.SHORT, f"{due.amount_fen} fen are due", due
    if reading.amount_fen > due.amount_fen:
        return Verdict.OVERPAID, f"{due.amount_fen} fen are due", due
    if reading.refunded_fen is not None:
        return _refund(notice, reading, due)
    if reading.dispute_number is not None:
        return Verdict.ACCEPTED, "", due
    if not reading.paid:
        return Verdict.NOT_PAID, "the provider does not say that it is paid", due
    return _once(tx, channel, notice, reading, due)


def _once(tx: Connection, channel: Account, notice: Notice, reading: Reading, due: Due) -> Judgement:
    if not reading.trade_number:
        return Verdict.MALFORMED, "there is no trade number", due
    if due.is_paid and due.trade_number == reading.trade_number:
        return Verdict.DUPLICATE, "", due
    if payments.trade_number_taken(tx, channel.id, reading.trade_number):
        return Verdict.REUSED_TRADE, "this trade number paid another order", due
    if due.is_paid and not due.by_hand:
        return Verdict.DOUBLE_PAID, "the payment was paid by another transfer", due
    if reading.needs_query and notice.source != "query":
        return Verdict.UNCONFIRMED, reading.reason or "to be confirmed by asking the provider", due
    if due.is_paid:
        return Verdict.DUPLICATE, "", due
    return Verdict.ACCEPTED, "", due


def _refund(notice: Notice, reading: Reading, due: Due) -> Judgement:
    if reading.refunded_fen is None or reading.refunded_fen > due.amount_fen:
        return Verdict.REFUND_UNFIT, "more went back than was paid", due
    if reading.needs_query and notice.source != "query":
        return Verdict.UNCONFIRMED, reading.reason or "to be confirmed by asking the provider", due
    return Verdict.ACCEPTED, "", due
