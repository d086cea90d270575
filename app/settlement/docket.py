"""The lists of disputes: what waits for whom, what comes by itself, and what there is about an order."""

from collections.abc import Sequence

from sqlalchemy import func, select, tuple_

from app.db import AnyRow, Reader, Session, table
from app.settlement.dispute import Dispute

PAGE_SIZE = 20
_LIVING = ("open", "evidence", "decided", "appeal")
_NEVER = 1 << 60
_disputes = table(Dispute)


def due_disputes(connection: Reader, now: int, limit: int = 100) -> list[int]:
    """The disputes in which a time is over, the longest over first."""
    due = select(_disputes.c.id).where(_disputes.c.due_at <= now, _disputes.c.closed_at.is_(None))
    return list(connection.execute(due.order_by(_disputes.c.due_at).limit(limit)).scalars())


def list_disputes(
    session: Session,
    *,
    states: Sequence[str] = (),
    kind: str | None = None,
    node_ids: Sequence[int] | None = None,
    before: int | None = None,
) -> tuple[list[Dispute], int | None]:
    """One page of disputes, newest first, and the cursor of the next page; of these distributors where somebody asks for them."""
    found = select(Dispute).order_by(Dispute.id.desc()).limit(PAGE_SIZE + 1)
    if states:
        found = found.where(Dispute.state.in_(states))
    if kind:
        found = found.where(Dispute.kind == kind)
    if node_ids is not None:
        found = found.where(Dispute.node_id.in_(node_ids))
    if before is not None:
        found = found.where(Dispute.id < before)
    rows = list(session.scalars(found))
    return rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None


def list_by_clock(
    session: Session,
    *,
    kind: str | None = None,
    node_ids: Sequence[int] | None = None,
    after: int | None = None,
) -> tuple[list[Dispute], int | None]:
    """One page of the disputes that are not closed, by the time that runs out first, and the cursor of the next page.

    Those in which no time runs, because somebody has to decide, come last.
    """
    until = func.coalesce(_disputes.c.due_at, _disputes.c.evidence_until, _NEVER)
    here = tuple_(until, _disputes.c.id)
    found = select(Dispute).where(_disputes.c.state.in_(_LIVING)).order_by(until, Dispute.id).limit(PAGE_SIZE + 1)
    if kind:
        found = found.where(Dispute.kind == kind)
    if node_ids is not None:
        found = found.where(Dispute.node_id.in_(node_ids))
    if after is not None:
        found = found.where(here > select(until, _disputes.c.id).where(_disputes.c.id == after).scalar_subquery())
    rows = list(session.scalars(found))
    return rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None


def count_disputes(connection: Reader) -> dict[str, int]:
    """How many disputes are in which state, of those that are not closed."""
    counted = select(_disputes.c.state, func.count().label("disputes")).group_by(_disputes.c.state)
    return {row.state: row.disputes for row in connection.execute(counted.where(_disputes.c.closed_at.is_(None)))}


def dispute_by_number(session: Session, number: str) -> Dispute | None:
    return session.scalars(select(Dispute).where(Dispute.number == number)).first()


def case_of(connection: Reader, number: str) -> AnyRow | None:
    """The dispute with this number, for an act that another decision rests on."""
    return connection.execute(select(_disputes).where(_disputes.c.number == number)).first()


def dispute_of_order(session: Session, order_id: int) -> Dispute | None:
    """The order's dispute that is open, or the last one that was; claims and flags are none of the buyer's business."""
    mine = select(Dispute).where(Dispute.order_id == order_id, Dispute.kind.in_(("buyer", "provider")))
    return session.scalars(mine.order_by(Dispute.closed_at.is_not(None), Dispute.id.desc()).limit(1)).first()


def disputes_of_order(session: Session, order_id: int) -> list[Dispute]:
    """All disputes and claims over an order, newest first, for the merchant."""
    return list(session.scalars(select(Dispute).where(Dispute.order_id == order_id).order_by(Dispute.id.desc())))


def claims_of_node(session: Session, node_ids: Sequence[int]) -> list[Dispute]:
    """A distributor's claims, newest first."""
    mine = select(Dispute).where(Dispute.node_id.in_(node_ids), Dispute.kind == "distributor")
    return list(session.scalars(mine.order_by(Dispute.id.desc()).limit(PAGE_SIZE)))
