"""An attribution: whom an order was brought by, noted when it is placed and decided when it is paid (distribution 1.3.5)."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, ForeignKey, String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, table


class Attribution(Model):
    __tablename__ = "attribution"

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True, autoincrement=False)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    click_id: Mapped[str | None] = mapped_column(String(20))
    refusal: Mapped[str | None] = mapped_column(String(20))
    source: Mapped[str | None] = mapped_column(String(20))
    l1_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    l2_id: Mapped[int | None] = mapped_column(ForeignKey("node.id"))
    decided_at: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Snapshot:
    """The candidate as it was when the order was placed; `refusal` says why it does not count."""

    candidate_id: int | None
    refusal: str | None
    decided_at: int | None


_attributions = table(Attribution)
_INSERT = insert(_attributions)


def snapshot(
    tx: Connection, order_id: int, *, candidate_id: int | None, click_id: str | None, refusal: str | None
) -> None:
    """Keep what the order's browser carried: a callback has no cookie."""
    row = {"order_id": order_id, "candidate_id": candidate_id, "click_id": click_id, "refusal": refusal}
    tx.execute(_INSERT, row)


def read_attribution(tx: Connection, order_id: int) -> Snapshot:
    row = tx.execute(
        select(_attributions.c.candidate_id, _attributions.c.refusal, _attributions.c.decided_at).where(
            _attributions.c.order_id == order_id
        )
    ).one()
    return Snapshot(row.candidate_id, row.refusal, row.decided_at)


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
    decision = {"source": source, "l1_id": l1_id, "l2_id": l2_id, "refusal": refusal, "decided_at": now}
    undecided = (_attributions.c.order_id == order_id) & _attributions.c.decided_at.is_(None)
    return tx.execute(update(_attributions).where(undecided).values(decision)).rowcount == 1
