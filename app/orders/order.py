"""An order and its states: pending, then paid, expired or cancelled, each entered once by a conditional UPDATE."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import AnyRow, Id, Model, Reader, table
from app.orders.answer import seal_answers
from app.orders.figure import count_paid
from app.statement import Statement

_PENDING = text("state = 'pending'")
_WAITS = text("state = 'paid' AND delivered_at IS NULL")


def _pending(name: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=_PENDING, postgresql_where=_PENDING)


class Order(Model):
    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'paid', 'expired', 'cancelled')", name="state"),
        CheckConstraint("total_fen = goods_fen - discount_fen AND total_fen >= 0", name="total"),
        CheckConstraint("(state = 'paid') = (paid_at IS NOT NULL)", name="paid"),
        _pending("ix_orders_due", "expires_at"),
        _pending("ix_orders_unpaid_contact", "contact_index"),
        _pending("ix_orders_unpaid_address", "address_index"),
        Index("ix_orders_account", "account_id", "id"),
        Index("ix_orders_node", "node_id", "id"),
        Index("ix_orders_state", "state", "id"),
        Index("ix_orders_undelivered", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": "orders:{number}:secret"})
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    contact_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": "orders:{number}:contact"})
    contact_index: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    person_index: Mapped[bytes] = mapped_column(LargeBinary)
    address_index: Mapped[bytes] = mapped_column(LargeBinary)
    device_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    node_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    currency: Mapped[str] = mapped_column(String(3))
    goods_fen: Mapped[int] = mapped_column(BigInteger)
    discount_fen: Mapped[int] = mapped_column(BigInteger)
    total_fen: Mapped[int] = mapped_column(BigInteger)
    locale: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger)
    paid_at: Mapped[int | None] = mapped_column(BigInteger)
    delivered_at: Mapped[int | None] = mapped_column(BigInteger)
    # What the order form asked beside the contact, and the terms that were accepted with it.
    answers_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info={"sealed": "orders:{number}:answers"})
    terms_version: Mapped[str | None] = mapped_column(String(20))

    @property
    def secret(self) -> str:
        return vault.open_sealed(self.secret_sealed, f"orders:{self.number}:secret")

    @property
    def contact(self) -> str:
        return vault.open_sealed(self.contact_sealed, f"orders:{self.number}:contact")


@dataclass(frozen=True)
class NewOrder:
    """What the database is told about an order that was just placed."""

    contact: str
    contact_index: bytes
    person_index: bytes
    address_index: bytes
    device_hash: bytes | None
    account_id: int | None
    idempotency_key: str | None
    request_hash: bytes
    currency: str
    goods_fen: int
    discount_fen: int
    locale: str
    answers: Sequence[tuple[str, str]] = ()
    terms_version: str | None = None


_orders = table(Order)
_INSERT = insert(_orders).returning(_orders.c.id)
_BUYER = Statement(
    "SELECT id, number, state, total_fen, paid_at, contact_index, person_index, account_id, node_id, device_hash, delivered_at "
    "FROM orders WHERE id = :order_id"
)
_MARK_PAID = Statement("UPDATE orders SET state = 'paid', paid_at = :now WHERE id = :id AND state = 'pending'")
_PAID_LATE = Statement(
    "UPDATE orders SET state = 'paid', paid_at = :now WHERE id = :id AND state IN ('expired', 'cancelled')"
)
_MARK_DELIVERED = Statement(
    "UPDATE orders SET delivered_at = :now WHERE id = :id AND state = 'paid' AND delivered_at IS NULL"
)
_ATTACH_NODE = Statement("UPDATE orders SET node_id = :node WHERE id = :order_id")
_ATTACH_ACCOUNT = Statement("UPDATE orders SET account_id = :account_id WHERE id = :id AND account_id IS NULL")
_FIRST_PAID = Statement(
    "SELECT id FROM orders WHERE contact_index = :contact_index AND node_id = :node_id AND state = 'paid' "
    "ORDER BY paid_at, id LIMIT 1"
)


def open_order(tx: Connection, new: NewOrder, *, minutes: int, now: int) -> tuple[int, str, str]:
    """Add a pending order and return (id, number, secret). Number: 80 random bits; secret: 192."""
    number, secret = vault.code(16), vault.token(24)
    order_id = tx.execute(
        _INSERT,
        {
            "number": number,
            "secret_sealed": vault.seal(secret, f"orders:{number}:secret"),
            "idempotency_key": new.idempotency_key,
            "request_hash": new.request_hash,
            "state": "pending",
            "contact_sealed": vault.seal(new.contact, f"orders:{number}:contact"),
            "contact_index": new.contact_index,
            "person_index": new.person_index,
            "address_index": new.address_index,
            "device_hash": new.device_hash,
            "account_id": new.account_id,
            "currency": new.currency,
            "goods_fen": new.goods_fen,
            "discount_fen": new.discount_fen,
            "total_fen": new.goods_fen - new.discount_fen,
            "locale": new.locale,
            "created_at": now,
            "expires_at": now + minutes * 60,
            "answers_sealed": seal_answers(number, new.answers),
            "terms_version": new.terms_version,
        },
    ).scalar_one()
    return order_id, number, secret


def buyer_of(connection: Reader, order_id: int) -> AnyRow:
    """Who bought, as the order knows it: id, number, state, total_fen, contact and person indexes, account, device, delivered_at."""
    return _BUYER.run(connection, {"order_id": order_id}).one()


def lock_order(tx: Connection, order_id: int) -> AnyRow:
    """The order's id, number, state and node; nobody else changes what is refunded of it until the transaction ends."""
    columns = (_orders.c.id, _orders.c.number, _orders.c.state, _orders.c.node_id, _orders.c.account_id)
    return tx.execute(select(*columns).where(_orders.c.id == order_id).with_for_update()).one()


def mark_paid(tx: Connection, order_id: int, now: int, *, late: bool = False) -> bool:
    """The gate of every payment: True for the one caller that turned the order from pending to paid.

    `late`: from expired or cancelled, and the caller has put its goods aside once more.
    """
    if (_PAID_LATE if late else _MARK_PAID).run(tx, {"id": order_id, "now": now}).rowcount != 1:
        return False
    count_paid(tx, order_id, late=late)
    return True


def mark_delivered(tx: Connection, order_id: int, now: int) -> None:
    _MARK_DELIVERED.run(tx, {"id": order_id, "now": now})


def attach_node(tx: Connection, order_id: int, node_id: int) -> None:
    """Note which node bought; known for certain only when the order is paid."""
    _ATTACH_NODE.run(tx, {"order_id": order_id, "node": node_id})


def attach_account(tx: Connection, order_id: int, account_id: int) -> bool:
    """Give a guest's order to an account; False when it has one."""
    return _ATTACH_ACCOUNT.run(tx, {"id": order_id, "account_id": account_id}).rowcount == 1


def first_paid(tx: Connection, contact_index: bytes, node_id: int) -> int | None:
    """The id of the order by which a guest with this contact became known to the network."""
    return _FIRST_PAID.run(tx, {"contact_index": contact_index, "node_id": node_id}).scalar()
