"""The effect of a refund: what the buyer gets, what it takes from whom, and what the books say then, before it is done."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, make_response, render_template, url_for

from app import clock, trade, web
from app.admin import labels
from app.admin.forms import put_beside
from app.admin.nodes import actor
from app.admin.orders import order_or_404, render_order
from app.admin.refund_forms import RefundForm, sent_form
from app.db import transaction
from app.errors import Refusal
from app.foreseeing import Foreseen
from app.orders import Order

pages = Blueprint("refund_effects", __name__, url_prefix="/orders/<number>/refunds/effects")


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    order = order_or_404(number)
    form = sent_form(order)
    if form.validate_on_submit():
        try:
            return render_effect(order, form)
        except Refusal as refusal:
            put_beside(form, refusal)
    return make_response(render_order(order, refund_form=form), 422)


def told(form: RefundForm) -> dict[str, Any]:
    """What the form asks for, as the act is told it."""
    by_line = form.by_line
    return {
        "amount_fen": form.amount.number if by_line is None else None,
        "lines": by_line,
        "way": form.way.data,
        "reason": form.reason.data or "",
        "actor": actor(),
        "number": form.key.data,
        "now": clock.now(),
    }


def render_effect(order: Order, form: RefundForm, changed: Refusal | None = None) -> Response:
    """The figures as they are now, found by doing it and undoing it. Raises the Refusal of the act."""
    act: Callable[..., object] = trade.refund
    effect = transaction(trade.rehearse, act, order.id, **told(form))
    if not effect.legs:
        # This form made its refund before.
        return web.go(url_for("admin.orders.show", number=order.number))
    # What the page shows is what the next press confirms.
    form.seen.data = effect.seal
    page = render_template(
        "admin/refund_effects/create.html",
        order=order,
        form=form,
        foreseen=Foreseen(effect),
        changed=changed,
        labels=labels,
    )
    return make_response(page, 409 if changed else 200)
