"""An entitlement: the right to use what was bought, with its validity and its uses (distribution 1.10)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Integer,
    String,
    bindparam,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import DAY
from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal
from app.statement import Statement

# What is never activated runs out after so long, unless its product says otherwise.
UNACTIVATED_DAYS = 90
EVENTS_SHOWN = 100


class Entitlement(Model):
    __tablename__ = "entitlement"
    __table_args__ = (
        CheckConstraint("kind IN ('validity', 'use_count', 'first_use')", name="kind"),
        CheckConstraint("uses_left BETWEEN 0 AND uses", name="uses"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), primary_key=True, autoincrement=False)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    valid_from: Mapped[int] = mapped_column(BigInteger)
    valid_to: Mapped[int | None] = mapped_column(BigInteger)
    validity_days: Mapped[int | None] = mapped_column(Integer)
    uses: Mapped[int | None] = mapped_column(Integer)
    uses_left: Mapped[int | None] = mapped_column(Integer)
    activated_at: Mapped[int | None] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)


class EntitlementEvent(Model):
    """Who activated or used what, and when: kept for good."""

    __tablename__ = "entitlement_event"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("entitlement.line_id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    count: Mapped[int] = mapped_column(Integer)
    actor: Mapped[str] = mapped_column(String(60))
    happened_at: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Right:
    """What a delivered line gives: `uses` of each of its `quantity` pieces, where they are counted."""

    line_id: int
    kind: str
    validity_days: int | None
    uses: int | None
    quantity: int


_rights = table(Entitlement)
_events = table(EntitlementEvent)
_ACTIVATE = Statement(
    "UPDATE entitlement SET activated_at = :now, valid_from = :now, valid_to = :valid_to WHERE line_id = :line_id "
    "AND kind = 'first_use' AND activated_at IS NULL AND ended_at IS NULL AND valid_to > :now"
)
_USE = Statement(
    "UPDATE entitlement SET uses_left = uses_left - :count WHERE line_id = :line_id AND kind = 'use_count' "
    "AND uses_left >= :count AND uses_left = COALESCE(:left, uses_left) AND ended_at IS NULL "
    "AND (valid_to IS NULL OR valid_to > :now) RETURNING uses - uses_left"
)
_OF_ORDER = Statement(select(_rights).where(_rights.c.order_id == bindparam("order_id")))
_END = Statement("UPDATE entitlement SET ended_at = :now WHERE line_id = :line_id AND ended_at IS NULL")


def grant(tx: Connection, order_id: int, rights: Sequence[Right], now: int) -> None:
    """Give the rights that delivered lines carry. What starts with its first use runs out unless it is activated in time."""
    rows = []
    for right in rights:
        days = right.validity_days or (UNACTIVATED_DAYS if right.kind == "first_use" else None)
        uses = right.uses * right.quantity if right.uses else None
        row: dict[str, object] = {"line_id": right.line_id, "order_id": order_id, "kind": right.kind, "valid_from": now}
        row |= {"validity_days": right.validity_days, "valid_to": now + days * DAY if days else None}
        rows.append(row | {"uses": uses, "uses_left": uses})
    if rows:
        tx.execute(insert(_rights), rows)


def activate(tx: Connection, line_id: int, actor: str, now: int) -> int:
    """Begin to use a line whose time starts with its first use; returns the instant. Raises Refusal when it cannot begin."""
    right = tx.execute(select(_rights.c.validity_days).where(_rights.c.line_id == line_id)).first()
    days = right.validity_days if right else None
    values = {"line_id": line_id, "now": now, "valid_to": now + days * DAY if days else None}
    if right is None or _ACTIVATE.run(tx, values).rowcount == 0:
        raise Refusal(N_("This was activated before, has run out, or was refunded."))
    _note(tx, line_id, "activation", 1, actor, now)
    return now


def use(tx: Connection, line_id: int, count: int, actor: str, now: int, *, left: int | None = None) -> int:
    """Spend uses of a line, and say how many are spent in all. Raises Refusal when there are not so many left.

    `left` is how many were left when somebody decided to spend some: a form that is sent twice spends nothing the second time.
    """
    values = {"line_id": line_id, "count": count, "left": left, "now": now}
    used = _USE.run(tx, values).scalar() if count > 0 else None
    if used is None:
        has = tx.execute(select(_rights.c.uses_left).where(_rights.c.line_id == line_id)).scalar()
        if left is not None and has != left:
            raise Refusal(N_("Uses were recorded meanwhile. Please look at what is left now."), field="count")
        raise Refusal(N_("There are not so many uses left, or they have run out."), field="count")
    _note(tx, line_id, "use", count, actor, now)
    return int(used)


def _note(tx: Connection, line_id: int, kind: str, count: int, actor: str, now: int) -> None:
    row = {"line_id": line_id, "kind": kind, "count": count, "actor": actor[:60], "happened_at": now}
    tx.execute(insert(_events), row)


def end(tx: Connection, line_ids: Sequence[int], now: int) -> None:
    """End the rights of lines that were refunded whole."""
    if line_ids:
        _END.run_many(tx, [{"line_id": line_id, "now": now} for line_id in line_ids])


def revive(tx: Connection, line_ids: Sequence[int]) -> None:
    """Give rights back whose refund failed."""
    if line_ids:
        tx.execute(
            text("UPDATE entitlement SET ended_at = NULL WHERE line_id = :line_id"),
            [{"line_id": line_id} for line_id in line_ids],
        )


def rights_of_order(connection: Reader, order_id: int) -> dict[int, AnyRow]:
    """line id -> the right that it carries; lines of instant goods carry none."""
    found = _OF_ORDER.run(connection, {"order_id": order_id})
    return {row.line_id: row for row in found}


def events_of_order(connection: Reader, order_id: int) -> list[AnyRow]:
    """Who activated or used what of the order, the latest first: line_id, kind, count, actor, happened_at."""
    of_order = _events.join(_rights, _rights.c.line_id == _events.c.line_id)
    found = select(_events).select_from(of_order).where(_rights.c.order_id == order_id).order_by(_events.c.id.desc())
    return list(connection.execute(found.limit(EVENTS_SHOWN)))
