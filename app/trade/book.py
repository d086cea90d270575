"""To book a sale: the money came through a provider, or out of the buyer's own commission."""

from sqlalchemy import Connection

from app import ledger, orders, payments, settlement
from app.payments import Account, Due

BALANCE = "balance"


def book_sale(tx: Connection, channel: Account, due: Due, trade_number: str, now: int) -> None:
    """Enter what paid the order into the books. Raises Refusal when a balance does not hold it."""
    if channel.gateway.name == BALANCE:
        account_id = orders.buyer_of(tx, due.order_id).account_id
        ledger.post_spent(
            tx,
            channel_slug=channel.slug,
            trade_number=trade_number,
            parts=settlement.take_to_spend(tx, account_id, due.amount_fen, case=due.number, now=now),
            order_fen=due.order_fen,
            order_number=due.order_number,
            now=now,
        )
        return
    fee_bps, _hold_days = payments.terms_of_channel(tx, channel.id)
    ledger.post_sale(
        tx,
        channel_slug=channel.slug,
        trade_number=trade_number,
        paid_fen=due.amount_fen,
        order_fen=due.order_fen,
        fee_fen=payments.fee_of(due.amount_fen, fee_bps),
        order_number=due.order_number,
        now=now,
    )


def book_refund_sent(
    tx: Connection,
    order_id: int,
    channel_slug: str | None,
    *,
    refund_number: str,
    amount_fen: int,
    order_number: str,
    now: int,
) -> None:
    """Enter that a refund left: through the channel, from a balance back to it, or by the merchant's hand where none is told."""
    if channel_slug is None or not _is_balance(tx, channel_slug):
        ledger.post_refund_sent(
            tx,
            refund_number=refund_number,
            amount_fen=amount_fen,
            channel_slug=channel_slug,
            order_number=order_number,
            now=now,
        )
        return
    payment = payments.paid_payment(tx, order_id)
    parts = ledger.spent_parts(tx, channel_slug=channel_slug, trade_number=payment.trade_number)
    ledger.lock_payees(tx, parts)
    ledger.post_spent_back(
        tx, refund_number=refund_number, amount_fen=amount_fen, parts=parts, order_number=order_number, now=now
    )


def _is_balance(tx: Connection, channel_slug: str) -> bool:
    channel = payments.channel_by_slug(tx, channel_slug)
    return channel is not None and channel.gateway.name == BALANCE
