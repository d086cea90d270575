"""The books check themselves: each invariant of distribution 1.17 as one query that counts what breaks it."""

from dataclasses import dataclass

from sqlalchemy import text

from app.db import Reader
from app.ledger.replay import replay


@dataclass(frozen=True)
class Finding:
    """One invariant: its figure is in `unit`, and `broken` counts what contradicts it."""

    id: str
    title: str
    figure: int
    unit: str
    broken: int

    @property
    def holds(self) -> bool:
        return self.broken == 0


_BUCKETS = (
    "account LIKE 'liab:held:%' OR account LIKE 'liab:avail:%' OR account LIKE 'liab:frozen:%' "
    "OR account LIKE 'liab:payout_pending:%'"
)
# What stands behind the last colon of a payee's account is the pid, which has no colon in it.
_PAYEE = "substr(account, length(account) - 15)"

_HELD_OR_FROZEN = "account LIKE 'liab:held:%' OR account LIKE 'liab:frozen:%'"
# Entries that somebody decided on, and no row of commission stands for.
_DECIDED = "'adjust', 'forfeit', 'write_off'"


def _LEFT_OF(base: str) -> str:  # noqa: N802 - a fragment of SQL like the ones above
    return f"CASE WHEN fixed_fen IS NULL THEN ({base}) * rate_bps / 10000 ELSE fixed_fen * ({base}) / commission.base_fen END"


_LEFT = (
    "CASE WHEN commission.base_fen <= order_line.refunded_fen THEN 0 ELSE "
    + _LEFT_OF("commission.base_fen - order_line.refunded_fen")
    + " END"
)

