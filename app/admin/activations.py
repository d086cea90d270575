"""An activation: the merchant begins the use of what the buyer came to redeem."""

from contextlib import suppress

from flask import Blueprint, Response, abort, request, url_for
from flask_login import current_user

from app import clock, trade, web
from app.admin.orders import order_or_404
from app.db import transaction
from app.errors import Refusal
from app.noting import Line, noted

pages = Blueprint("activations", __name__, url_prefix="/orders/<number>/activations")


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    order = order_or_404(number)
    line = request.form.get("line", "")
    if not (line.isascii() and line.isdigit() and len(line) < 10):
        abort(404)
    # A second press finds it activated, by the buyer perhaps; the page says how things stand, and who did it.
    with suppress(Refusal):
        line_said = Line("activation.create", f"order:{number}", now={"line": int(line)})
        transaction(noted(line_said, trade.activate), order.id, int(line), f"account:{current_user.id}", clock.now())
    return web.go(url_for("admin.orders.show", number=number))
