"""Whoever decides on what a payee can spend, or owes, takes turns; and every credit pays a debt first (distribution 1.11)."""

from collections.abc import Iterable

from sqlalchemy import Connection

from app.db import take_turns
from app.ledger.accounts import AVAILABLE, CLAWBACK_DUE, payee_account
from app.ledger.balance import read_amounts


def lock_payees(tx: Connection, pids: Iterable[str]) -> None:
    """Let one transaction at a time decide on these payees' available money and debt, until it ends."""
    for pid in sorted(set(pids)):
        take_turns(tx, f"payee:{pid}")


def credit(tx: Connection, pid: str, fen: int) -> dict[str, int]:
    """The legs that credit `fen` to a payee: a debt is paid first, the rest is available. The payee is locked by the caller."""
    debt_account = payee_account(CLAWBACK_DUE, pid)
    offset_fen = min(fen, read_amounts(tx, [debt_account])[debt_account])
    return {debt_account: -offset_fen, payee_account(AVAILABLE, pid): offset_fen - fen}


def available_of(tx: Connection, pids: Iterable[str]) -> dict[str, int]:
    """pid -> fen that the payee could spend now, at or above nothing. The payees are locked by the caller."""
    accounts = {pid: payee_account(AVAILABLE, pid) for pid in pids}
    amounts = read_amounts(tx, list(accounts.values()))
    return {pid: -amounts[account] for pid, account in accounts.items()}
