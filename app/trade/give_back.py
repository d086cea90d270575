"""To give back: money that no order took is sent back through its channel, between two transactions, once."""

import logging
from dataclasses import dataclass

from sqlalchemy import Connection

from app import ledger, outbox, payments, vault
from app.clock import MINUTE
from app.db import AnyRow, db, transaction
from app.errors import N_, Refusal
from app.payments import Account, NotSent, RefundAnswer, RefundWanted

log = logging.getLogger(__name__)
KIND = "stray"
LEASE_SECONDS = 15 * MINUTE
MOST_ATTEMPTS = 5
DIED = RefundAnswer("doubtful", reason="the worker stopped while this was being sent")


@dataclass(frozen=True)
class _Return:
    stray_id: int
    channel: Account
    wanted: RefundWanted


def give_back(tx: Connection, stray: AnyRow, *, actor: str, reason: str, now: int) -> None:
    """Let the worker send a stray's money back through the channel that it came by. Raises Refusal."""
    channel = payments.channel_by_id(tx, stray.channel_id)
    if not stray.is_booked or not channel.can_refund:
        raise Refusal(
            N_("This channel cannot send money back by itself. Please send it at the provider, and note it here."),
            "reason",
        )
    refund_number = vault.code(16)
    if not payments.start_return(tx, stray.id, refund_number):
        raise Refusal(N_("Somebody dealt with this money meanwhile. Please look at it again."), "reason")
    payments.note_decision(tx, stray.notice_id, "refunding", actor=actor, reason=reason, now=now)
    outbox.put(tx, KIND, f"{KIND}:{refund_number}", now)


def send_returns(now: int, public_url: str = "") -> int:
    """Send every return that is due, each once. Returns how many the providers confirmed.

    As with refunds of orders, nothing is sent a second time unless no connection was made; what nobody knows is doubtful.
    """
    done = 0
    for message in outbox.due(db.session, KIND, now):
        wanted = transaction(_claim, message, public_url, now)
        if wanted is not None:
            done += _send(message, wanted, now)
    return done


def _claim(tx: Connection, message: AnyRow, public_url: str, now: int) -> _Return | None:
    stray = payments.stray_by_refund(tx, message.subject.removeprefix(f"{KIND}:"))
    assert stray is not None, f"the outbox knows {message.subject}, and the queue does not"
    if message.claimed_at is not None:
        _settle(tx, message.id, stray.id, DIED, now)
        return None
    if not outbox.claim(tx, message.id, now, LEASE_SECONDS):
        return None
    if stray.state != "refunding":
        outbox.settle(tx, message.id, "failed", f"the money was {stray.state} before it was sent", now)
        return None
    channel = payments.channel_by_id(tx, stray.channel_id)
    if not channel.can_refund:
        _settle(tx, message.id, stray.id, RefundAnswer("failed", reason="the channel cannot refund"), now)
        return None
    wanted = RefundWanted(
        refund_number=stray.refund_number,
        payment_number=stray.payment_number or "",
        trade_number=stray.trade_number,
        amount_fen=stray.amount_fen,
        paid_fen=stray.amount_fen,
        currency=stray.currency,
        now=now,
        notify_url=public_url and f"{public_url}/hooks/payments/{channel.slug}",
    )
    return _Return(stray.id, channel, wanted)


def _send(message: AnyRow, one: _Return, now: int) -> bool:
    number, channel = one.wanted.refund_number, one.channel
    try:
        answer = channel.gateway.refund(channel.settings, one.wanted)
    except NotSent as error:
        if message.attempts + 1 < MOST_ATTEMPTS:
            transaction(outbox.put_off, message.id, str(error), now + MINUTE * 2**message.attempts)
            return False
        answer = RefundAnswer("failed", reason=f"the provider could not be reached: {error}")
    except Exception:
        log.exception("return %s through channel %s ended in a fault", number, channel.slug)
        answer = RefundAnswer("doubtful", reason="a fault of the shop while this was being sent")
    if answer.state != "done":
        log.warning("return %s by channel %s is %s: %s", number, channel.slug, answer.state, answer.reason)
    transaction(_settle, message.id, one.stray_id, answer, now)
    return answer.state == "done"


def _settle(tx: Connection, message_id: int, stray_id: int, answer: RefundAnswer, now: int) -> None:
    outbox.settle(tx, message_id, "done" if answer.state == "done" else "failed", answer.reason, now)
    # A refund that failed leaves the money where it was: in the queue.
    state = {"done": "refunded", "failed": "open"}.get(answer.state, "doubtful")
    stray = payments.lock_stray(tx, stray_id)
    if not payments.settle_stray(tx, stray_id, state, now=now):
        return
    channel = payments.channel_by_id(tx, stray.channel_id)
    reason = answer.reason or (answer.reference or "")
    payments.note_decision(tx, stray.notice_id, state, actor=f"provider:{channel.slug}", reason=reason, now=now)
    if state == "refunded":
        ledger.post_unclaimed_gone(
            tx, channel_slug=channel.slug, trade_number=stray.trade_number, amount_fen=stray.amount_fen, now=now
        )
