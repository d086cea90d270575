"""How somebody of the network is looked for: by what the list is sifted by, or by words that name one person in full."""

from dataclasses import dataclass
from typing import Any

from flask import request

from app import accounts, referral
from app.admin import network_labels as labels
from app.admin.search import words
from app.db import db
from app.errors import Refusal

PAGE_SIZE = 20
SIEVES = ("flagged", "in_debt", "many_refunds")


@dataclass(frozen=True)
class Asked:
    """What the list's address asks for: words, or what it is sifted and sorted by."""

    words: str
    sieve: referral.Sieve
    sort: str

    @property
    def kept(self) -> dict[str, Any]:
        """For links that keep it."""
        ticked = {name: 1 for name in SIEVES if getattr(self.sieve, name)}
        return {"sort": self.sort, "state": self.sieve.state, **ticked}


def asked() -> Asked:
    state, sort = request.args.get("state"), request.args.get("sort", "")
    ticked = {name: bool(request.args.get(name)) for name in SIEVES}
    sieve = referral.Sieve(state=state if state in referral.STATES else None, **ticked)
    return Asked(words(), sieve, sort if sort in labels.SORTS else "newest")


def people(
    asked: Asked, *, before: tuple[int, int] | None, limit: int = PAGE_SIZE
) -> tuple[list[Any], tuple[int, int] | None]:
    """One page of the list, and where the next begins."""
    if asked.words:
        return search(asked.words), None
    return referral.list_nodes(db.session, asked.sieve, sort=asked.sort, before=before, limit=limit)


def tiers_of(ids: list[int]) -> dict[int, str]:
    """person's id -> the name of their tier, for those who have one."""
    tiers = referral.tier_of(db.session, ids) if ids else {}
    names = {tier.id: tier.name for tier in referral.list_tiers(db.session)}
    return {node_id: names[tier_id] for node_id, tier_id in tiers.items() if tier_id in names}


def search(wanted: str) -> list[Any]:
    """Whoever goes by a public id, a contact or the code of a link."""
    try:
        contact = accounts.read_contact(wanted)
    except Refusal:
        node = referral.node_by_pid(db.session, wanted.upper()) or _of_alias(wanted)
        return [node] if node else []
    return referral.nodes_of_contact(db.session, contact.index, accounts.named_account(db.session, contact))


def _of_alias(wanted: str) -> Any:
    """Whoever the code of a poster or a link belongs to, with its check character or without."""
    code = wanted.rpartition("/")[2].upper()
    return referral.node_by_code(db.session, code) or referral.node_by_code(db.session, code[:-1])
