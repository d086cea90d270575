"""To pay an order from one's balance, with the password."""

from flask import Blueprint, Response, abort, g, url_for
from flask_babel import gettext as _

from app import clock, payments, throttle, trade, visit, web
from app.db import db, transaction
from app.errors import Refusal
from app.fields import attach
from app.storefront.forms import BalanceForm
from app.storefront.orders import open_or_404
from app.storefront.payments import render_payment

pages = Blueprint("balances", __name__)


@pages.post("/orders/<number>/payment/balance", endpoint="create")
def create(number: str) -> Response:
    order = open_or_404(number)
    account_id = visit.account_id()
    payment = payments.payment_of_order(db.session, order.id)
    if account_id is None or account_id != order.account_id or payment is None:
        abort(404)
    form = BalanceForm()
    if form.validate_on_submit():
        if visit.knows_password(form.password.data):
            try:
                told = {"address": throttle.address(), "request_id": g.request_id, "now": clock.now()}
                transaction(trade.spend, order, payment, account_id, **told)
                return web.go(url_for("storefront.orders.show", number=number))
            except Refusal as refusal:
                attach(form, refusal.field, refusal.text(), form.password)
        else:
            form.password.errors = [_("This is not your present password.")]
    return render_payment(order, 422, balance_form=form)