# id, title, unit, the figure, and how many rows break the rule. Tables of higher floors are named as text on purpose: the
# ledger proves what the rooms above did, and imports none of them.
_INVARIANTS = (
    (
        "I1",
        "postings add up to nothing, in each entry and over all",
        "entries",
        "SELECT count(*) FROM journal",
        "SELECT count(*) FROM (SELECT journal.id FROM journal LEFT JOIN posting ON posting.journal_id = journal.id "
        "GROUP BY journal.id HAVING coalesce(sum(posting.amount_fen), 1) <> 0) AS unbalanced",
    ),
    (
        "I2",
        "no bucket and no debt is below nothing",
        "buckets",
        f"SELECT count(*) FROM balance WHERE {_BUCKETS}",
        f"SELECT count(*) FROM (SELECT account FROM posting WHERE {_BUCKETS} GROUP BY account HAVING sum(amount_fen) > 0 "
        "UNION ALL SELECT account FROM posting WHERE account LIKE 'asset:clawback_due:%' GROUP BY account "
        "HAVING sum(amount_fen) < 0) AS below",
    ),
    (
        "I3",
        "nobody has money available and a debt at once",
        "debts",
        "SELECT count(*) FROM balance WHERE account LIKE 'asset:clawback_due:%' AND amount_fen > 0",
        "SELECT count(*) FROM balance AS debt JOIN balance AS available "
        "ON available.account = 'liab:avail:' || substr(debt.account, 20) "
        "WHERE debt.account LIKE 'asset:clawback_due:%' AND debt.amount_fen > 0 AND available.amount_fen < 0",
    ),
    (
        "I4",
        "commission expense is the sum of the rows' net, and of what was adjusted",
        "fen",
        "SELECT coalesce(sum(net_fen), 0) FROM commission",
        "SELECT CASE WHEN (SELECT coalesce(sum(net_fen), 0) FROM commission) = (SELECT coalesce(sum(amount_fen), 0) "
        "FROM posting JOIN journal ON journal.id = posting.journal_id WHERE account = 'exp:commission' "
        "AND kind <> 'adjust') THEN 0 ELSE 1 END",
    ),
    (
        "I5",
        "each payee's buckets are the sum of their rows' net, and of what was adjusted",
        "payees",
        "SELECT count(DISTINCT payee_id) FROM commission",
        "SELECT count(*) FROM (SELECT pid, sum(amount_fen) FROM ("
        "SELECT node.pid AS pid, sum(net_fen) AS amount_fen FROM commission JOIN node ON node.id = payee_id GROUP BY node.pid "
        f"UNION ALL SELECT {_PAYEE} AS pid, sum(amount_fen) AS amount_fen FROM posting JOIN journal "
        f"ON journal.id = posting.journal_id WHERE kind NOT IN ({_DECIDED}) "
        f"AND ({_BUCKETS} OR account LIKE 'asset:clawback_due:%') GROUP BY {_PAYEE} "
        f"UNION ALL SELECT {_PAYEE} AS pid, -sum(amount_fen) AS amount_fen FROM posting "
        f"WHERE account LIKE 'memo:paid_out:%' GROUP BY {_PAYEE}"
        ") AS sides GROUP BY pid HAVING sum(amount_fen) <> 0) AS uneven",
    ),
    (
        "I6",
        "each row is what its rule leaves of its line, no part exceeds it, and the buckets are the rows'",
        "rows",
        "SELECT count(*) FROM commission",
        "SELECT (SELECT count(*) FROM commission JOIN order_line ON order_line.id = commission.line_id "
        f"WHERE commission.base_fen > order_line.base_fen OR commission.base_fen <= 0 OR gross_fen <> coalesce(fixed_fen, {_LEFT_OF('commission.base_fen')}) "
        f"OR net_fen - borne_fen <> CASE WHEN cap_fen < {_LEFT} THEN cap_fen ELSE {_LEFT} END "
        "OR matured_fen < 0 OR frozen_held_fen < 0 OR frozen_matured_fen < 0 "
        "OR matured_fen + frozen_held_fen + frozen_matured_fen > net_fen "
        "OR (freezes = 0 AND frozen_held_fen + frozen_matured_fen > 0)) "
        "+ (SELECT count(*) FROM (SELECT account, sum(amount_fen) FROM ("
        f"SELECT account, sum(amount_fen) AS amount_fen FROM posting WHERE {_HELD_OR_FROZEN} GROUP BY account "
        "UNION ALL SELECT 'liab:held:' || node.pid AS account, "
        "sum(net_fen - matured_fen - frozen_held_fen - frozen_matured_fen) AS amount_fen "
        "FROM commission JOIN node ON node.id = payee_id GROUP BY node.pid "
        "UNION ALL SELECT 'liab:frozen:' || node.pid AS account, sum(frozen_held_fen + frozen_matured_fen) AS amount_fen "
        "FROM commission JOIN node ON node.id = payee_id GROUP BY node.pid"
        ") AS sides GROUP BY account HAVING sum(amount_fen) <> 0) AS uneven)",
    ),
    (
        "I7",
        "each paid order was booked once, its refunds are its lines', and its commission stays below the cap",
        "orders",
        "SELECT count(*) FROM orders WHERE state = 'paid'",
        "SELECT count(*) FROM orders LEFT JOIN (SELECT journal.order_number AS number, "
        "sum(CASE WHEN posting.account = 'income:sales' THEN posting.amount_fen END) AS sold_fen, "
        "sum(CASE WHEN posting.account = 'contra:refund' THEN posting.amount_fen END) AS refunded_fen "
        "FROM journal JOIN posting ON posting.journal_id = journal.id WHERE journal.kind IN ('paid', 'refund', 'refund_failed') "
        "GROUP BY journal.order_number) AS sale ON sale.number = orders.number "
        "LEFT JOIN (SELECT order_id, sum(refunded_fen) AS refunded_fen FROM order_line GROUP BY order_id) AS back "
        "ON back.order_id = orders.id "
        "LEFT JOIN (SELECT order_id, sum(gross_fen) AS gross_fen FROM commission GROUP BY order_id) AS owed "
        "ON owed.order_id = orders.id WHERE (orders.state = 'paid' AND coalesce(sale.sold_fen, 0) <> -orders.total_fen) "
        "OR (orders.state <> 'paid' AND (sale.sold_fen IS NOT NULL OR owed.gross_fen IS NOT NULL)) "
        "OR coalesce(sale.refunded_fen, 0) <> coalesce(back.refunded_fen, 0) "
        "OR coalesce(owed.gross_fen, 0) * 10000 > orders.total_fen * 3000",
    ),
    (
        "I8",
        "one open upline each, no circle, two paid levels, nobody earns on their own order",
        "relations",
        "SELECT count(*) FROM edge WHERE valid_to IS NULL",
        "WITH RECURSIVE open_edge(child_id, parent_id) AS (SELECT edge.child_id, coalesce(node.merged_into_id, node.id) "
        "FROM edge JOIN node ON node.id = edge.parent_id WHERE edge.valid_to IS NULL), "
        "walk(start_id, at_id, steps) AS (SELECT child_id, parent_id, 1 FROM open_edge "
        "UNION ALL SELECT walk.start_id, open_edge.parent_id, walk.steps + 1 FROM walk JOIN open_edge "
        "ON open_edge.child_id = walk.at_id WHERE walk.at_id <> walk.start_id AND walk.steps < 1000) "
        "SELECT (SELECT count(*) FROM walk WHERE at_id = start_id) + (SELECT count(*) FROM (SELECT child_id FROM edge "
        "WHERE valid_to IS NULL GROUP BY child_id HAVING count(*) > 1) AS doubled) "
        "+ (SELECT count(*) FROM commission WHERE level NOT IN (1, 2) OR payee_id = buyer_id)",
    ),
    (
        "I9",
        "each kept balance is the sum of its postings",
        "accounts",
        "SELECT count(*) FROM balance",
        "SELECT count(*) FROM (SELECT account, sum(amount_fen) FROM (SELECT account, amount_fen FROM balance "
        "UNION ALL SELECT account, -sum(amount_fen) FROM posting GROUP BY account) AS both_sides "
        "GROUP BY account HAVING sum(amount_fen) <> 0) AS different",
    ),
)


