"""A refund: money goes back to the buyer of an order, through its channel or by the merchant's own hand, once its effect was seen."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, url_for
from flask_babel import lazy_gettext

from app import clock, orders, trade, web
from app.admin.forms import put_beside
from app.admin.order_forms import ReceiptForm
from app.admin.orders import order_or_404, render_order
from app.admin.refund_effects import render_effect, told
from app.admin.refund_forms import sent_form
from app.db import db, transaction
from app.errors import Refusal
from app.noting import Line, noted

pages = Blueprint("refunds", __name__, url_prefix="/orders/<number>/refunds")


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    """Refund, if it does what the page before said; else that page once more, with the figures as they are now."""
    order = order_or_404(number)
    form = sent_form(order)
    if form.validate_on_submit():
        asked = told(form)
        amount_fen = asked["amount_fen"] or sum(asked["lines"].values())
        said = {"amount_fen": amount_fen, "way": asked["way"]}
        line = Line("refund.create", f"order:{number}", now=said, reason=asked["reason"])
        try:
            try:
                transaction(noted(line, trade.as_shown), trade.refund, order.id, seen=form.seen.data or "", **asked)
            except trade.Changed as changed:
                return render_effect(order, form, changed)
            return web.go(url_for("admin.orders.show", number=number))
        except Refusal as refusal:
            put_beside(form, refusal)
    return make_response(render_order(order, refund_form=form), 422)


@pages.post("/<refund_number>/receipt", endpoint="settle")
def settle(number: str, refund_number: str) -> Response:
    order = order_or_404(number)
    refund: Any = orders.refund_by_number(db.session, refund_number)
    if refund is None or refund.order_id != order.id:
        abort(404)
    form = ReceiptForm()
    waits_for_hand = refund.way == "hand" or refund.state == "doubtful"
    if form.validate_on_submit() and form.outcome.data == "done" and not form.reference.data:
        form.reference.errors = [lazy_gettext("Please note the number of the transfer, so that it can be found again.")]
    elif form.validate_on_submit() and waits_for_hand:
        told = {"refund": refund_number, "outcome": form.outcome.data, "reference": form.reference.data or ""}
        transaction(
            noted(
                Line("refund.settle", f"order:{number}", was={"outcome": refund.state}, now=told), trade.settle_refund
            ),
            refund.id,
            state=form.outcome.data,
            reference=form.reference.data or None,
            now=clock.now(),
        )
        return web.go(url_for("admin.orders.show", number=number))
    return make_response(render_order(order, receipts={refund_number: form}), 422)
