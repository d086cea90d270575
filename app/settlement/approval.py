"""To approve several payouts at once: what somebody should look at by itself does not pass among many (distribution 1.13)."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app import ledger, referral
from app.db import AnyRow
from app.errors import N_, Refusal
from app.settlement.disbursement import approve_payout, refuse_alone
from app.settlement.payee import Destination, accounts_with
from app.settlement.payout import PayoutMoved, find_payout
from app.settlement.several import Several, Step, foresee, perform
from app.shop import Settings


def foresee_approvals(tx: Connection, numbers: Sequence[str], *, by: int, settings: Settings, now: int) -> Several:
    """Which of these payouts `by` could approve now, and why not the others; nothing of it stays."""
    return foresee(tx, numbers, _approval(by, settings, now), settings)


def approve_payouts(
    tx: Connection, numbers: Sequence[str], *, seen: str, by: int, settings: Settings, now: int
) -> Several:
    """Approve what was shown, by the seal of that. Raises Unseen where it would be anything else."""
    return perform(tx, numbers, _approval(by, settings, now), settings, seen)


def _approval(by: int, settings: Settings, now: int) -> Step:
    def approve(tx: Connection, payout: AnyRow, payee: Destination) -> None:
        if payout.state != "requested":
            raise PayoutMoved
        approve_payout(tx, payout.number, by=by, now=now)
        _refuse_doubtful(tx, payout, payee)
        if payout.amount_fen > settings.payout_second_admin_fen:
            # Better known now than when it was sent.
            refuse_alone(tx, find_payout(tx, payout.number) or payout)

    return approve


def _refuse_doubtful(tx: Connection, payout: AnyRow, payee: Destination) -> None:
    pids = [node.pid for node in referral.nodes_of_account(tx, payout.account_id)]
    if ledger.read_wallet(tx, pids).debt_fen:
        raise Refusal(N_("This distributor owes the shop money. Please look at this payout by itself."))
    if accounts_with(tx, payee.account_index, payee.account_id):
        raise Refusal(N_("Another account was paid to the same place. Please look at this payout by itself."))
