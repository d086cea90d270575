"""A schedule: when the commission of one delivered line is earned, and what of the line has funded the pool."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Model, table
from app.settlement.vesting import Terms, next_change
from app.statement import Statement

_DUE = text("due_at IS NOT NULL")


class Schedule(Model):
    __tablename__ = "schedule"
    __table_args__ = (
        CheckConstraint("kind IN ('instant', 'validity', 'use_count', 'first_use')", name="kind"),
        CheckConstraint("refunded_fen BETWEEN 0 AND base_fen", name="refunded"),
        CheckConstraint("pauses >= 0 AND used >= 0", name="counts"),
        Index("ix_schedule_due", "due_at", sqlite_where=_DUE, postgresql_where=_DUE),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    base_fen: Mapped[int] = mapped_column(BigInteger)
    refunded_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    kind: Mapped[str] = mapped_column(String(10))
    delivered_at: Mapped[int] = mapped_column(BigInteger)
    hold_days: Mapped[int] = mapped_column(Integer)
    validity_days: Mapped[int | None] = mapped_column(Integer)
    uses: Mapped[int | None] = mapped_column(Integer)
    used: Mapped[int] = mapped_column(Integer, default=0)
    activated_at: Mapped[int | None] = mapped_column(BigInteger)
    expires_at: Mapped[int | None] = mapped_column(BigInteger)
    forfeit_unused: Mapped[bool] = mapped_column(Boolean, default=False)
    midnight: Mapped[bool] = mapped_column(Boolean, default=False)
    pool_bps: Mapped[int] = mapped_column(Integer)
    funded_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    # How many causes keep the whole line waiting.
    pauses: Mapped[int] = mapped_column(Integer, default=0)
    due_at: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(BigInteger, default=1)


@dataclass(frozen=True)
class Line:
    """One delivered line as settlement gets to know it."""

    line_id: int
    base_fen: int
    pool_bps: int
    terms: Terms


_schedules = table(Schedule)
_INSERT = Statement(
    "INSERT INTO schedule (line_id, order_id, base_fen, refunded_fen, kind, delivered_at, hold_days, validity_days, uses, used, "
    "activated_at, expires_at, forfeit_unused, midnight, pool_bps, funded_fen, pauses, due_at, version) VALUES (:line_id, :order_id, "
    ":base_fen, 0, :kind, :delivered_at, :hold_days, :validity_days, :uses, :used, :activated_at, :expires_at, :forfeit_unused, "
    ":midnight, :pool_bps, 0, 0, :due_at, 1)"
)
_SAVE = Statement(
    "UPDATE schedule SET refunded_fen = :refunded_fen, used = :used, activated_at = :activated_at, expires_at = :expires_at, "
    "funded_fen = :funded_fen, pauses = :pauses, due_at = :due_at, version = version + 1 "
    "WHERE line_id = :line_id AND version = :version"
)


def open_schedules(tx: Connection, order_id: int, lines: Sequence[Line], now: int) -> None:
    """Put delivered lines on the calendar."""
    rows = []
    for line in lines:
        terms = line.terms
        row: dict[str, object] = {"line_id": line.line_id, "order_id": order_id, "base_fen": line.base_fen}
        row |= {"kind": terms.kind, "delivered_at": terms.delivered_at, "hold_days": terms.hold_days}
        row |= {"validity_days": terms.validity_days, "uses": terms.uses, "used": terms.used}
        row |= {"activated_at": terms.activated_at, "expires_at": terms.expires_at}
        row |= {"forfeit_unused": terms.forfeit_unused, "midnight": terms.midnight, "pool_bps": line.pool_bps}
        rows.append(row | {"due_at": terms.mature_at})
    if rows:
        _INSERT.run_many(tx, rows)


def terms_of(row: AnyRow) -> Terms:
    """What vesting has to know of a schedule."""
    return Terms(
        kind=row.kind,
        delivered_at=row.delivered_at,
        hold_days=row.hold_days,
        validity_days=row.validity_days,
        uses=row.uses,
        used=row.used,
        activated_at=row.activated_at,
        expires_at=row.expires_at,
        forfeit_unused=row.forfeit_unused,
        midnight=row.midnight,
    )


def lock_schedules(tx: Connection, line_ids: Sequence[int]) -> list[AnyRow]:
    """The schedules of these lines, by line. The caller has locked the payees of the lines first."""
    wanted = select(_schedules).where(_schedules.c.line_id.in_(line_ids)).order_by(_schedules.c.line_id)
    return list(tx.execute(wanted.with_for_update()))


def save_schedule(tx: Connection, row: AnyRow, **changes: object) -> None:
    """Write a locked schedule back with `changes`."""
    values = dict(row._mapping) | changes
    changed = _SAVE.run(tx, values).rowcount
    assert changed == 1, "a schedule changed under its lock"


def due_lines(tx: Connection, now: int, limit: int) -> list[int]:
    """The lines on which something may be earned now, the longest due first."""
    due = select(_schedules.c.line_id).where(_schedules.c.due_at <= now).order_by(_schedules.c.due_at).limit(limit)
    return list(tx.execute(due).scalars())


def lines_of_order(tx: Connection, order_id: int) -> list[int]:
    """The order's lines that are on the calendar."""
    found = select(_schedules.c.line_id).where(_schedules.c.order_id == order_id).order_by(_schedules.c.line_id)
    return list(tx.execute(found).scalars())


def due_after(row: AnyRow, terms: Terms, now: int, *, pauses: int | None = None) -> int | None:
    """When the line has to be looked at again; a paused one waits until it is let go."""
    if (row.pauses if pauses is None else pauses) > 0:
        return None
    return next_change(terms, now)
