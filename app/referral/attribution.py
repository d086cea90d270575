"""An attribution: whom an order was brought by, noted when it is placed and decided when it is paid (distribution 1.3.5)."""

from dataclasses import asdict, dataclass

from sqlalchemy import BigInteger, Connection, ForeignKey, Index, LargeBinary, String, bindparam, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, table
from app.referral.sighting import Trace
from app.statement import Statement

_SEEN = text("seen_at IS NOT NULL")
_BROUGHT = text("l1_id IS NOT NULL")


class Attribution(Model):
    __tablename__ = "attribution"
    __table_args__ = (
        Index("ix_attribution_seen", "seen_at", sqlite_where=_SEEN, postgresql_where=_SEEN),
        Index("ix_attribution_l1", "l1_id", "order_id", sqlite_where=_BROUGHT, postgresql_where=_BROUGHT),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    click_id: Mapped[str | None] = mapped_column(String(20))
    refusal: Mapped[str | None] = mapped_column(String(20))
    source: Mapped[str | None] = mapped_column(String(20))
    l1_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    l2_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    # What the order's browser left, for 30 days.
    network_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    agent_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    seen_at: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Snapshot:
    """The candidate as it was when the order was placed; `refusal` says why it does not count."""

    candidate_id: int | None
    refusal: str | None
    decided_at: int | None
    click_id: str | None
    trace: Trace | None


_attributions = table(Attribution)
_INSERT = insert(_attributions)
_READ = Statement(select(_attributions).where(_attributions.c.order_id == bindparam("order_id")))
_DECIDE = Statement(
    "UPDATE attribution SET source = :source, l1_id = :l1_id, l2_id = :l2_id, refusal = :refusal, decided_at = :now "
    "WHERE order_id = :order_id AND decided_at IS NULL"
)


def snapshot(
    tx: Connection,
    order_id: int,
    *,
    candidate_id: int | None,
    click_id: str | None,
    refusal: str | None,
    trace: Trace | None = None,
) -> None:
    """Keep what the order's browser carried: a callback has no cookie."""
    row = {"order_id": order_id, "candidate_id": candidate_id, "click_id": click_id, "refusal": refusal}
    tx.execute(
        _INSERT, row | (asdict(trace) if trace else {"network_index": None, "agent_hash": None, "seen_at": None})
    )


def read_attribution(tx: Connection, order_id: int) -> Snapshot:
    row = _READ.run(tx, {"order_id": order_id}).one()
    trace = Trace(row.network_index, row.agent_hash, row.seen_at) if row.seen_at is not None else None
    return Snapshot(row.candidate_id, row.refusal, row.decided_at, row.click_id, trace)


def decide(
    tx: Connection,
    order_id: int,
    *,
    source: str | None,
    l1_id: int | None,
    l2_id: int | None,
    refusal: str | None,
    now: int,
) -> bool:
    """Write down who the order is attributed to, once; False when that was decided before."""
    decision = {"source": source, "l1_id": l1_id, "l2_id": l2_id, "refusal": refusal, "order_id": order_id, "now": now}
    return _DECIDE.run(tx, decision).rowcount == 1
