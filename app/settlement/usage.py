"""What happens to the goods moves their schedule: activation, and each use (distribution 1.10)."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from app import ledger, referral
from app.db import AnyRow
from app.settlement import schedule
from app.settlement.release import release_lines


def note_activation(tx: Connection, line_id: int, at: int) -> None:
    """The buyer began to use a line that is earned by its first use: the hold runs from `at`. Once; later calls change nothing."""
    row = _lock(tx, line_id)
    if row is not None and row.kind == "first_use" and row.activated_at is None:
        _reschedule(tx, row, at, activated_at=at)


def note_uses(tx: Connection, line_id: int, used: int, now: int) -> None:
    """`used` uses of a line are spent in all; what they earn matures at once if the hold is over."""
    row = _lock(tx, line_id)
    if row is not None and row.kind == "use_count" and used > row.used:
        _reschedule(tx, row, now, used=used)


def _lock(tx: Connection, line_id: int) -> AnyRow | None:
    ledger.lock_payees(tx, referral.payees_of_lines(tx, [line_id]))
    return next(iter(schedule.lock_schedules(tx, [line_id])), None)


def _reschedule(tx: Connection, row: AnyRow, now: int, **changes: Any) -> None:
    mature_at = replace(schedule.terms_of(row), **changes).mature_at
    assert mature_at is not None, "it was activated, or it expires"
    due_at = max(now, mature_at)
    shares = referral.lock_shares(tx, line_ids=[row.line_id])
    for share in shares:
        share.mature_at = mature_at
        if not share.freezes and share.held_fen:
            share.due_at = due_at
    referral.save_shares(tx, shares)
    schedule.save_schedule(tx, row, due_at=None if row.pauses else due_at, **changes)
    release_lines(tx, [row.line_id], now)
