"""What the worker looks at once a day: whether the books balance, and whether the log of what was done is whole."""

import logging

from app import audit, clock, ledger
from app.db import db, snapshot, transaction

log = logging.getLogger(__name__)


def books() -> None:
    """Check the books once a day: broken ones stop payouts, and the merchant sees it first."""
    last = ledger.last_checkup(db.session)
    if last is None or last.checked_at <= clock.now() - clock.DAY:
        with snapshot() as connection:
            findings = ledger.check_books(connection)
        transaction(ledger.record_checkup, findings, clock.now())
        for finding in (one for one in findings if not one.holds):
            log.error("the books are broken: %s, %s (%s)", finding.id, finding.title, finding.broken)


def entries() -> None:
    """Look at the whole log once a day."""
    last = audit.last_verification(db.session)
    if last is None or last.verified_at <= clock.now() - clock.DAY:
        with snapshot() as connection:
            verdict = audit.examine(connection)
        transaction(audit.record_verification, verdict, clock.now())
        if verdict.broken:
            log.error("the audit log is broken: entry %s, %s", verdict.broken.entry_id, verdict.broken.what)
