"""Who is visiting: the account behind the session cookie, and how one signs in and out."""

from collections.abc import Callable
from typing import Any

from flask import Flask, g, request, session
from flask_login import current_user, login_user, logout_user
from sqlalchemy import Connection

from app import accounts, audit, clock, referral, throttle, vault
from app.db import db, transaction
from app.display import settings
from app.extensions import login as logins

WRONG_LIMIT = "5/15 minutes"
# A code has a million spellings and three of them are right: at this pace a thief of the password needs decades.
CODE_LIMIT = "5/15 minutes;30/day"


def account_id() -> int | None:
    """The id of the account that is logged in."""
    return current_user.id if current_user.is_authenticated else None


def who(as_account: int | None = None) -> audit.Who:
    """Whoever sent this request, for the audit log; while somebody logs in, `as_account`."""
    return audit.Who(
        account_id=as_account or account_id(),
        address=throttle.address(),
        agent=request.user_agent.string[:200],
        request_id=g.get("request_id", "-"),
        at=clock.now(),
    )


def home_of(role: str) -> str:
    """The page on which somebody with this role begins."""
    if role in accounts.DESK_ROLES:
        return "/admin"
    return "/arbitration" if role == "arbitrator" else "/me"


def trace() -> referral.Trace | None:
    """What this visit leaves: its network and the kind of its browser, both blind. None where the network says nothing."""
    network = throttle.network()
    if network is None:
        return None
    return referral.Trace(
        network_index=vault.blind("network", network),
        agent_hash=vault.blind("agent", request.user_agent.string[:300]),
        seen_at=clock.now(),
    )


def session_times() -> accounts.SessionTimes:
    """How long sessions last, as the merchant set it."""
    present = settings()
    return accounts.SessionTimes(
        buyer_idle_seconds=present.buyer_idle_days * clock.DAY,
        buyer_life_seconds=present.buyer_days * clock.DAY,
        staff_idle_seconds=present.staff_idle_minutes * clock.MINUTE,
        staff_life_seconds=present.staff_hours * clock.HOUR,
    )


def lacks_factor() -> bool:
    """Whether whoever is logged in has no second factor in a shop that wants one of all who run it."""
    return bool(settings().staff_factor and not current_user.login.is_guarded)


def sign_in(account_id: int, role: str, by: str, *, passed: bool = False) -> None:
    """Log the account in: a new session row, and nothing of the old cookie survives. `by` is what opened it ('password',
    'code', 'recovery code', 'passkey', 'link', 'invitation', 'registration'); `passed` that a second factor was shown.

    Raises SecondStepMissing where one is wanted: whatever lets people in goes through app/arrival.py, which asks for it.
    """
    sign_out()
    times = session_times()
    token = transaction(_open, account_id, role, by, passed, throttle.prefix(), times, who(account_id))
    found = accounts.find_session(token, clock.now(), times)
    assert found is not None
    session.permanent = True
    login_user(found[0])


def _open(
    tx: Connection,
    account_id: int,
    role: str,
    by: str,
    passed: bool,
    network: str,
    times: accounts.SessionTimes,
    by_whom: audit.Who,
) -> str:
    opened: dict[str, Any] = {"agent": by_whom.agent, "network": network, "passed": passed, "times": times}
    token = accounts.open_session(tx, account_id, role, by_whom.at, **opened)
    # A row each time that a buyer comes would bury what the shop's people do.
    if role != "buyer":
        audit.record(tx, by_whom, "session.create", f"account:{account_id}", now={"by": by})
    return token


def knows_password(text: str | None) -> bool:
    """Whether this is the present password of whoever is logged in. Wrong guesses are counted. Raises TooOften."""
    key = ("password", str(current_user.id))
    throttle.check(WRONG_LIMIT, *key)
    if accounts.verify_password(current_user.password_hash, text or ""):
        return True
    throttle.within(WRONG_LIMIT, *key)
    return False


def code_key(account_id: int) -> tuple[str, str]:
    """Under what wrong codes of an account are counted."""
    return ("second factor", str(account_id))


def shows_code(account_id: int, text: str | None) -> str | None:
    """By what `text` shows that the account's second factor is at hand: 'code' (of the app) or 'recovery code'; None when it
    does not. Each may be used once. Raises TooOften."""
    return shows(account_id, _take, account_id, text or "", clock.now())


def shows(account_id: int, take: Callable[..., str | None], *told: object) -> str | None:
    """What `take` says that shows the account's second factor; wrong tries are counted. Raises TooOften."""
    key = code_key(account_id)
    # Counted before it is looked at, or a hundred guesses at once would be one.
    throttle.spend(CODE_LIMIT, *key)
    by = transaction(take, *told)
    if by is not None:
        throttle.forgive(CODE_LIMIT, *key)
    return by


def _take(tx: Connection, account_id: int, text: str, now: int) -> str | None:
    if accounts.take_code(tx, account_id, text, now):
        return "code"
    return "recovery code" if accounts.take_recovery_code(tx, account_id, text, now) else None


def is_proved() -> bool:
    """Whether whoever is logged in showed within ten minutes who they are."""
    return bool(current_user.is_authenticated and current_user.login.proved_at > clock.now() - accounts.PROOF_SECONDS)


def prove() -> None:
    """Note that they have just shown it."""
    transaction(accounts.prove_session, current_user.get_id(), clock.now())


def sign_out() -> None:
    """End this visit's session at once, on the server as in the cookie."""
    if current_user.is_authenticated:
        transaction(_close, current_user.get_id(), current_user.role != "buyer", who())
    logout_user()
    session.clear()


def _close(tx: Connection, token: str, is_recorded: bool, by_whom: audit.Who) -> None:
    accounts.close_session(tx, token)
    if is_recorded:
        audit.record(tx, by_whom, "session.destroy", f"account:{by_whom.account_id}")


def _load(token: str) -> accounts.Account | None:
    found = accounts.find_session(token, clock.now(), session_times())
    if found is None:
        return None
    account, wants_touch = found
    if wants_touch:
        transaction(_touch, token, account.id, trace(), clock.now())
        login = account.login
        account = db.session.merge(account)
        account.remember(login)
    return account


def _touch(tx: Connection, token: str, account_id: int, left: referral.Trace | None, now: int) -> None:
    accounts.touch_session(tx, token, now)
    node = referral.node_by_account(tx, account_id)
    if node is not None:
        referral.sight(tx, node.id, left)


def register(app: Flask) -> None:
    """Let Flask-Login find accounts by the token of their session."""
    logins.user_loader(_load)
