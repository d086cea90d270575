"""To pay into the merchant's own account: the code as a picture, and "I have paid"."""

from flask import Blueprint, Response, abort, make_response, url_for

from app import clock, payments, throttle, trade, web
from app.db import db, transaction
from app.errors import Refusal
from app.fields import attach
from app.orders import Order
from app.payments import Payment
from app.storefront.orders import open_or_404
from app.storefront.payment_claim import PaymentClaimForm
from app.storefront.payments import render_payment

pages = Blueprint("payment_claims", __name__)
CLAIM_LIMIT = "10/10 minutes"


@pages.get("/orders/<number>/payment/code", endpoint="show")
def show(number: str) -> Response:
    """The code, for whoever may open the order, as long as there is something to pay."""
    payment = _payment_or_404(open_or_404(number))
    picture = payments.receiving_code(db.session, payment.channel_id, payment.method)
    if picture is None:
        abort(404)
    response = make_response(picture)
    response.content_type = "image/jpeg"
    return response


@pages.post("/orders/<number>/payment/claim", endpoint="create")
def create(number: str) -> Response:
    """Say that the order was paid."""
    order = open_or_404(number)
    _payment_or_404(order)
    form = PaymentClaimForm()
    throttle.spend(CLAIM_LIMIT, "payment claim", throttle.address())
    if form.validate_on_submit():
        told = {"placed_at": order.created_at, "now": clock.now()}
        try:
            transaction(trade.vouch, order.id, form.digits.data or "", **told)
            return web.go(url_for("storefront.payments.show", number=number))
        except Refusal as refusal:
            attach(form, refusal.field, refusal.text(), form.digits)
    return render_payment(order, 422, claim_form=form)


def _payment_or_404(order: Order) -> Payment:
    """The payment that goes into the merchant's own account, while it is to be made."""
    payment = payments.payment_of_order(db.session, order.id)
    if payment is None or order.state in ("paid", "cancelled"):
        abort(404)
    if payments.channel_by_id(db.session, payment.channel_id).gateway.name != trade.MANUAL:
        abort(404)
    return payment
