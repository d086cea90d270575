"""The distributor's desk: what was earned, what can be shared, and who came through it. Nobody's contact is on it."""

from flask import Blueprint, Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import web
from app.partner import claims, commissions, links, memberships, payees, payouts, team, wishes

DESK = (commissions, payouts, payees, links, team, memberships, claims, wishes)


def register(app: Flask) -> None:
    desk = Blueprint("partner", __name__, url_prefix="/partner")
    desk.before_request(_let_members_in)
    for noun in DESK:
        desk.register_blueprint(noun.pages)
    app.register_blueprint(desk)


def _let_members_in() -> ResponseReturnValue | None:
    if current_user.is_authenticated:
        return None
    # A log-in page inside a fragment helps nobody.
    if web.sent_by_htmx():
        abort(403)
    target = request.full_path.rstrip("?") if request.method == "GET" else url_for("partner.links.index")
    return redirect(url_for("storefront.sessions.new", next=target))
