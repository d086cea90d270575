"""An edge: who came through whom, with its history; one open upline a person, and never a circle (distribution 1.3.11)."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, table
from app.statement import Statement

_OPEN = text("valid_to IS NULL")


class Edge(Model):
    __tablename__ = "edge"
    __table_args__ = (
        CheckConstraint("child_id <> parent_id", name="no_loop"),
        UniqueConstraint("child_id", "sequence"),
        Index("uq_edge_open", "child_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_edge_parent", "parent_id", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("node.id"))
    parent_id: Mapped[int] = mapped_column(ForeignKey("node.id"))
    source: Mapped[str] = mapped_column(String(20))
    sequence: Mapped[int] = mapped_column(Integer)
    valid_from: Mapped[int] = mapped_column(BigInteger)
    valid_to: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(String(20))
    click_id: Mapped[str | None] = mapped_column(String(20))


_edges = table(Edge)
_LOCK_KEY = 7_331_001
_LOCK = Statement("SELECT pg_advisory_xact_lock(:key)")
_PARENT = Statement(
    "SELECT coalesce(node.merged_into_id, node.id) FROM edge JOIN node ON node.id = edge.parent_id "
    "WHERE edge.child_id = :child_id AND edge.valid_to IS NULL"
)
_PARENT_AT = Statement(
    "SELECT coalesce(node.merged_into_id, node.id) FROM edge JOIN node ON node.id = edge.parent_id "
    "WHERE edge.child_id = :child_id AND edge.valid_from <= :at AND (edge.valid_to IS NULL OR edge.valid_to > :at) "
    "ORDER BY edge.sequence DESC LIMIT 1"
)
_IS_ANCESTOR = Statement(
    "WITH RECURSIVE up(id) AS (SELECT coalesce(merged_into_id, id) FROM node WHERE id = :start_id "
    "UNION SELECT coalesce(node.merged_into_id, node.id) "
    "FROM up JOIN edge ON edge.child_id = up.id AND edge.valid_to IS NULL JOIN node ON node.id = edge.parent_id) "
    "SELECT 1 FROM up WHERE id = :wanted_id"
)
_INSERT = Statement(
    "INSERT INTO edge (child_id, parent_id, source, click_id, sequence, valid_from) SELECT :child_id, :parent_id, :source, :click_id, "
    "coalesce(max(sequence), 0) + 1, :now FROM edge WHERE child_id = :child_id HAVING true ON CONFLICT DO NOTHING RETURNING id"
)
_CLOSE = Statement("UPDATE edge SET valid_to = :now, reason = :reason WHERE child_id = :child_id AND valid_to IS NULL")


def lock_tree(tx: Connection) -> None:
    """Let one transaction at a time change the tree; SQLite's writers wait for one another anyway."""
    if tx.dialect.name == "postgresql":
        _LOCK.run(tx, {"key": _LOCK_KEY})


def parent_of(connection: Connection, node_id: int) -> int | None:
    """The node's upline now, if it has one; of a merged guest, the account's own node."""
    return _PARENT.run(connection, {"child_id": node_id}).scalar()


def parent_at(connection: Connection, node_id: int, at: int) -> int | None:
    """The node's upline at that instant: an order that was paid then earns for it, whatever was released since (1.3.5)."""
    return _PARENT_AT.run(connection, {"child_id": node_id, "at": at}).scalar()


def open_edge(connection: Connection, node_id: int) -> tuple[int, int] | None:
    """(parent id, valid_from) of the node's open edge."""
    row = connection.execute(
        select(_edges.c.parent_id, _edges.c.valid_from).where(_edges.c.child_id == node_id, _edges.c.valid_to.is_(None))
    ).first()
    return (row.parent_id, row.valid_from) if row else None


def is_above(connection: Connection, upper_id: int, lower_id: int) -> bool:
    """Whether `upper_id` is `lower_id` or stands above it, at full depth: a circle of five is a circle."""
    return _IS_ANCESTOR.run(connection, {"start_id": lower_id, "wanted_id": upper_id}).first() is not None


def bind(tx: Connection, child_id: int, parent_id: int, source: str, now: int, *, click_id: str | None = None) -> bool:
    """Open an edge from child to parent, and note the click that it goes back to. False, and nothing changed, when the child has one or it would close a circle."""
    lock_tree(tx)
    if is_above(tx, child_id, parent_id):
        return False
    edge = {"child_id": child_id, "parent_id": parent_id, "source": source, "click_id": click_id, "now": now}
    return _INSERT.run(tx, edge).first() is not None


def close_edge(tx: Connection, child_id: int, reason: str, now: int) -> bool:
    """End the child's open edge; what was earned through it stays earned."""
    return _CLOSE.run(tx, {"child_id": child_id, "reason": reason, "now": now}).rowcount == 1
