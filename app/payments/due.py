"""What is due: a payment and the order that it is for, as a notice is held against it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from app.statement import Statement


@dataclass(frozen=True)
class Due:
    """What a notice is held against: a payment and the order that it is for."""

    payment_id: int
    number: str
    channel_id: int
    method: str
    amount_fen: int
    currency: str
    trade_number: str | None
    is_paid: bool
    by_hand: bool
    order_id: int
    order_number: str
    order_fen: int


_DUE = (
    "SELECT payment.id AS payment_id, payment.number, payment.channel_id, payment.method, payment.amount_fen, "
    "payment.currency, payment.trade_number, payment.state AS payment_state, payment.by_hand, payment.order_id, "
    "orders.number AS order_number, orders.total_fen AS order_fen FROM payment JOIN orders ON orders.id = payment.order_id WHERE "
)
_DUE_BY_NUMBER = Statement(_DUE + "payment.number = :number")
_DUE_BY_TRADE = Statement(_DUE + "payment.channel_id = :channel_id AND payment.trade_number = :trade_number")
_DUE_LATEST = Statement(_DUE + "payment.order_id = :order_id ORDER BY payment.id DESC LIMIT 1")


def find_due(connection: Connection, number: str) -> Due | None:
    """What our payment number stands for."""
    return _due(_DUE_BY_NUMBER.run(connection, {"number": number}).first())


def due_of_trade(connection: Connection, channel_id: int, trade_number: str) -> Due | None:
    """The payment that the channel's trade number paid."""
    values = {"channel_id": channel_id, "trade_number": trade_number}
    return _due(_DUE_BY_TRADE.run(connection, values).first())


def latest_due(connection: Connection, order_id: int) -> Due | None:
    """The order's latest payment."""
    return _due(_DUE_LATEST.run(connection, {"order_id": order_id}).first())


def _due(row: Any | None) -> Due | None:
    if row is None:
        return None
    values: dict[str, Any] = row._asdict()
    is_paid, by_hand = values.pop("payment_state") == "paid", bool(values.pop("by_hand"))
    return Due(is_paid=is_paid, by_hand=by_hand, **values)
