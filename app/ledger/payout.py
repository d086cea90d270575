"""Entries of a payout (J7, distribution 1.17). `parts` maps a payee's pid to fen; one person may own several."""

from collections.abc import Mapping

from sqlalchemy import Connection

from app.ledger.accounts import (
    AVAILABLE,
    BANK,
    CLAWBACK_DUE,
    PAID_OUT,
    PAYOUT_FEE,
    PENDING,
    TAX_WITHHELD,
    payee_account,
)
from app.ledger.credit import credit
from app.ledger.journal import post

Parts = Mapping[str, int]


def _on(kind: str, parts: Parts, sign: int) -> dict[str, int]:
    return {payee_account(kind, pid): sign * fen for pid, fen in parts.items()}


def post_payout_request(tx: Connection, case: str, parts: Parts, *, now: int) -> bool:
    """The money leaves what is available and waits. `case` names the payout and the attempt."""
    return post(tx, f"payout:{case}:request", "payout", _on(AVAILABLE, parts, 1) | _on(PENDING, parts, -1), now=now)


def post_payout_paid(tx: Connection, case: str, parts: Parts, *, fee_fen: int, tax_fen: int, now: int) -> bool:
    """It was sent: the bank gives it, less fee and tax; a memo remembers what each payee was paid so far."""
    amount_fen = sum(parts.values())
    legs = _on(PENDING, parts, 1) | _on(PAID_OUT, parts, 1)
    legs |= {PAYOUT_FEE: -fee_fen, TAX_WITHHELD: -tax_fen, BANK: fee_fen + tax_fen - amount_fen, PAID_OUT: -amount_fen}
    return post(tx, f"payout:{case}:paid", "payout_paid", legs, now=now)


def post_payout_refused(tx: Connection, case: str, event: str, parts: Parts, *, now: int) -> bool:
    """It is not sent ('rejected', 'cancelled'): back to the payee, a debt first. The payees are locked by the caller."""
    legs = _on(PENDING, parts, 1)
    for pid, fen in parts.items():
        legs |= credit(tx, pid, fen)
    return post(tx, f"payout:{case}:{event}", "payout_refused", legs, now=now)


def post_payout_returned(tx: Connection, case: str, parts: Parts, *, fee_fen: int, tax_fen: int, now: int) -> bool:
    """What was sent came back, whole: the exact inverse, and to the payee through the debt."""
    amount_fen = sum(parts.values())
    legs = _on(PAID_OUT, parts, -1)
    legs |= {PAYOUT_FEE: fee_fen, TAX_WITHHELD: tax_fen, BANK: amount_fen - fee_fen - tax_fen, PAID_OUT: amount_fen}
    for pid, fen in parts.items():
        legs |= credit(tx, pid, fen)
    return post(tx, f"payout:{case}:returned", "payout_returned", legs, now=now)


def post_offset(tx: Connection, case: str, payer_pid: str, debtor_pid: str, fen: int, *, now: int) -> bool:
    """One person's debt under one pid is paid with what the same person has under another."""
    legs = {payee_account(AVAILABLE, payer_pid): fen, payee_account(CLAWBACK_DUE, debtor_pid): -fen}
    legs |= {payee_account(PAID_OUT, payer_pid): fen, payee_account(PAID_OUT, debtor_pid): -fen}
    return post(tx, f"offset:{case}:{payer_pid}:{debtor_pid}", "offset", legs, now=now)
