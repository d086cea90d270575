"""Tiers: what a distributor has reached by the matured sales of their own, never by whom they recruited (distribution 1.6)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Integer,
    String,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal
from app.savepoint import savepoint
from app.statement import Statement


class Tier(Model):
    __tablename__ = "tier"
    __table_args__ = (CheckConstraint("min_sales_fen >= 0", name="min_sales"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    min_sales_fen: Mapped[int] = mapped_column(BigInteger, unique=True)
    position: Mapped[int] = mapped_column(Integer)


class NodeSales(Model):
    """The base of a node's direct sales that matured, less what was refunded since: one row, so that nobody adds it up."""

    __tablename__ = "node_sales"

    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True, autoincrement=False)
    sales_fen: Mapped[int] = mapped_column(BigInteger)


_tiers = table(Tier)
_ADD = Statement(
    "INSERT INTO node_sales (node_id, sales_fen) VALUES (:node_id, :fen) "
    "ON CONFLICT (node_id) DO UPDATE SET sales_fen = node_sales.sales_fen + excluded.sales_fen"
)
# What a claimed guest sold counts for whoever claimed it.
_TIER_OF = Statement(
    """
SELECT sold.id, (
  SELECT tier.id FROM tier WHERE tier.min_sales_fen <= sold.fen ORDER BY tier.min_sales_fen DESC LIMIT 1
) AS tier_id FROM (
  SELECT node.id, (
    SELECT COALESCE(sum(sales_fen), 0) FROM node_sales WHERE node_id = node.id
  ) + (
    SELECT COALESCE(sum(sales_fen), 0) FROM node AS part JOIN node_sales ON node_sales.node_id = part.id
      WHERE part.merged_into_id = node.id
  ) AS fen FROM node WHERE node.id IN :node_ids
) AS sold
""",
    lists=("node_ids",),
)
_OWN = Statement(
    "SELECT sum(sales_fen) FROM node JOIN node_sales ON node_sales.node_id = node.id "
    "WHERE node.id = :node_id OR node.merged_into_id = :node_id"
)


def add_sales(tx: Connection, node_id: int, fen: int) -> None:
    """Count a direct sale of the node that has matured, by its net base; negative when it is refunded afterwards."""
    _ADD.run(tx, {"node_id": node_id, "fen": fen})


def tier_of(connection: Reader, node_ids: Sequence[int]) -> dict[int, int | None]:
    """node id -> the highest tier that its own matured sales reach, None if none. One statement, whatever the history."""
    return {row.id: row.tier_id for row in _TIER_OF.run(connection, {"node_ids": node_ids})}


def own_sales(connection: Reader, node_id: int) -> int:
    """What a person sold themselves, matured and not refunded, claimed guests included: what the tier rests on."""
    return int(_OWN.run(connection, {"node_id": node_id}).scalar() or 0)


def list_tiers(connection: Reader) -> list[AnyRow]:
    """id, name, min_sales_fen and position of every tier, in the merchant's order."""
    return list(connection.execute(select(_tiers).order_by(_tiers.c.position, _tiers.c.min_sales_fen)))


def save_tier(tx: Connection, tier_id: int | None, *, name: str, min_sales_fen: int, position: int) -> int:
    """Make a tier, or change one. Raises a Refusal when another has its name or starts at the same sales."""
    values: dict[str, Any] = {"name": name.strip(), "min_sales_fen": min_sales_fen, "position": position}
    try:
        with savepoint(tx):
            if tier_id is None:
                return int(tx.execute(insert(_tiers).values(**values).returning(_tiers.c.id)).scalar_one())
            tx.execute(update(_tiers).where(_tiers.c.id == tier_id).values(**values))
            return tier_id
    except IntegrityError:
        taken = select(_tiers.c.id).where(_tiers.c.name == values["name"], _tiers.c.id != (tier_id or 0))
        if tx.execute(taken).first():
            raise Refusal(N_("There is a tier of this name already."), field="name") from None
        raise Refusal(N_("There is a tier that starts at these sales already."), field="min_sales") from None
