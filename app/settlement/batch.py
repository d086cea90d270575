"""A batch: every approved payout leaves for the bank at once, and none leaves twice (distribution 1.13)."""

from sqlalchemy import Connection

from app.db import AnyRow
from app.settlement.disbursement import process_payout
from app.settlement.payee import Destination, payee_by_id
from app.settlement.payout import list_payouts

MOST_ROWS = 1000


def start_batch(tx: Connection, *, actor: str, now: int) -> list[tuple[AnyRow, Destination]]:
    """Move the approved payouts to processing, and return each with where its money goes, in clear."""
    approved, _ = list_payouts(tx, state="approved", limit=MOST_ROWS)
    rows = []
    for payout in approved:
        process_payout(tx, payout.number, actor=actor, reason="batch", now=now)
        rows.append((payout, payee_by_id(tx, payout.payee_id)))
    return rows
