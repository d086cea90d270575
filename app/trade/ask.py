"""To ask a gateway whether a payment was made, and to confirm it if the answer is yes.

Providers are asked between transactions: four payments of a channel at once at most, and one that fails again and again is left
alone for a while, so that it holds up no other.
"""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from sqlalchemy import Connection

from app import payments
from app.db import AnyRow, db, transaction
from app.payments import Account, Asked, Breaker, GatewayUnreachable, Notice, QueryResult, Reading, Verdict
from app.trade.confirm import confirm

log = logging.getLogger(__name__)
AT_ONCE = 4
MOST_PER_CHANNEL = 20
breaker = Breaker()


@dataclass(frozen=True)
class Answer:
    """What came of asking about a payment: `outcome` is a verdict, 'not_paid', 'no_answer' or 'paused' (it was not asked)."""

    payment: AnyRow
    outcome: str


def ask(channel: Account, payment_number: str, now: int) -> Verdict | None:
    """Ask the provider, outside of any transaction. The verdict if it says paid; None if it says no, or nothing."""
    asked = payments.asked_about(db.session, payment_number, now)
    # No reading transaction waits for a provider.
    db.session.rollback()
    try:
        answer = channel.gateway.query(channel.settings, asked)
    except GatewayUnreachable as error:
        _note(channel, payment_number, error)
        return None
    if not answer.paid:
        return None
    return transaction(_settle, channel, payment_number, answer, now)


def ask_due(now: int) -> int:
    """Ask about every payment that is due for it, a few of each channel. Returns how many were confirmed.

    When a payment is due again is decided before it is asked about: whatever happens then, nothing is asked in a circle.
    """
    due: list[tuple[Account, list[AnyRow]]] = []
    for channel in payments.list_channels(db.session):
        # Of what no provider takes part in there is nobody to ask.
        is_asked = channel.is_sound and channel.gateway.name not in payments.UNASKED
        if is_asked and not breaker.is_paused(channel.id, now):
            found = payments.due_queries(db.session, channel.id, now, MOST_PER_CHANNEL)
            if found:
                due.append((channel, transaction(_claim, found, now)))
    confirmed = 0
    for answer in ask_all(due, now):
        if answer.outcome == "paused":
            transaction(payments.ask_later, answer.payment.id, now + payments.PAUSE_SECONDS)
        confirmed += answer.outcome == Verdict.ACCEPTED
    return confirmed


def ask_all(due: Sequence[tuple[Account, Sequence[AnyRow]]], now: int) -> Iterator[Answer]:
    """Ask about payments of several channels side by side; each is settled as soon as its provider answers."""
    asked = {row.id: payments.asked_about(db.session, row.number, now) for _, rows in due for row in rows}
    db.session.rollback()
    pools = {channel.id: ThreadPoolExecutor(AT_ONCE) for channel, rows in due if rows}
    try:
        waiting: dict[Future[QueryResult | GatewayUnreachable | None], tuple[Account, AnyRow]] = {
            pools[channel.id].submit(_query, channel, asked[row.id], now): (channel, row)
            for channel, rows in due
            for row in rows
        }
        for future in as_completed(waiting):
            channel, row = waiting[future]
            yield Answer(row, _outcome(channel, row, future.result(), now))
    finally:
        for pool in pools.values():
            pool.shutdown(cancel_futures=True)


def _claim(tx: Connection, found: Sequence[AnyRow], now: int) -> list[AnyRow]:
    return [row for row in found if payments.claim_query(tx, row, now)]


def _query(channel: Account, asked: Asked, now: int) -> QueryResult | GatewayUnreachable | None:
    """In a thread of its own, without the database. None while the channel is left alone."""
    if breaker.is_paused(channel.id, now):
        return None
    try:
        answer = channel.gateway.query(channel.settings, asked)
    except GatewayUnreachable as error:
        breaker.note_fault(channel.id, now)
        return error
    except Exception:
        log.exception("channel %s: asking about payment %s ended in a fault", channel.slug, asked.payment_number)
        breaker.note_fault(channel.id, now)
        return GatewayUnreachable("a fault of the shop")
    breaker.note_answer(channel.id)
    return answer


def _outcome(channel: Account, row: AnyRow, answer: QueryResult | GatewayUnreachable | None, now: int) -> str:
    if answer is None:
        return "paused"
    if isinstance(answer, GatewayUnreachable):
        _note(channel, row.number, answer)
        return "no_answer"
    if not answer.paid:
        return "not_paid"
    try:
        return str(transaction(_settle, channel, row.number, answer, now))
    except Exception:
        # The provider is asked again by the list; one payment's fault must not keep the others from their goods.
        log.exception("payment %s is paid by channel %s and could not be settled", row.number, channel.slug)
        return "failed"


def _note(channel: Account, payment_number: str, error: GatewayUnreachable) -> None:
    log.warning("channel %s could not be asked about payment %s: %s", channel.slug, payment_number, error)


def _settle(tx: Connection, channel: Account, payment_number: str, answer: QueryResult, now: int) -> Verdict:
    verdict = confirm(tx, channel, _notice(answer), _reading(channel, payment_number, answer), now)
    payments.stop_asking(tx, payment_number)
    return verdict


def _notice(answer: QueryResult) -> Notice:
    body = (
        f"paid={answer.paid} trade_number={answer.trade_number} amount_fen={answer.amount_fen} method={answer.method}"
    )
    return Notice("query", "GET", "", b"", body.encode(), "", "")


def _reading(channel: Account, payment_number: str, answer: QueryResult) -> Reading:
    return Reading(
        verdict="valid",
        reason="",
        merchant=channel.merchant,
        payment_number=payment_number,
        trade_number=answer.trade_number,
        amount_fen=answer.amount_fen,
        currency=answer.currency,
        method=answer.method,
        paid=answer.paid,
        needs_query=False,
    )
