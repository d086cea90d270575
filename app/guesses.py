"""Guesses: when an account's limit of wrong passwords or codes is spent, that is written down once, and the owner hears of it."""

from dataclasses import replace

from sqlalchemy import Connection

from app import accounts, audit, outbox, throttle, visit
from app.audit import Who
from app.db import transaction
from app.throttle import TooOften

# Whoever guesses at many accounts must not fill the log: beyond this they are only counted.
MOST = "60/hour"
EVENT = "login.failed"


def note(limit: str, key: tuple[str, ...], *, account_id: int | None, role: str | None, act: str) -> None:
    """After a wrong guess: an entry in the log if it was the one that spent `limit`. The same work for a contact that nobody
    goes by, so that time tells nothing."""
    try:
        throttle.check(limit, *key)
    except TooOften:
        if throttle.within(MOST, "guesses", "all"):
            transaction(_write, account_id, role in accounts.STAFF_ROLES, act, replace(visit.who(), account_id=None))


def _write(tx: Connection, account_id: int | None, is_staff: bool, act: str, who: Who) -> None:
    subject = f"account:{account_id}" if account_id else "account"
    entry_id = audit.record(tx, who, act, subject)
    if is_staff:
        outbox.tell(tx, EVENT, entry_id, who.at)
