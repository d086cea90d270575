"""To put a guest order into the account that is logged in; the order's secret is the proof."""

from flask import Blueprint, Response, abort, url_for
from flask_login import current_user, login_required

from app import clock, orders, trade, web
from app.db import db, transaction
from app.storefront import keyring

pages = Blueprint("claims", __name__)


@pages.post("/orders/<number>/claim", endpoint="create")
@login_required
def create(number: str) -> Response:
    order = orders.find_opened(db.session, number, secret=keyring.secret_of(number), account_id=None)
    if order is None:
        abort(404)
    transaction(trade.claim, order.id, current_user.id, clock.now())
    return web.go(url_for("storefront.orders.show", number=number))
