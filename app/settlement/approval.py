"""To approve several payouts at once: each by itself, and whoever cannot be approved is told why (distribution 1.13)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from app import ledger, referral
from app.db import AnyRow
from app.errors import N_, Refusal
from app.savepoint import savepoint
from app.settlement.disbursement import approve_payout, refuse_alone
from app.settlement.payee import Destination, accounts_with, payee_by_id
from app.settlement.payout import PayoutMoved, find_payout
from app.shop import Settings

MOST_AT_ONCE = 100


class Unseen(Refusal):
    """What was shown beforehand is not what would be approved now."""

    status = 409

    def __init__(self) -> None:
        super().__init__(N_("Something changed in the meantime. Please look at the figures again before you decide."))


@dataclass(frozen=True)
class Outcome:
    """What became of one of them: approved, or refused with a reason. `wants_second`: somebody else confirms that it arrived."""

    payout: AnyRow
    payee: Destination
    wants_second: bool
    refusal: Refusal | None

    @property
    def is_approved(self) -> bool:
        return self.refusal is None

    @property
    def sent_fen(self) -> int:
        """What leaves the shop's account."""
        fen: int = self.payout.amount_fen - self.payout.fee_fen - self.payout.tax_fen
        return fen


@dataclass(frozen=True)
class Approvals:
    outcomes: tuple[Outcome, ...]

    @property
    def approved(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.is_approved]

    @property
    def amount_fen(self) -> int:
        return sum(one.payout.amount_fen for one in self.approved)

    @property
    def sent_fen(self) -> int:
        return sum(one.sent_fen for one in self.approved)

    @property
    def seal(self) -> str:
        """How many are approved and with how much, by which an act knows what its actor was shown."""
        return f"{len(self.approved)}-{self.amount_fen}-{self.sent_fen}"


class _Undone(Exception):
    """Nothing of what was tried stays."""


def foresee_approvals(tx: Connection, numbers: Sequence[str], *, by: int, settings: Settings, now: int) -> Approvals:
    """Which of these payouts `by` could approve now, and why not the others; nothing of it stays."""
    found: list[Approvals] = []
    try:
        with savepoint(tx):
            found.append(_approve(tx, numbers, by, settings, now))
            raise _Undone
    except _Undone:
        return found[0]


def approve_payouts(
    tx: Connection, numbers: Sequence[str], *, seen: str, by: int, settings: Settings, now: int
) -> Approvals:
    """Approve what was shown, by the seal of that. Raises Unseen where it would be anything else."""
    done = _approve(tx, numbers, by, settings, now)
    if done.seal != seen:
        raise Unseen
    return done


def _approve(tx: Connection, numbers: Sequence[str], by: int, settings: Settings, now: int) -> Approvals:
    # In one order, so that two who approve the same ones do not lock each other out.
    chosen = sorted(set(numbers))[:MOST_AT_ONCE]
    found = [payout for number in chosen if (payout := find_payout(tx, number)) is not None]
    return Approvals(tuple(_one(tx, payout, by, settings, now) for payout in found))


def _one(tx: Connection, payout: AnyRow, by: int, settings: Settings, now: int) -> Outcome:
    payee = payee_by_id(tx, payout.payee_id)
    is_large = payout.amount_fen > settings.payout_second_admin_fen
    try:
        with savepoint(tx):
            if payout.state != "requested":
                raise PayoutMoved
            approve_payout(tx, payout.number, by=by, now=now)
            _refuse_doubtful(tx, payout, payee)
            if is_large:
                # Better known now than when it was sent.
                refuse_alone(tx, find_payout(tx, payout.number) or payout)
        return Outcome(payout, payee, is_large, None)
    except Refusal as refusal:
        return Outcome(payout, payee, is_large, refusal)


def _refuse_doubtful(tx: Connection, payout: AnyRow, payee: Destination) -> None:
    """What somebody should look at by itself does not pass among many."""
    pids = [node.pid for node in referral.nodes_of_account(tx, payout.account_id)]
    if ledger.read_wallet(tx, pids).debt_fen:
        raise Refusal(N_("This distributor owes the shop money. Please look at this payout by itself."))
    if accounts_with(tx, payee.account_index, payee.account_id):
        raise Refusal(N_("Another account was paid to the same place. Please look at this payout by itself."))
