"""A payment claim: a buyer says that they paid, by the last characters of the reference. The merchant looks, and settles it once."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    RowMapping,
    Select,
    String,
    bindparam,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table
from app.payments.channel import Channel
from app.payments.payment import Payment

PAGE_SIZE = 20
_WAITING = text("settled_at IS NULL")


class PaymentClaim(Model):
    __tablename__ = "payment_claim"
    __table_args__ = (
        CheckConstraint("verdict IN ('came', 'missing')", name="verdict"),
        CheckConstraint("(settled_at IS NULL) = (verdict IS NULL)", name="settled"),
        Index("ix_payment_claim_waiting", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), unique=True)
    digits: Mapped[str] = mapped_column(String(6))
    said_at: Mapped[int] = mapped_column(BigInteger)
    settled_at: Mapped[int | None] = mapped_column(BigInteger)
    verdict: Mapped[str | None] = mapped_column(String(8))
    settled_by: Mapped[str | None] = mapped_column(String(40))
    # What the buyer is told where no money came.
    reason: Mapped[str | None] = mapped_column(String(300))


_claims, _payments, _channels = table(PaymentClaim), table(Payment), table(Channel)
_OPEN = text(
    "INSERT INTO payment_claim (payment_id, digits, said_at) VALUES (:payment_id, :digits, :now) "
    "ON CONFLICT (payment_id) DO NOTHING"
)
_SETTLE = text(
    "UPDATE payment_claim SET settled_at = :now, verdict = :verdict, settled_by = :by, reason = :reason "
    "WHERE id = :id AND settled_at IS NULL"
)
_SETTLE_OF_PAYMENT = text(
    "UPDATE payment_claim SET settled_at = :now, verdict = 'came', settled_by = :by "
    "WHERE payment_id = :payment_id AND settled_at IS NULL"
)
_OF_ORDER = (
    select(_claims)
    .join(_payments, _payments.c.id == _claims.c.payment_id)
    .where(_payments.c.order_id == bindparam("order_id"))
    .order_by(_claims.c.id.desc())
    .limit(1)
)
_WAITS = text(
    "SELECT 1 FROM payment_claim JOIN payment ON payment.id = payment_claim.payment_id "
    "WHERE payment.order_id = :order_id AND payment_claim.settled_at IS NULL LIMIT 1"
)


def open_claim(tx: Connection, payment_id: int, digits: str, now: int) -> bool:
    """Keep what the buyer says, once a payment; False when they have said so before."""
    return tx.execute(_OPEN, {"payment_id": payment_id, "digits": digits, "now": now}).rowcount == 1


def settle_claim(tx: Connection, claim_id: int, verdict: str, *, by: str, reason: str | None, now: int) -> bool:
    """Settle a claim as 'came' or 'missing'; False when somebody did before."""
    values = {"id": claim_id, "verdict": verdict, "by": by[:40], "reason": reason, "now": now}
    return tx.execute(_SETTLE, values).rowcount == 1


def meet_claim(tx: Connection, payment_id: int, *, by: str, now: int) -> None:
    """The payment was confirmed elsewhere: what the buyer said of it is settled."""
    tx.execute(_SETTLE_OF_PAYMENT, {"payment_id": payment_id, "by": by[:40], "now": now})


def claim_of_order(connection: Reader, order_id: int) -> AnyRow | None:
    """The latest claim about any payment of the order."""
    return connection.execute(_OF_ORDER, {"order_id": order_id}).first()


def claim_of_payment(connection: Reader, payment_id: int) -> AnyRow | None:
    """The claim about a payment, with the payment's amount_fen."""
    columns = (*_claims.c, _payments.c.amount_fen)
    wanted = select(*columns).join(_payments, _payments.c.id == _claims.c.payment_id)
    return connection.execute(wanted.where(_claims.c.payment_id == payment_id)).first()


def claim_waits(connection: Reader, order_id: int) -> bool:
    """Whether the merchant has still to look at a claim of the order."""
    return connection.execute(_WAITS, {"order_id": order_id}).first() is not None


def find_claim(connection: Reader, claim_id: int) -> RowMapping | None:
    """A claim with its payment and channel, as lists show it."""
    return connection.execute(_listed().where(_claims.c.id == claim_id)).mappings().first()


def list_claims(
    connection: Reader, *, waiting: bool, before: int | None = None, limit: int = PAGE_SIZE
) -> tuple[list[RowMapping], int | None]:
    """One page of the claims that wait, or of those that were settled, the newest first, and the cursor of the next page."""
    wanted = _listed().where(_WAITING if waiting else _claims.c.settled_at.is_not(None))
    if before is not None:
        wanted = wanted.where(_claims.c.id < before)
    found = list(connection.execute(wanted.order_by(_claims.c.id.desc()).limit(limit + 1)).mappings())
    return found[:limit], found[limit - 1]["id"] if len(found) > limit else None


def _listed() -> Select[Any]:
    payment = (_payments.c[name] for name in ("order_id", "method", "amount_fen", "trade_number"))
    columns = (*_claims.c, *payment, _payments.c.number.label("payment_number"), _channels.c.name.label("channel"))
    joined = select(*columns).join(_payments, _payments.c.id == _claims.c.payment_id)
    return joined.join(_channels, _channels.c.id == _payments.c.channel_id)
