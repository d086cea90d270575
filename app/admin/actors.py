"""Who did something: an account by one of its contacts, masked; whoever has none in words."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app import accounts
from app.db import db
from app.visit import who

__all__ = ["names", "who"]

WORDS = {
    "buyer": lazy_gettext("the buyer"),
    "owner of the account": lazy_gettext("the person themselves"),
    "system": lazy_gettext("the shop by itself"),
    "worker": lazy_gettext("the shop by itself"),
}
ACCOUNT, PROVIDER = "account:", "provider:"


def names(actors: Iterable[str]) -> dict[str, str]:
    """actor -> how a page calls them; an act that two people signed names both."""
    told = {actor: actor.split(", ") for actor in actors}
    people = {one.removeprefix(ACCOUNT) for parts in told.values() for one in parts if one.startswith(ACCOUNT)}
    contacts = accounts.masked_contacts(db.session, [int(number) for number in people])
    return {actor: "、".join(_name(one, contacts) for one in parts) for actor, parts in told.items()}


def _name(actor: str, contacts: dict[int, str]) -> str:
    if actor.startswith(ACCOUNT):
        number = int(actor.removeprefix(ACCOUNT))
        return contacts.get(number) or _("a deleted account (%(number)s)", number=number)
    if actor.startswith(PROVIDER):
        return _("payment channel %(name)s", name=actor.removeprefix(PROVIDER))
    return str(WORDS.get(actor, actor))
