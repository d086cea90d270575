"""A person in the network as the merchant's desk sees one: by public id, with all relations that ever were."""

from collections.abc import Sequence

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.db import AnyRow, Reader, Session
from app.referral.commission import Commission
from app.referral.edge import Edge
from app.referral.flag import Flag
from app.referral.node import Node

PAGE_SIZE = 20
MOST_SHOWN = 200
STATES = ("none", "qualified", "suspended", "banned")


def list_nodes(
    session: Session, *, state: str | None = None, before: int | None = None
) -> tuple[list[Node], int | None]:
    """One page of people, the newest first, and the cursor of the next page. A claimed guest is whoever claimed it."""
    statement = select(Node).where(Node.merged_into_id.is_(None)).order_by(Node.id.desc()).limit(PAGE_SIZE + 1)
    if state is not None:
        statement = statement.where(Node.state == state)
    if before is not None:
        statement = statement.where(Node.id < before)
    found = list(session.scalars(statement))
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


def nodes_of_contact(session: Session, index: bytes, account_id: int | None) -> list[Node]:
    """The people who go by a contact: a guest with it, and the account that it names."""
    mine = or_(Node.contact_index == index, Node.account_id == (account_id or 0))
    return list(session.scalars(select(Node).where(mine, Node.merged_into_id.is_(None)).order_by(Node.id)))


def uplines_of(session: Session, node_ids: Sequence[int]) -> list[AnyRow]:
    """All relations upwards that there ever were, the latest first: pid, source, valid_from, valid_to, reason."""
    return list(session.execute(_relations(Edge.parent_id).where(Edge.child_id.in_(node_ids))))


def downlines_of(session: Session, node_ids: Sequence[int]) -> tuple[int, list[AnyRow]]:
    """How many stand directly below, and the relations downwards, the latest first, those that ended included."""
    below = Edge.parent_id.in_(node_ids)
    count = session.scalar(select(func.count()).select_from(Edge).where(below, Edge.valid_to.is_(None))) or 0
    return count, list(session.execute(_relations(Edge.child_id).where(below)))


def _relations(other: object) -> Select[str, str, int, int | None, str | None]:
    node, own = aliased(Node), aliased(Node)
    pid = func.coalesce(own.pid, node.pid).label("pid")
    statement = select(pid, Edge.source, Edge.valid_from, Edge.valid_to, Edge.reason).join(node, node.id == other)
    return statement.outerjoin(own, own.id == node.merged_into_id).order_by(Edge.id.desc()).limit(PAGE_SIZE)


def shares_of(session: Session, payee_ids: Sequence[int]) -> list[Commission]:
    """The commission of somebody of which anything is left, the latest first."""
    mine = Commission.payee_id.in_(payee_ids) & (Commission.net_fen > 0)
    return list(session.scalars(select(Commission).where(mine).order_by(Commission.id.desc()).limit(MOST_SHOWN)))


def open_edges_of(connection: Reader, node_ids: Sequence[int]) -> list[AnyRow]:
    """The relations above and below a person that are open: id, and child_pid of whoever stands lower."""
    child = aliased(Node)
    mine = or_(Edge.child_id.in_(node_ids), Edge.parent_id.in_(node_ids))
    statement = select(Edge.id, child.pid.label("child_pid")).join(child, child.id == Edge.child_id)
    return list(connection.execute(statement.where(mine, Edge.valid_to.is_(None)).order_by(Edge.id)))


def flagged_shares(connection: Reader, payee_ids: Sequence[int]) -> list[AnyRow]:
    """The commission of somebody that waits under a flag nobody has decided: id, order_id, net_fen."""
    about = or_(Flag.payee_id.is_(None), Flag.payee_id == Commission.payee_id)
    is_flagged = exists().where(Flag.order_id == Commission.order_id, Flag.state == "open", about)
    statement = select(Commission.id, Commission.order_id, Commission.net_fen)
    mine = statement.where(Commission.payee_id.in_(payee_ids), Commission.net_fen > 0, is_flagged)
    return list(connection.execute(mine.order_by(Commission.id)))
