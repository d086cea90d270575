"""A buyer's dispute at `/orders/<number>/dispute`, for whoever may open the order: no account is needed."""

from typing import Any

from flask import Blueprint, Response, abort, make_response, render_template, url_for
from flask_babel import lazy_gettext

from app import clock, hearing, orders, settlement, throttle, trade, web
from app.db import db, transaction
from app.errors import Refusal
from app.fields import Form, Yuan, attach
from app.money import yuan
from app.orders import Order
from app.settlement import Dispute
from app.storefront.orders import open_or_404

pages = Blueprint("disputes", __name__, url_prefix="/orders/<number>/dispute")
pages.url_value_preprocessor(hearing.make_room)
OPEN_LIMIT = "10/hour"
SIDE, ACTOR = "opener", "buyer"


class DisputeForm(Form):
    words = hearing.words(lazy_gettext("What is wrong?"), needed=True)
    amount = Yuan(lazy_gettext("How much do you want back?"), least_fen=1)
    picture = hearing.picture()


@pages.get("", endpoint="show")
def show(number: str) -> Response:
    order = open_or_404(number)
    dispute = settlement.dispute_of_order(db.session, order.id)
    if dispute is None:
        return _form(order)
    return _page(order, hearing.latest(dispute))


def _form(order: Order, form: DisputeForm | None = None, status: int = 200) -> Response:
    if order.state != "paid":
        abort(404)
    left_fen = sum(orders.refundable(db.session, order.id).values())
    if form is None:
        form = DisputeForm(formdata=None)
        form.amount.data = yuan(left_fen)
    page = render_template("storefront/disputes/new.html", order=order, form=form, left_fen=left_fen)
    return make_response(page, status)


def _page(order: Order, dispute: Dispute, form: Any = None, status: int = 200) -> Response:
    shown = hearing.shown(dispute, SIDE, form)
    return make_response(render_template("storefront/disputes/show.html", order=order, **shown), status)


@pages.get("/new", endpoint="new")
def new(number: str) -> Response:
    """Another one, after one that was taken back."""
    order = open_or_404(number)
    dispute = settlement.dispute_of_order(db.session, order.id)
    if dispute is not None and dispute.is_open:
        return web.go(url_for("storefront.disputes.show", number=number))
    return _form(order)


@pages.post("", endpoint="create")
def create(number: str) -> Response:
    order = open_or_404(number)
    form = DisputeForm()
    throttle.spend(OPEN_LIMIT, "dispute", throttle.address())
    if not form.validate_on_submit():
        return _form(order, form, 422)
    try:
        transaction(
            trade.complain,
            order.id,
            claim=form.words.data or "",
            wanted_fen=form.amount.number,
            picture=hearing.read_picture(),
            actor=ACTOR,
            now=clock.now(),
        )
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        attach(form, refusal.field, refusal.text(), form.words)
        return _form(order, form, 422)
    return web.go(url_for("storefront.disputes.show", number=number))


@pages.post("/steps", endpoint="update")
def update(number: str) -> Response:
    order = open_or_404(number)
    dispute = settlement.dispute_of_order(db.session, order.id)
    # What the provider looks into is not in the buyer's hands here.
    if dispute is None or dispute.kind != "buyer":
        abort(404)
    form = hearing.StepForm()
    if hearing.perform(dispute, SIDE, ACTOR, form):
        return web.go(url_for("storefront.disputes.show", number=number))
    return _page(order, dispute, form, 422)


@pages.get("/pictures/<picture>", endpoint="picture")
def picture(number: str, picture: str) -> Response:
    dispute = settlement.dispute_of_order(db.session, open_or_404(number).id)
    if dispute is None or dispute.kind != "buyer":
        abort(404)
    return hearing.picture_or_404(dispute, picture)
