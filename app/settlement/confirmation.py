"""To note several payouts as paid at once, each under the number of its transfer (distribution 1.13)."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from app.db import AnyRow
from app.settlement.disbursement import confirm_payout
from app.settlement.payee import Destination
from app.settlement.payout import PayoutMoved
from app.settlement.several import Several, Step, foresee, perform
from app.shop import Settings

# Stands for the number of the transfer while nobody has typed one.
_ANY = "?"


def foresee_confirmations(tx: Connection, numbers: Sequence[str], *, by: int, settings: Settings, now: int) -> Several:
    """Which of these payouts `by` could note as paid now, and why not the others; nothing of it stays."""
    return foresee(tx, numbers, _confirmation(dict.fromkeys(numbers, _ANY), by, settings, now), settings)


def confirm_payouts(
    tx: Connection, references: Mapping[str, str], *, seen: str, by: int, settings: Settings, now: int
) -> Several:
    """Note as paid what was shown, payout number -> number of its transfer. Raises Unseen where it would be anything else."""
    return perform(tx, list(references), _confirmation(references, by, settings, now), settings, seen)


def _confirmation(references: Mapping[str, str], by: int, settings: Settings, now: int) -> Step:
    def confirm(tx: Connection, payout: AnyRow, _payee: Destination) -> None:
        if payout.state != "processing":
            raise PayoutMoved
        said = {"reference": references[payout.number], "actor": f"account:{by}"}
        confirm_payout(tx, payout.number, **said, by=by, settings=settings, now=now)

    return confirm
