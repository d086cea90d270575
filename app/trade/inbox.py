"""To receive a notice: read it, confirm it in one transaction, and keep it whatever happens (guard, rule 4).

This is the one conductor that opens transactions itself: when the first fails, the notice is kept in one of its own.
"""

import logging
from dataclasses import replace

from sqlalchemy import Connection

from app import payments
from app.db import transaction
from app.errors import N_, Refusal
from app.group_commit import transaction_together
from app.payments import Account, KeptNotice, Notice, Reading, Verdict
from app.savepoint import savepoint
from app.trade.ask import ask
from app.trade.confirm import confirm
from app.trade.set_aside import set_aside

log = logging.getLogger(__name__)


def receive(channel: Account, notice: Notice, now: int, reading: Reading | None = None) -> Verdict:
    """Take a raw notice in. FAILED means that nothing could be changed and the provider has to come again.

    A desk that has read the notice already, to see whether it is worth anything, hands its reading over.
    """
    reading = reading or channel.read(notice, now)
    try:
        verdict = transaction_together(confirm, channel, notice, reading, now)
    except Exception as error:
        log.exception("notice on channel %s could not be settled", channel.slug)
        _keep_failed(channel, notice, reading, repr(error), now)
        return Verdict.FAILED
    if verdict.needs_a_hand:
        log.warning("notice on channel %s needs a hand: %s %s", channel.slug, verdict, reading.payment_number)
    if verdict is Verdict.UNCONFIRMED and reading.payment_number:
        return ask(channel, reading.payment_number, now) or verdict
    return verdict


def replay(channel: Account, kept: KeptNotice, now: int, *, actor: str, reason: str) -> Verdict:
    """Judge a notice once more by the normal path. It is read as of the time it came, and kept as a new notice that names it.

    Raises Refusal where there is nothing to read: what the shop asked for, or the merchant said, is no notice of a provider.
    """
    if kept.source not in ("callback", "return", "replay"):
        raise Refusal(N_("Only what a provider sent can be judged once more."))
    if kept.words_hash is not None:
        raise Refusal(N_("What this notice said is no longer kept, so it cannot be judged once more."))
    first_id = kept.first_id or kept.id
    notice = replace(kept.raw, first_id=first_id)
    reading = channel.read(notice, kept.received_at)
    verdict = receive(channel, notice, now, reading)
    transaction(payments.note_decision, first_id, "replayed", actor=actor, reason=reason, now=now)
    return verdict


def _keep_failed(channel: Account, notice: Notice, reading: Reading, reason: str, now: int) -> None:
    try:
        transaction(_keep, channel, notice, reading, reason, now)
    except Exception:
        log.exception("notice on channel %s could not even be kept; the provider will repeat it", channel.slug)


def _keep(tx: Connection, channel: Account, notice: Notice, reading: Reading, reason: str, now: int) -> None:
    notice_id = payments.keep_notice(
        tx,
        channel.id,
        notice,
        Verdict.FAILED,
        reason,
        trade_number=reading.trade_number,
        amount_fen=reading.amount_fen,
        now=now,
    )
    if reading.verdict == "valid":
        # The notice is kept whatever else is broken.
        try:
            with savepoint(tx):
                set_aside(tx, channel, reading, Verdict.FAILED, None, notice_id, now)
        except Exception:
            log.exception("notice %s on channel %s is kept, and could not enter the queue", notice_id, channel.slug)
