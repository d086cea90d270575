"""Several payouts in one go: each by itself, and whoever is refused is told why; shown in figures before it is done (1.13)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app.db import AnyRow
from app.errors import N_, Refusal
from app.savepoint import savepoint
from app.settlement.payee import Destination, payee_by_id
from app.settlement.payout import find_payout
from app.shop import Settings

MOST_AT_ONCE = 100
# What is done to one of them; raises Refusal where it cannot be.
Step = Callable[[Connection, AnyRow, Destination], None]


class Unseen(Refusal):
    """What was shown beforehand is not what would be done now."""

    status = 409

    def __init__(self) -> None:
        super().__init__(N_("Something changed in the meantime. Please look at the figures again before you decide."))


@dataclass(frozen=True)
class Outcome:
    """What became of one of them: done, or refused with a reason. `wants_second`: two people look at one so large."""

    payout: AnyRow
    payee: Destination
    wants_second: bool
    refusal: Refusal | None

    @property
    def sent_fen(self) -> int:
        """What leaves the shop's account."""
        fen: int = self.payout.amount_fen - self.payout.fee_fen - self.payout.tax_fen
        return fen


@dataclass(frozen=True)
class Several:
    outcomes: tuple[Outcome, ...]

    @property
    def done(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.refusal is None]

    @property
    def refused(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.refusal is not None]

    @property
    def amount_fen(self) -> int:
        return sum(one.payout.amount_fen for one in self.done)

    @property
    def sent_fen(self) -> int:
        return sum(one.sent_fen for one in self.done)

    @property
    def seal(self) -> str:
        """How many are done and with how much, by which an act knows what its actor was shown."""
        return f"{len(self.done)}-{self.amount_fen}-{self.sent_fen}"


class _Undone(Exception):
    """Nothing of what was tried stays."""


def foresee(tx: Connection, numbers: Sequence[str], step: Step, settings: Settings) -> Several:
    """Which of these payouts the step could be done to now, and why not to the others; nothing of it stays."""
    found: list[Several] = []
    try:
        with savepoint(tx):
            found.append(_each(tx, numbers, step, settings))
            raise _Undone
    except _Undone:
        return found[0]


def perform(tx: Connection, numbers: Sequence[str], step: Step, settings: Settings, seen: str) -> Several:
    """Do what was shown, by the seal of that. Raises Unseen where it would be anything else."""
    done = _each(tx, numbers, step, settings)
    if done.seal != seen:
        raise Unseen
    return done


def _each(tx: Connection, numbers: Sequence[str], step: Step, settings: Settings) -> Several:
    # In one order, so that two who choose the same ones do not lock each other out.
    chosen = sorted(set(numbers))[:MOST_AT_ONCE]
    found = [payout for number in chosen if (payout := find_payout(tx, number)) is not None]
    return Several(tuple(_one(tx, payout, step, settings) for payout in found))


def _one(tx: Connection, payout: AnyRow, step: Step, settings: Settings) -> Outcome:
    payee = payee_by_id(tx, payout.payee_id)
    is_large = payout.amount_fen > settings.payout_second_admin_fen
    try:
        with savepoint(tx):
            step(tx, payout, payee)
        return Outcome(payout, payee, is_large, None)
    except Refusal as refusal:
        return Outcome(payout, payee, is_large, refusal)
