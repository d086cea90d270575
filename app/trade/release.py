"""To release: somebody who came through another ends that relation, at any time and for no reason (distribution 1.3.12)."""

from sqlalchemy import Connection

from app import referral


def release_upline(tx: Connection, account_id: int, now: int) -> bool:
    """End the account's relation to its upline. False when there is none.

    What was earned through it stays earned; whoever came through the account stays with it; and nobody can bind it anew
    until the shop's cooldown is over.
    """
    node = referral.node_by_account(tx, account_id)
    if node is None:
        return False
    referral.lock_tree(tx)
    return referral.close_edge(tx, node.id, "released", now)
