"""To spend: an order is paid from the commission that its buyer has available, through the same gate as every payment."""

from sqlalchemy import Connection

from app import payments
from app.errors import N_, Refusal
from app.orders import Order
from app.payments import Notice, Payment, Reading, Verdict
from app.trade.confirm import confirm


def spend(
    tx: Connection, order: Order, payment: Payment, account_id: int, *, address: str, request_id: str, now: int
) -> None:
    """Pay one's own order from one's balance, once. Raises Refusal when the money, or the time to pay, is not there."""
    channel = payments.channel_by_id(tx, payment.channel_id)
    if channel.gateway.name != "balance" or order.account_id != account_id:
        raise Refusal(N_("This order is not paid from your balance."), "password")
    notice = Notice("balance", "POST", "", b"", b"", address, request_id)
    reading = Reading(
        "valid",
        merchant=channel.merchant,
        payment_number=payment.number,
        trade_number=payment.number,
        amount_fen=payment.amount_fen,
        currency=payment.currency,
        method=payment.method,
        paid=True,
    )
    verdict = confirm(tx, channel, notice, reading, now)
    if verdict not in (Verdict.ACCEPTED, Verdict.DUPLICATE):
        raise Refusal(N_("The time to pay is over. Your balance was not touched; please order again."), "password")
