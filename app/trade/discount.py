"""The discount on own purchases: a distributor who buys for themselves pays less, and earns nothing by it (distribution 1.15)."""

from app import referral
from app.db import Reader
from app.shop import Settings


def own_discount_bps(
    connection: Reader, account_id: int | None, settings: Settings, *, commissionable: bool = True
) -> int:
    """What an account gets off the price of a product, in bps; 0 for guests, because nobody proves a contact at checkout.

    It needs the right to earn, and a product that distributors earn on: what has no room for commission has none for this.
    """
    if account_id is None or settings.self_bps == 0 or not commissionable:
        return 0
    node = referral.node_by_account(connection, account_id)
    return settings.self_bps if node is not None and node.state == "qualified" else 0
