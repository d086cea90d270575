"""To name a payment by its transfer: some providers tell of refunds and disputes by their own number for it alone."""

from dataclasses import replace

from sqlalchemy import Connection

from app import payments
from app.payments import Account, Reading


def name_payment(tx: Connection, channel: Account, reading: Reading) -> Reading:
    """The reading with the payment that its transfer paid, or was meant for, where it names none itself."""
    names_none = reading.payment_number is None and reading.trade_number is not None
    if str(reading.verdict) != "valid" or reading.tells_of_payment or not names_none:
        return reading
    assert reading.trade_number is not None
    due = payments.due_of_trade(tx, channel.id, reading.trade_number)
    if due is None:
        stray = payments.find_stray(tx, channel.id, reading.trade_number)
        due = payments.find_due(tx, stray.payment_number) if stray is not None and stray.payment_number else None
    if due is None:
        return reading
    return replace(reading, payment_number=due.number, amount_fen=due.amount_fen, method=due.method)
