"""An identity: a contact that names one account, encrypted at rest and found by a blind index."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Connection, ForeignKey, LargeBinary, String, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.accounts.account import Account
from app.accounts.contact import Contact
from app.db import Id, Model, Reader, Session, table
from app.errors import N_, Refusal
from app.savepoint import savepoint


class ContactTaken(Refusal):
    """Another account already goes by this contact."""


class Identity(Model):
    __tablename__ = "identity"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    value_sealed: Mapped[bytes] = mapped_column(LargeBinary, info={"sealed": "identity:{value_index}:value"})
    value_index: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_index: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    verified_at: Mapped[int | None] = mapped_column(BigInteger)

    @property
    def value(self) -> str:
        return vault.open_sealed(self.value_sealed, _place(self.value_index))


_identities = table(Identity)
_INSERT = insert(_identities)
_FIND = (
    select(table(Account).c.id, table(Account).c.password_hash, table(Account).c.role)
    .join(_identities, _identities.c.account_id == table(Account).c.id)
    .where(_identities.c.value_index == bindparam("index"), table(Account).c.disabled_at.is_(None))
)
_PERSONS = select(_identities.c.person_index).where(_identities.c.account_id == bindparam("account_id"))

_ERASE = delete(_identities).where(_identities.c.account_id == bindparam("account_id"))


def _place(value_index: bytes) -> str:
    return f"identity:{value_index.hex()}:value"


def add_identity(tx: Connection, account_id: int, contact: Contact) -> None:
    """Name the account by `contact`, unverified. Raises ContactTaken."""
    row = {
        "account_id": account_id,
        "kind": contact.kind,
        "value_sealed": vault.seal(contact.value, _place(contact.index)),
        "value_index": contact.index,
        "person_index": contact.person_index,
    }
    try:
        with savepoint(tx):
            tx.execute(_INSERT, row)
    except IntegrityError:
        raise ContactTaken(N_("This contact already has an account. Please log in instead."), field="contact") from None


def account_by_contact(connection: Reader, contact: Contact) -> tuple[int, str, str] | None:
    """(account id, password hash, role) of the account that goes by `contact`, if it may log in."""
    return account_by_index(connection, contact.index)


def account_by_index(connection: Reader, index: bytes) -> tuple[int, str, str] | None:
    """The same, of the contact that has this index."""
    row = connection.execute(_FIND, {"index": index}).first()
    return (row.id, row.password_hash, row.role) if row else None


def mail_address(session: Session, account_id: int) -> str | None:
    """An e-mail address of the account. None if it has none."""
    wanted = select(Identity).where(Identity.account_id == account_id, Identity.kind == "email")
    identity = session.scalars(wanted.order_by(Identity.id).limit(1)).first()
    return identity.value if identity else None


def has_mail_address(connection: Reader, account_id: int) -> bool:
    wanted = select(_identities.c.id).where(_identities.c.account_id == account_id, _identities.c.kind == "email")
    return connection.execute(wanted.limit(1)).first() is not None


def erase_identities(tx: Connection, account_id: int) -> None:
    """Destroy the account's contacts, with the indexes by which they were found."""
    tx.execute(_ERASE, {"account_id": account_id})


def named_account(connection: Reader, contact: Contact) -> int | None:
    """The id of the account that goes by `contact`, whether it may log in or not."""
    named = select(_identities.c.account_id).where(_identities.c.value_index == bindparam("index"))
    return connection.execute(named, {"index": contact.index}).scalar()


def person_indexes(connection: Reader, account_id: int) -> list[bytes]:
    """One index for each of the account's contacts, the same for aliases of one mailbox."""
    return list(connection.execute(_PERSONS, {"account_id": account_id}).scalars())


def contacts_of(session: Session, account_id: int) -> list[str]:
    """The account's contacts in clear, for the account's own eyes."""
    return [identity.value for identity in session.scalars(select(Identity).where(Identity.account_id == account_id))]


def masked_contacts(session: Session, account_ids: Sequence[int]) -> dict[int, str]:
    """account id -> one of its contacts, with enough left out that it names nobody to a stranger: "o…a@example.com"."""
    rows = session.scalars(select(Identity).where(Identity.account_id.in_(account_ids)).order_by(Identity.id.desc()))
    return {identity.account_id: mask_contact(identity.value) for identity in rows}


def mask_contact(value: str) -> str:
    local, at, domain = value.partition("@")
    return f"{local[0]}…{local[-1:]}@{domain}" if at else f"{local[:3]}…{local[-2:]}"
