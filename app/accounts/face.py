"""A face: what the desk may see of an account: number, name, role, and one of its contacts with most of it left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from app.accounts.account import Account
from app.accounts.identity import Identity, mask_contact
from app.db import Session, table

_accounts = table(Account)
# What a statement of another room selects to see faces, with identities joined from outside.
FACE = (Account.id, Account.name, Account.role, Identity)


@dataclass(frozen=True)
class Face:
    account_id: int
    name: str
    role: str
    contact: str


def faces_of(session: Session, account_ids: Sequence[int]) -> Mapping[int, Face]:
    """account id -> its face, in one statement; who is deleted has neither name nor contact left, and no face."""
    wanted = select(*FACE).outerjoin(Identity, Identity.account_id == Account.id).where(Account.id.in_(account_ids))
    rows = session.execute(wanted.order_by(Identity.id.desc()))
    faces = {row.id: face(*row) for row in rows}
    return {number: face for number, face in faces.items() if face.name or face.contact}


def rename(tx: Connection, account_id: int, name: str) -> None:
    tx.execute(update(_accounts).where(_accounts.c.id == account_id).values(name=name))


def face(account_id: int, name: str, role: str, identity: Identity | None) -> Face:
    """The face that a row of FACE is."""
    return Face(account_id, name, role, mask_contact(identity.value) if identity else "")
