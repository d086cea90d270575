"""A flag: something about an order looks like fraud. Its commission waits for the merchant's eyes and is never dropped (1.3.10)."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table

_OPEN = text("state = 'open'")
PAGE_SIZE = 20


class Flag(Model):
    """`payee_id` is set where only that person's share waits; otherwise it is the whole order's."""

    __tablename__ = "flag"
    __table_args__ = (
        CheckConstraint("kind IN ('network', 'mailbox', 'burst', 'refunds')", name="kind"),
        CheckConstraint("state IN ('open', 'cleared', 'upheld')", name="state"),
        UniqueConstraint("order_id", "kind"),
        Index("ix_flag_open", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    payee_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    kind: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    opened_at: Mapped[int] = mapped_column(BigInteger)
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    decided_by: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str | None] = mapped_column(String(300))


_flags = table(Flag)
_INSERT = text(
    "INSERT INTO flag (order_id, payee_id, kind, detail, state, opened_at) "
    "VALUES (:order_id, :payee_id, :kind, :detail, 'open', :now) ON CONFLICT DO NOTHING RETURNING id"
)
_DECIDE = text(
    "UPDATE flag SET state = :state, decided_at = :now, decided_by = :actor, note = :note WHERE id = :id AND state = 'open'"
)


def open_flag(tx: Connection, order_id: int, kind: str, *, detail: str, payee_id: int | None, now: int) -> int | None:
    """Raise a flag and return its id; None when the order has one of this kind."""
    row = {"order_id": order_id, "kind": kind, "detail": detail[:200], "payee_id": payee_id, "now": now}
    return tx.execute(_INSERT, row).scalar()


def decide_flag(tx: Connection, flag_id: int, state: str, *, note: str, actor: str, now: int) -> bool:
    """'cleared' or 'upheld', once; False when it was decided before."""
    values = {"id": flag_id, "state": state, "note": note, "actor": actor, "now": now}
    return tx.execute(_DECIDE, values).rowcount == 1


def find_flag(connection: Reader, flag_id: int) -> AnyRow | None:
    return connection.execute(select(_flags).where(_flags.c.id == flag_id)).first()


def list_flags(
    connection: Reader, state: str, *, order_id: int | None = None, before: int | None = None, limit: int = PAGE_SIZE
) -> tuple[list[AnyRow], int | None]:
    """One page of the flags in a state, the newest first, and the cursor of the next page."""
    statement = select(_flags).where(_flags.c.state == state).order_by(_flags.c.id.desc()).limit(limit + 1)
    if order_id is not None:
        statement = statement.where(_flags.c.order_id == order_id)
    if before is not None:
        statement = statement.where(_flags.c.id < before)
    found = list(connection.execute(statement))
    return found[:limit], found[limit - 1].id if len(found) > limit else None
