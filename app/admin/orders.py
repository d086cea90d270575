"""Orders as the merchant sees them; the goods stay the buyer's secret."""

from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy import func, select

from app import accounts, clock, delivery, orders, outbox, payments, referral, settlement, web
from app.admin import actors, labels
from app.admin.hand_forms import hand_form
from app.admin.order_forms import ReceiptForm, UseForm, new_form, use_forms
from app.admin.search import words
from app.cursor import read_cursor, write_cursor
from app.db import db
from app.errors import Refusal
from app.fields import Form
from app.orders import Order
from app.stock import Card

pages = Blueprint("orders", __name__, url_prefix="/orders")
LONGEST_CONTACT = 254


@pages.get("", endpoint="index")
def index() -> Response:
    state = request.args.get("state")
    state = state if state in orders.STATES else None
    found, last_id = _search(words(LONGEST_CONTACT), state)
    return web.page_or_partial(
        "admin/orders/index.html",
        "admin/orders/_rows.html",
        orders=found,
        lines=orders.lines_by_order(db.session, [order.id for order in found]),
        words=words(LONGEST_CONTACT),
        state=state,
        labels=labels,
        following=write_cursor("admin.orders", last_id),
    )


def _search(wanted: str, state: str | None) -> tuple[list[Order], int | None]:
    """By the number or by the contact, whole: contacts are encrypted, and only the index of a whole one can be compared."""
    before = read_cursor("admin.orders")
    if not wanted:
        return orders.search_orders(db.session, state=state, before=before)
    try:
        index = accounts.read_contact(wanted).index
    except Refusal:
        return orders.search_orders(db.session, state=state, number=wanted.upper(), before=before)
    return orders.search_orders(db.session, state=state, contact_index=index, before=before)


@pages.get("/<number>", endpoint="show")
def show(number: str) -> str:
    return render_order(order_or_404(number))


def order_or_404(number: str) -> Order:
    order = orders.find_order(db.session, number)
    if order is None:
        abort(404)
    return order


def render_order(
    order: Order,
    *,
    refund_form: Any = None,
    receipts: dict[str, Any] | None = None,
    use_form: UseForm | None = None,
    hand: Form | None = None,
) -> str:
    """The order's page; with the form that was refused, where one was."""
    refunds = orders.refunds_of_order(db.session, order.id)
    waiting = [row for row in refunds if row.state == "doubtful" or (row.state == "pending" and row.way == "hand")]
    rights = delivery.rights_of_order(db.session, order.id)
    uses = delivery.events_of_order(db.session, order.id) if rights else []
    deliveries = delivery.deliveries_of_order(db.session, order.id)
    attribution, shares = referral.explain_order(db.session, order.id)
    return render_template(
        "admin/orders/show.html",
        order=order,
        lines=orders.lines_of_order(db.session, order.id),
        cards=_cards(order.id),
        payments=payments.payments_of_order(db.session, order.id),
        notices=payments.notices_of_order(db.session, order.id),
        attribution=attribution,
        shares=shares,
        causes=settlement.causes_of(db.session, [row.Commission.id for row in shares]),
        cases=settlement.cases_of(db.session, [row.Commission.id for row in shares]),
        labels=labels,
        rights=rights,
        use_forms=use_forms(rights, use_form),
        uses=uses,
        deliveries=deliveries,
        hand=hand or hand_form(order),
        claim=payments.claim_of_order(db.session, order.id),
        strays=payments.strays_of_order(db.session, order.id),
        actors=actors.names(row.actor for row in (*uses, *deliveries)),
        now=clock.now(),
        refunds=refunds,
        answers=outbox.reasons(db.session, [f"refund:{row.number}" for row in refunds]),
        disputes=settlement.disputes_of_order(db.session, order.id),
        refund_form=refund_form or new_form(order),
        receipts={row.number: ReceiptForm(formdata=None) for row in waiting} | (receipts or {}),
    )


def _cards(order_id: int) -> dict[str, int]:
    """How many codes of the order are in which state; an order has few."""
    counts = select(Card.state, func.count().label("cards")).where(Card.order_id == order_id).group_by(Card.state)
    return {row.state: row.cards for row in db.session.execute(counts)}
