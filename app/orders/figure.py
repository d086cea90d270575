"""Figures: what was placed, paid and given back in each hour, kept as it happens, so that no page adds up a shop's whole life.

They are written in the transaction that does it, by one statement, and are what `recount` finds in the orders at any moment.
"""

from collections.abc import Mapping

from sqlalchemy import BigInteger, Connection, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import HOUR
from app.db import Model, Reader
from app.statement import Statement

# ruff: noqa: S608 - the fragments are constants


class Figure(Model):
    """One hour, counted from 1970. The day of Shanghai is made of whole ones."""

    __tablename__ = "figure"

    hour: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    # Of the orders placed in this hour: how many were paid since, and how many ended without.
    placed_paid: Mapped[int] = mapped_column(Integer)
    placed_unpaid: Mapped[int] = mapped_column(Integer)
    # What was paid in this hour, and what was promised back in it and did not fail.
    paid_orders: Mapped[int] = mapped_column(Integer)
    sold_fen: Mapped[int] = mapped_column(BigInteger)
    refunded_fen: Mapped[int] = mapped_column(BigInteger)
    # The part of both whose cost is known, and that cost.
    known_fen: Mapped[int] = mapped_column(BigInteger)
    known_refunded_fen: Mapped[int] = mapped_column(BigInteger)
    cost_fen: Mapped[int] = mapped_column(BigInteger)


COLUMNS = tuple(column.key for column in Figure.__table__.columns if column.key != "hour")
_NAMES = ", ".join(COLUMNS)
_ONTO = "ON CONFLICT (hour) DO UPDATE SET " + ", ".join(f"{one} = figure.{one} + excluded.{one}" for one in COLUMNS)
_KNOWN = "(SELECT coalesce(sum({}), 0) FROM order_line WHERE order_id = orders.id AND cost_fen IS NOT NULL)"
_PLACED = "created_at / 3600 AS hour, {} AS placed_paid, {} AS placed_unpaid, 0 AS paid_orders, 0 AS sold_fen, 0 AS refunded_fen, "
_NO_COST = "0 AS known_fen, 0 AS known_refunded_fen, 0 AS cost_fen"
_PAID = (
    "paid_at / 3600, 0, 0, 1, total_fen, 0, "
    + _KNOWN.format("base_fen")
    + ", 0, "
    + _KNOWN.format("cost_fen * quantity")
)
_SUMS = ", ".join(f"sum({one})" for one in COLUMNS)
_ADD_PAID = Statement(
    f"INSERT INTO figure (hour, {_NAMES}) SELECT hour, {_SUMS} FROM (SELECT "
    + _PLACED.format(1, "-cast(:late AS integer)")
    + f"{_NO_COST} FROM orders WHERE id = :id UNION ALL SELECT {_PAID} FROM orders WHERE id = :id) AS sides "
    f"WHERE true GROUP BY hour ORDER BY hour {_ONTO}"
)
_ADD = Statement(
    f"INSERT INTO figure (hour, {_NAMES}) VALUES (:hour, {', '.join(f':{one}' for one in COLUMNS)}) {_ONTO}"
)
_NOTHING = dict.fromkeys(COLUMNS, 0)
# The whole of it anew, out of the orders and their refunds.
_RECOUNT = (
    "SELECT "
    + _PLACED.format("CASE state WHEN 'paid' THEN 1 ELSE 0 END", "CASE state WHEN 'paid' THEN 0 ELSE 1 END")
    + f"{_NO_COST} FROM orders WHERE state <> 'pending' UNION ALL SELECT {_PAID} FROM orders WHERE state = 'paid' UNION ALL "
    "SELECT created_at / 3600, 0, 0, 0, 0, refund_line.amount_fen, 0, "
    "CASE WHEN order_line.cost_fen IS NULL THEN 0 ELSE refund_line.amount_fen END, 0 FROM refund_line "
    "JOIN refund ON refund.id = refund_line.refund_id JOIN order_line ON order_line.id = refund_line.line_id "
    "WHERE refund.state <> 'failed'"
)
_REBUILD = text(f"INSERT INTO figure (hour, {_NAMES}) SELECT hour, {_SUMS} FROM ({_RECOUNT}) AS sides GROUP BY hour")
_NEGATED = ", ".join(f"-{one}" for one in COLUMNS)
_BROKEN = text(
    f"SELECT count(*) FROM (SELECT hour FROM ({_RECOUNT} UNION ALL SELECT hour, {_NEGATED} FROM figure) AS sides "
    f"GROUP BY hour HAVING {' OR '.join(f'sum({one}) <> 0' for one in COLUMNS)}) AS different"
)


def count_paid(tx: Connection, order_id: int, *, late: bool = False) -> None:
    """Count an order that was just paid; one that is `late` was counted as unpaid before."""
    _ADD_PAID.run(tx, {"id": order_id, "late": int(late)})


def count_unpaid(tx: Connection, placed_at: Mapping[int, int]) -> None:
    """Count orders that ended unpaid; `placed_at` maps the hour of their placing to how many."""
    _ADD.run_many(tx, [_NOTHING | {"hour": hour, "placed_unpaid": count} for hour, count in sorted(placed_at.items())])


def count_refund(tx: Connection, created_at: int, *, fen: int, known_fen: int) -> None:
    """Count a refund in the hour in which it was asked for; below nothing when it failed. `known_fen` is of lines with a cost."""
    _ADD.run(tx, _NOTHING | {"hour": created_at // HOUR, "refunded_fen": fen, "known_refunded_fen": known_fen})


def broken_figures(connection: Reader) -> int:
    """How many hours are not what a recount finds. This reads whole tables: for tests, the worker and the operator."""
    return int(connection.execute(_BROKEN).scalar_one())


def rebuild_figures(tx: Connection) -> None:
    """Count everything anew. Who counts meanwhile waits, so that nothing is lost and nothing is counted twice."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE figure IN SHARE ROW EXCLUSIVE MODE"))
    tx.execute(text("DELETE FROM figure"))
    tx.execute(_REBUILD)
