"""A batch: every approved payout leaves for the bank at once, and none leaves twice (distribution 1.13)."""

from sqlalchemy import Connection

from app import ledger
from app.db import AnyRow
from app.errors import N_, Refusal
from app.settlement.disbursement import is_stopped, process_payout
from app.settlement.payee import Destination, payee_by_id
from app.settlement.payout import PAYEE_SHOWN, last_reasons, list_payouts, note_event

MOST_ROWS = 1000
BATCH = "batch"


def start_batch(tx: Connection, *, actor: str, now: int) -> list[tuple[AnyRow, Destination]]:
    """Move the approved payouts to processing, and return each with where its money goes, in clear.

    Those of a suspended or banned distributor stay where they are.
    """
    approved, _ = list_payouts(tx, state="approved", limit=MOST_ROWS)
    rows = []
    for payout in approved:
        if is_stopped(tx, payout):
            continue
        process_payout(tx, payout.number, actor=actor, reason=BATCH, now=now)
        rows.append((payout, payee_by_id(tx, payout.payee_id)))
    return rows


def repeat_batch(tx: Connection, *, actor: str, now: int) -> list[tuple[AnyRow, Destination]]:
    """What left by a batch and has not been settled yet, once more, for a file that was lost. Whoever saw it is noted."""
    if ledger.books_broken(tx):
        raise Refusal(N_("The books do not balance: no payout goes out until they do."))
    sent, _ = list_payouts(tx, state="processing", limit=MOST_ROWS)
    reasons = last_reasons(tx, [payout.id for payout in sent])
    rows = []
    for payout in sent:
        if reasons[payout.id] != BATCH or is_stopped(tx, payout):
            continue
        note_event(tx, payout.id, payout.state, actor, PAYEE_SHOWN, now)
        rows.append((payout, payee_by_id(tx, payout.payee_id)))
    return rows
