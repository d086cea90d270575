"""A person in the network as the merchant's desk sees one: by public id, with all relations that ever were."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from app.db import AnyRow, Reader, Session
from app.referral.commission import Commission
from app.referral.edge import Edge
from app.referral.figure import NodeFigure
from app.referral.flag import Flag
from app.referral.link import Link
from app.referral.node import Node
from app.referral.signal import REFUND_BPS, REFUND_BUYERS

PAGE_SIZE = 20
MOST_SHOWN = 200
STATES = ("none", "qualified", "suspended", "banned")


@dataclass(frozen=True)
class Sieve:
    """What a list of people is sifted by: a state, an open flag, a debt, many refunds."""

    state: str | None = None
    flagged: bool = False
    in_debt: bool = False
    many_refunds: bool = False


def list_nodes(
    session: Session,
    sieve: Sieve,
    *,
    sort: str = "newest",
    before: tuple[int, int] | None = None,
    limit: int = PAGE_SIZE,
) -> tuple[list[Node], tuple[int, int] | None]:
    """One page of people by `sort`, and where the next page begins. A claimed guest is whoever claimed it.

    "newest" has everybody; "sales" and "available" have those about whom anything was booked, by figures of the last minute.
    """
    key = {"sales": NodeFigure.sales_fen, "available": NodeFigure.available_fen}.get(sort)
    statement = select(Node, literal(0) if key is None else key).where(Node.merged_into_id.is_(None))
    if key is not None or sieve.in_debt or sieve.many_refunds:
        statement = statement.join(NodeFigure, NodeFigure.node_id == Node.id)
    if sieve.state is not None:
        statement = statement.where(Node.state == sieve.state)
    if sieve.in_debt:
        statement = statement.where(NodeFigure.debt_fen > 0)
    if sieve.many_refunds:
        statement = statement.where(NodeFigure.refund_bps >= REFUND_BPS, NodeFigure.buyers >= REFUND_BUYERS)
    if sieve.flagged:
        statement = statement.where(Node.id.in_(_flagged()))
    if key is None:
        statement = statement.order_by(Node.id.desc())
        statement = statement if before is None else statement.where(Node.id < before[1])
    else:
        statement = statement.order_by(key.desc(), NodeFigure.node_id.desc())
        if before is not None:
            statement = statement.where(
                tuple_(key, NodeFigure.node_id) < tuple_(literal(before[0]), literal(before[1]))
            )
    found = list(session.execute(statement.limit(limit + 1)))
    last = found[limit - 1] if len(found) > limit else None
    return [row[0] for row in found[:limit]], (int(last[1]), last[0].id) if last else None


def _flagged() -> Select[int]:
    """The persons some of whose commission waits under an open flag."""
    about = or_(Flag.payee_id.is_(None), Flag.payee_id == Commission.payee_id)
    own = aliased(Node)
    rows = select(func.coalesce(own.merged_into_id, own.id)).join(Commission, Commission.payee_id == own.id)
    return rows.join(Flag, Flag.order_id == Commission.order_id).where(Flag.state == "open", about)


def flagged_among(session: Session, node_ids: Sequence[int]) -> set[int]:
    """Which of these persons have commission under an open flag."""
    return set(session.scalars(select(Node.id).where(Node.id.in_(node_ids), Node.id.in_(_flagged()))))


def nodes_of_contact(session: Session, index: bytes, account_id: int | None) -> list[Node]:
    """The people who go by a contact: a guest with it, and the account that it names."""
    mine = or_(Node.contact_index == index, Node.account_id == (account_id or 0))
    return list(session.scalars(select(Node).where(mine, Node.merged_into_id.is_(None)).order_by(Node.id)))


def pids_of_accounts(connection: Reader, account_ids: Collection[int]) -> dict[int, str]:
    """account's id -> its own public id, of those that have one."""
    own = select(Node.account_id, Node.pid).where(Node.account_id.in_(account_ids), Node.merged_into_id.is_(None))
    return {row.account_id: row.pid for row in connection.execute(own)} if account_ids else {}


def persons_of(connection: Reader, node_ids: Sequence[int]) -> dict[int, str]:
    """node id -> public id of whose it is: of a claimed guest's, the account's that claimed it."""
    own = aliased(Node)
    statement = select(Node.id, func.coalesce(own.pid, Node.pid).label("pid"))
    rows = connection.execute(statement.outerjoin(own, own.id == Node.merged_into_id).where(Node.id.in_(node_ids)))
    return {row.id: row.pid for row in rows}


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


def node_by_code(session: Session, code: str) -> Node | None:
    """Whoever a link belongs to or belonged to, by its code; of a claimed guest's, the account that claimed it."""
    guest = aliased(Node)
    whose = select(func.coalesce(guest.merged_into_id, guest.id)).join(Link, Link.node_id == guest.id)
    return session.scalars(select(Node).where(Node.id == whose.where(Link.code == code).scalar_subquery())).first()
