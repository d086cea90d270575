"""Sessions as rows, so that log-out, a ban and a new password end them at once (guard, defaults: session cookie)."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Connection,
    ForeignKey,
    LargeBinary,
    String,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from app import vault
from app.accounts.account import STAFF_ROLES, Account, Login
from app.accounts.factor import factor_exists, has_second_factor
from app.clock import DAY, HOUR, MINUTE
from app.db import AnyRow, Id, Model, Reader, db, table
from app.errors import N_, Refusal

TOUCH_SECONDS = MINUTE
# How long a proof of who one is serves for keys, payouts, people and reveals.
PROOF_SECONDS = 10 * MINUTE


@dataclass(frozen=True)
class SessionTimes:
    """How long a session lasts: without a visit, and at most; for buyers, and for whoever runs the shop."""

    buyer_idle_seconds: int = 7 * DAY
    buyer_life_seconds: int = 30 * DAY
    staff_idle_seconds: int = 30 * MINUTE
    staff_life_seconds: int = 12 * HOUR

    def idle_seconds(self, role: str) -> int:
        return self.staff_idle_seconds if role in STAFF_ROLES else self.buyer_idle_seconds

    def life_seconds(self, role: str) -> int:
        return self.staff_life_seconds if role in STAFF_ROLES else self.buyer_life_seconds


USUAL_TIMES = SessionTimes()


class SecondStepMissing(Refusal):
    """The account has a second factor, and it was not shown: nothing that stands for a password opens a session alone."""

    status = 403

    def __init__(self) -> None:
        super().__init__(N_("This account has a second factor. Please log in again."))


class Session(Model):
    __tablename__ = "session"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    created_at: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger, index=True)
    proved_at: Mapped[int] = mapped_column(BigInteger)
    # For the account's own eyes: what it was opened with, and where from, the last part left out.
    agent: Mapped[str] = mapped_column(String(200))
    network: Mapped[str] = mapped_column(String(64))


_sessions = table(Session)
_INSERT = insert(_sessions)
_TOUCH = update(_sessions).where(_sessions.c.token_hash == bindparam("hash")).values(seen_at=bindparam("now"))
_PROVE = update(_sessions).where(_sessions.c.token_hash == bindparam("hash")).values(proved_at=bindparam("now"))
_CLOSE = delete(_sessions).where(_sessions.c.token_hash == bindparam("hash"))
_CLOSE_ALL = delete(_sessions).where(_sessions.c.account_id == bindparam("account"))
_FORGET = delete(_sessions).where(_sessions.c.expires_at <= bindparam("now"))
_CLOSE_ONE = delete(_sessions).where(
    _sessions.c.id == bindparam("number"), _sessions.c.account_id == bindparam("account")
)
_CLOSE_OTHERS = delete(_sessions).where(
    _sessions.c.account_id == bindparam("account"), _sessions.c.id != bindparam("number")
)
_FIND = select(Account, Session, factor_exists(_sessions.c.account_id)).join(Session, Session.account_id == Account.id)


def open_session(
    tx: Connection,
    account_id: int,
    role: str,
    now: int,
    *,
    agent: str = "",
    network: str = "",
    passed: bool = False,
    times: SessionTimes = USUAL_TIMES,
) -> str:
    """Start a session and return its token; only the token's hash is kept. Raises SecondStepMissing unless the second factor
    was shown (`passed`), or the account has none."""
    if not passed and has_second_factor(tx, account_id):
        raise SecondStepMissing
    token = vault.token()
    row = {"token_hash": vault.digest(token), "account_id": account_id, "created_at": now, "seen_at": now}
    row |= {"agent": agent[:200], "network": network}
    tx.execute(_INSERT, row | {"expires_at": now + times.life_seconds(role), "proved_at": now})
    return token


def find_session(token: str, now: int, times: SessionTimes = USUAL_TIMES) -> tuple[Account, bool] | None:
    """The account whose living session has `token`, and whether the session wants to be touched."""
    row = db.session.execute(_FIND.where(Session.token_hash == vault.digest(token))).first()
    if row is None:
        return None
    account, session, is_guarded = row
    idle = now - session.seen_at
    # A life that was made shorter since holds at once; a longer one does not bring back what was about to end.
    is_over = session.expires_at <= now or now - session.created_at >= times.life_seconds(account.role)
    if account.disabled_at is not None or is_over or idle > times.idle_seconds(account.role):
        return None
    account.remember(Login(token, session.id, session.proved_at, is_guarded))
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


def close_one_session(tx: Connection, account_id: int, session_id: int) -> bool:
    """End one of the account's sessions. False when it is nobody's, somebody else's, or over."""
    return tx.execute(_CLOSE_ONE, {"account": account_id, "number": session_id}).rowcount == 1


def close_other_sessions(tx: Connection, account_id: int, session_id: int) -> int:
    """End all of the account's sessions but one. Returns how many there were."""
    return tx.execute(_CLOSE_OTHERS, {"account": account_id, "number": session_id}).rowcount


def living_sessions(
    connection: Reader, account_id: int, role: str, now: int, times: SessionTimes = USUAL_TIMES
) -> list[AnyRow]:
    """id, created_at, seen_at, agent and network of the account's sessions that are not over, the last seen first."""
    columns = (_sessions.c[name] for name in ("id", "created_at", "seen_at", "agent", "network"))
    living = (_sessions.c.account_id == account_id) & (_sessions.c.expires_at > now)
    living &= _sessions.c.created_at > now - times.life_seconds(role)
    wanted = select(*columns).where(living, _sessions.c.seen_at >= now - times.idle_seconds(role))
    return list(connection.execute(wanted.order_by(_sessions.c.seen_at.desc(), _sessions.c.id.desc()).limit(100)))


def close_every_session(tx: Connection) -> int:
    """Log everybody out, as after a restoration: whoever was shut out since the backup must not come back by it."""
    return tx.execute(delete(_sessions)).rowcount


def forget_old_sessions(tx: Connection, now: int) -> int:
    return tx.execute(_FORGET, {"now": now}).rowcount
