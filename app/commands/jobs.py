"""The worker's jobs: what has to happen by itself, and how often. Each is an act that may run twice."""

import logging
from collections.abc import Callable

from flask import current_app

from app import (
    accounts,
    audit,
    care,
    clock,
    drift,
    outbox,
    payments,
    referral,
    settlement,
    shop,
    trade,
    wording,
)
from app.commands.daily import books, entries
from app.commands.shelf import imports, tell_low_stock
from app.db import db, snapshot, transaction
from app.premises import make_due_backup, premises

log = logging.getLogger(__name__)
EVERY_SECONDS: dict[str, int] = {
    "expire": 10,
    "accrue": 15,
    "ask": 10,
    "refund": 10,
    "transfer": 10,
    "imports": 2,
    "messages": 5,
    "settle": 300,
    "disputes": 60,
    "tidy": 3600,
    "books": 3600,
    "entries": 3600,
    "reports": 60,
    "figures": 30,
    "backup": 10,
    "stock": 60,
    "watch": 600,
}


def expire() -> None:
    """Give the stock of unpaid orders back."""
    while transaction(trade.expire, clock.now()):
        pass


def accrue() -> None:
    """Compute commission that was put off."""
    transaction(trade.retry_accruals, clock.now())


def ask() -> None:
    """Ask gateways about payments that want it."""
    trade.ask_due(clock.now())


def refund() -> None:
    """Send refunds to the gateways that were paid, and money back that no order took."""
    config = current_app.config["SHOP"]
    public_url = config.public_url if config.public_url_is_set else ""
    trade.send_refunds(clock.now(), public_url)
    trade.send_returns(clock.now(), public_url)


def transfer() -> None:
    """Send payouts by Alipay's interface, and ask what became of them."""
    trade.send_transfers(clock.now())


def messages() -> None:
    """Make letters of what happened, and send those that are due."""
    while transaction(trade.announce, clock.now()):
        pass
    while transaction(trade.recover, clock.now()):
        pass
    trade.post_letters(clock.now(), wording.write)


def settle() -> None:
    """Release commission whose hold is over, in batches."""
    while transaction(settlement.release_due, clock.now()):
        pass


def tidy() -> None:
    """Forget what is kept for a time only, as the privacy page says; settle what came to people who left."""
    transaction(accounts.forget_old_sessions, clock.now())
    transaction(referral.forget_addresses, clock.now())
    transaction(referral.forget_sightings, clock.now())
    transaction(accounts.forget_spent, clock.now())
    transaction(accounts.forget_challenges, clock.now())
    transaction(audit.forget_origins, clock.now())
    while transaction(payments.forget_words, clock.now()):
        pass
    transaction(trade.clear_departed, clock.now())


def disputes() -> None:
    """Move on the disputes in which a time is over; one that fails does not keep the others."""
    for dispute_id in settlement.due_disputes(db.session, clock.now()):
        try:
            transaction(trade.advance_dispute, dispute_id, clock.now())
        except Exception:
            log.exception("dispute %s could not be moved on", dispute_id)


def watch() -> None:
    """Tell the merchant when the last good backup is too old, and keep how far this machine's clock is from the providers'."""
    wished, now, heard = shop.read_settings(db.session), clock.now(), drift.heard()
    if wished.backup_recipient and care.is_late(premises().instance, now):
        transaction(outbox.tell, "backup.late", now // clock.DAY, now)
    if heard is not None and heard[1] > wished.clock_heard_at:
        transaction(shop.change_settings, clock_off_seconds=heard[0], clock_heard_at=heard[1])


def reports() -> None:
    """Count the months of the compliance report that are due, or that somebody asked for."""
    for period in referral.due_periods(db.session, clock.now()):
        with snapshot() as connection:
            inputs = trade.measure(connection, period)
        transaction(trade.report, period, inputs, clock.now())


def figures() -> None:
    """Bring the figures up to date by which the list of the network is sorted."""
    while transaction(referral.roll_up):
        pass


JOBS: dict[str, Callable[[], None]] = {
    "expire": expire,
    "accrue": accrue,
    "ask": ask,
    "refund": refund,
    "transfer": transfer,
    "imports": imports,
    "messages": messages,
    "settle": settle,
    "disputes": disputes,
    "tidy": tidy,
    "books": books,
    "entries": entries,
    "reports": reports,
    "figures": figures,
    "backup": make_due_backup,
    "stock": tell_low_stock,
    "watch": watch,
}
