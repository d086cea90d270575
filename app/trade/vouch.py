"""To vouch: a buyer says that they paid into the merchant's own account. The merchant looks, and what they say settles it."""

import re

from sqlalchemy import Connection, RowMapping

from app import orders, outbox, payments
from app.clock import DAY, HOUR
from app.errors import N_, Refusal
from app.payments import Notice, Verdict
from app.trade.by_hand import refuse_unless_taken, say

MANUAL = "manual"
# So long after ordering a buyer may say so, even when the goods are no longer put aside.
SAID_WITHIN_SECONDS = DAY
_DIGITS = re.compile(r"[0-9A-Za-z]{4,6}", re.ASCII)


def vouch(tx: Connection, order_id: int, digits: str, *, placed_at: int, now: int) -> None:
    """Note that the buyer paid the order's latest payment, by a transfer whose reference ends in `digits`. Raises Refusal.

    The goods are kept until the channel's hours after ordering are over; an order whose time is over is looked at all the same,
    and keeps nothing.
    """
    if not _DIGITS.fullmatch(digits):
        raise Refusal(N_("Please enter the last 4 to 6 letters or digits of the reference."), "digits")
    order = orders.lock_order(tx, order_id)
    if order.state == "paid":
        raise Refusal(N_("This order is paid already."), "digits")
    payment = payments.latest_due(tx, order_id)
    if payment is None:
        raise Refusal(N_("This order is paid in another way."), "digits")
    channel = payments.channel_by_id(tx, payment.channel_id)
    if channel.gateway.name != MANUAL:
        raise Refusal(N_("This order is paid in another way."), "digits")
    if order.state == "cancelled" or now >= placed_at + SAID_WITHIN_SECONDS:
        raise Refusal(N_("This order is too old. Please tell the shop its number."), "digits")
    orders.hold(tx, order_id, int(channel.settings["hold_hours"]) * HOUR, now)
    if not payments.open_claim(tx, payment.payment_id, digits, now):
        raise Refusal(N_("You have said so already."), "digits")
    outbox.tell(tx, "payment.claimed", payment.payment_id, now)


def confirm_vouched(
    tx: Connection, claim_id: int, *, reference: str, actor: str, address: str, request_id: str, now: int
) -> Verdict:
    """The merchant found the money under `reference`. Raises Refusal.

    It is noted whatever became of the order: money of an order whose goods are sold, or that was paid twice, waits in the queue.
    """
    claim = _claim(tx, claim_id)
    orders.lock_order(tx, claim["order_id"])
    if not payments.settle_claim(tx, claim_id, "came", by=actor, reason=None, now=now):
        raise Refusal(N_("Somebody has settled this already."), "reference")
    payment = payments.find_due(tx, claim["payment_number"])
    assert payment is not None
    if payment.is_paid:
        return Verdict.DUPLICATE
    channel = payments.channel_by_id(tx, payment.channel_id)
    words = f"reference={reference}\nclaim={claim['digits']}\nactor={actor}"
    notice = Notice("hand", "", "text/plain", b"", words.encode(), address, request_id)
    verdict = say(tx, channel, payment, reference, notice, now)
    if verdict is Verdict.REUSED_TRADE:
        raise Refusal(N_("This transfer paid another order."), "reference")
    if verdict not in (Verdict.LATE, Verdict.DOUBLE_PAID):
        refuse_unless_taken(verdict, "reference")
    return verdict


def refuse_vouched(tx: Connection, claim_id: int, *, reason: str, order_seconds: int, actor: str, now: int) -> None:
    """The merchant found no money, and tells the buyer why. The goods are kept for as long as a new order's. Raises Refusal."""
    claim = _claim(tx, claim_id)
    order = orders.lock_order(tx, claim["order_id"])
    if not payments.settle_claim(tx, claim_id, "missing", by=actor, reason=reason, now=now):
        raise Refusal(N_("Somebody has settled this already."), "reason")
    if not payments.claim_waits(tx, order.id):
        orders.let_go(tx, order.id, now + order_seconds)


def _claim(tx: Connection, claim_id: int) -> RowMapping:
    claim = payments.find_claim(tx, claim_id)
    if claim is None:
        raise Refusal(N_("Somebody has settled this already."), "reference")
    return claim
