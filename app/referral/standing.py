"""To change how somebody stands in the network: suspended for a while, removed for good (distribution 1.3.14-1.3.16)."""

from sqlalchemy import Connection, bindparam, select, text

from app.db import AnyRow, Reader, table
from app.referral.node import Node

_nodes = table(Node)
_SUSPEND = text("UPDATE node SET state = 'suspended' WHERE id = :id AND state IN ('none', 'qualified')")
_LIFT = text(
    "UPDATE node SET state = CASE WHEN source IS NULL THEN 'none' ELSE 'qualified' END "
    "WHERE id = :id AND state = 'suspended'"
)
_BAN = text("UPDATE node SET state = 'banned' WHERE id = :id AND state <> 'banned'")
_WITHDRAW = text("UPDATE node SET state = 'none', source = NULL WHERE id = :id AND state = 'qualified'")
_CLOSE_UP = text(
    "UPDATE edge SET valid_to = :now, reason = :reason WHERE child_id IN :ids AND valid_to IS NULL"
).bindparams(bindparam("ids", expanding=True))
_CLOSE_DOWN = text(
    "UPDATE edge SET valid_to = :now, reason = :reason WHERE parent_id IN :ids AND valid_to IS NULL"
).bindparams(bindparam("ids", expanding=True))


def node_by_pid(connection: Reader, pid: str) -> AnyRow | None:
    """The person with this public id; of a claimed guest's, the account that claimed it."""
    row = connection.execute(select(_nodes).where(_nodes.c.pid == pid)).first()
    if row is None or row.merged_into_id is None:
        return row
    return connection.execute(select(_nodes).where(_nodes.c.id == row.merged_into_id)).first()


def parts_of(connection: Reader, node_id: int) -> list[AnyRow]:
    """id and pid of all nodes that are this person's: its own, and those of guests that it claimed."""
    mine = select(_nodes.c.id, _nodes.c.pid).where((_nodes.c.id == node_id) | (_nodes.c.merged_into_id == node_id))
    return list(connection.execute(mine.order_by(_nodes.c.id)))


def suspend_node(tx: Connection, node_id: int) -> bool:
    """Take the right to invite away for a while; what is earned is frozen from now on. False when it was."""
    return tx.execute(_SUSPEND, {"id": node_id}).rowcount == 1


def lift_node(tx: Connection, node_id: int) -> bool:
    """End a suspension: the node stands as before. False when there is none."""
    return tx.execute(_LIFT, {"id": node_id}).rowcount == 1


def withdraw(tx: Connection, node_id: int) -> bool:
    """Take the right to earn away, without a sanction: it can be had anew. False when it was not there."""
    return tx.execute(_WITHDRAW, {"id": node_id}).rowcount == 1


def ban_node(tx: Connection, node_id: int) -> bool:
    """Take the right to earn away for good. False when it was."""
    return tx.execute(_BAN, {"id": node_id}).rowcount == 1


def detach_node(tx: Connection, node_id: int, *, up: str, down: str, now: int) -> int:
    """Close every open edge above the person and below it; whoever stood below becomes a root. Returns how many did."""
    ids = [part.id for part in parts_of(tx, node_id)]
    tx.execute(_CLOSE_UP, {"ids": ids, "reason": up, "now": now})
    return tx.execute(_CLOSE_DOWN, {"ids": ids, "reason": down, "now": now}).rowcount
