"""A sighting: the network and the kind of browser that somebody was seen with, blind, and forgotten like a click's (1.20)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import BigInteger, Connection, ForeignKey, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clock import DAY
from app.db import Model, Reader
from app.referral.click import ADDRESS_DAYS
from app.statement import Statement


@dataclass(frozen=True)
class Trace:
    """What a visit leaves: its network (/24, or /64) and its browser's own words, both blind."""

    network_index: bytes
    agent_hash: bytes
    seen_at: int


class Sighting(Model):
    __tablename__ = "sighting"

    node_id: Mapped[int] = mapped_column(ForeignKey("node.id"), primary_key=True)
    network_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    agent_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    seen_at: Mapped[int] = mapped_column(BigInteger, index=True)


_SIGHT = Statement(
    "INSERT INTO sighting (node_id, network_index, agent_hash, seen_at) VALUES (:node_id, :network_index, :agent_hash, :seen_at) "
    "ON CONFLICT (node_id, network_index, agent_hash) DO UPDATE SET seen_at = excluded.seen_at "
    "WHERE sighting.seen_at < excluded.seen_at"
)
_SEEN = Statement(
    "SELECT 1 FROM sighting JOIN node ON node.id = sighting.node_id "
    "WHERE (node.id IN :node_ids OR node.merged_into_id IN :node_ids) AND network_index = :network_index "
    "AND agent_hash = :agent_hash AND seen_at BETWEEN :since AND :until LIMIT 1",
    lists=("node_ids",),
)
_FORGET = text("DELETE FROM sighting WHERE seen_at < :before")
_FORGET_OF_ORDERS = text(
    "UPDATE attribution SET network_index = NULL, agent_hash = NULL, seen_at = NULL WHERE seen_at < :before"
)


def sight(tx: Connection, node_id: int, trace: Trace | None) -> None:
    """Note that a node was seen in a network with a kind of browser."""
    if trace is not None:
        _SIGHT.run(tx, {"node_id": node_id} | asdict(trace))


def seen_alike(connection: Reader, node_ids: Sequence[int], trace: Trace | None) -> bool:
    """Whether one of these people was in the same network with the same kind of browser within a day of the trace."""
    if trace is None or not node_ids:
        return False
    values = {"node_ids": list(node_ids), "since": trace.seen_at - DAY, "until": trace.seen_at + DAY}
    return _SEEN.run(connection, values | asdict(trace)).first() is not None


def forget_sightings(tx: Connection, now: int) -> int:
    """Drop sightings older than 30 days, also those that orders carry. Returns how many."""
    before = {"before": now - ADDRESS_DAYS * DAY}
    return tx.execute(_FORGET, before).rowcount + tx.execute(_FORGET_OF_ORDERS, before).rowcount
