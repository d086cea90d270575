"""The arbitrators' desk: disputes to decide, and nothing else of the shop."""

from flask import Blueprint, Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app import visit, web
from app.arbitration import decisions, disputes, effects

DESK = (disputes, decisions, effects)


def register(app: Flask) -> None:
    desk = Blueprint("arbitration", __name__, url_prefix="/arbitration")
    desk.before_request(_let_arbitrators_in)
    for noun in DESK:
        desk.register_blueprint(noun.pages)
    app.register_blueprint(desk)


def _let_arbitrators_in() -> ResponseReturnValue | None:
    if current_user.is_authenticated and current_user.is_arbitrator:
        return web.go(url_for("storefront.security.show")) if visit.lacks_factor() else None
    # The shop's own people are a party: they see disputes on their desk, and decide none.
    if current_user.is_authenticated or web.sent_by_htmx():
        abort(403)
    target = request.full_path.rstrip("?") if request.method == "GET" else url_for("arbitration.disputes.index")
    return redirect(url_for("storefront.sessions.new", next=target))
