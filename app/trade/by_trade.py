"""To name a payment by its transfer: some providers tell of refunds and disputes by their own number for it alone."""

from dataclasses import replace

from sqlalchemy import Connection

from app import payments
from app.payments import Account, Due, Reading


def name_payment(tx: Connection, channel: Account, reading: Reading) -> Reading:
    """The reading as if it told of the whole payment that its transfer paid, or was meant for, where it tells of none."""
    is_whole = reading.tells_of_payment or reading.method is not None
    if str(reading.verdict) != "valid" or is_whole or reading.trade_number is None:
        return reading
    due = _due(tx, channel, reading.trade_number, reading.payment_number)
    if due is None:
        return reading
    return replace(reading, payment_number=due.number, amount_fen=due.amount_fen, method=due.method)


def _due(tx: Connection, channel: Account, trade_number: str, payment_number: str | None) -> Due | None:
    paid = payments.due_of_trade(tx, channel.id, trade_number)
    if paid is not None:
        return paid
    stray = payments.find_stray(tx, channel.id, trade_number)
    number = (stray.payment_number if stray is not None else None) or payment_number
    return payments.find_due(tx, number) if number else None
