"""A renewal: a further order, by the same person, of a product of the same group (distribution 1.10)."""

from sqlalchemy import Connection, text

# Month lengths differ; the rule counts thirty days each.
MONTH_DAYS = 30
_FIRST = text(
    "SELECT orders.paid_at FROM orders JOIN order_line ON order_line.order_id = orders.id "
    "JOIN product ON product.id = order_line.product_id "
    "WHERE orders.node_id IN (SELECT id FROM node WHERE id = :node_id OR merged_into_id = :node_id) "
    "AND orders.state = 'paid' AND orders.id <> :order_id AND product.renewal_group = :renewal_group "
    "AND order_line.refunded_fen < order_line.base_fen ORDER BY orders.paid_at LIMIT 1"
)


def first_of_group(tx: Connection, node_id: int, renewal_group: str, order_id: int) -> int | None:
    """When this person first paid for something of the group that was not refunded whole, this order aside; None if never."""
    values = {"node_id": node_id, "renewal_group": renewal_group, "order_id": order_id}
    paid_at: int | None = tx.execute(_FIRST, values).scalar()
    return paid_at


_OTHER = text(
    "SELECT 1 FROM orders JOIN order_line ON order_line.order_id = orders.id "
    "WHERE orders.node_id IN (SELECT id FROM node WHERE id = :node_id OR merged_into_id = :node_id) "
    "AND orders.state = 'paid' AND order_line.refunded_fen < order_line.base_fen LIMIT 1"
)


def keeps_a_purchase(tx: Connection, node_id: int) -> bool:
    """Whether the person, with the guests that they claimed, has a paid order that was not refunded whole."""
    return tx.execute(_OTHER, {"node_id": node_id}).first() is not None
