"""A key for programs: made by an owner, shown once, kept as a hash, good for what it was made for and no more, and dead at once when
it is revoked or when whoever made it is an owner no longer."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Connection, ForeignKey, LargeBinary, String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.accounts.account import Account
from app.clock import MINUTE
from app.db import AnyRow, Id, Model, Reader, table
from app.errors import N_, Refusal

# What a key may be good for.
SCOPES = {
    "orders.read": N_("read orders, contacts masked"),
    "stock.read": N_("read products and how many codes are left"),
    "stock.import": N_("import codes"),
}
PREFIX = "tengka_"
MOST_KEYS = 50
TOUCH_SECONDS = MINUTE


class ApiKey(Model):
    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    # The owner who made it, and answers for it.
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    name: Mapped[str] = mapped_column(String(40))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    # The end of it, by which its owner knows it again.
    ending: Mapped[str] = mapped_column(String(4))
    # Each between two spaces.
    scopes: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[int | None] = mapped_column(BigInteger)
    revoked_at: Mapped[int | None] = mapped_column(BigInteger)


_keys = table(ApiKey)
_accounts = table(Account)
_SERVES = _keys.c.revoked_at.is_(None) & _accounts.c.disabled_at.is_(None) & (_accounts.c.role == "owner")
_JOINED = _keys.join(_accounts, _accounts.c.id == _keys.c.account_id)


def make_api_key(tx: Connection, account_id: int, name: str, scopes: Collection[str], now: int) -> tuple[int, str]:
    """Make a key and return (id, the key), which is kept nowhere. Raises Refusal."""
    chosen = [scope for scope in SCOPES if scope in scopes]
    if not chosen:
        raise Refusal(N_("Please choose what the key is good for."), field="orders_read")
    if len(list_api_keys(tx, limit=MOST_KEYS)) >= MOST_KEYS:
        raise Refusal(N_("There are %(most)s keys. Please revoke one first."), field="name", most=MOST_KEYS)
    key = PREFIX + vault.token()
    row = {"account_id": account_id, "name": name, "token_hash": vault.digest(key), "ending": key[-4:]}
    row |= {"scopes": f" {' '.join(chosen)} ", "created_at": now}
    return tx.execute(insert(_keys).returning(_keys.c.id), row).scalar_one(), key


def list_api_keys(connection: Reader, limit: int = MOST_KEYS) -> list[AnyRow]:
    """The keys that were not revoked, the newest first, each with whether it `serves`."""
    wanted = select(_keys, _SERVES.label("serves")).select_from(_JOINED).where(_keys.c.revoked_at.is_(None))
    return list(connection.execute(wanted.order_by(_keys.c.id.desc()).limit(limit)))


def find_api_key(connection: Reader, key: str) -> AnyRow | None:
    """The key, if it serves."""
    wanted = select(_keys).select_from(_JOINED).where(_keys.c.token_hash == vault.digest(key), _SERVES)
    return connection.execute(wanted).first()


def touch_api_key(tx: Connection, key_id: int, now: int) -> None:
    """Note that it was used."""
    tx.execute(update(_keys).where(_keys.c.id == key_id).values(used_at=now))


def revoke_api_key(tx: Connection, key_id: int, now: int) -> bool:
    """Let a key serve no more. False when there is none, or that was said before."""
    living = (_keys.c.id == key_id) & _keys.c.revoked_at.is_(None)
    return tx.execute(update(_keys).where(living).values(revoked_at=now)).rowcount == 1


def revoke_every_api_key(tx: Connection, now: int) -> int:
    """Let no key serve that was made before now, as after a restoration: one that was revoked since the backup must not come back
    by it. Returns how many there were."""
    return tx.execute(update(_keys).where(_keys.c.revoked_at.is_(None)).values(revoked_at=now)).rowcount
