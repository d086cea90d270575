"""A refund: money that goes back to the buyer of an order, line by line, recorded before it is sent (distribution 1.11)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import BigInteger, CheckConstraint, Connection, ForeignKey, Index, String, func, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal
from app.money import allocate, yuan
from app.orders.figure import count_refund
from app.orders.line import lines_of_order
from app.orders.order import Order

WAYS = ("gateway", "hand", "provider")


class Refund(Model):
    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("state IN ('pending', 'done', 'failed', 'doubtful')", name="state"),
        CheckConstraint("way IN ('gateway', 'hand', 'provider')", name="way"),
        Index("ix_refund_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10))
    way: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(300))
    actor: Mapped[str] = mapped_column(String(60))
    # What the provider calls it; one refund notice makes one refund.
    reference: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[int] = mapped_column(BigInteger)
    settled_at: Mapped[int | None] = mapped_column(BigInteger)


class RefundLine(Model):
    __tablename__ = "refund_line"
    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount"),)

    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), primary_key=True)
    amount_fen: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Opened:
    """A refund that was recorded, and what each of its lines' refunds add up to now."""

    id: int
    number: str
    amount_fen: int
    refunded_by_line: dict[int, int]


_refunds = table(Refund)
_refund_lines = table(RefundLine)
_INSERT = insert(_refunds).returning(_refunds.c.id)
_TAKE = text(
    "UPDATE order_line SET refunded_fen = refunded_fen + :fen WHERE id = :line_id AND order_id = :order_id "
    "AND refunded_fen + :fen BETWEEN 0 AND base_fen RETURNING refunded_fen, cost_fen"
)
_SETTLE = text(
    "UPDATE refund SET state = :state, reference = coalesce(:reference, reference), settled_at = :now "
    "WHERE id = :id AND state IN ('pending', 'doubtful') AND state <> :state"
)


def refundable(connection: Reader, order_id: int) -> dict[int, int]:
    """line id -> fen that can still go back."""
    return {line.id: line.base_fen - line.refunded_fen for line in lines_of_order(connection, order_id)}


def spread(left_by_line: Mapping[int, int], amount_fen: int) -> dict[int, int]:
    """Split a refund over what is left of the lines, by largest remainder. Raises Refusal when there is not that much."""
    left_fen = sum(left_by_line.values())
    if not 0 < amount_fen <= left_fen:
        raise Refusal(N_("At most ¥%(left)s of this order can still be refunded."), field="amount", left=yuan(left_fen))
    parts = allocate(amount_fen, list(left_by_line.values()))
    return {line_id: fen for line_id, fen in zip(left_by_line, parts, strict=True) if fen}


def open_refund(
    tx: Connection,
    order_id: int,
    lines: Mapping[int, int],
    *,
    way: str,
    reason: str,
    actor: str,
    number: str | None = None,
    reference: str | None = None,
    now: int,
) -> Opened:
    """Record a refund of `lines` (line id -> fen) as pending. Raises Refusal when a line has not that much left.

    `number` was drawn for the form that asks for it, so that a form sent twice is one refund.
    """
    refunded: dict[int, int] = {}
    known_fen = 0
    for line_id, fen in sorted(lines.items()):
        taken = tx.execute(_TAKE, {"line_id": line_id, "order_id": order_id, "fen": fen}).first()
        if fen <= 0 or taken is None:
            raise Refusal(N_("So much of this line was not paid, or was refunded before."), field="amount")
        refunded[line_id] = taken.refunded_fen
        known_fen += fen if taken.cost_fen is not None else 0
    number, amount_fen = number or vault.code(16), sum(lines.values())
    count_refund(tx, now, fen=amount_fen, known_fen=known_fen)
    row = {"number": number, "order_id": order_id, "amount_fen": amount_fen, "state": "pending", "way": way}
    row |= {"reason": reason[:300], "actor": actor[:60], "reference": reference, "created_at": now}
    refund_id: int = tx.execute(_INSERT, row).scalar_one()
    parts = [{"refund_id": refund_id, "line_id": line_id, "amount_fen": fen} for line_id, fen in lines.items()]
    tx.execute(insert(_refund_lines), parts)
    return Opened(refund_id, number, amount_fen, refunded)


def find_refund(connection: Reader, refund_id: int) -> AnyRow:
    return connection.execute(select(_refunds).where(_refunds.c.id == refund_id)).one()


def refund_by_number(connection: Reader, number: str) -> AnyRow | None:
    return connection.execute(select(_refunds).where(_refunds.c.number == number)).first()


def mark_refund(tx: Connection, refund_id: int, state: str, reference: str | None, now: int) -> bool:
    """Settle a pending or doubtful refund; False when that was done before."""
    return tx.execute(_SETTLE, {"id": refund_id, "state": state, "reference": reference, "now": now}).rowcount == 1


def take_refund_back(tx: Connection, refund_id: int) -> dict[int, int]:
    """Give a failed refund's lines back what it took. Returns what the refunds of each add up to now."""
    parts = select(_refund_lines.c.line_id, _refund_lines.c.amount_fen).where(_refund_lines.c.refund_id == refund_id)
    refund = find_refund(tx, refund_id)
    refunded = {}
    known_fen = 0
    for line_id, fen in tx.execute(parts.order_by(_refund_lines.c.line_id)).all():
        taken = tx.execute(_TAKE, {"line_id": line_id, "order_id": refund.order_id, "fen": -fen}).one()
        refunded[line_id] = taken.refunded_fen
        known_fen += fen if taken.cost_fen is not None else 0
    count_refund(tx, refund.created_at, fen=-refund.amount_fen, known_fen=-known_fen)
    return refunded


def refunds_of_order(connection: Reader, order_id: int) -> list[AnyRow]:
    """The order's refunds, oldest first."""
    return list(connection.execute(select(_refunds).where(_refunds.c.order_id == order_id).order_by(_refunds.c.id)))


def last_refund(connection: Reader, order_id: int) -> int:
    """The id of the order's newest refund, 0 when there is none."""
    newest: int | None = connection.execute(
        select(func.max(_refunds.c.id)).where(_refunds.c.order_id == order_id)
    ).scalar()
    return newest or 0


def refunded_since(connection: Reader, order_id: int, refund_id: int) -> int:
    """Fen of the order's refunds after `refund_id` that did not fail."""
    later = (_refunds.c.order_id == order_id) & (_refunds.c.id > refund_id) & (_refunds.c.state != "failed")
    return int(connection.execute(select(func.coalesce(func.sum(_refunds.c.amount_fen), 0)).where(later)).scalar_one())


def waiting_refunds(connection: Reader, limit: int) -> list[AnyRow]:
    """Refunds that wait for the merchant, oldest first: those to send by hand, and those of which nobody knows how they went."""
    columns = (_refunds.c.amount_fen, _refunds.c.state, _refunds.c.created_at, Order.number.label("order_number"))
    by_hand = (_refunds.c.state == "pending") & (_refunds.c.way == "hand")
    waiting = select(*columns).join(Order, Order.id == _refunds.c.order_id)
    waiting = waiting.where(by_hand | (_refunds.c.state == "doubtful"))
    return list(connection.execute(waiting.order_by(_refunds.c.id).limit(limit)))
