"""The team: two levels of people who came through a distributor, masked, with what each brought (distribution 1.20)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import aliased

from app.db import AnyRow, Session
from app.referral.alias import alias
from app.referral.edge import Edge
from app.referral.node import Node
from app.referral.tally import Tally

PAGE_SIZE = 20
# SQLite joins no more than 500 queries into one; a page has 20 people, and their guests.
MOST_NODES = 400


@dataclass(frozen=True)
class Member:
    """Somebody in the team: an alias, since when, and what their orders brought the viewer."""

    alias: str
    since_at: int
    orders: int
    brought_fen: int
    downline: tuple["Member", ...] = ()


def list_team(
    session: Session, node_ids: Sequence[int], viewer_pid: str, *, before: int | None = None
) -> tuple[list[Member], int | None]:
    """One page of the direct downline, newest first, each with the first of theirs, and the cursor of the next page."""
    statement = _members(Edge.parent_id.in_(node_ids), node_ids, level=1).limit(PAGE_SIZE + 1)
    if before is not None:
        statement = statement.where(Edge.id < before)
    direct = session.execute(statement).all()
    page = direct[:PAGE_SIZE]
    below: dict[int, list[Member]] = {}
    if page:
        newest = _newest_below(session, [row.child_id for row in page])
        for row in session.execute(_members(Edge.id.in_(newest), node_ids, level=2)):
            below.setdefault(row.parent_id, []).append(_member(row, viewer_pid))
    members = [_member(row, viewer_pid, below.get(row.child_id, ())) for row in page]
    return members, page[-1].id if len(direct) > PAGE_SIZE else None


def _members(which: ColumnElement[bool], node_ids: Sequence[int], level: int) -> Select[Any]:
    buyer = aliased(Node)
    # What somebody brought as a guest counts for the account that the guest was claimed by.
    same = (buyer.id == Edge.child_id) | (buyer.merged_into_id == Edge.child_id)
    buyers = select(buyer.id).where(same).correlate(Edge)
    tally = Tally.payee_id.in_(node_ids) & Tally.buyer_id.in_(buyers) & (Tally.level == level)
    brought = select(func.coalesce(func.sum(Tally.gross_fen), 0)).where(tally).scalar_subquery()
    orders = select(func.coalesce(func.sum(Tally.orders), 0)).where(tally).scalar_subquery()
    parent = aliased(Node)
    parent_id = func.coalesce(parent.merged_into_id, parent.id).label("parent_id")
    columns = (Edge.id, Edge.child_id, parent_id, Edge.valid_from, Node.pid, orders.label("orders"))
    return (
        select(*columns, brought.label("brought_fen"))
        .join(Node, Node.id == Edge.child_id)
        .join(parent, parent.id == Edge.parent_id)
        .where(which, Edge.valid_to.is_(None))
        .order_by(Edge.id.desc())
    )


def _newest_below(session: Session, parent_ids: Sequence[int]) -> list[int]:
    # People who joined under a guest that was claimed later stand below the account that claimed it.
    standing = Node.id.in_(parent_ids) | Node.merged_into_id.in_(parent_ids)
    person_id = func.coalesce(Node.merged_into_id, Node.id).label("person_id")
    nodes = session.execute(select(Node.id, person_id).where(standing).order_by(Node.id).limit(MOST_NODES))
    persons: dict[int, int] = {row.id: row.person_id for row in nodes}
    # A few of each, found by the index: somebody below may have brought a hundred thousand.
    few = (
        select(Edge.id, Edge.parent_id)
        .where(Edge.parent_id == node_id, Edge.valid_to.is_(None))
        .order_by(Edge.id.desc())
        .limit(PAGE_SIZE)
        .subquery()
        for node_id in persons
    )
    newest: dict[int, list[int]] = {}
    for edge_id, parent_id in session.execute(union_all(*(select(each.c.id, each.c.parent_id) for each in few))):
        newest.setdefault(persons[parent_id], []).append(edge_id)
    return [edge_id for below in newest.values() for edge_id in sorted(below, reverse=True)[:PAGE_SIZE]]


def _member(row: AnyRow, viewer_pid: str, downline: Iterable[Member] = ()) -> Member:
    # The tally has one row for each of the viewer's own nodes, two at the most: these are not sums over a life.
    return Member(alias(viewer_pid, row.pid), row.valid_from, int(row.orders), int(row.brought_fen), tuple(downline))
