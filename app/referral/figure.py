"""Figures: what a person brought and has, rolled up by the worker so that a list of everybody can be sorted and sifted by it.

Pages show wallets as the ledger has them now; these rows may be a minute old, and order the list. `check` says whether any is wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, ForeignKey, Index, Integer, bindparam, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app import ledger
from app.db import Model, Reader, table
from app.ledger import Wallet
from app.referral.node import Node
from app.statement import Statement

WHOLE_BPS = 10_000
# Postings get their numbers before they are committed: what came in late below the last one is looked at once more.
OVERLAP, MOST_AT_ONCE = 1000, 5000
_OWED = text("debt_fen > 0")


class NodeFigure(Model):
    """One person, claimed guests included; `sales_fen` is the base of what they brought on both levels."""

    __tablename__ = "node_figure"
    __table_args__ = (
        Index("ix_node_figure_sales", "sales_fen", "node_id"),
        Index("ix_node_figure_available", "available_fen", "node_id"),
        Index("ix_node_figure_refund", "refund_bps", "node_id"),
        Index("ix_node_figure_debt", "node_id", sqlite_where=_OWED, postgresql_where=_OWED),
    )

    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True, autoincrement=False)
    sales_fen: Mapped[int] = mapped_column(BigInteger)
    sales_1_fen: Mapped[int] = mapped_column(BigInteger)
    sales_2_fen: Mapped[int] = mapped_column(BigInteger)
    buyers: Mapped[int] = mapped_column(Integer)
    refund_bps: Mapped[int] = mapped_column(Integer)
    available_fen: Mapped[int] = mapped_column(BigInteger)
    debt_fen: Mapped[int] = mapped_column(BigInteger)


class FigureMark(Model):
    """Up to which posting the figures are rolled up; one row."""

    __tablename__ = "figure_mark"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    posting_id: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Figures:
    """What a person brought: bases in fen by level, and what of their direct commission refunds took back."""

    sales_1_fen: int = 0
    sales_2_fen: int = 0
    buyers: int = 0
    refund_bps: int = 0


_nodes, _figures = table(Node), table(NodeFigure)
_MARK = Statement("SELECT posting_id FROM figure_mark WHERE id = 1")
_SET_MARK = Statement(
    "INSERT INTO figure_mark (id, posting_id) VALUES (1, :posting_id) "
    "ON CONFLICT (id) DO UPDATE SET posting_id = excluded.posting_id"
)
_PERSONS = select(_nodes.c.merged_into_id, _nodes.c.id).where(_nodes.c.pid.in_(bindparam("pids", expanding=True)))
_BROUGHT = text(
    "SELECT level, coalesce(sum(base_fen), 0) AS base_fen, coalesce(sum(gross_fen), 0) AS gross_fen, "
    "coalesce(sum(gross_fen - net_fen), 0) AS back_fen, count(DISTINCT buyer_id) AS buyers "
    "FROM commission WHERE payee_id IN :ids GROUP BY level"
).bindparams(bindparam("ids", expanding=True))
_SAVE = Statement(
    "INSERT INTO node_figure (node_id, sales_fen, sales_1_fen, sales_2_fen, buyers, refund_bps, available_fen, debt_fen) "
    "VALUES (:node_id, :sales_fen, :sales_1_fen, :sales_2_fen, :buyers, :refund_bps, :available_fen, :debt_fen) "
    "ON CONFLICT (node_id) DO UPDATE SET sales_fen = excluded.sales_fen, sales_1_fen = excluded.sales_1_fen, "
    "sales_2_fen = excluded.sales_2_fen, buyers = excluded.buyers, refund_bps = excluded.refund_bps, "
    "available_fen = excluded.available_fen, debt_fen = excluded.debt_fen"
)


def roll_up(tx: Connection) -> int:
    """Bring the figures of everybody up to date about whom something was posted since; returns how far postings are left."""
    mark = _MARK.run(tx).scalar() or 0
    last_id, pids = ledger.payees_posted(tx, max(0, mark - OVERLAP), MOST_AT_ONCE)
    for row in _rows(tx, _persons(tx, pids)):
        _SAVE.run(tx, row)
    if last_id > mark:
        _SET_MARK.run(tx, {"posting_id": last_id})
    return max(0, last_id - mark)


def rebuild(tx: Connection) -> None:
    """Forget all figures, so that the next rolling up makes them anew from the first posting on."""
    tx.execute(delete(_figures))
    _SET_MARK.run(tx, {"posting_id": 0})


def wrong_figures(connection: Connection, limit: int = 1000) -> list[int]:
    """The persons whose figures are not what their rows come to; none once everything was rolled up."""
    known = list(connection.execute(select(_figures).order_by(_figures.c.node_id).limit(limit)))
    true = {row["node_id"]: row for row in _rows(connection, [row.node_id for row in known])}
    return [row.node_id for row in known if dict(row._mapping) != true[row.node_id]]


def _persons(tx: Connection, pids: Sequence[str]) -> list[int]:
    found = tx.execute(_PERSONS, {"pids": pids}) if pids else ()
    return sorted({row.merged_into_id or row.id for row in found})


def _rows(connection: Connection, person_ids: Sequence[int]) -> list[dict[str, int]]:
    rows = []
    for person_id in person_ids:
        mine = (_nodes.c.id == person_id) | (_nodes.c.merged_into_id == person_id)
        parts = list(connection.execute(select(_nodes.c.id, _nodes.c.pid).where(mine)))
        levels = {row.level: row for row in connection.execute(_BROUGHT, {"ids": [part.id for part in parts]})}
        wallet = ledger.read_wallet(connection, [part.pid for part in parts])
        first, second = levels.get(1), levels.get(2)
        sales = [int(one.base_fen) if one else 0 for one in (first, second)]
        back = int(first.back_fen) * WHOLE_BPS // int(first.gross_fen) if first else 0
        rows.append(
            {
                "node_id": person_id,
                "sales_fen": sum(sales),
                "sales_1_fen": sales[0],
                "sales_2_fen": sales[1],
                "buyers": int(first.buyers) if first else 0,
                "refund_bps": back,
                "available_fen": wallet.available_fen,
                "debt_fen": wallet.debt_fen,
            }
        )
    return rows


def figures_of(connection: Reader, node_ids: Sequence[int]) -> dict[int, Figures]:
    """node id -> what was brought, of those about whom anything was posted ever."""
    found = connection.execute(select(_figures).where(_figures.c.node_id.in_(node_ids)))
    return {row.node_id: Figures(row.sales_1_fen, row.sales_2_fen, row.buyers, row.refund_bps) for row in found}


def wallets_of(connection: Reader, node_ids: Sequence[int]) -> dict[int, Wallet]:
    """node id -> what the person has now, claimed guests included: two statements, however many persons."""
    mine = _nodes.c.id.in_(node_ids) | _nodes.c.merged_into_id.in_(node_ids)
    pids: dict[int, list[str]] = {}
    for row in connection.execute(select(_nodes.c.id, _nodes.c.merged_into_id, _nodes.c.pid).where(mine)):
        pids.setdefault(row.merged_into_id or row.id, []).append(row.pid)
    return ledger.read_wallets(connection, pids)
