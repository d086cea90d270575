"""Paying inside WeChat: WeChat says who the buyer is, and its own browser opens the payment (JSAPI)."""

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for

from app import clock, payments, throttle, trade, vault
from app.db import db
from app.orders import Order
from app.payments import Account, GatewayUnreachable, Inside, Payment
from app.storefront.device import device
from app.storefront.orders import open_or_404
from app.storefront.start import begin

pages = Blueprint("inside", __name__)
LOGIN_SECONDS = 600
LOGIN_LIMIT = "20/10 minutes"


@pages.get("/orders/<number>/payment/inside", endpoint="new")
def new(number: str) -> Response:
    """Let WeChat say who the buyer is. Elsewhere there is no such browser, and the payment is begun as it is done there."""
    order, channel, payment = _payable(number)
    if device() != "wechat":
        begin(order)
        return _to_payment(number)
    assert isinstance(channel.gateway, Inside)
    back_url = f"{current_app.config['SHOP'].public_url}{url_for('storefront.inside.show', number=number)}"
    state = vault.sign("inside", payment.number, timed=True)
    return make_response(redirect(channel.gateway.login_url(channel.settings, back_url, state), code=303))


@pages.get("/orders/<number>/payment/inside/back", endpoint="show")
def show(number: str) -> Response:
    """WeChat leads back with a code: the page that opens the payment."""
    order, channel, payment = _payable(number)
    code, state = request.args.get("code", ""), request.args.get("state")
    if vault.unsign("inside", state, max_age=LOGIN_SECONDS) != payment.number or not 0 < len(code) <= 128:
        return _to_payment(number, failed=1)
    throttle.spend(LOGIN_LIMIT, "inside", throttle.address())
    try:
        bridge = trade.start_inside(
            channel,
            payment,
            code,
            order_number=number,
            expires_at=order.expires_at,
            public_url=current_app.config["SHOP"].public_url,
            client_address=request.remote_addr or "",
            now=clock.now(),
        )
    except GatewayUnreachable as error:
        current_app.logger.warning("the payment of order %s could not be started inside WeChat: %s", number, error)
        return _to_payment(number, failed=1)
    page = render_template("storefront/payments/inside.html", order=order, payment=payment, bridge=bridge)
    return make_response(page)


def _payable(number: str) -> tuple[Order, Account, Payment]:
    order = open_or_404(number)
    payment = payments.payment_of_order(db.session, order.id)
    if payment is None or order.state != "pending" or order.expires_at <= clock.now():
        abort(_to_payment(number))
    channel = payments.channel_by_id(db.session, payment.channel_id)
    if not (channel.is_sound and channel.pays_inside):
        abort(_to_payment(number))
    return order, channel, payment


def _to_payment(number: str, *, failed: int | None = None) -> Response:
    return make_response(redirect(url_for("storefront.payments.show", number=number, failed=failed), code=303))
