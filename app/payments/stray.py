"""A stray: money that came and belongs to no order yet, or a notice that somebody has to look at. Once a transfer, however
often the provider tells of it. This is the merchant's queue; the ledger knows of the money that is in it."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    bindparam,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table
from app.payments.payment import Payment
from app.statement import Statement

MOST_SHOWN = 20
# Money that the books hold for somebody.
WAITING = ("open", "refunding", "doubtful")


class Stray(Model):
    __tablename__ = "stray"
    __table_args__ = (
        UniqueConstraint("channel_id", "trade_number"),
        CheckConstraint("state IN ('open', 'refunding', 'doubtful', 'attached', 'refunded', 'closed')", name="state"),
        CheckConstraint("NOT is_booked OR (amount_fen > 0 AND trade_number IS NOT NULL)", name="booked"),
        Index("ix_stray_state", "state", "id"),
        Index("ix_stray_payment", "payment_id"),
        Index("ix_stray_notice", "notice_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    verdict: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10))
    trade_number: Mapped[str | None] = mapped_column(String(64))
    # What the notice calls the payment, and the payment where there is one.
    payment_number: Mapped[str | None] = mapped_column(String(64))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    method: Mapped[str | None] = mapped_column(String(20))
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    # Whether the money surely came to this account, so that the ledger holds it.
    is_booked: Mapped[bool] = mapped_column(Boolean)
    # The order that took it, and our number for sending it back.
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    refund_number: Mapped[str | None] = mapped_column(String(20), unique=True)
    opened_at: Mapped[int] = mapped_column(BigInteger)
    settled_at: Mapped[int | None] = mapped_column(BigInteger)


_strays = table(Stray)
# What was not known yet becomes what it is; what somebody decided on stays decided.
_OPEN = Statement(
    "INSERT INTO stray (notice_id, channel_id, verdict, state, trade_number, payment_number, payment_id, method, amount_fen, "
    "currency, is_booked, opened_at) VALUES (:notice_id, :channel_id, :verdict, 'open', :trade_number, :payment_number, "
    ":payment_id, :method, :amount_fen, :currency, :is_booked, :now) ON CONFLICT (channel_id, trade_number) DO UPDATE SET "
    "notice_id = excluded.notice_id, verdict = excluded.verdict, payment_number = excluded.payment_number, "
    "payment_id = excluded.payment_id, method = excluded.method, amount_fen = excluded.amount_fen, "
    "currency = excluded.currency, is_booked = excluded.is_booked "
    "WHERE stray.state = 'open' AND ((excluded.is_booked AND NOT stray.is_booked) OR "
    "(stray.verdict IN ('failed', 'unconfirmed') AND excluded.verdict NOT IN ('failed', 'unconfirmed'))) RETURNING id"
)
_SETTLE = Statement(
    "UPDATE stray SET state = :state, order_id = coalesce(:order_id, order_id), settled_at = :now "
    "WHERE id = :id AND state IN ('open', 'refunding', 'doubtful') AND state <> :state"
)
_SEND = Statement(
    "UPDATE stray SET state = 'refunding', refund_number = :refund_number WHERE id = :id AND state = 'open'"
)
_OF_PAYMENT = Statement(
    select(_strays).where(
        _strays.c.state == "open",
        or_(
            _strays.c.payment_id == bindparam("payment_id"),
            and_(_strays.c.channel_id == bindparam("channel_id"), _strays.c.trade_number == bindparam("trade_number")),
        ),
    )
)


def open_stray(tx: Connection, row: dict[str, Any]) -> int | None:
    """Put a notice into the queue and return the stray's id; None when the same money is there already, or was dealt with."""
    found: int | None = _OPEN.run(tx, row).scalar()
    return found


def settle_stray(tx: Connection, stray_id: int, state: str, *, order_id: int | None = None, now: int) -> bool:
    """Move a stray on; False when that was done before. What is attached, refunded or closed stays so."""
    settled_at = now if state not in WAITING else None
    values = {"id": stray_id, "state": state, "order_id": order_id, "now": settled_at}
    return _SETTLE.run(tx, values).rowcount == 1


def start_return(tx: Connection, stray_id: int, refund_number: str) -> bool:
    """Let the money of an open stray go back under our number; False when it is not open."""
    return _SEND.run(tx, {"id": stray_id, "refund_number": refund_number}).rowcount == 1


def open_strays(tx: Connection, payment_id: int, channel_id: int, trade_number: str) -> list[AnyRow]:
    """What waits for a hand of this payment or of this transfer."""
    values = {"payment_id": payment_id, "channel_id": channel_id, "trade_number": trade_number}
    return list(_OF_PAYMENT.run(tx, values))


def lock_stray(tx: Connection, stray_id: int) -> AnyRow:
    """The stray; nobody else decides on it until the transaction ends."""
    return tx.execute(select(_strays).where(_strays.c.id == stray_id).with_for_update()).one()


def find_stray(connection: Reader, channel_id: int, trade_number: str | None) -> AnyRow | None:
    """What is known of a transfer that belonged to no order when it came."""
    known = select(_strays).where(_strays.c.channel_id == channel_id, _strays.c.trade_number == trade_number)
    return connection.execute(known).first() if trade_number else None


def find_stray_by_id(connection: Reader, stray_id: int) -> AnyRow | None:
    return connection.execute(select(_strays).where(_strays.c.id == stray_id)).first()


def stray_of_notice(connection: Reader, notice_id: int) -> AnyRow | None:
    return connection.execute(select(_strays).where(_strays.c.notice_id == notice_id)).first()


def stray_by_refund(connection: Reader, refund_number: str) -> AnyRow | None:
    return connection.execute(select(_strays).where(_strays.c.refund_number == refund_number)).first()


def strays_of_order(connection: Reader, order_id: int) -> list[AnyRow]:
    """Transfers that came for the order's payments and did not pay it, oldest first: what became of each."""
    own = select(table(Payment).c.id).where(table(Payment).c.order_id == order_id)
    found = select(_strays).where(_strays.c.payment_id.in_(own)).order_by(_strays.c.id)
    return list(connection.execute(found.limit(MOST_SHOWN)))
