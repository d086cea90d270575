"""How payouts are looked for: by their state, and by words that name one payout or one person in full."""

from dataclasses import dataclass

from flask import request

from app import settlement
from app.admin import people_search
from app.admin.search import words
from app.db import AnyRow, db


@dataclass(frozen=True)
class Asked:
    """What the list's address asks for."""

    words: str
    state: str | None

    @property
    def kept(self) -> dict[str, str | None]:
        """For links that keep it."""
        return {"q": self.words or None, "state": self.state}


def asked() -> Asked:
    state = request.args.get("state")
    return Asked(words(), state if state in settlement.STATES_OF_PAYOUT else None)


def listed(asked: Asked, *, before: int | None = None, limit: int = 20) -> tuple[list[AnyRow], int | None]:
    """One page of payouts, newest first, and the cursor of the next."""
    account_id = None
    if asked.words:
        one = settlement.find_payout(db.session, asked.words.upper())
        if one is not None:
            return ([one] if asked.state in (None, one.state) else []), None
        # Contacts are compared in full: they are stored encrypted.
        found = (person.account_id for person in people_search.search(asked.words))
        account_id = next((number for number in found if number is not None), None)
        if account_id is None:
            return [], None
    return settlement.list_payouts(db.session, account_id=account_id, state=asked.state, before=before, limit=limit)
