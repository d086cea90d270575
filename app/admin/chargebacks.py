"""A chargeback: the buyer disputes the payment at the provider, and the merchant notes it here."""

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import lazy_gettext
from flask_login import current_user

from app import clock, hearing, orders, trade, web
from app.admin.forms import put_beside
from app.admin.orders import order_or_404
from app.db import db, transaction
from app.errors import Refusal
from app.fields import Form, Yuan
from app.money import yuan
from app.noting import Line, noted
from app.orders import Order

pages = Blueprint("chargebacks", __name__, url_prefix="/orders/<number>/chargebacks")


class ChargebackForm(Form):
    words = hearing.words(lazy_gettext("What the provider says"), needed=True)
    amount = Yuan(lazy_gettext("Disputed amount"), least_fen=1)


@pages.get("/new", endpoint="new")
def new(number: str) -> Response:
    order = order_or_404(number)
    form = ChargebackForm(formdata=None)
    form.amount.data = yuan(sum(orders.refundable(db.session, order.id).values()))
    return _page(order, form)


def _page(order: Order, form: ChargebackForm, status: int = 200) -> Response:
    return make_response(render_template("admin/disputes/chargeback.html", order=order, form=form), status)


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    order = order_or_404(number)
    form = ChargebackForm()
    if form.validate_on_submit():
        try:
            said = Line("chargeback.create", f"order:{number}", now={"disputed_fen": form.amount.number})
            opened = transaction(
                noted(said, trade.report_chargeback),
                order.id,
                claim=form.words.data or "",
                wanted_fen=form.amount.number,
                actor=f"account:{current_user.id}",
                now=clock.now(),
            )
            return web.go(url_for("admin.disputes.show", number=opened))
        except Refusal as refusal:
            put_beside(form, refusal)
    return _page(order, form, 422)
