"""A note on an order, for the shop's own people."""

from flask import Blueprint, Response, make_response, url_for
from flask_login import current_user

from app import clock, orders, web
from app.admin.order_forms import NoteForm
from app.admin.orders import order_or_404, render_order
from app.db import transaction
from app.noting import Line, noted

pages = Blueprint("order_notes", __name__, url_prefix="/orders/<number>/notes")


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    order, form = order_or_404(number), NoteForm()
    if form.validate_on_submit():
        line = Line("note.create", f"order:{number}")
        transaction(noted(line, orders.add_note), order.id, current_user.id, form.text.data or "", clock.now())
        return web.go(url_for("admin.orders.show", number=number) + "#story")
    return make_response(render_order(order, note_form=form), 422)
