"""A release: somebody leaves whom they came through, and what the next invitation may do (distribution 1.3.12)."""

from app.clock import DAY
from app.db import AnyRow, Reader
from app.statement import Statement

_RELATION = Statement(
    "SELECT own.pid, edge.valid_from FROM edge JOIN node ON node.id = edge.parent_id "
    "JOIN node AS own ON own.id = coalesce(node.merged_into_id, node.id) "
    "WHERE edge.child_id = :node_id AND edge.valid_to IS NULL"
)
_LAST = Statement("SELECT reason, valid_to FROM edge WHERE child_id = :node_id ORDER BY sequence DESC LIMIT 1")
_CLICKED = Statement(
    "SELECT click.happened_at FROM attribution JOIN click ON click.id = attribution.click_id "
    "WHERE attribution.order_id = :order_id"
)


def relation_of(connection: Reader, node_id: int) -> AnyRow | None:
    """The node's upline as its own page shows it: `pid`, of which the page makes an alias, and `valid_from`."""
    return _RELATION.run(connection, {"node_id": node_id}).first()


def released_at(connection: Reader, node_id: int) -> int | None:
    """When the node left its last upline of its own will; None if it has one, never had, or lost it in another way."""
    last = _LAST.run(connection, {"node_id": node_id}).first()
    return last.valid_to if last is not None and last.reason == "released" else None


def cools_until(connection: Reader, node_id: int, *, cooldown_days: int) -> int | None:
    """From when on somebody who left may be bound again; None for whoever did not leave."""
    left_at = released_at(connection, node_id)
    return None if left_at is None else left_at + cooldown_days * DAY


def clicked_at(connection: Reader, order_id: int) -> int | None:
    """When the invitation that an order carries was opened."""
    return _CLICKED.run(connection, {"order_id": order_id}).scalar()
