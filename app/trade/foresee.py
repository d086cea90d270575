"""To foresee a sanction: what a suspension or a ban would close, freeze and reject, found by doing it and undoing it (1.3.14)."""

import hashlib
from collections.abc import Callable
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import Connection

from app import referral, settlement
from app.errors import N_, Refusal
from app.ledger import read_wallet
from app.savepoint import savepoint


class Changed(Refusal):
    """What was shown beforehand is not what would happen now."""

    status = 409

    def __init__(self) -> None:
        super().__init__(N_("Something changed in the meantime. Please look at the figures again before you decide."))


@dataclass(frozen=True)
class Sanctioned:
    """What a sanction does to one person, in figures."""

    edges_closed: int
    roots: tuple[str, ...]
    held_fen: int
    available_fen: int
    rejected: tuple[tuple[str, int], ...]
    sending: tuple[tuple[str, int], ...]
    frozen_before_fen: int
    frozen_after_fen: int
    flagged_rows: int
    flagged_fen: int

    @property
    def rejected_fen(self) -> int:
        return sum(fen for _, fen in self.rejected)

    @property
    def newly_frozen_fen(self) -> int:
        return self.frozen_after_fen - self.frozen_before_fen

    @property
    def seal(self) -> str:
        """A fingerprint of the figures, by which an act knows what its actor was shown."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class _Standing:
    edges: frozenset[int]
    children: tuple[str, ...]
    held_fen: int
    available_fen: int
    frozen_fen: int
    payouts: dict[str, tuple[str, int]]


class _Undone(Exception):
    """Nothing of what was tried stays."""


def foresee(tx: Connection, act: Callable[..., object], node_id: int, **told: Any) -> Sanctioned:
    """What `act(tx, node_id, ...)` would do; nothing of it stays. Raises the Refusal that the act would raise."""
    found: list[Sanctioned] = []
    try:
        with savepoint(tx):
            found.append(_watch(tx, act, node_id, told))
            raise _Undone
    except _Undone:
        return found[0]


def sanction_as_seen(tx: Connection, act: Callable[..., object], node_id: int, *, seen: str, **told: Any) -> Sanctioned:
    """Do `act(tx, node_id, ...)` if it does what its actor saw beforehand, by the seal of that. Raises Changed, and Refusal."""
    done = _watch(tx, act, node_id, told)
    if done.seal != seen:
        raise Changed
    return done


def _watch(tx: Connection, act: Callable[..., object], node_id: int, told: dict[str, Any]) -> Sanctioned:
    referral.lock_tree(tx)
    before = _look(tx, node_id)
    # What fraud is thought of does not change by it: a ban takes nothing back, its settlement does.
    flagged = referral.flagged_shares(tx, _ids(tx, node_id))
    act(tx, node_id, **told)
    after = _look(tx, node_id)
    ended = {
        number: fen
        for number, (state, fen) in before.payouts.items()
        if after.payouts.get(number, (None, 0))[0] != state
    }
    sending = {number: fen for number, (state, fen) in after.payouts.items() if state == "processing"}
    return Sanctioned(
        edges_closed=len(before.edges - after.edges),
        roots=tuple(sorted(set(before.children) - set(after.children))),
        held_fen=before.held_fen - after.held_fen,
        available_fen=before.available_fen - after.available_fen,
        rejected=tuple(sorted(ended.items())),
        sending=tuple(sorted(sending.items())),
        frozen_before_fen=before.frozen_fen,
        frozen_after_fen=after.frozen_fen,
        flagged_rows=len(flagged),
        flagged_fen=sum(row.net_fen for row in flagged),
    )


def _ids(tx: Connection, node_id: int) -> list[int]:
    return [part.id for part in referral.parts_of(tx, node_id)]


def _look(tx: Connection, node_id: int) -> _Standing:
    parts = referral.parts_of(tx, node_id)
    edges = referral.open_edges_of(tx, [part.id for part in parts])
    wallet = read_wallet(tx, [part.pid for part in parts])
    account_id = referral.standing_of(tx, node_id).account_id
    payout = settlement.open_payout(tx, account_id) if account_id is not None else None
    own = {part.pid for part in parts}
    return _Standing(
        edges=frozenset(edge.id for edge in edges),
        children=tuple(edge.child_pid for edge in edges if edge.child_pid not in own),
        held_fen=wallet.held_fen,
        available_fen=wallet.available_fen,
        frozen_fen=wallet.frozen_fen,
        payouts={payout.number: (payout.state, payout.amount_fen)} if payout is not None else {},
    )
