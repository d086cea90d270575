"""To transfer: an approved payout is sent by Alipay's interface between two transactions, and what Alipay says is booked."""

import logging

from sqlalchemy import Connection

from app import ledger, outbox, payments, settlement, shop
from app.clock import DAY, HOUR, MINUTE
from app.db import AnyRow, db, transaction
from app.errors import N_, Refusal
from app.money import yuan
from app.payments import LEAST_TRANSFER_FEN, AlipayAccount, NotSent, Transfer, TransferAnswer
from app.shop import Settings

log = logging.getLogger(__name__)
ACTOR = "provider:alipay"
# Longer than the calls of one transfer may take, so that what stays claimed was being sent when its worker died.
LEASE_SECONDS = 5 * MINUTE
PATIENCE_SECONDS = 3 * DAY


def send_payout(tx: Connection, number: str, *, by: int, settings: Settings, now: int) -> None:
    """Let Alipay send an approved payout; the worker does, within seconds. Raises Refusal, PayoutMoved."""
    payout = settlement.find_payout(tx, number)
    if payout is None:
        raise settlement.PayoutMoved
    if payments.transfer_account(tx) is None:
        raise Refusal(N_("There is no account at Alipay to send from. Its owner enters one under Payouts."))
    if _sent_fen(payout) < LEAST_TRANSFER_FEN:
        raise Refusal(N_("Alipay sends no less than ¥%(least)s."), least=yuan(LEAST_TRANSFER_FEN))
    settlement.start_transfer(tx, number, by=by, settings=settings, now=now)


def send_transfers(now: int) -> int:
    """Send every transfer that is due, or ask what became of it. Returns how many Alipay confirmed.

    A transfer goes by one number however often it is tried, and Alipay sends a number once.
    """
    account, done = payments.transfer_account(db.session), 0
    for message in outbox.due(db.session, settlement.TRANSFER, now):
        transfer = transaction(_claim, message, account is not None, now)
        if transfer is not None and account is not None:
            done += _send(account, message, transfer, now)
    return done


def _sent_fen(payout: AnyRow) -> int:
    sent_fen: int = payout.amount_fen - payout.fee_fen - payout.tax_fen
    return sent_fen


def _claim(tx: Connection, message: AnyRow, can_send: bool, now: int) -> Transfer | None:
    """Take a transfer for oneself; None when somebody else has it, or it has to wait."""
    if not can_send:
        _wait(tx, message, "there is no account at Alipay to send from", now)
        return None
    if not message.attempts and ledger.books_broken(tx):
        _wait(tx, message, "the books do not balance", now)
        return None
    if not outbox.claim(tx, message.id, now, LEASE_SECONDS):
        return None
    reference = message.subject.removeprefix(f"{settlement.TRANSFER}:")
    payout = settlement.find_payout(tx, reference.partition("_")[0])
    assert payout is not None, f"the outbox knows {message.subject}, and the payouts do not"
    payee = settlement.payee_by_id(tx, payout.payee_id)
    title = f"{shop.read_settings(tx).name} 佣金"
    return Transfer(reference, payee.account, payee.name, _sent_fen(payout), title)


def _send(account: AlipayAccount, message: AnyRow, transfer: Transfer, now: int) -> bool:
    try:
        answer = payments.send_transfer(account, transfer, was_tried=message.attempts > 0, now=now)
    except NotSent as error:
        answer = TransferAnswer("waiting", reason=f"Alipay could not be reached: {error}")
    if answer.state != "done":
        log.warning("transfer %s is %s: %s", transfer.number, answer.state, answer.reason)
    transaction(_settle, message, transfer.number.partition("_")[0], answer, now)
    return answer.state == "done"


def _settle(tx: Connection, message: AnyRow, number: str, answer: TransferAnswer, now: int) -> None:
    if answer.state == "waiting":
        _wait(tx, message, answer.reason, now)
        return
    if not outbox.settle(tx, message.id, "done" if answer.state == "done" else "failed", answer.reason, now):
        log.error("payout %s: Alipay says %s (%s) of what was settled before", number, answer.state, answer.reason)
        return
    if answer.state == "done":
        assert answer.reference
        settings = shop.read_settings(tx)
        settlement.confirm_payout(
            tx, number, reference=answer.reference, by=None, actor=ACTOR, settings=settings, now=now
        )
    else:
        settlement.fail_payout(tx, number, actor=ACTOR, reason=answer.reason, now=now)


def _wait(tx: Connection, message: AnyRow, reason: str, now: int) -> None:
    """Look again soon, then seldom, for three days. After that a person looks it up at Alipay, and notes how it went."""
    if now < message.created_at + PATIENCE_SECONDS:
        outbox.put_off(tx, message.id, reason, now + min(HOUR, MINUTE * 2 ** min(message.attempts, 6)))
    else:
        outbox.settle(tx, message.id, "failed", reason, now)
