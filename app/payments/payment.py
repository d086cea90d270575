"""A payment: our number for one attempt to pay an order through a channel, its amount fixed when it starts."""

import json

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    insert,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import AnyRow, Id, Model, Reader, Session, table
from app.payments.gateways import Start
from app.statement import Statement

_ASKED = text("query_at IS NOT NULL")
_MATCHED = text("matched_fen IS NOT NULL")
_PENDING = text("state = 'pending'")
_PAID = text("paid_at IS NOT NULL")
# The provider is asked so long after a payment was opened, unless it called by itself; `asking` has the times after that.
FIRST_ASKING_SECONDS = 30


class Payment(Model):
    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("channel_id", "trade_number"),
        Index("ix_payment_trade", "trade_number"),
        CheckConstraint("state IN ('pending', 'paid')", name="state"),
        Index(
            "ix_payment_matched",
            "channel_id",
            "matched_fen",
            unique=True,
            sqlite_where=_MATCHED,
            postgresql_where=_MATCHED,
        ),
        Index("ix_payment_query", "channel_id", "query_at", sqlite_where=_ASKED, postgresql_where=_ASKED),
        Index("ix_payment_channel", "channel_id", "order_id"),
        Index("ix_payment_unpaid", "created_at", "id", sqlite_where=_PENDING, postgresql_where=_PENDING),
        Index("ix_payment_paid", "channel_id", "paid_at", sqlite_where=_PAID, postgresql_where=_PAID),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    method: Mapped[str] = mapped_column(String(20))
    # What the buyer has to pay: the order's total, with what the channel puts on top.
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    # The amount once more while no other open payment of the channel may ask for the same.
    matched_fen: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10))
    trade_number: Mapped[str | None] = mapped_column(String(64))
    pay_url: Mapped[str | None] = mapped_column(String(2000))
    qr_text: Mapped[str | None] = mapped_column(String(2000))
    scheme_url: Mapped[str | None] = mapped_column(String(2000))
    # What the provider calls it from its start on, and what the buyer has to know to pay: a JSON list of pairs.
    reference: Mapped[str | None] = mapped_column(String(128))
    facts: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[int] = mapped_column(BigInteger)
    paid_at: Mapped[int | None] = mapped_column(BigInteger)
    query_at: Mapped[int | None] = mapped_column(BigInteger)
    # What the provider calls it where that is not our number: its money was attached from another payment.
    known_as: Mapped[str | None] = mapped_column(String(64))
    # The merchant said that it was paid, and the provider has not told of it yet.
    by_hand: Mapped[bool] = mapped_column(Boolean, default=False)

    @property
    def told_facts(self) -> list[tuple[str, str]]:
        """What the buyer has to know to pay: pairs of an English msgid and a value."""
        return [(label, value) for label, value in json.loads(self.facts or "[]")]


_payments = table(Payment)
_INSERT = insert(_payments).returning(_payments.c.id)
_TAKEN = Statement("SELECT id FROM payment WHERE channel_id = :channel_id AND trade_number = :trade_number")
_MARK_PAID = Statement(
    "UPDATE payment SET state = 'paid', trade_number = :trade_number, paid_at = :now, query_at = NULL, "
    "matched_fen = NULL "
    "WHERE id = :id AND state = 'pending'"
)
_COUNT = Statement("SELECT count(*) FROM payment WHERE order_id = :order_id")
_START = Statement(
    "UPDATE payment SET pay_url = :pay_url, qr_text = :qr_text, scheme_url = :scheme_url, reference = :reference, facts = :facts "
    "WHERE number = :number"
)
_BY_HAND = Statement("UPDATE payment SET by_hand = true WHERE id = :id AND state = 'paid'")
_MEET = Statement("UPDATE payment SET by_hand = false, trade_number = :trade_number WHERE id = :id AND by_hand")


def open_payment(
    tx: Connection,
    order_id: int,
    *,
    channel_id: int,
    method: str,
    amount_fen: int,
    matched_fen: int | None = None,
    currency: str,
    known_as: str | None = None,
    now: int,
) -> str:
    """Start a payment and return our number for it: 100 random bits, no larger than any gateway takes."""
    number = vault.code(20)
    row = {"order_id": order_id, "channel_id": channel_id, "method": method, "amount_fen": amount_fen}
    row |= {"matched_fen": matched_fen, "currency": currency, "number": number, "state": "pending", "created_at": now}
    row |= {"query_at": now + FIRST_ASKING_SECONDS, "by_hand": False, "known_as": known_as}
    tx.execute(_INSERT, row)
    return number


def note_start(tx: Connection, number: str, start: Start) -> None:
    """Keep where the gateway sends the buyer."""
    facts = json.dumps(start.facts, ensure_ascii=False) if start.facts else None
    row = {"number": number, "pay_url": start.url, "qr_text": start.qr_text, "scheme_url": start.scheme_url}
    _START.run(tx, row | {"reference": start.reference, "facts": facts})


def payment_of_order(session: Session, order_id: int) -> Payment | None:
    """The order's latest payment."""
    return session.scalar(select(Payment).where(Payment.order_id == order_id).order_by(Payment.id.desc()).limit(1))


def order_of_reference(session: Session, number: str) -> int | None:
    """The order that was paid, or would be, under one of our payment numbers or a provider's trade number."""
    named = select(Payment.order_id).where(or_(Payment.number == number, Payment.trade_number == number))
    return session.scalar(named.order_by(Payment.id.desc()).limit(1))


def count_payments(connection: Reader, order_id: int) -> int:
    """How many ways to pay an order were begun; an order has few."""
    return int(_COUNT.run(connection, {"order_id": order_id}).scalar_one())


def paid_payment(connection: Reader, order_id: int) -> AnyRow:
    """The payment that paid the order: number, channel_id, trade_number, amount_fen, currency."""
    names = ("id", "number", "channel_id", "trade_number", "amount_fen", "currency", "known_as")
    columns = (_payments.c[name] for name in names)
    wanted = select(*columns).where(_payments.c.order_id == order_id, _payments.c.state == "paid")
    return connection.execute(wanted.order_by(_payments.c.id).limit(1)).one()


def trade_number_taken(connection: Connection, channel_id: int, trade_number: str) -> int | None:
    """The id of the payment that the channel's trade number already paid."""
    return _TAKEN.run(connection, {"channel_id": channel_id, "trade_number": trade_number}).scalar()


def mark_paid(tx: Connection, payment_id: int, trade_number: str, now: int) -> None:
    """Settle the payment. UNIQUE (channel, trade number) stops one transfer from paying twice."""
    _MARK_PAID.run(tx, {"id": payment_id, "trade_number": trade_number, "now": now})


def mark_by_hand(tx: Connection, payment_id: int) -> None:
    """Note that a paid payment was confirmed by hand, under the number that the merchant gave the transfer."""
    _BY_HAND.run(tx, {"id": payment_id})


def meet_hand(tx: Connection, payment_id: int, trade_number: str) -> bool:
    """The provider tells of the transfer that was confirmed by hand, once: its number stands from now on. False when it had."""
    return _MEET.run(tx, {"id": payment_id, "trade_number": trade_number}).rowcount == 1
