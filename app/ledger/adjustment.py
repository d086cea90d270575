"""Entries that somebody decided on, each under a case of its own: adjustment, forfeit, write-off (J9), pool funding (J8)."""

from sqlalchemy import Connection

from app.ledger.accounts import (
    AVAILABLE,
    BAD_DEBT,
    CLAWBACK_DUE,
    COMMISSION,
    FORFEIT,
    POOL_EXPENSE,
    payee_account,
    pool_account,
)
from app.ledger.credit import credit, lock_payees
from app.ledger.journal import post


def adjust(tx: Connection, case: str, pid: str, fen: int, *, now: int) -> bool:
    """Grant a payee `fen` that a decided case awards: debt first, the rest available. The case holds the reason (1.3.17)."""
    lock_payees(tx, [pid])
    return post(tx, f"adjust:{case}", "adjust", {COMMISSION: fen} | credit(tx, pid, fen), now=now)


def forfeit(tx: Connection, case: str, pid: str, fen: int, *, now: int) -> bool:
    """Give up `fen` of a payee's available money, as its owner asked when leaving (1.21)."""
    legs = {payee_account(AVAILABLE, pid): fen, FORFEIT: -fen}
    return post(tx, f"forfeit:{case}:{pid}", "forfeit", legs, now=now)


def write_off(tx: Connection, case: str, pid: str, fen: int, *, now: int) -> bool:
    """Give up `fen` of a payee's debt: the shop bears it (J9)."""
    legs = {BAD_DEBT: fen, payee_account(CLAWBACK_DUE, pid): -fen}
    return post(tx, f"write_off:{case}:{pid}", "write_off", legs, now=now)


def fund_pool(tx: Connection, key: str, period: str, fen: int, *, now: int) -> bool:
    """J8: put a matured sale's share into the pool of the open month; a later refund takes it out again (negative)."""
    return post(tx, f"pool:fund:{key}", "pool_fund", {POOL_EXPENSE: fen, pool_account(period): -fen}, now=now)
