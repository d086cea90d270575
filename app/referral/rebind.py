"""A rebind: somebody is put under another inviter from now on, because a case was decided so; two people sign (1.3.13)."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, CheckConstraint, Connection, ForeignKey, Index, Integer, String, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal
from app.referral.node import Node
from app.savepoint import savepoint

_PROPOSED = text("state = 'proposed'")
_COUNTS = text("state IN ('proposed', 'done')")


class Rebind(Model):
    __tablename__ = "rebind"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'done', 'withdrawn')", name="state"),
        CheckConstraint("second_by <> proposed_by", name="four_eyes"),
        Index("uq_rebind_child", "child_id", unique=True, sqlite_where=_PROPOSED, postgresql_where=_PROPOSED),
        Index("uq_rebind_case", "case_number", unique=True, sqlite_where=_COUNTS, postgresql_where=_COUNTS),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("node.id"), index=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("node.id"))
    case_number: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10))
    proposed_by: Mapped[int] = mapped_column(Integer)
    proposed_at: Mapped[int] = mapped_column(BigInteger)
    second_by: Mapped[int | None] = mapped_column(Integer)
    decided_at: Mapped[int | None] = mapped_column(BigInteger)


_rebinds = table(Rebind)
_nodes = table(Node)
_DECIDE = text(
    "UPDATE rebind SET state = :state, second_by = :second_by, decided_at = :now WHERE id = :id AND state = 'proposed'"
)


def add_rebind(
    tx: Connection, child_id: int, parent_id: int, *, case_number: str, reason: str, by: int, now: int
) -> int:
    """Propose a rebind and return its id. Raises Refusal when the child waits for one, or the case was used."""
    row = {"child_id": child_id, "parent_id": parent_id, "case_number": case_number, "reason": reason}
    row |= {"state": "proposed", "proposed_by": by, "proposed_at": now}
    try:
        with savepoint(tx):
            return int(tx.execute(insert(_rebinds).returning(_rebinds.c.id), row).scalar_one())
    except IntegrityError:
        raise Refusal(
            N_("This case moved somebody already, or this person waits for another decision."), field="case_number"
        ) from None


def decide_rebind(tx: Connection, rebind_id: int, state: str, *, second_by: int | None, now: int) -> bool:
    """'done' or 'withdrawn', once; False when it was decided before."""
    values = {"id": rebind_id, "state": state, "second_by": second_by, "now": now}
    return tx.execute(_DECIDE, values).rowcount == 1


def find_rebind(connection: Reader, rebind_id: int) -> AnyRow | None:
    return connection.execute(select(_rebinds).where(_rebinds.c.id == rebind_id)).first()


def list_rebinds(connection: Reader, child_id: int) -> list[AnyRow]:
    """What was proposed for somebody, the latest first."""
    mine = select(_rebinds).where(_rebinds.c.child_id == child_id).order_by(_rebinds.c.id.desc())
    return list(connection.execute(mine))


def rebinds_of_cases(connection: Reader, case_numbers: Sequence[str]) -> dict[str, str]:
    """case number -> 'proposed' or 'done', of the cases by which somebody is to be moved, or was."""
    # In the words of the index that holds one of these a case.
    counts = text("state IN ('proposed', 'done')")
    mine = select(_rebinds.c.case_number, _rebinds.c.state).where(_rebinds.c.case_number.in_(case_numbers), counts)
    return {row.case_number: row.state for row in connection.execute(mine)}


def waiting_rebinds(connection: Reader, limit: int) -> list[AnyRow]:
    """Proposals that wait for a second person, with the pid of whom each would move."""
    columns = (_rebinds.c.case_number, _rebinds.c.proposed_at, _nodes.c.pid)
    waiting = select(*columns).join(_nodes, _nodes.c.id == _rebinds.c.child_id).where(text("rebind.state = 'proposed'"))
    # In the order of the index that holds these alone, so that the rebinds of years are not read.
    return list(connection.execute(waiting.order_by(_rebinds.c.child_id).limit(limit)))
