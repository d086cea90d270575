"""What an act would do to the books, for the page that asks before it is done; the act itself is rehearsed and undone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app import clock, trade
from app.account_words import account_words
from app.db import transaction
from app.errors import Refusal
from app.settlement import Dispute
from app.trade import Effect

SOMEBODY = {"actor": "system"}


@dataclass(frozen=True)
class Foreseen:
    """The effect, or why it would be refused."""

    effect: Effect | None = None
    refused: str = ""

    @property
    def legs(self) -> list[tuple[str, int]]:
        """(account in words, what it changes by, debit positive)."""
        return (
            [(account_words(account), fen) for account, fen in sorted(self.effect.legs.items())] if self.effect else []
        )


def foresee(act: Callable[..., object], *args: object, **kwargs: Any) -> Foreseen:
    """Rehearse `act(tx, ...)`."""
    try:
        return Foreseen(transaction(trade.rehearse, act, *args, **kwargs))
    except Refusal as refusal:
        return Foreseen(refused=refusal.text())


def decided(dispute: Dispute) -> Foreseen | None:
    """What the decision that stands comes to when it becomes final; None where none stands."""
    if dispute.state != "decided" or dispute.decision is None:
        return None
    return foresee(
        trade.decide_now,
        dispute.id,
        account_id=0,
        decision=dispute.decision,
        fen=dispute.decision_fen,
        now=clock.now(),
    )
