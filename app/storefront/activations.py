"""An activation: the buyer begins to use what starts with its first use."""

from contextlib import suppress

from flask import Blueprint, Response, abort, request, url_for

from app import clock, trade, web
from app.db import transaction
from app.errors import Refusal
from app.storefront.orders import open_or_404

pages = Blueprint("activations", __name__)


@pages.post("/orders/<number>/activations", endpoint="create")
def create(number: str) -> Response:
    order = open_or_404(number)
    line = request.form.get("line", "")
    if not (line.isascii() and line.isdigit() and len(line) < 10):
        abort(404)
    # A second press finds it activated, which is what was wanted; the page says how things stand.
    with suppress(Refusal):
        transaction(trade.activate, order.id, int(line), "buyer", clock.now())
    return web.go(url_for("storefront.orders.show", number=number))
