"""Goods that the merchant hands over: of a paid order whose codes were not whole, or one for a code that does not work."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, url_for
from flask_login import current_user

from app import clock, trade, web
from app.admin.forms import put_beside
from app.admin.hand_forms import DeliveryForm, ReplacementForm, offer_cards
from app.admin.orders import order_or_404, render_order
from app.db import transaction
from app.errors import Refusal
from app.fields import Form
from app.noting import Line, noted

pages = Blueprint("deliveries", __name__, url_prefix="/orders/<number>")


@pages.post("/deliveries", endpoint="create")
def create(number: str) -> Response:
    """Take what is missing from the shelf, and deliver."""
    order, form = order_or_404(number), DeliveryForm()
    return _done(
        number,
        form,
        lambda: transaction(_noted("delivery.create", number, form, trade.hand_over_again), order.id, **_said(form)),
    )


@pages.post("/replacements", endpoint="replace")
def replace(number: str) -> Response:
    """Mark a code as faulty, and hand over another."""
    order, form = order_or_404(number), ReplacementForm()
    return _done(
        number,
        form,
        lambda: transaction(
            _noted("delivery.replace", number, form, trade.replace_card), order.id, form.card_id, **_said(form)
        ),
    )


def _noted(act: str, number: str, form: Any, done: Callable[..., None]) -> Callable[..., None]:
    return noted(Line(act, f"order:{number}", reason=form.reason.data or ""), done)


def _said(form: Any) -> dict[str, Any]:
    return {"actor": f"account:{current_user.id}", "reason": form.reason.data or "", "now": clock.now()}


def _done(number: str, form: Form, act: Callable[[], None]) -> Response:
    if form.validate_on_submit():
        try:
            act()
            return web.go(url_for("admin.orders.show", number=number))
        except Refusal as refusal:
            put_beside(form, refusal)
    order = order_or_404(number)
    if isinstance(form, ReplacementForm):
        offer_cards(form, order)
    return make_response(render_order(order, hand=form), 422)
