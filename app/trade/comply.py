"""To comply: count what one month of the whole shop looked like, for the compliance report (1.16). The worker's work, never a page's."""

from sqlalchemy import Connection, text

from app import outbox, referral
from app.referral import TREE_LEVELS, TREE_PEOPLE, Report

# What was paid in the month and has not gone back. Whoever brought anybody ever promotes; own use is what somebody bought who
# could earn already.
_SALES = text(
    """
WITH sold AS (
  SELECT coalesce(node.merged_into_id, node.id) AS buyer_id, orders.paid_at, orders.total_fen - (
    SELECT coalesce(sum(order_line.refunded_fen), 0) FROM order_line WHERE order_line.order_id = orders.id) AS fen
  FROM orders LEFT JOIN node ON node.id = orders.node_id
  WHERE orders.state = 'paid' AND orders.paid_at >= :start AND orders.paid_at < :end
), promoter AS (
  SELECT DISTINCT coalesce(node.merged_into_id, node.id) AS id FROM edge JOIN node ON node.id = edge.parent_id
)
SELECT count(*) AS orders, coalesce(sum(sold.fen), 0) AS gmv_fen,
  coalesce(sum(CASE WHEN promoter.id IS NULL THEN sold.fen ELSE 0 END), 0) AS never_promoting_fen,
  coalesce(sum(CASE WHEN buyer.qualified_at < sold.paid_at THEN sold.fen ELSE 0 END), 0) AS own_use_fen
FROM sold LEFT JOIN promoter ON promoter.id = sold.buyer_id LEFT JOIN node AS buyer ON buyer.id = sold.buyer_id
"""
)
_EARNED = """
SELECT coalesce(node.merged_into_id, node.id) AS payee_id, commission.level, sum(commission.net_fen) AS fen
FROM commission JOIN node ON node.id = commission.payee_id
WHERE commission.created_at >= :start AND commission.created_at < :end AND commission.net_fen > 0
GROUP BY coalesce(node.merged_into_id, node.id), commission.level
"""
_LEVELS = text(
    f"SELECT level, sum(fen) AS fen, count(*) AS payees FROM ({_EARNED}) AS earned GROUP BY level"  # noqa: S608
)
_EARNERS = text(f"SELECT count(DISTINCT payee_id) FROM ({_EARNED}) AS earned")  # noqa: S608
_BY_EARNER = f"SELECT sum(fen) AS fen FROM ({_EARNED}) AS earned GROUP BY payee_id ORDER BY 1 DESC LIMIT :few"  # noqa: S608
_TOP = text(f"SELECT coalesce(sum(fen), 0) FROM ({_BY_EARNER}) AS best")  # noqa: S608
_PEOPLE = text("SELECT count(*) FROM node WHERE state <> 'none' AND merged_into_id IS NULL")
_UPPER = text(
    "SELECT count(DISTINCT coalesce(node.merged_into_id, node.id)) FROM edge JOIN node ON node.id = edge.parent_id "
    "WHERE edge.valid_to IS NULL"
)
_TREES = text(
    """
WITH RECURSIVE bound AS (
  SELECT coalesce(lower.merged_into_id, lower.id) AS child_id, coalesce(upper.merged_into_id, upper.id) AS parent_id
  FROM edge JOIN node AS lower ON lower.id = edge.child_id JOIN node AS upper ON upper.id = edge.parent_id
  WHERE edge.valid_to IS NULL
), tree(root_id, id, level) AS (
  SELECT DISTINCT parent_id, parent_id, 1 FROM bound WHERE parent_id NOT IN (SELECT child_id FROM bound)
  UNION ALL SELECT tree.root_id, bound.child_id, tree.level + 1 FROM tree JOIN bound ON bound.parent_id = tree.id
    WHERE tree.level < 64
), sized AS (
  SELECT root_id, count(*) AS people, max(level) AS levels,
    CASE WHEN count(*) >= :people AND max(level) >= :levels THEN 1 ELSE 0 END AS is_over FROM tree GROUP BY root_id
)
SELECT people AS tree_people, levels AS tree_levels, (SELECT coalesce(sum(is_over), 0) FROM sized) AS trees_over
FROM sized ORDER BY is_over DESC, people DESC, levels DESC LIMIT 1
"""
)


def measure(connection: Connection, period: str) -> dict[str, int]:
    """The inputs of a month's report, by the names that Report gives them."""
    start, end = referral.bounds_of(period)
    month = {"start": start, "end": end}
    found = dict(connection.execute(_SALES, month).one()._mapping)
    levels = {row.level: row for row in connection.execute(_LEVELS, month)}
    earners = int(connection.execute(_EARNERS, month).scalar_one())
    few = -(-earners // 100)
    tree = connection.execute(_TREES, {"people": TREE_PEOPLE, "levels": TREE_LEVELS}).first()
    found |= tree._mapping if tree else {"tree_people": 0, "tree_levels": 0, "trees_over": 0}
    found |= {f"level_{level}_fen": levels[level].fen if level in levels else 0 for level in (1, 2)}
    found |= {
        "level_2_payees": levels[2].payees if 2 in levels else 0,
        "earners": earners,
        "top_earners": few,
        "top_fen": connection.execute(_TOP, month | {"few": few}).scalar_one(),
        "participants": connection.execute(_PEOPLE).scalar_one(),
        "with_downline": connection.execute(_UPPER).scalar_one(),
    }
    # PostgreSQL adds integers up to decimals.
    return {name: int(value) for name, value in found.items()}


def report(tx: Connection, period: str, inputs: dict[str, int], now: int) -> Report:
    """Keep a month's report; the merchant is told of an alert that the report before did not have, once."""
    made, alerts = referral.keep_report(tx, period, inputs, now)
    if alerts:
        outbox.tell(tx, "compliance.alert", made.id, now)
    return made
