"""To rehearse an act: do it, hear what it does to the books, and undo it. What is shown beforehand is what then happens."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec

from sqlalchemy import Connection

from app import ledger
from app.ledger import AVAILABLE, CLAWBACK_DUE, FROZEN, HELD, Booked
from app.savepoint import savepoint
from app.trade.foresee import Changed

P = ParamSpec("P")
_BUCKETS = (FROZEN, HELD, AVAILABLE)


class _Undone(Exception):
    """Nothing of a rehearsal stays."""


@dataclass
class PayeeEffect:
    """What an act does to one distributor: what it takes from where, what it lets go, and their buckets before and after."""

    pid: str
    before: ledger.Wallet
    after: ledger.Wallet
    taken: ledger.Taken
    freed: ledger.Moved
    credited_fen: int = 0


@dataclass
class Effect:
    """What an act does to the books: `legs` maps each account to what it changes by, signed, debit positive."""

    back_fen: int
    taken_fen: int
    freed_fen: int
    credited_fen: int
    legs: dict[str, int] = field(default_factory=dict)
    payees: list[PayeeEffect] = field(default_factory=list)

    @property
    def seal(self) -> str:
        """A fingerprint of what moves, account by account, by which `as_shown` knows what its actor was shown.

        What else came into somebody's buckets meanwhile is no part of it: this act does not depend on it.
        """
        return hashlib.sha256(repr(sorted(self.legs.items())).encode()).hexdigest()[:32]


def rehearse(
    tx: Connection, act: Callable[Concatenate[Connection, P], object], *args: P.args, **kwargs: P.kwargs
) -> Effect:
    """What `act(tx, ...)` would do to the books; nothing of it stays. Raises the Refusal that the act would raise.

    The locks that the act takes are kept to the end of the transaction: let a rehearsal be all there is in it.
    """
    effect: list[Effect] = []
    try:
        with savepoint(tx), ledger.listen() as heard:
            act(tx, *args, **kwargs)
            effect.append(_told(tx, heard))
            raise _Undone
    except _Undone:
        return effect[0]


def as_shown(tx: Connection, act: Callable[..., object], *args: Any, seen: str, **kwargs: Any) -> bool:
    """Do `act(tx, ...)` if it does to the books what its actor saw, by the seal of that; False where it books nothing.

    Raises Changed, and the Refusal that the act raises.
    """
    with ledger.listen() as heard:
        act(tx, *args, **kwargs)
    if heard and _told(tx, heard).seal != seen:
        raise Changed
    return bool(heard)


def expect(tx: Connection, act: Callable[..., object], *args: Any, seen: str, **kwargs: Any) -> None:
    """Make sure that `act(tx, ...)` would do to the books what its actor was shown, by the seal of that. Raises Changed.

    Unlike `as_shown` for an act with its own guard against a second press, and for one that books nothing now but later.
    """
    if rehearse(tx, act, *args, **kwargs).seal != seen:
        raise Changed


def _told(tx: Connection, heard: list[Booked]) -> Effect:
    payees = [_payee(tx, pid, heard) for pid in _pids(heard)]
    return Effect(
        back_fen=sum(entry.legs.get(ledger.REFUND, 0) for entry in heard),
        taken_fen=sum(one.taken.total_fen for one in payees),
        freed_fen=sum(one.freed.total_fen for one in payees),
        credited_fen=sum(one.credited_fen for one in payees),
        legs={account: fen for account, fen in _sum(heard).items() if fen},
        payees=payees,
    )


def _sum(entries: Iterable[Booked]) -> Counter[str]:
    total: Counter[str] = Counter()
    for entry in entries:
        for account, fen in entry.legs.items():
            total[account] += fen
    return total


def _pids(heard: list[Booked]) -> list[str]:
    kinds = (*_BUCKETS, CLAWBACK_DUE)
    found = [account.rpartition(":") for entry in heard for account in entry.legs]
    return sorted({pid for kind, _, pid in found if kind in kinds})


def _payee(tx: Connection, pid: str, heard: list[Booked]) -> PayeeEffect:
    def moved(kind: str, *entries: str) -> int:
        account = ledger.payee_account(kind, pid)
        return sum(entry.legs.get(account, 0) for entry in heard if not entries or entry.kind in entries)

    after = ledger.read_wallet(tx, [pid])
    before = ledger.Wallet(
        held_fen=after.held_fen + moved(HELD),
        available_fen=after.available_fen + moved(AVAILABLE),
        frozen_fen=after.frozen_fen + moved(FROZEN),
        pending_fen=after.pending_fen,
        debt_fen=after.debt_fen - moved(CLAWBACK_DUE),
        paid_out_fen=after.paid_out_fen,
    )
    taken = ledger.Taken(
        frozen_fen=moved(FROZEN, "reverse"),
        held_fen=moved(HELD, "reverse"),
        available_fen=moved(AVAILABLE, "reverse"),
        debt_fen=moved(CLAWBACK_DUE, "reverse"),
    )
    freed = ledger.Moved(
        held_fen=-moved(HELD, "unfreeze"), matured_fen=moved(FROZEN, "unfreeze") + moved(HELD, "unfreeze")
    )
    credited_fen = -moved(AVAILABLE, "adjust") - moved(CLAWBACK_DUE, "adjust")
    return PayeeEffect(pid, before, after, taken, freed, credited_fen)
