"""A decision on a notice: who did what with it, when and why. Rows are added and never changed; the notice stays as it came."""

from sqlalchemy import BigInteger, Connection, ForeignKey, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table

MOST_SHOWN = 50


class NoticeDecision(Model):
    __tablename__ = "notice_decision"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(String(300))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    decided_at: Mapped[int] = mapped_column(BigInteger)


_decisions = table(NoticeDecision)


def note_decision(
    tx: Connection, notice_id: int, kind: str, *, actor: str, reason: str, order_id: int | None = None, now: int
) -> None:
    """Write down what was done with a notice: 'attached', 'refunding', 'refunded', 'doubtful', 'open', 'closed' or 'replayed'."""
    row = {"notice_id": notice_id, "kind": kind, "actor": actor[:60], "reason": reason[:300], "order_id": order_id}
    tx.execute(insert(_decisions), row | {"decided_at": now})


def decisions_of_notice(connection: Reader, notice_id: int) -> list[AnyRow]:
    """What was done with a notice, oldest first."""
    found = select(_decisions).where(_decisions.c.notice_id == notice_id).order_by(_decisions.c.id).limit(MOST_SHOWN)
    return list(connection.execute(found))
