"""A payment: our number for one attempt to pay an order through a channel, its amount fixed when it starts."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
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

from app import vault
from app.db import AnyRow, Id, Model, Reader, Session, table
from app.payments.gateways import Asked, Start

_ASKED = text("query_at IS NOT NULL")


class Payment(Model):
    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("channel_id", "trade_number"),
        CheckConstraint("state IN ('pending', 'paid')", name="state"),
        Index("ix_payment_query", "query_at", sqlite_where=_ASKED, postgresql_where=_ASKED),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(32), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channel.id"))
    method: Mapped[str] = mapped_column(String(20))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
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

    @property
    def told_facts(self) -> list[tuple[str, str]]:
        """What the buyer has to know to pay: pairs of an English msgid and a value."""
        return [(label, value) for label, value in json.loads(self.facts or "[]")]


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
    order_id: int
    order_number: str


_payments = table(Payment)
_INSERT = insert(_payments).returning(_payments.c.id)
_DUE = text(
    "SELECT payment.id AS payment_id, payment.number, payment.channel_id, payment.method, payment.amount_fen, "
    "payment.currency, payment.trade_number, payment.state AS payment_state, payment.order_id, "
    "orders.number AS order_number FROM payment JOIN orders ON orders.id = payment.order_id WHERE payment.number = :number"
)
_TAKEN = text("SELECT id FROM payment WHERE channel_id = :channel_id AND trade_number = :trade_number")
_MARK_PAID = text(
    "UPDATE payment SET state = 'paid', trade_number = :trade_number, paid_at = :now, query_at = NULL "
    "WHERE id = :id AND state = 'pending'"
)
_START = text(
    "UPDATE payment SET pay_url = :pay_url, qr_text = :qr_text, scheme_url = :scheme_url, reference = :reference, facts = :facts "
    "WHERE number = :number"
)
_ASK = text("UPDATE payment SET query_at = :at WHERE id = :id AND state = 'pending'")
_LEAVE = text("UPDATE payment SET query_at = NULL WHERE number = :number")
_DUE_QUERIES = select(_payments.c.id, _payments.c.number, _payments.c.channel_id, _payments.c.created_at).where(
    _payments.c.query_at <= bindparam("now")
)
_ASKED_ABOUT = text("SELECT number AS payment_number, method, reference FROM payment WHERE number = :number")


def open_payment(
    tx: Connection, order_id: int, *, channel_id: int, method: str, amount_fen: int, currency: str, now: int
) -> str:
    """Start a payment and return our number for it: 100 random bits, no larger than any gateway takes."""
    row = {
        "order_id": order_id,
        "channel_id": channel_id,
        "method": method,
        "amount_fen": amount_fen,
        "currency": currency,
    }
    number = vault.code(20)
    tx.execute(_INSERT, row | {"number": number, "state": "pending", "created_at": now})
    return number


def note_start(tx: Connection, number: str, start: Start) -> None:
    """Keep where the gateway sends the buyer."""
    facts = json.dumps(start.facts, ensure_ascii=False) if start.facts else None
    row = {"number": number, "pay_url": start.url, "qr_text": start.qr_text, "scheme_url": start.scheme_url}
    tx.execute(_START, row | {"reference": start.reference, "facts": facts})


def payment_of_order(session: Session, order_id: int) -> Payment | None:
    """The order's latest payment."""
    return session.scalar(select(Payment).where(Payment.order_id == order_id).order_by(Payment.id.desc()).limit(1))


def paid_payment(connection: Reader, order_id: int) -> AnyRow:
    """The payment that paid the order: number, channel_id, trade_number, amount_fen, currency."""
    names = ("id", "number", "channel_id", "trade_number", "amount_fen", "currency")
    columns = (_payments.c[name] for name in names)
    wanted = select(*columns).where(_payments.c.order_id == order_id, _payments.c.state == "paid")
    return connection.execute(wanted.order_by(_payments.c.id).limit(1)).one()


def find_due(connection: Connection, number: str) -> Due | None:
    """What our payment number stands for."""
    row = connection.execute(_DUE, {"number": number}).mappings().first()
    if row is None:
        return None
    values: dict[str, Any] = dict(row)
    return Due(is_paid=values.pop("payment_state") == "paid", **values)


def trade_number_taken(connection: Connection, channel_id: int, trade_number: str) -> int | None:
    """The id of the payment that the channel's trade number already paid."""
    return connection.execute(_TAKEN, {"channel_id": channel_id, "trade_number": trade_number}).scalar()


def mark_paid(tx: Connection, payment_id: int, trade_number: str, now: int) -> None:
    """Settle the payment. UNIQUE (channel, trade number) stops one transfer from paying twice."""
    tx.execute(_MARK_PAID, {"id": payment_id, "trade_number": trade_number, "now": now})


def ask_later(tx: Connection, payment_id: int, at: int) -> None:
    """Let the worker ask the gateway about an unpaid payment at `at`."""
    tx.execute(_ASK, {"id": payment_id, "at": at})


def asked_about(connection: Reader, number: str, now: int) -> Asked:
    """What the provider has to be told when it is asked about a payment of ours."""
    return Asked(**connection.execute(_ASKED_ABOUT, {"number": number}).mappings().one(), now=now)


def stop_asking(tx: Connection, number: str) -> None:
    """The gateway gave an answer that counts; asking again would only repeat it."""
    tx.execute(_LEAVE, {"number": number})


def due_queries(connection: Reader, now: int, limit: int = 20) -> list[Any]:
    """The payments to ask about now: id, number, channel_id, created_at."""
    return list(connection.execute(_DUE_QUERIES.order_by(_payments.c.query_at).limit(limit), {"now": now}))
