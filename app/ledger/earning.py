"""Entries of commission: accrued (J2), matured (J3), reversed (J5), frozen and released again (J6, distribution 1.17).

Amounts arrive by payee: `pid -> fen`. The caller has locked the payees wherever available money or a debt is touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from app.ledger.accounts import AVAILABLE, CLAWBACK_DUE, COMMISSION, FROZEN, HELD, payee_account
from app.ledger.credit import credit
from app.ledger.journal import post

Amounts = Mapping[str, int]


@dataclass
class Taken:
    """What a reversal takes from one payee, bucket by bucket, in fen."""

    frozen_fen: int = 0
    held_fen: int = 0
    available_fen: int = 0
    debt_fen: int = 0

    @property
    def total_fen(self) -> int:
        return self.frozen_fen + self.held_fen + self.available_fen + self.debt_fen


@dataclass
class Moved:
    """What one payee's commission moves by, in fen: the part that was not matured, and the part that was."""

    held_fen: int = 0
    matured_fen: int = 0

    @property
    def total_fen(self) -> int:
        return self.held_fen + self.matured_fen


def post_accrual(tx: Connection, *, order_number: str, held_fen: Amounts, now: int) -> bool:
    """J2: commission of an order is owed to its payees and held."""
    legs = {COMMISSION: sum(held_fen.values())}
    legs |= {payee_account(HELD, pid): -fen for pid, fen in held_fen.items()}
    return post(tx, f"accrue:{order_number}", "accrue", legs, order_number=order_number, now=now)


def post_maturity(tx: Connection, key: str, matured_fen: Amounts, *, now: int) -> bool:
    """J3: the hold is over; a debt is paid first, the rest becomes available."""
    legs: dict[str, int] = {}
    for pid, fen in matured_fen.items():
        legs |= {payee_account(HELD, pid): fen} | credit(tx, pid, fen)
    return post(tx, f"mature:{key}", "mature", legs, now=now)


def post_freeze(tx: Connection, key: str, moved: Mapping[str, Moved], *, now: int) -> bool:
    """J6: held and available commission is frozen."""
    legs: dict[str, int] = {}
    for pid, part in moved.items():
        legs |= {payee_account(HELD, pid): part.held_fen, payee_account(AVAILABLE, pid): part.matured_fen}
        legs |= {payee_account(FROZEN, pid): -part.total_fen}
    return post(tx, f"freeze:{key}", "freeze", legs, now=now)


def post_unfreeze(tx: Connection, key: str, moved: Mapping[str, Moved], *, now: int) -> bool:
    """J6 inverse: what was frozen goes back to where it came from, the matured part through the debt."""
    legs: dict[str, int] = {}
    for pid, part in moved.items():
        legs |= {payee_account(FROZEN, pid): part.total_fen, payee_account(HELD, pid): -part.held_fen}
        legs |= credit(tx, pid, part.matured_fen)
    return post(tx, f"unfreeze:{key}", "unfreeze", legs, now=now)


def post_reversal(
    tx: Connection, key: str, taken: Mapping[str, Taken], *, order_number: str | None = None, now: int
) -> bool:
    """J5: commission is taken back; what the payee no longer has becomes a debt."""
    legs = {COMMISSION: -sum(part.total_fen for part in taken.values())}
    for pid, part in taken.items():
        legs |= {payee_account(FROZEN, pid): part.frozen_fen, payee_account(HELD, pid): part.held_fen}
        legs |= {payee_account(AVAILABLE, pid): part.available_fen, payee_account(CLAWBACK_DUE, pid): part.debt_fen}
    return post(tx, f"reverse:{key}", "reverse", legs, order_number=order_number, now=now)


def post_reinstatement(
    tx: Connection,
    key: str,
    given: Mapping[str, Moved],
    frozen_fen: Amounts,
    *,
    order_number: str | None = None,
    now: int,
) -> bool:
    """A reversal undone, because its refund failed: back to held, to frozen, or through the debt to available."""
    legs = {COMMISSION: sum(part.total_fen for part in given.values()) + sum(frozen_fen.values())}
    for pid, part in given.items():
        legs |= {payee_account(HELD, pid): -part.held_fen} | credit(tx, pid, part.matured_fen)
    legs |= {payee_account(FROZEN, pid): -fen for pid, fen in frozen_fen.items()}
    return post(tx, f"reinstate:{key}", "reinstate", legs, order_number=order_number, now=now)
