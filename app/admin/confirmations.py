"""An order that was paid though no callback says so: the merchant confirms it with the password."""

from flask import Blueprint, Response, g, make_response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import clock, throttle, trade, visit, web
from app.admin.forms import put_beside
from app.admin.hand_forms import ConfirmationForm
from app.admin.orders import order_or_404, render_order
from app.db import transaction
from app.errors import Refusal
from app.noting import Line, noted

pages = Blueprint("confirmations", __name__, url_prefix="/orders/<number>/confirmation")


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    order = order_or_404(number)
    form = ConfirmationForm()
    if form.validate_on_submit() and _knows_password(form):
        try:
            said = Line(
                "confirmation.create",
                f"order:{number}",
                now={"reference": form.reference.data},
                reason=form.note.data or "",
            )
            transaction(
                noted(said, trade.confirm_by_hand),
                order.id,
                reference=form.reference.data or "",
                note=form.note.data or "",
                actor=f"account:{current_user.id}",
                address=throttle.address(),
                request_id=g.request_id,
                now=clock.now(),
            )
            return web.go(url_for("admin.orders.show", number=number))
        except Refusal as refusal:
            put_beside(form, refusal)
    return make_response(render_order(order_or_404(number), hand=form), 422)


def _knows_password(form: ConfirmationForm) -> bool:
    if visit.knows_password(form.password.data):
        return True
    form.password.errors = [_("This is not your present password.")]
    return False
