"""Who stands below a person, as the merchant sees it: two levels and no third, a page at a time, the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.db import AnyRow, Reader, Session
from app.referral.edge import Edge
from app.referral.node import Node
from app.referral.tally import Tally

PAGE_SIZE = 20


@dataclass(frozen=True)
class Below:
    """Somebody below: through whom (on level 2), since when, and what their orders earned the person above."""

    node: Node
    through_pid: str | None
    source: str
    since_at: int
    orders: int
    earned_fen: int
    has_below: bool


def list_below(
    session: Session, node_ids: Sequence[int], level: int, *, before: tuple[int, int] | None = None
) -> tuple[list[Below], tuple[int, int] | None]:
    """One page of those directly below (level 1), or of theirs (level 2), and where the next page begins."""
    statement = _first(node_ids) if level == 1 else _second(node_ids)
    upper, lower = statement.selected_columns.upper_id, statement.selected_columns.edge_id
    if before is not None:
        # The first condition says to the index what the second one says exactly.
        statement = statement.where(
            upper <= before[0], tuple_(upper, lower) < tuple_(literal(before[0]), literal(before[1]))
        )
    found = list(session.execute(statement.order_by(upper.desc(), lower.desc()).limit(PAGE_SIZE + 1)))
    page = found[:PAGE_SIZE]
    ids = [row.Node.id for row in page]
    earned = _earned(session, node_ids, ids, level) if ids else {}
    parents = _parents(session, ids) if ids and level == 1 else set()
    people = [_below(row, earned.get(row.Node.id), row.Node.id in parents) for row in page]
    last = page[-1] if len(found) > PAGE_SIZE else None
    return people, (last.upper_id, last.edge_id) if last else None


def _first(node_ids: Sequence[int]) -> Select[Node, Edge, str | None, int, int]:
    through = literal(None).label("through_pid")
    statement = select(Node, Edge, through, Edge.id.label("upper_id"), Edge.id.label("edge_id"))
    return statement.join(Edge, Edge.child_id == Node.id).where(Edge.parent_id.in_(node_ids), Edge.valid_to.is_(None))


def _second(node_ids: Sequence[int]) -> Select[Node, Edge, str | None, int, int]:
    """Those below the ones below: by each of these in turn, so that the index finds a page however many there are."""
    upper, middle, part = aliased(Edge), aliased(Node), aliased(Node)
    columns = (middle.pid.label("through_pid"), upper.id.label("upper_id"), Edge.id.label("edge_id"))
    statement = select(Node, Edge, *columns).select_from(upper).join(middle, middle.id == upper.child_id)
    # Who joined under a guest that was claimed later stands below whoever claimed it.
    statement = statement.join(part, or_(part.id == upper.child_id, part.merged_into_id == upper.child_id))
    statement = statement.join(Edge, and_(Edge.parent_id == part.id, Edge.valid_to.is_(None)))
    statement = statement.join(Node, Node.id == Edge.child_id)
    return statement.where(upper.parent_id.in_(node_ids), upper.valid_to.is_(None))


def _earned(connection: Reader, payee_ids: Sequence[int], ids: Sequence[int], level: int) -> dict[int, AnyRow]:
    """person id -> orders and earned_fen: what each brought these payees at a level, as a guest or not."""
    buyer = aliased(Node)
    person_id = func.coalesce(buyer.merged_into_id, buyer.id).label("person_id")
    sums = (func.sum(Tally.orders).label("orders"), func.sum(Tally.gross_fen).label("earned_fen"))
    statement = select(person_id, *sums).join(buyer, buyer.id == Tally.buyer_id).group_by(person_id)
    mine = Tally.payee_id.in_(payee_ids) & (Tally.level == level)
    found = connection.execute(statement.where(mine, or_(buyer.id.in_(ids), buyer.merged_into_id.in_(ids))))
    return {row.person_id: row for row in found}


def _parents(connection: Reader, ids: Sequence[int]) -> set[int]:
    """Which of these persons have anybody below them."""
    person_id = func.coalesce(Node.merged_into_id, Node.id)
    anybody = exists().where(Edge.parent_id == Node.id, Edge.valid_to.is_(None))
    mine = or_(Node.id.in_(ids), Node.merged_into_id.in_(ids))
    return set(connection.execute(select(person_id).where(mine, anybody)).scalars())


def _below(row: AnyRow, earned: AnyRow | None, has_below: bool) -> Below:
    # PostgreSQL adds integers up to decimals.
    orders, fen = (int(earned.orders), int(earned.earned_fen)) if earned else (0, 0)
    return Below(row.Node, row.through_pid, row.Edge.source, row.Edge.valid_from, orders, fen, has_below)
