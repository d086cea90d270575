"""A ticket: a one-time link, to set somebody up who runs the shop, or to set a new password."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.clock import MINUTE
from app.db import Id, Model, table
from app.errors import N_, Refusal

LIFE_SECONDS = 30 * MINUTE
# What a link for one more owner is called: that of the first is void as soon as there is one.
CO_OWNER = "co-owner"
MOST_TRIES = 5


class BadTicket(Refusal):
    """The link was never given out, was used, or is too old."""

    status = 404

    def __init__(self) -> None:
        super().__init__(N_("This link was used already or is too old. Ask for a new one."))


class Ticket(Model):
    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    used_at: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Admission:
    """What a good ticket allows: its purpose, and the account that it is for (None: the first owner)."""

    purpose: str
    account_id: int | None


_tickets = table(Ticket)
_INSERT = insert(_tickets)
_VOID = (
    update(_tickets)
    .where(
        _tickets.c.purpose == bindparam("kind"),
        _tickets.c.account_id.is_not_distinct_from(bindparam("account")),
        _tickets.c.used_at.is_(None),
    )
    .values(used_at=bindparam("now"))
)
_VOID_ALL = (
    update(_tickets)
    .where(_tickets.c.account_id == bindparam("account"), _tickets.c.used_at.is_(None))
    .values(used_at=bindparam("now"))
)
_GOOD = (
    (_tickets.c.token_hash == bindparam("hash"))
    & (_tickets.c.used_at.is_(None))
    & (_tickets.c.expires_at > bindparam("now"))
    & (_tickets.c.tries < MOST_TRIES)
)
_LOOK = select(_tickets.c.purpose, _tickets.c.account_id).where(_GOOD)
_TRY = update(_tickets).where(_GOOD).values(tries=_tickets.c.tries + 1)
_USE = (
    update(_tickets).where(_GOOD).values(used_at=bindparam("now")).returning(_tickets.c.purpose, _tickets.c.account_id)
)


def issue_ticket(tx: Connection, purpose: str, account_id: int | None, now: int, *, token: str | None = None) -> str:
    """A new one-time token for `purpose`, drawn unless it is given, good for half an hour; earlier ones of the kind stop working."""
    tx.execute(_VOID, {"kind": purpose, "account": account_id, "now": now})
    token = token or vault.token(16)
    row = {"purpose": purpose, "token_hash": vault.digest(token), "account_id": account_id, "tries": 0}
    tx.execute(_INSERT, row | {"expires_at": now + LIFE_SECONDS})
    return token


def void_tickets(tx: Connection, account_id: int, now: int) -> None:
    """The account's links stop working."""
    tx.execute(_VOID_ALL, {"account": account_id, "now": now})


def void_invitations(tx: Connection, now: int) -> None:
    """Links for new people stop working: whoever is shut out or has less to say now may have kept one."""
    invitations = _tickets.c.account_id.is_(None) & (_tickets.c.purpose != "owner") & _tickets.c.used_at.is_(None)
    tx.execute(update(_tickets).where(invitations).values(used_at=now))


def invitation(role: str) -> str:
    """The purpose of a link by which an owner invites somebody to a role."""
    return CO_OWNER if role == "owner" else role


def role_invited(purpose: str) -> str:
    """The role that a link of this purpose gives, if it is an invitation."""
    return "owner" if purpose == CO_OWNER else purpose


def look_at_ticket(connection: Connection, token: str, now: int) -> Admission:
    """What `token` allows, without using it. Raises BadTicket."""
    row = connection.execute(_LOOK, {"hash": vault.digest(token), "now": now}).first()
    if row is None:
        raise BadTicket
    return Admission(row.purpose, row.account_id)


def count_try(tx: Connection, token: str, now: int) -> None:
    """Note one unsuccessful attempt; after five the link is dead."""
    tx.execute(_TRY, {"hash": vault.digest(token), "now": now})


def use_ticket(tx: Connection, token: str, now: int) -> Admission:
    """Use the token up. Raises BadTicket if somebody was quicker."""
    row = tx.execute(_USE, {"hash": vault.digest(token), "now": now}).first()
    if row is None:
        raise BadTicket
    return Admission(row.purpose, row.account_id)


def void_every_ticket(tx: Connection, now: int) -> int:
    """Let no link work any more that was given out before now."""
    return tx.execute(update(_tickets).where(_tickets.c.used_at.is_(None)).values(used_at=now)).rowcount
