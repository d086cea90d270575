"""Another way to pay an order that was placed."""

from flask import Blueprint, Response, url_for

from app import clock, payments, throttle, trade, web
from app.db import db, transaction
from app.display import settings
from app.errors import Refusal
from app.fields import attach
from app.storefront.balance import payable_here
from app.storefront.device import device
from app.storefront.forms import WayForm
from app.storefront.orders import open_or_404
from app.storefront.payments import render_payment
from app.storefront.start import begin

pages = Blueprint("ways", __name__)
SWITCH_LIMIT = "20/10 minutes"


@pages.post("/orders/<number>/ways", endpoint="create")
def create(number: str) -> Response:
    order = open_or_404(number)
    form = WayForm()
    if form.validate_on_submit():
        throttle.spend(SWITCH_LIMIT, "switch", throttle.address())
        slug, method = form.chosen
        try:
            transaction(trade.switch, order, slug, method, settings(), clock.now())
        except Refusal as refusal:
            attach(form, refusal.field, refusal.text(), form.gateway)
        else:
            db.session.expire_all()
            begin(order)
            return web.go(url_for("storefront.payments.show", number=number))
    return render_payment(order, 422, way_form=_again(form))


def _again(form: WayForm) -> WayForm:
    form.offer(payable_here(payments.list_offered(db.session, live=settings().is_live, device=device()), 0))
    return form
