"""A passkey: a key in a phone, a computer or a stick, which signs for this site alone and is opened by finger, face or PIN."""

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    LargeBinary,
    String,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal
from app.savepoint import savepoint

MOST_PASSKEYS = 10


class Passkey(Model):
    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    # What the key calls itself, and the half of it that may be known.
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    # How often it signed, where it counts: a copy of it would fall behind.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[int | None] = mapped_column(BigInteger)


_passkeys = table(Passkey)
_COUNT = (
    update(_passkeys)
    .where(_passkeys.c.id == bindparam("number"), _passkeys.c.sign_count == bindparam("was"))
    .values(sign_count=bindparam("count"), used_at=bindparam("now"))
)


def add_passkey(
    tx: Connection, account_id: int, *, name: str, credential_id: bytes, public_key: bytes, sign_count: int, now: int
) -> int:
    """Let a key serve from now on, and return its id. Raises Refusal when there are enough of them, or it serves already."""
    if count_passkeys(tx, account_id) >= MOST_PASSKEYS:
        raise Refusal(N_("You have %(most)s passkeys. Please remove one first."), field="name", most=MOST_PASSKEYS)
    row = {"account_id": account_id, "name": name, "credential_id": credential_id, "public_key": public_key}
    try:
        with savepoint(tx):
            added = tx.execute(
                insert(_passkeys).returning(_passkeys.c.id), row | {"sign_count": sign_count, "created_at": now}
            )
            return added.scalar_one()
    except IntegrityError:
        raise Refusal(N_("This passkey is in use already."), field="name") from None


def list_passkeys(connection: Reader, account_id: int) -> list[AnyRow]:
    """id, name, credential_id, public_key, sign_count, created_at and used_at of the account's passkeys, the first one first."""
    columns = ("id", "name", "credential_id", "public_key", "sign_count", "created_at", "used_at")
    wanted = select(*(_passkeys.c[name] for name in columns)).where(_passkeys.c.account_id == account_id)
    return list(connection.execute(wanted.order_by(_passkeys.c.id)))


def count_passkeys(connection: Reader, account_id: int) -> int:
    mine = _passkeys.c.account_id == account_id
    return connection.execute(select(func.count()).select_from(_passkeys).where(mine)).scalar_one()


def note_use(tx: Connection, passkey: AnyRow, count: int, now: int) -> bool:
    """Note that a key signed, and how often it did so far. False when another signature was counted meanwhile."""
    values = {"number": passkey.id, "was": passkey.sign_count, "count": count, "now": now}
    return tx.execute(_COUNT, values).rowcount == 1


def forget_passkey(tx: Connection, account_id: int, passkey_id: int) -> str | None:
    """Let one of the account's keys serve no more, and return its name. None when it is not one of them."""
    own = (_passkeys.c.id == passkey_id) & (_passkeys.c.account_id == account_id)
    return tx.execute(delete(_passkeys).where(own).returning(_passkeys.c.name)).scalar()


def drop_passkeys(tx: Connection, account_id: int) -> None:
    tx.execute(delete(_passkeys).where(_passkeys.c.account_id == account_id))
