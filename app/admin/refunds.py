"""A refund: money goes back to the buyer of an order, through its channel or by the merchant's own hand."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, url_for
from flask_babel import lazy_gettext
from flask_login import current_user

from app import clock, orders, trade, web
from app.admin.forms import put_beside
from app.admin.order_forms import ReceiptForm, RefundForm, offer_ways
from app.admin.orders import order_or_404, render_order
from app.db import db, transaction
from app.errors import Refusal
from app.noting import Line, noted

pages = Blueprint("refunds", __name__, url_prefix="/orders/<number>/refunds")


def _actor() -> str:
    return f"account:{current_user.id}"


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    order = order_or_404(number)
    form = offer_ways(RefundForm(), order)
    if form.validate_on_submit():
        try:
            told = {"amount_fen": form.amount.number, "way": form.way.data}
            transaction(
                noted(Line("refund.create", f"order:{number}", now=told, reason=form.reason.data or ""), trade.refund),
                order.id,
                amount_fen=form.amount.number,
                way=form.way.data,
                reason=form.reason.data or "",
                actor=_actor(),
                number=form.key.data,
                now=clock.now(),
            )
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
