"""How somebody arrives whose password or link was good: at once, or by way of a second step where they have a second factor."""

from flask import Response, session, url_for
from sqlalchemy import Connection

from app import accounts, clock, referral, visit, web
from app.accounts import Account, Pending
from app.cookies import device_hash
from app.db import db, transaction
from app.referral import Trace

_PENDING = "pending"


def arrive(account_id: int, by: str, target: str | None = None) -> Response:
    """Let the account in and go to `target`, a path of this site, or to where its role begins; or ask for the second factor first."""
    account = db.session.get(Account, account_id)
    assert account is not None
    if accounts.has_second_factor(db.session, account_id):
        token = accounts.sign_pending(account_id, account.password_hash, by)
        visit.sign_out()
        session[_PENDING] = token
        return web.go(url_for("storefront.second_steps.new", next=web.safe_next(target, "") or None))
    return enter(account_id, account.role, by, target)


def pending() -> Pending | None:
    """Who waits before the second step in this browser."""
    return accounts.read_pending(db.session, session.get(_PENDING))


def pass_on(waiting: Pending, by: str, target: str | None) -> Response | None:
    """Let in who waited, and has now shown their second factor. None when somebody else was let in by the same token."""
    if not transaction(accounts.spend_pending, waiting, clock.now()):
        return None
    return enter(waiting.account_id, waiting.role, f"{waiting.by}, {by}", target, passed=True)


def enter(account_id: int, role: str, by: str, target: str | None = None, *, passed: bool = False) -> Response:
    """Log in, note the browser, and go on."""
    visit.sign_in(account_id, role, by, passed=passed)
    node = referral.node_by_account(db.session, account_id)
    if node is not None:
        transaction(_note_browser, node.id, device_hash(), visit.trace())
    return web.go(web.safe_next(target, visit.home_of(role)))


def _note_browser(tx: Connection, node_id: int, device: bytes | None, trace: Trace | None) -> None:
    referral.remember_device(tx, node_id, device)
    referral.sight(tx, node_id, trace)
