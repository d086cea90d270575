"""To ask a gateway whether a payment was made, and to confirm it if the answer is yes."""

import logging

from sqlalchemy import Connection

from app import payments
from app.clock import DAY, MINUTE
from app.db import AnyRow, db, transaction
from app.payments import Account, GatewayUnreachable, Notice, QueryResult, Reading, Verdict
from app.trade.confirm import confirm

log = logging.getLogger(__name__)
GIVE_UP_SECONDS = DAY


def ask(channel: Account, payment_number: str, now: int) -> Verdict | None:
    """Ask the provider, outside of any transaction. The verdict if it says paid; None if it says no, or nothing."""
    asked = payments.asked_about(db.session, payment_number, now)
    # No reading transaction waits for a provider.
    db.session.rollback()
    try:
        answer = channel.gateway.query(channel.settings, asked)
    except GatewayUnreachable as error:
        log.warning("channel %s could not be asked about payment %s: %s", channel.slug, payment_number, error)
        return None
    if not answer.paid:
        return None
    return transaction(_settle, channel, payment_number, answer, now)


def ask_due(now: int) -> int:
    """Ask about every payment that is due for it. Returns how many were confirmed."""
    confirmed = 0
    for payment in payments.due_queries(db.session, now):
        channel = payments.channel_by_id(db.session, payment.channel_id)
        transaction(_put_off, payment, now)
        confirmed += ask(channel, payment.number, now) is Verdict.ACCEPTED
    return confirmed


def _put_off(tx: Connection, payment: AnyRow, now: int) -> None:
    if now - payment.created_at < GIVE_UP_SECONDS:
        payments.ask_later(tx, payment.id, now + MINUTE)
    else:
        payments.stop_asking(tx, payment.number)


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
