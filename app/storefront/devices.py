"""Where one is logged in: to end one of these sessions, or all but this one."""

from flask import Blueprint, Response, abort, url_for
from flask_login import current_user, login_required
from sqlalchemy import Connection

from app import accounts, audit, visit, web
from app.db import transaction

pages = Blueprint("devices", __name__, url_prefix="/me/devices")


@pages.post("/<int:session_id>/removal", endpoint="destroy")
@login_required
def destroy(session_id: int) -> Response:
    if session_id > 2**62 or not transaction(_close_one, session_id, visit.who()):
        abort(404)
    return web.go(url_for("storefront.security.show", _anchor="devices"))


@pages.post("/removal", endpoint="clear")
@login_required
def clear() -> Response:
    """End all of them but this one."""
    transaction(_close_others, current_user.login.session_id, visit.who())
    return web.go(url_for("storefront.security.show", _anchor="devices"))


def _close_one(tx: Connection, session_id: int, who: audit.Who) -> bool:
    assert who.account_id is not None
    closed = accounts.close_one_session(tx, who.account_id, session_id)
    if closed:
        audit.record(tx, who, "session.destroy", f"account:{who.account_id}", now={"sessions": 1})
    return closed


def _close_others(tx: Connection, session_id: int, who: audit.Who) -> None:
    assert who.account_id is not None
    count = accounts.close_other_sessions(tx, who.account_id, session_id)
    if count:
        audit.record(tx, who, "session.destroy", f"account:{who.account_id}", now={"sessions": count})
