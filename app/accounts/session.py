"""Sessions as rows, so that log-out, a ban and a new password end them at once (guard, defaults: session cookie)."""

from sqlalchemy import BigInteger, Connection, ForeignKey, LargeBinary, bindparam, delete, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.accounts.account import STAFF_ROLES, Account
from app.clock import DAY, HOUR, MINUTE
from app.db import Id, Model, db, table

IDLE_SECONDS = {"buyer": 7 * DAY} | dict.fromkeys(STAFF_ROLES, 30 * MINUTE)
LIFE_SECONDS = {"buyer": 30 * DAY} | dict.fromkeys(STAFF_ROLES, 12 * HOUR)
TOUCH_SECONDS = MINUTE
# How long a proof of who one is serves for keys, payouts, people and reveals.
PROOF_SECONDS = 10 * MINUTE


class Session(Model):
    __tablename__ = "session"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger, index=True)
    proved_at: Mapped[int] = mapped_column(BigInteger)


_sessions = table(Session)
_INSERT = insert(_sessions)
_TOUCH = update(_sessions).where(_sessions.c.token_hash == bindparam("hash")).values(seen_at=bindparam("now"))
_PROVE = update(_sessions).where(_sessions.c.token_hash == bindparam("hash")).values(proved_at=bindparam("now"))
_CLOSE = delete(_sessions).where(_sessions.c.token_hash == bindparam("hash"))
_CLOSE_ALL = delete(_sessions).where(_sessions.c.account_id == bindparam("account"))
_FORGET = delete(_sessions).where(_sessions.c.expires_at <= bindparam("now"))
_FIND = select(Account, Session).join(Session, Session.account_id == Account.id)


def open_session(tx: Connection, account_id: int, role: str, now: int) -> str:
    """Start a session and return its token; only the token's hash is kept."""
    token = vault.token()
    row = {"token_hash": vault.digest(token), "account_id": account_id, "created_at": now, "seen_at": now}
    tx.execute(_INSERT, row | {"expires_at": now + LIFE_SECONDS[role], "proved_at": now})
    return token


def find_session(token: str, now: int) -> tuple[Account, bool] | None:
    """The account whose living session has `token`, and whether the session wants to be touched."""
    row = db.session.execute(_FIND.where(Session.token_hash == vault.digest(token))).first()
    if row is None:
        return None
    account, session = row
    idle = now - session.seen_at
    if account.disabled_at is not None or session.expires_at <= now or idle > IDLE_SECONDS[account.role]:
        return None
    account.remember(token, session.proved_at)
    return account, idle > TOUCH_SECONDS


def touch_session(tx: Connection, token: str, now: int) -> None:
    tx.execute(_TOUCH, {"hash": vault.digest(token), "now": now})


def prove_session(tx: Connection, token: str, now: int) -> None:
    """Note that whoever holds the session has just shown again who they are."""
    tx.execute(_PROVE, {"hash": vault.digest(token), "now": now})


def close_session(tx: Connection, token: str) -> None:
    tx.execute(_CLOSE, {"hash": vault.digest(token)})


def close_all_sessions(tx: Connection, account_id: int) -> None:
    tx.execute(_CLOSE_ALL, {"account": account_id})


def forget_old_sessions(tx: Connection, now: int) -> int:
    return tx.execute(_FORGET, {"now": now}).rowcount
