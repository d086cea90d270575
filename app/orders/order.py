"""An order and its states: pending, then paid, expired or cancelled, each entered once by a conditional UPDATE."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    bindparam,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import AnyRow, Id, Model, Reader, table

_PENDING = text("state = 'pending'")


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
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    contact_sealed: Mapped[bytes] = mapped_column(LargeBinary)
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


_orders = table(Order)
_INSERT = insert(_orders).returning(_orders.c.id)
_BUYER = select(
    _orders.c.id,
    _orders.c.number,
    _orders.c.state,
    _orders.c.total_fen,
    _orders.c.paid_at,
    _orders.c.contact_index,
    _orders.c.person_index,
    _orders.c.account_id,
    _orders.c.node_id,
    _orders.c.device_hash,
    _orders.c.delivered_at,
).where(_orders.c.id == bindparam("order_id"))
_MARK_PAID = text("UPDATE orders SET state = 'paid', paid_at = :now WHERE id = :id AND state = 'pending'")
_PAID_LATE = text(
    "UPDATE orders SET state = 'paid', paid_at = :now WHERE id = :id AND state IN ('expired', 'cancelled')"
)
_MARK_DELIVERED = text(
    "UPDATE orders SET delivered_at = :now WHERE id = :id AND state = 'paid' AND delivered_at IS NULL"
)
_ATTACH_NODE = update(_orders).where(_orders.c.id == bindparam("order_id")).values(node_id=bindparam("node"))
_ATTACH_ACCOUNT = text("UPDATE orders SET account_id = :account_id WHERE id = :id AND account_id IS NULL")
_FIRST_PAID = text(
    "SELECT id FROM orders WHERE contact_index = :contact_index AND node_id = :node_id AND state = 'paid' "
    "ORDER BY paid_at, id LIMIT 1"
)
# The time is looked at twice: whoever was waited for may have kept the order for longer.
_EXPIRE = text(
    "UPDATE orders SET state = 'expired' WHERE id IN (SELECT id FROM orders WHERE state = 'pending' AND expires_at <= :now "
    "ORDER BY expires_at LIMIT :batch) AND state = 'pending' AND expires_at <= :now RETURNING id"
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
        },
    ).scalar_one()
    return order_id, number, secret


def buyer_of(connection: Reader, order_id: int) -> AnyRow:
    """Who bought, as the order knows it: id, number, state, total_fen, contact and person indexes, account, device, delivered_at."""
    return connection.execute(_BUYER, {"order_id": order_id}).one()


def lock_order(tx: Connection, order_id: int) -> AnyRow:
    """The order's id, number, state and node; nobody else changes what is refunded of it until the transaction ends."""
    columns = (_orders.c.id, _orders.c.number, _orders.c.state, _orders.c.node_id, _orders.c.account_id)
    return tx.execute(select(*columns).where(_orders.c.id == order_id).with_for_update()).one()


def mark_paid(tx: Connection, order_id: int, now: int, *, late: bool = False) -> bool:
    """The gate of every payment: True for the one caller that turned the order from pending to paid.

    `late`: from expired or cancelled, and the caller has put its goods aside once more.
    """
    return tx.execute(_PAID_LATE if late else _MARK_PAID, {"id": order_id, "now": now}).rowcount == 1


def mark_delivered(tx: Connection, order_id: int, now: int) -> None:
    tx.execute(_MARK_DELIVERED, {"id": order_id, "now": now})


def attach_node(tx: Connection, order_id: int, node_id: int) -> None:
    """Note which node bought; known for certain only when the order is paid."""
    tx.execute(_ATTACH_NODE, {"order_id": order_id, "node": node_id})


def attach_account(tx: Connection, order_id: int, account_id: int) -> bool:
    """Give a guest's order to an account; False when it has one."""
    return tx.execute(_ATTACH_ACCOUNT, {"id": order_id, "account_id": account_id}).rowcount == 1


def first_paid(tx: Connection, contact_index: bytes, node_id: int) -> int | None:
    """The id of the order by which a guest with this contact became known to the network."""
    return tx.execute(_FIRST_PAID, {"contact_index": contact_index, "node_id": node_id}).scalar()


def expire_due(tx: Connection, now: int, batch: int = 200) -> list[int]:
    """Expire unpaid orders whose time is up; returns their ids, so that their cards are given back."""
    rows: list[AnyRow] = list(tx.execute(_EXPIRE, {"now": now, "batch": batch}))
    return [row.id for row in rows]
