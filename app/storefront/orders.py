"""Orders: placed at `/orders`, and opened at `/orders/<number>` by whoever holds their secret."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, g, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_login import current_user

from app import accounts, catalog, clock, delivery, orders, payments, referral, settlement, throttle, trade, visit, web
from app.cookies import device_hash, read_cookie
from app.db import db, transaction
from app.disk import refuse_orders_without_room
from app.display import settings
from app.errors import Refusal
from app.fields import attach
from app.orders import Order
from app.storefront import keyring
from app.storefront.forms import LookupForm, OrderForm, accepts_terms
from app.storefront.payment_claim import awaits_word
from app.storefront.products import render_product
from app.storefront.question_fields import QuestionsForm
from app.storefront.start import begin

pages = Blueprint("orders", __name__)
# How many, the merchant says.
PLACE_LIMIT = "{}/10 minutes"
LOOKUP_LIMIT = "{}/10 minutes"
MOST_SHOWN = 20


@pages.get("/orders", endpoint="index")
def index() -> str:
    """The orders of this browser, and of the account that is logged in."""
    mine = orders.list_opened(db.session, keyring.secrets(), account_id=visit.account_id(), limit=MOST_SHOWN)
    return render_template("storefront/orders/index.html", orders=mine, form=LookupForm(formdata=None), now=clock.now())


@pages.post("/orders", endpoint="create")
def create() -> Response:
    form = OrderForm()
    status = 422
    row = catalog.find_by_sku(db.session, form.sku.data or "")
    if row is None:
        raise catalog.NotOnSale
    questions = QuestionsForm(catalog.questions_for(db.session, row.Product.id))
    try:
        # Both are looked at, so that each says what is wrong with it.
        if all((form.validate_on_submit(), questions.validate(), accepts_terms(form))):
            refuse_orders_without_room(current_app.config["SHOP"])
            throttle.spend(PLACE_LIMIT.format(settings().order_tries), "order", throttle.address())
            return _place(form, questions.answers)
    except Refusal as refusal:
        status = refusal.status
        g.retry_after_seconds = refusal.retry_after_seconds
        attach(form, refusal.field, refusal.text(), form.quantity)
    row = catalog.find_by_sku(db.session, form.sku.data or "")
    if row is None:
        raise catalog.NotOnSale
    return make_response(render_product(row.Product, row.Sku, form, questions), status)


def _place(form: OrderForm, answers: list[tuple[str, str]]) -> Response:
    slug, method = form.chosen
    wish = trade.Wish(
        sku_code=form.sku.data or "",
        quantity=form.quantity.number,
        contact=accounts.read_contact(form.contact.data or ""),
        channel_slug=slug,
        method=method,
        key=form.key.data or None,
        answers=tuple(answers),
        terms_version=settings().terms_version if settings().accept_terms else None,
        **form.seen,
    )
    visitor = trade.Visitor(
        address=throttle.address(),
        account_id=visit.account_id(),
        device_hash=device_hash(),
        invite_cookie=read_cookie("inv"),
        trace=visit.trace(),
        locale=str(get_locale()),
    )
    placed = transaction(trade.place, wish, visitor, settings(), clock.now())
    order = orders.find_opened(db.session, placed.number, secret=placed.secret, account_id=None)
    assert order is not None
    if not placed.repeated:
        begin(order)
    return keyring.keep(web.go(url_for("storefront.orders.show", number=placed.number)), placed.number, placed.secret)


def open_or_404(number: str) -> Order:
    """The order, for whoever holds its secret or owns it. Wrong guesses are few before they have to wait."""
    order = orders.find_opened(db.session, number, secret=keyring.secret_of(number), account_id=visit.account_id())
    if order is None:
        throttle.spend(LOOKUP_LIMIT.format(settings().lookup_tries), "lookup", throttle.address())
        abort(404)
    return order


@pages.get("/orders/<number>", endpoint="show")
def show(number: str) -> Response:
    if "key" in request.args:
        return open_with_key(number, request.args["key"])
    order = open_or_404(number)
    if order.state == "pending" or awaits_word(order):
        returned = request.args.get("returned")
        return make_response(redirect(url_for("storefront.payments.show", number=number, returned=returned), code=303))
    lines = orders.lines_of_order(db.session, order.id)
    refunds = [row for row in orders.refunds_of_order(db.session, order.id) if row.state != "failed"]
    is_refunded = order.state == "paid" and bool(refunds) and all(line.refunded_fen == line.base_fen for line in lines)
    return make_response(
        render_template(
            "storefront/orders/show.html",
            order=order,
            lines=lines,
            answers=orders.open_answers(order.number, order.answers_sealed),
            refunds=refunds,
            is_refunded=is_refunded,
            is_under_way=any(row.state != "done" for row in refunds),
            rights=delivery.rights_of_order(db.session, order.id),
            now=clock.now(),
            parcel=None if is_refunded else delivery.open_parcel(db.session, order),
            keep_url=_address("storefront.orders.show", number=number, key=order.secret),
            share_url=_share_url(order),
            strays=payments.strays_of_order(db.session, order.id),
            dispute=settlement.dispute_of_order(db.session, order.id),
            can_claim=current_user.is_authenticated and order.account_id is None,
        )
    )


def open_with_key(number: str, secret: str) -> Response:
    """Take the secret out of the address into the cookie, and go on without it."""
    g.secret_in_address = True
    if orders.find_opened(db.session, number, secret=secret, account_id=None) is None:
        throttle.spend(LOOKUP_LIMIT.format(settings().lookup_tries), "lookup", throttle.address())
        abort(404)
    response = make_response(redirect(url_for("storefront.orders.show", number=number), code=303))
    return keyring.keep(response, number, secret)


def _address(endpoint: str, **values: Any) -> str:
    return str(current_app.config["SHOP"].public_url) + url_for(endpoint, **values)


def _share_url(order: Order) -> str | None:
    """The buyer's own link, while they may share. Anybody may type anybody's contact: of an order that no account has, the
    link of an account is not the buyer's."""
    if order.node_id is None:
        return None
    own = referral.standing_of(db.session, referral.person_of(db.session, order.node_id))
    if own.account_id != order.account_id:
        return None
    code = referral.link_of_node(db.session, own.id) if own.state == "qualified" else None
    return _address("storefront.invitations.show", token=referral.invite_token(code)) if code else None
