"""Who did something: an account by name, role, masked contact and number, so that no two read alike; whoever has none in words."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app import accounts
from app.admin.audit_labels import ROLES
from app.db import db
from app.visit import who

__all__ = ["called", "names", "who"]

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
    faces = accounts.faces_of(db.session, [int(number) for number in people])
    return {actor: "、".join(_name(one, faces) for one in parts) for actor, parts in told.items()}


def called(face: accounts.Face) -> str:
    """ "Anna · Support · a…a@example.com · #12": two people may share all of it but the number."""
    role = str(ROLES[face.role]) if face.role in ROLES else ""
    return " · ".join(filter(None, (face.name, role, face.contact, f"#{face.account_id}")))


def _name(actor: str, faces: Mapping[int, accounts.Face]) -> str:
    if actor.startswith(ACCOUNT):
        number = int(actor.removeprefix(ACCOUNT))
        return called(faces[number]) if number in faces else _("a deleted account (%(number)s)", number=number)
    if actor.startswith(PROVIDER):
        return _("payment channel %(name)s", name=actor.removeprefix(PROVIDER))
    return str(WORDS.get(actor, actor))
