"""Entries of a sale: money that came in (J1), and money that goes back to the buyer (J4, distribution 1.17)."""

from sqlalchemy import Connection

from app.ledger.accounts import BANK, GATEWAY_FEE, REFUND, REFUND_CLEARING, SALES, SURCHARGE, gateway_account
from app.ledger.journal import post


def post_sale(
    tx: Connection,
    *,
    channel_slug: str,
    trade_number: str,
    paid_fen: int,
    order_fen: int,
    fee_fen: int = 0,
    order_number: str,
    now: int,
) -> bool:
    """J1: money of a paid order came in through a channel, less the provider's fee. The order's total is the sale."""
    legs = {gateway_account(channel_slug): paid_fen - fee_fen, GATEWAY_FEE: fee_fen}
    legs |= {SALES: -order_fen, SURCHARGE: order_fen - paid_fen}
    return post(tx, f"pay:{channel_slug}:{trade_number}", "paid", legs, order_number=order_number, now=now)


def post_refund(tx: Connection, *, refund_number: str, amount_fen: int, order_number: str, now: int) -> bool:
    """J4: the buyer is owed money back; it has not left yet."""
    legs = {REFUND: amount_fen, REFUND_CLEARING: -amount_fen}
    return post(tx, f"refund:{refund_number}", "refund", legs, order_number=order_number, now=now)


def post_refund_sent(
    tx: Connection, *, refund_number: str, amount_fen: int, channel_slug: str | None, order_number: str, now: int
) -> bool:
    """J4 confirmed: the money left through the channel, or by the merchant's hand where `channel_slug` is None."""
    source = gateway_account(channel_slug) if channel_slug else BANK
    legs = {REFUND_CLEARING: amount_fen, source: -amount_fen}
    return post(tx, f"refund:{refund_number}:sent", "refund_sent", legs, order_number=order_number, now=now)


def post_refund_failed(tx: Connection, *, refund_number: str, amount_fen: int, order_number: str, now: int) -> bool:
    """The exact inverse of J4: nothing went back to the buyer."""
    legs = {REFUND: -amount_fen, REFUND_CLEARING: amount_fen}
    return post(tx, f"refund:{refund_number}:failed", "refund_failed", legs, order_number=order_number, now=now)
