"""Entries of money that came and belongs to no order: it is the shop's to keep safe, and not the shop's."""

from sqlalchemy import Connection

from app.ledger.accounts import UNCLAIMED, gateway_account
from app.ledger.journal import post


def post_unclaimed(tx: Connection, *, channel_slug: str, trade_number: str, amount_fen: int, now: int) -> bool:
    """Money came in through a channel, and no order took it."""
    legs = {gateway_account(channel_slug): amount_fen, UNCLAIMED: -amount_fen}
    return post(tx, f"unclaimed:{channel_slug}:{trade_number}", "unclaimed", legs, now=now)


def post_unclaimed_gone(
    tx: Connection, *, channel_slug: str, trade_number: str, amount_fen: int, order_number: str | None = None, now: int
) -> bool:
    """The exact inverse: an order took it (its sale is booked beside this), it went back, or it was none of the shop's."""
    legs = {gateway_account(channel_slug): -amount_fen, UNCLAIMED: amount_fen}
    key = f"unclaimed:{channel_slug}:{trade_number}:gone"
    return post(tx, key, "unclaimed_gone", legs, order_number=order_number, now=now)
