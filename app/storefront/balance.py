"""Who may pay from a balance, and what it holds."""

from collections.abc import Sequence
from typing import Any

from app import settlement, visit
from app.db import db
from app.orders import Order
from app.payments import Account
from app.storefront.forms import BalanceForm


def payable_here(channels: Sequence[Account], least_fen: int) -> list[Account]:
    """The channels without the balance, where the visitor has none that pays at least so much."""
    known = [channel for channel in channels if channel.gateway.name != "balance"]
    account_id = visit.account_id()
    if len(known) == len(channels) or account_id is None:
        return known
    return list(channels) if settlement.spendable_fen(db.session, account_id) >= max(1, least_fen) else known


def balance_facts(order: Order) -> dict[str, Any]:
    """What the payment's page has to know of the visitor's balance."""
    account_id = visit.account_id()
    is_mine = account_id is not None and account_id == order.account_id
    return {
        "is_mine": is_mine,
        "spendable_fen": settlement.spendable_fen(db.session, account_id) if is_mine and account_id else 0,
        "balance_form": BalanceForm(formdata=None),
    }
