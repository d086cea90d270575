"""Who is visiting: the account behind the session cookie, and how one signs in and out."""

from flask import Flask, request, session
from flask_login import current_user, login_user, logout_user
from sqlalchemy import Connection

from app import accounts, clock, referral, throttle, vault
from app.db import db, transaction
from app.extensions import login

WRONG_LIMIT = "5/15 minutes"


def account_id() -> int | None:
    """The id of the account that is logged in."""
    return current_user.id if current_user.is_authenticated else None


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


def sign_in(account_id: int, role: str) -> None:
    """Log the account in: a new session row, and nothing of the old cookie survives."""
    sign_out()
    token = transaction(accounts.open_session, account_id, role, clock.now())
    found = accounts.find_session(token, clock.now())
    assert found is not None
    session.permanent = True
    login_user(found[0])


def knows_password(text: str | None) -> bool:
    """Whether this is the present password of whoever is logged in. Wrong guesses are counted. Raises TooOften."""
    key = ("password", str(current_user.id))
    throttle.check(WRONG_LIMIT, *key)
    if accounts.verify_password(current_user.password_hash, text or ""):
        return True
    throttle.within(WRONG_LIMIT, *key)
    return False


def is_proved() -> bool:
    """Whether whoever is logged in showed within ten minutes who they are."""
    return bool(current_user.is_authenticated and current_user.proved_at > clock.now() - accounts.PROOF_SECONDS)


def prove() -> None:
    """Note that they have just shown it."""
    transaction(accounts.prove_session, current_user.get_id(), clock.now())


def sign_out() -> None:
    """End this visit's session at once, on the server as in the cookie."""
    if current_user.is_authenticated:
        transaction(accounts.close_session, current_user.get_id())
    logout_user()
    session.clear()


def _load(token: str) -> accounts.Account | None:
    found = accounts.find_session(token, clock.now())
    if found is None:
        return None
    account, wants_touch = found
    if wants_touch:
        transaction(_touch, token, account.id, trace(), clock.now())
        proved_at = account.proved_at
        account = db.session.merge(account)
        account.remember(token, proved_at)
    return account


def _touch(tx: Connection, token: str, account_id: int, left: referral.Trace | None, now: int) -> None:
    accounts.touch_session(tx, token, now)
    node = referral.node_by_account(tx, account_id)
    if node is not None:
        referral.sight(tx, node.id, left)


def register(app: Flask) -> None:
    """Let Flask-Login find accounts by the token of their session."""
    login.user_loader(_load)
