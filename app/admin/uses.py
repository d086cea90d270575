"""A use of what was bought, as the merchant records it; it earns the distributors their part."""

from flask import Blueprint, Response, abort, make_response, url_for
from flask_login import current_user

from app import clock, delivery, trade, web
from app.admin.forms import put_beside
from app.admin.order_forms import UseForm
from app.admin.orders import order_or_404, render_order
from app.db import db, transaction
from app.errors import Refusal
from app.noting import Line, noted

pages = Blueprint("uses", __name__, url_prefix="/orders/<number>/uses")


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    order = order_or_404(number)
    form = UseForm()
    if form.validate_on_submit():
        line_id = int(form.line.data or 0)
        if line_id not in delivery.rights_of_order(db.session, order.id):
            abort(404)
        actor, left = f"account:{current_user.id}", int(form.left.data or 0)
        try:
            said = Line("use.create", f"order:{number}", now={"line": line_id, "uses": form.count.number})
            transaction(noted(said, trade.use), order.id, line_id, form.count.number, actor, clock.now(), left=left)
            return web.go(url_for("admin.orders.show", number=number))
        except Refusal as refusal:
            put_beside(form, refusal)
    return make_response(render_order(order, use_form=form), 422)