_UNCLAIMED = (
    "I13",
    "unclaimed money is what lies in the queue",
    "fen",
    "SELECT coalesce(sum(amount_fen), 0) FROM stray WHERE is_booked AND state IN ('open', 'refunding', 'doubtful')",
    "SELECT CASE WHEN (SELECT coalesce(sum(amount_fen), 0) FROM stray WHERE is_booked "
    "AND state IN ('open', 'refunding', 'doubtful')) = (SELECT coalesce(-sum(amount_fen), 0) "
    "FROM posting WHERE account = 'liab:unclaimed') THEN 0 ELSE 1 END",
)

_POOL = (
    "I11",
    "the pool is what the matured lines have funded",
    "fen",
    "SELECT coalesce(sum(funded_fen), 0) FROM schedule",
    "SELECT CASE WHEN (SELECT coalesce(sum(funded_fen), 0) FROM schedule) = (SELECT coalesce(-sum(amount_fen), 0) "
    "FROM posting WHERE account LIKE 'liab:pool:%') THEN 0 ELSE 1 END",
)


def check_books(connection: Reader) -> list[Finding]:
    """Every invariant with its figure. This reads whole tables: for tests, the worker and the operator, never for a page."""
    findings = [_find(connection, *rule) for rule in (*_INVARIANTS, _POOL)]
    entries, different = replay(connection)
    return [
        *findings,
        Finding("I12", "all entries replayed into an empty ledger give these balances", entries, "entries", different),
        _find(connection, *_UNCLAIMED),
    ]


def _find(connection: Reader, id: str, title: str, unit: str, figure: str, broken: str) -> Finding:
    counted, broken_rows = (connection.execute(text(query)).scalar_one() for query in (figure, broken))
    return Finding(id, title, counted, unit, broken_rows)
