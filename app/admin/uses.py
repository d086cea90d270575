"""A use of what was bought, as the merchant records it; it earns the distributors their part."""

from typing import Any

from flask import Blueprint, Response, make_response, url_for
from flask_login import current_user

from app import clock, trade, web
from app.admin.forms import put_beside
from app.admin.order_forms import UseForm
from app.admin.orders import order_or_404, render_order
from app.db import transaction
from app.errors import Refusal

pages = Blueprint("uses", __name__, url_prefix="/orders/<number>/uses")


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    order = order_or_404(number)
    form = UseForm()
    if form.validate_on_submit():
        spent: dict[str, Any] = {"count": form.count.number, "actor": f"account:{current_user.id}"}
        try:
            transaction(trade.use, order.id, int(form.line.data or 0), now=clock.now(), **spent)
            return web.go(url_for("admin.orders.show", number=number))
        except Refusal as refusal:
            put_beside(form, refusal)
    return make_response(render_order(order, use_form=form), 422)
