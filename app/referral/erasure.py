"""An erasure: of somebody who leaves, the network keeps a random id and numbers (distribution 1.3.16, 1.21)."""

from collections.abc import Sequence

from sqlalchemy import Connection, TextClause, bindparam, text

from app.clock import DAY
from app.db import AnyRow, Reader
from app.referral.click import ADDRESS_DAYS


def _each(statement: str) -> TextClause:
    return text(statement).bindparams(bindparam("ids", expanding=True))


# Clicks first: by the devices that go next. Older clicks know nothing any more.
_STATEMENTS = [
    _each(statement)
    for statement in (
        "UPDATE click SET address_prefix = NULL, agent_hash = NULL, device_hash = NULL WHERE happened_at >= :since "
        "AND device_hash IN (SELECT device_hash FROM device WHERE node_id IN :ids)",
        "DELETE FROM device WHERE node_id IN :ids",
        "DELETE FROM sighting WHERE node_id IN :ids",
        "DELETE FROM node_payee WHERE node_id IN :ids",
        "UPDATE link SET revoked_at = :now WHERE node_id IN :ids AND revoked_at IS NULL",
        "UPDATE node SET account_id = NULL, contact_index = NULL, person_index = NULL, state = 'none', source = NULL, "
        "qualified_at = NULL, terms_version = NULL, terms_at = NULL WHERE id IN :ids",
    )
]


_WITH_MONEY = text(
    "SELECT DISTINCT node.id, node.pid FROM node_event "
    "JOIN node ON node.id = node_event.node_id OR node.merged_into_id = node_event.node_id "
    "JOIN balance ON balance.account IN ('liab:held:' || node.pid, 'liab:avail:' || node.pid, 'liab:frozen:' || node.pid, "
    "'asset:clawback_due:' || node.pid) WHERE node_event.kind = 'deleted' AND balance.amount_fen <> 0 ORDER BY node.id LIMIT :limit"
)


def departed_with_money(connection: Reader, limit: int) -> list[AnyRow]:
    """id and pid of nodes whose owners left, and to which money came, or a debt, afterwards."""
    return list(connection.execute(_WITH_MONEY, {"limit": limit}))


def erase_nodes(tx: Connection, node_ids: Sequence[int], now: int) -> None:
    """Forget who stood behind these nodes. Their public ids stay, and what others earned by them."""
    for statement in _STATEMENTS:
        tx.execute(statement, {"ids": list(node_ids), "now": now, "since": now - ADDRESS_DAYS * DAY})
