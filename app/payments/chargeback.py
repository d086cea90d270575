"""A chargeback: a dispute over a payment that a provider tells of, taken up once however often it is told."""

from sqlalchemy import BigInteger, Connection, ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model


class Chargeback(Model):
    __tablename__ = "chargeback"
    __table_args__ = (UniqueConstraint("channel_id", "dispute_number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    # What the provider calls it.
    dispute_number: Mapped[str] = mapped_column(String(64))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[int] = mapped_column(BigInteger)


_KEEP = text(
    "INSERT INTO chargeback (channel_id, dispute_number, payment_id, amount_fen, received_at) "
    "VALUES (:channel_id, :dispute_number, :payment_id, :amount_fen, :now) "
    "ON CONFLICT (channel_id, dispute_number) DO NOTHING RETURNING id"
)


def keep_chargeback(
    tx: Connection, channel_id: int, dispute_number: str, *, payment_id: int, amount_fen: int, now: int
) -> bool:
    """Write down what the provider told of; False when it was told before."""
    row = {"channel_id": channel_id, "dispute_number": dispute_number, "payment_id": payment_id, "now": now}
    return tx.execute(_KEEP, row | {"amount_fen": amount_fen}).first() is not None
