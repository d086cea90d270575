"""How somebody of the network is looked for: by what the list is sifted by, or by words that name one person in full."""

from typing import Any

from flask import request

from app import accounts, referral
from app.db import db
from app.errors import Refusal

SIEVES = ("flagged", "in_debt", "many_refunds")


def sieve() -> referral.Sieve:
    """What the address asks for."""
    state = request.args.get("state")
    ticked = {name: bool(request.args.get(name)) for name in SIEVES}
    return referral.Sieve(state=state if state in referral.STATES else None, **ticked)


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
