"""To confirm by hand: the merchant saw the money, and says so by the same act as a callback (guard, D05)."""

from sqlalchemy import Connection

from app import orders, payments
from app.errors import N_, Refusal
from app.payments import Account, Due, Notice, Reading, Verdict
from app.trade.book import BALANCE
from app.trade.confirm import confirm


def confirm_by_hand(
    tx: Connection,
    order_id: int,
    *,
    reference: str,
    note: str,
    actor: str,
    address: str,
    request_id: str,
    now: int,
) -> None:
    """Turn an unpaid order to paid because the merchant saw its money under `reference`. Raises Refusal.

    The notice that is kept names who said so, from where, and why. What the provider tells later of the same payment and amount,
    once, is this money: it changes nothing but the number of the transfer. A further transfer was paid twice.
    """
    order = orders.lock_order(tx, order_id)
    payment = payments.latest_due(tx, order_id)
    if order.state == "paid" or payment is None:
        raise Refusal(N_("This order is paid already."), "reference")
    channel = payments.channel_by_id(tx, payment.channel_id)
    if channel.gateway.name == BALANCE:
        # Their own money, which nobody else spends for them.
        raise Refusal(N_("This order is to be paid from the buyer's balance: only the buyer can do that."), "reference")
    words = f"reference={reference}\nnote={note}\nactor={actor}"
    notice = Notice("hand", "", "text/plain", b"", words.encode(), address, request_id)
    verdict = say(tx, channel, payment, reference, notice, now)
    if verdict is Verdict.REUSED_TRADE:
        raise Refusal(N_("This transfer paid another order."), "reference")
    refuse_unless_taken(verdict, "reference")
    payments.mark_by_hand(tx, payment.payment_id)
    payments.meet_claim(tx, payment.payment_id, by=actor, now=now)


def say(tx: Connection, channel: Account, payment: Due, trade_number: str, notice: Notice, now: int) -> Verdict:
    """Confirm a payment on the merchant's word: the whole of what is due came by this transfer."""
    reading = Reading(
        verdict="valid",
        merchant=channel.merchant,
        payment_number=payment.number,
        trade_number=trade_number,
        amount_fen=payment.amount_fen,
        currency=payment.currency,
        method=payment.method,
        paid=True,
    )
    return confirm(tx, channel, notice, reading, now)


def refuse_unless_taken(verdict: Verdict, field: str) -> None:
    """Raise the Refusal that says why the order is not paid now; with it everything is as it was."""
    if verdict is Verdict.LATE:
        raise Refusal(
            N_("There are not enough codes on the shelf for this order any more. Add some first, or refund."), field
        )
    if verdict is not Verdict.ACCEPTED:
        raise Refusal(
            N_("This could not be taken: the order or the transfer changed meanwhile. Please look again."), field
        )
