"""To dispatch: what waits in the outbox is sent to its provider between two transactions, and what came of it is booked."""

import logging
from dataclasses import dataclass

from sqlalchemy import Connection

from app import orders, outbox, payments
from app.clock import MINUTE
from app.db import AnyRow, db, transaction
from app.payments import Account, NotSent, RefundAnswer, RefundWanted
from app.trade.refund import settle_refund

log = logging.getLogger(__name__)
# Longer than one run with the slowest provider takes, so that what stays claimed was being sent when its worker died.
LEASE_SECONDS = 15 * MINUTE
MOST_ATTEMPTS = 5
DIED = RefundAnswer("doubtful", reason="the worker stopped while this was being sent")


@dataclass(frozen=True)
class _Order:
    """One refund as the provider hears of it."""

    refund_id: int
    channel: Account
    wanted: RefundWanted


def send_refunds(now: int, public_url: str = "") -> int:
    """Send every refund that is due, each once. Returns how many the providers confirmed.

    Below `public_url`, where there is one, providers may tell how it went.

    A gateway's refund is not idempotent: it is never sent a second time unless no connection was made. Whatever else goes
    wrong leaves it doubtful, and the merchant looks.
    """
    done = 0
    for message in outbox.due(db.session, "refund", now):
        wanted = transaction(_claim, message, public_url, now)
        if wanted is not None:
            done += _send(message, wanted, now)
    return done


def _claim(tx: Connection, message: AnyRow, public_url: str, now: int) -> _Order | None:
    """Take a message for oneself; None when there is nothing to send, and then what is known of it is settled."""
    refund = orders.refund_by_number(tx, message.subject.removeprefix("refund:"))
    assert refund is not None, f"the outbox knows {message.subject}, and the orders do not"
    if message.claimed_at is not None:
        _settle(tx, message.id, refund.id, DIED, now)
        return None
    if not outbox.claim(tx, message.id, now, LEASE_SECONDS):
        return None
    if refund.state != "pending":
        outbox.settle(tx, message.id, "failed", f"the refund was {refund.state} before it was sent", now)
        return None
    payment = payments.paid_payment(tx, refund.order_id)
    channel = payments.channel_by_id(tx, payment.channel_id)
    if not channel.can_refund:
        _settle(tx, message.id, refund.id, RefundAnswer("failed", reason="the channel cannot refund"), now)
        return None
    wanted = RefundWanted(
        refund_number=refund.number,
        payment_number=payment.known_as or payment.number,
        trade_number=payment.trade_number,
        amount_fen=refund.amount_fen,
        paid_fen=payment.amount_fen,
        currency=payment.currency,
        now=now,
        notify_url=public_url and f"{public_url}/hooks/payments/{channel.slug}",
    )
    return _Order(refund.id, channel, wanted)


def _send(message: AnyRow, order: _Order, now: int) -> bool:
    number, channel = order.wanted.refund_number, order.channel
    try:
        answer = channel.gateway.refund(channel.settings, order.wanted)
    except NotSent as error:
        if message.attempts + 1 < MOST_ATTEMPTS:
            transaction(outbox.put_off, message.id, str(error), now + MINUTE * 2**message.attempts)
            return False
        answer = RefundAnswer("failed", reason=f"the provider could not be reached: {error}")
    except Exception:
        log.exception("refund %s through channel %s ended in a fault", number, channel.slug)
        answer = RefundAnswer("doubtful", reason="a fault of the shop while this was being sent")
    if answer.state != "done":
        log.warning("refund %s by channel %s is %s: %s", number, channel.slug, answer.state, answer.reason)
    transaction(_settle, message.id, order.refund_id, answer, now)
    return answer.state == "done"


def _settle(tx: Connection, message_id: int, refund_id: int, answer: RefundAnswer, now: int) -> None:
    # Whoever was slow to answer still knows more than who took it for dead: a doubtful refund is settled by a late answer.
    outbox.settle(tx, message_id, "done" if answer.state == "done" else "failed", answer.reason, now)
    settle_refund(tx, refund_id, state=answer.state, reference=answer.reference, reason=answer.reason, now=now)
