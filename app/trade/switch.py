"""To switch: an unpaid order is paid in another way. What was begun before stays good, and money that comes by it is seen."""

from sqlalchemy import Connection

from app import payments
from app.errors import N_, Refusal
from app.orders import Order
from app.shop import Settings

MOST_PAYMENTS = 10


def switch(tx: Connection, order: Order, channel_slug: str, method: str | None, settings: Settings, now: int) -> str:
    """Start another payment of an order and return its number. Raises Refusal."""
    channel = payments.channel_by_slug(tx, channel_slug)
    if channel is None or not payments.offered(channel, method, live=settings.is_live):
        raise Refusal(N_("This way to pay is not available now. Please choose another."), field="gateway")
    if order.state != "pending" or order.expires_at <= now:
        raise Refusal(N_("The time to pay is over. Please order again."), field="gateway")
    if channel.gateway.name == "balance" and order.account_id is None:
        raise Refusal(N_("Please log in to pay from your balance."), field="gateway")
    if payments.count_payments(tx, order.id) >= MOST_PAYMENTS:
        raise Refusal(
            N_("This was changed often enough. Please pay in one of the ways that you began."), field="gateway"
        )
    amount_fen, matched_fen = payments.payable(tx, channel, order.total_fen, now)
    return payments.open_payment(
        tx,
        order.id,
        channel_id=channel.id,
        method=method or channel.methods[0],
        amount_fen=amount_fen,
        matched_fen=matched_fen,
        currency=order.currency,
        now=now,
    )
