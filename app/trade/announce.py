"""To announce: an event becomes letters, one for each who is to hear of it. Nothing is sent here."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from app import ledger, orders, outbox, referral, settlement
from app.clock import HOUR, MINUTE
from app.outbox import ACCRUED, REPLACED, Way
from app.savepoint import savepoint

log = logging.getLogger(__name__)
RELEASED = "commission.released"


def announce(tx: Connection, now: int) -> int:
    """Write the letters of every event that was not passed on yet. Returns how many events were."""
    untold = outbox.untold(tx, now)
    ways = [way for way in outbox.list_outlets(tx) if way.enabled] if untold else []
    for message, event, about in untold:
        try:
            with savepoint(tx):
                outbox.address(tx, list(_letters(tx, ways, event, about, message.created_at, now)))
                outbox.settle(tx, message.id, "done", "", now)
        except Exception as error:
            log.exception("event %s could not be announced and will be tried again", message.subject)
            outbox.put_off(tx, message.id, repr(error), now + HOUR)
    return len(untold)


def _letters(
    tx: Connection, ways: Sequence[Way], event: str, about: str, happened_at: int, now: int
) -> Iterator[dict[str, Any]]:
    for way in ways:
        shared = {"outlet_id": way.id, "happened_at": happened_at, "next_at": now, "account_id": 0}
        if way.tells("merchant", event):
            yield {**shared, "event": event, "about": about, "audience": "merchant"}
        if way.tells("buyer", event) and _has_mailbox(tx, event, about):
            yield {**shared, "event": event, "about": about, "audience": "buyer"}
        if way.tells("distributor", event):
            for account_id in _listeners(tx, event, about):
                letter = {**shared, "event": event, "about": about, "audience": "distributor"}
                letter["account_id"] = account_id
                # What is released bit by bit would be a mail a bit: one a day tells of them together.
                yield letter | _by_day(now) if event == RELEASED else letter


def _has_mailbox(tx: Connection, event: str, about: str) -> bool:
    order_id = order_of(tx, event, about)
    if event == "order.paid" and orders.buyer_of(tx, order_id).delivered_at is not None:
        # The goods are on their way by mail already, with the receipt.
        return False
    return orders.mail_domain(tx, order_id) is not None


def order_of(tx: Any, event: str, about: str) -> int:
    """The order that an event for its buyer is about."""
    if event == "order.refunded":
        return int(orders.find_refund(tx, int(about)).order_id)
    return int(about.partition(":")[0] if event == REPLACED else about)


def _listeners(tx: Connection, event: str, about: str) -> list[int]:
    """The accounts that earned, and want to hear of it."""
    if event == ACCRUED:
        accounts, topic = referral.earners_of_order(tx, int(about)), outbox.EARNED
    elif event == RELEASED:
        accounts, topic = referral.accounts_of_pids(tx, list(ledger.matured_by(tx, about))), outbox.RELEASED
    else:
        accounts, topic = [settlement.payout_by_id(tx, int(about)).account_id], outbox.PAID_OUT
    return outbox.who_wants(tx, accounts, topic)


def _by_day(now: int) -> dict[str, Any]:
    day = referral.day_of(now)
    return {"about": str(day), "next_at": referral.end_of_day(day) + 5 * MINUTE}
