"""The terms of a channel: what its provider keeps of a payment, and how long commission waits for what is paid through it."""

from app.db import Reader
from app.statement import Statement

_OF_CHANNEL = Statement("SELECT fee_bps, hold_days FROM channel WHERE id = :channel_id")
# The state is written in: SQLite plans anew at each run what compares a bound value with a partial index's own.
_OF_ORDER = Statement(
    "SELECT channel.fee_bps, channel.hold_days FROM payment JOIN channel ON channel.id = payment.channel_id "
    "WHERE payment.order_id = :order_id AND payment.state = 'paid'"
)


def terms_of_channel(connection: Reader, channel_id: int) -> tuple[int, int | None]:
    """(the provider's fee in basis points, how many days commission is held at least, or None)."""
    row = _OF_CHANNEL.run(connection, {"channel_id": channel_id}).one()
    return row.fee_bps, row.hold_days


def fee_of(paid_fen: int, fee_bps: int) -> int:
    """The provider's fee in fen; a part of a fen is a fen (distribution E22)."""
    return -(-paid_fen * fee_bps // 10000)


def terms_of_order(connection: Reader, order_id: int) -> tuple[int, int]:
    """(the fee in basis points, how many days commission waits at least) of the channel that the order was paid through."""
    row = _OF_ORDER.run(connection, {"order_id": order_id}).first()
    return (row.fee_bps, row.hold_days or 0) if row else (0, 0)
