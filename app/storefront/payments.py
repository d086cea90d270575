"""The page on which a buyer pays, its status that polls itself, and the address that a gateway sends the buyer back to."""

from typing import Any

import segno
from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from app import clock, orders, payments, throttle, trade, visit, web
from app.db import AnyRow, db
from app.display import settings
from app.orders import Order
from app.payments import Account, Payment
from app.storefront import keyring
from app.storefront.balance import balance_facts, payable_here
from app.storefront.device import device
from app.storefront.forms import METHOD_NAMES, WayForm
from app.storefront.orders import open_or_404
from app.storefront.payment_claim import claim_facts
from app.storefront.start import begin

pages = Blueprint("payments", __name__)
RETURN_LIMIT = "30/minute"


@pages.get("/orders/<number>/payment", endpoint="show")
def show(number: str) -> Response:
    order = open_or_404(number)
    if order.state == "paid":
        return make_response(redirect(url_for("storefront.orders.show", number=number), code=303))
    return render_payment(order)


def render_payment(order: Order, status: int = 200, **forms: object) -> Response:
    """The page on which an order is paid; with a form of the way to pay that was refused, where one was."""
    payment = payments.payment_of_order(db.session, order.id)
    assert payment is not None
    channel = payments.channel_by_id(db.session, payment.channel_id)
    told = _status(order)
    page = render_template(
        "storefront/payments/show.html",
        order=order,
        lines=orders.lines_of_order(db.session, order.id),
        payment=payment,
        channel=channel,
        method_name=METHOD_NAMES[payment.method],
        qr_svg=_qr(payment),
        # WeChat's browser opens no payment of Alipay: the buyer takes the order along into another one.
        carry_url=_carry_url(order) if device() == "wechat" and payment.method == "alipay" else None,
        failed="failed" in request.args,
        **told,
        **({"way_form": _other_ways(order, payment, channel)} | _facts(order, payment, channel, told["claim"]) | forms),
    )
    return make_response(page, status)


def _carry_url(order: Order) -> str:
    path = url_for("storefront.orders.show", number=order.number, key=order.secret)
    return str(current_app.config["SHOP"].public_url) + path


def _facts(order: Order, payment: Payment, channel: Account, claim: AnyRow | None) -> dict[str, object]:
    if channel.gateway.name == trade.MANUAL:
        return claim_facts(order, payment, channel, claim)
    return balance_facts(order) if channel.gateway.name == "balance" else {}


def _other_ways(order: Order, payment: Payment, channel: Account) -> WayForm | None:
    """The other ways to pay, None where there are none."""
    channels = payments.list_offered(db.session, live=settings().is_live, device=device())
    fitting = [one for one in payable_here(channels, order.total_fen) if one.terms.takes(order.total_fen)]
    form = WayForm(formdata=None)
    # What began elsewhere with a code can begin anew where WeChat opens it by itself.
    is_elsewhere = device() == "wechat" and channel.pays_inside and payment.scheme_url is None
    form.offer(fitting, but=None if is_elsewhere else f"{channel.slug}:{payment.method}")
    return form if form.gateway.choices else None


def _qr(payment: Payment) -> Markup | None:
    text = payment.qr_text or payment.pay_url
    # segno writes plain attributes: no inline style, which the content security policy would refuse.
    return Markup(segno.make(text, error="m").svg_inline(border=2, omitsize=True)) if text else None  # noqa: S704


def _status(order: Order) -> dict[str, Any]:
    expired = order.state != "pending" or order.expires_at <= clock.now()
    told = {"state": "expired" if expired else "waiting", "returned": "returned" in request.args, "now": clock.now()}
    return told | {"claim": payments.claim_of_order(db.session, order.id)}


@pages.post("/orders/<number>/payment", endpoint="create")
def create(number: str) -> Response:
    """Ask the gateway once more where to pay."""
    order = open_or_404(number)
    if order.state == "pending":
        begin(order)
    return web.go(url_for("storefront.payments.show", number=number))


@pages.get("/orders/<number>/status", endpoint="status")
def status(number: str) -> Response:
    """The status alone; when there are goods it sends the page to them."""
    order = open_or_404(number)
    if order.state == "paid":
        return web.go(url_for("storefront.orders.show", number=number))
    return make_response(render_template("storefront/payments/_status.html", order=order, **_status(order)))


@pages.get("/orders/<number>/payment/return", endpoint="back")
def back(number: str) -> Response:
    """Where the gateway sends the buyer back to, with the same signed data as its callback; they pass the same gate."""
    channel = payments.channel_of_order(db.session, number)
    if channel is not None and payments.listens(channel, live=settings().is_live) and request.query_string:
        notice = payments.Notice("return", "GET", "", request.query_string, b"", throttle.address(), g.request_id)
        reading = channel.read(notice, clock.now())
        if reading.verdict == "valid" or throttle.within(RETURN_LIMIT, "forged", throttle.address()):
            trade.receive(channel, notice, clock.now(), reading)
    order = orders.find_opened(db.session, number, secret=keyring.secret_of(number), account_id=visit.account_id())
    if order is not None:
        waiting = 1 if order.state == "pending" else None
        return make_response(redirect(url_for("storefront.orders.show", number=number, returned=waiting), code=303))
    # A payment app may come back in a browser that knows nothing of the order: say so, and show nothing of it.
    return make_response(render_template("storefront/payments/returned.html"))
