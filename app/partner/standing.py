"""The nodes of whoever is logged in: the account's own, and the guests that it claimed."""

from dataclasses import dataclass

from app import clock, referral, settlement, visit
from app.db import db, transaction


@dataclass(frozen=True)
class Standing:
    """A member's place in the network. `code` is the live link's, None until the member may share; who is barred never may."""

    pid: str
    node_id: int
    node_ids: list[int]
    pids: list[str]
    is_qualified: bool
    is_barred: bool
    code: str | None


def standing() -> Standing:
    """The standing of the account that is logged in."""
    nodes = referral.nodes_of_account(db.session, visit.account_id() or 0)
    own = nodes[0]
    code = referral.link_of_node(db.session, own.id) if own.state == "qualified" else None
    is_barred = own.state in ("suspended", "banned") or (own.state == "none" and referral.is_barred(db.session, own.id))
    return Standing(
        pid=own.pid,
        node_id=own.id,
        node_ids=[node.id for node in nodes],
        pids=[node.pid for node in nodes],
        is_qualified=own.state == "qualified",
        is_barred=is_barred,
        code=code,
    )


def release_due(me: Standing) -> None:
    """Release what is due before its owner looks at it; the worker would do the same within five minutes."""
    now = clock.now()
    if referral.due_lines(db.session, me.node_ids, now, 1):
        transaction(settlement.release_for, me.node_ids, now)
