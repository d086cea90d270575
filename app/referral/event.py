"""An event: what was done to somebody in the network, when, by whom and why. Nothing of it is ever changed."""

from sqlalchemy import BigInteger, Connection, ForeignKey, String, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table


class NodeEvent(Model):
    __tablename__ = "node_event"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    actor: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(300))
    happened_at: Mapped[int] = mapped_column(BigInteger)


_events = table(NodeEvent)


def note_event(tx: Connection, node_id: int, kind: str, *, actor: str, reason: str, now: int) -> int:
    """Write down 'granted', 'withdrawn', 'suspended', 'lifted', 'banned', 'taken_back', 'settled', 'rebound', 'written_off' or 'deleted', and return the event's id.

    `actor` is "account:5" or "worker"; the reason is the merchant's own words.
    """
    row = {"node_id": node_id, "kind": kind, "actor": actor, "reason": reason, "happened_at": now}
    return int(tx.execute(insert(_events).returning(_events.c.id), row).scalar_one())


def list_events(connection: Reader, node_id: int) -> list[AnyRow]:
    """What was done to the node, the latest first."""
    return list(connection.execute(select(_events).where(_events.c.node_id == node_id).order_by(_events.c.id.desc())))


def is_sanctioned(connection: Reader, node: AnyRow) -> bool:
    """Whether the money of a node waits: it is suspended, or banned and what is innocent was not returned yet.

    Of a claimed guest, whoever claimed it carries the sanction.
    """
    if node.merged_into_id is not None:
        return False
    return node.state == "suspended" or (node.state == "banned" and not has_event(connection, node.id, "settled"))


def last_event(connection: Reader, node_id: int, kind: str) -> int | None:
    """When something of this kind was done to the node last."""
    wanted = select(func.max(_events.c.happened_at)).where(_events.c.node_id == node_id, _events.c.kind == kind)
    happened_at: int | None = connection.execute(wanted).scalar()
    return happened_at


def has_event(connection: Reader, node_id: int, kind: str) -> bool:
    found = select(_events.c.id).where(_events.c.node_id == node_id, _events.c.kind == kind).limit(1)
    return connection.execute(found).first() is not None
