"""A repayment: money that a provider says it gave back, taken once, and parked while the payment itself is not known yet."""

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    bindparam,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, table
from app.statement import Statement

_PARKED = text("taken_at IS NULL")


class Repayment(Model):
    __tablename__ = "repayment"
    __table_args__ = (
        UniqueConstraint("channel_id", "refund_number"),
        Index("ix_repayment_parked", "payment_id", sqlite_where=_PARKED, postgresql_where=_PARKED),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    # What the provider calls it.
    refund_number: Mapped[str] = mapped_column(String(64))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    trade_number: Mapped[str] = mapped_column(String(64))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[int] = mapped_column(BigInteger)
    taken_at: Mapped[int | None] = mapped_column(BigInteger)


_repayments = table(Repayment)
_INSERT = insert(_repayments).returning(_repayments.c.id)
_PARKED_OF = Statement(
    select(_repayments)
    .where(_repayments.c.payment_id == bindparam("payment_id"), _repayments.c.taken_at.is_(None))
    .where(_repayments.c.trade_number == bindparam("trade_number"))
    .order_by(_repayments.c.id)
)
_TAKE = Statement("UPDATE repayment SET taken_at = :now WHERE id = :id AND taken_at IS NULL")


def keep_repayment(
    tx: Connection,
    channel_id: int,
    refund_number: str,
    *,
    payment_id: int,
    trade_number: str,
    amount_fen: int,
    now: int,
) -> int:
    """Write down what the provider gave back, parked, and return its id. UNIQUE (channel, refund number) stops a second one."""
    row = {"channel_id": channel_id, "refund_number": refund_number, "payment_id": payment_id, "received_at": now}
    return int(tx.execute(_INSERT, row | {"trade_number": trade_number, "amount_fen": amount_fen}).scalar_one())


def find_repayment(tx: Connection, channel_id: int, refund_number: str) -> AnyRow | None:
    """What was written down under the provider's number before."""
    known = select(_repayments).where(_repayments.c.channel_id == channel_id)
    return tx.execute(known.where(_repayments.c.refund_number == refund_number)).first()


def parked_repayments(tx: Connection, payment_id: int, trade_number: str) -> list[AnyRow]:
    """What was given back of this transfer before the shop knew that the payment was made."""
    return list(_PARKED_OF.run(tx, {"payment_id": payment_id, "trade_number": trade_number}))


def take_repayment(tx: Connection, repayment_id: int, now: int) -> None:
    """It was booked as a refund of the order."""
    _TAKE.run(tx, {"id": repayment_id, "now": now})
