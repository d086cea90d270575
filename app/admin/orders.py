"""Orders as the merchant sees them; the goods stay the buyer's secret."""

from typing import Any

from flask import Blueprint, Response, abort, render_template
from sqlalchemy import func, select

from app import accounts, clock, delivery, orders, outbox, payments, referral, settlement, web
from app.admin import actors, labels, order_search, timeline
from app.admin.hand_forms import hand_form
from app.admin.order_forms import NoteForm, ReceiptForm, UseForm, use_forms
from app.admin.refund_forms import new_form
from app.cursor import read_cursor, write_cursor
from app.db import db
from app.fields import Form
from app.orders import Order
from app.stock import Card

pages = Blueprint("orders", __name__, url_prefix="/orders")


@pages.get("", endpoint="index")
def index() -> Response:
    found, last_id = orders.search_orders(db.session, order_search.wanted(), before=read_cursor("admin.orders"))
    filters = order_search.filters()
    return web.page_or_partial(
        "admin/orders/index.html",
        "admin/orders/_rows.html",
        orders=found,
        lines=orders.lines_by_order(db.session, [order.id for order in found]),
        contact_of=contact_of,
        filters=filters,
        channels=payments.list_channels(db.session),
        without={name: value for name, value in filters.items() if name != "state"},
        states=labels.ORDER_STATES | labels.ORDER_QUEUES,
        labels=labels,
        following=write_cursor("admin.orders", last_id),
    )


def contact_of(order: Order) -> str:
    """How to reach the buyer, with enough left out that it reaches nobody; the whole of it is asked for."""
    return accounts.mask_contact(order.contact) if order.contact_sealed else "–"


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
    note_form: Form | None = None,
    contact: str | None = None,
) -> str:
    """The order's page; with the form that was refused, where one was."""
    refunds = orders.refunds_of_order(db.session, order.id)
    waiting = [row for row in refunds if row.state == "doubtful" or (row.state == "pending" and row.way == "hand")]
    rights = delivery.rights_of_order(db.session, order.id)
    uses = delivery.events_of_order(db.session, order.id) if rights else []
    deliveries = delivery.deliveries_of_order(db.session, order.id)
    attribution, shares = referral.explain_order(db.session, order.id)
    masked = timeline.masked(deliveries)
    story, story_actors = timeline.of_order(order, deliveries, masked)
    return render_template(
        "admin/orders/show.html",
        order=order,
        contact=contact or contact_of(order),
        contact_is_open=contact is not None,
        story=story,
        story_actors=story_actors,
        note_form=note_form or NoteForm(formdata=None),
        lines=orders.lines_of_order(db.session, order.id),
        cards=cards_of(order.id),
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
        masked=masked,
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


def cards_of(order_id: int) -> dict[str, int]:
    """How many codes of the order are in which state; an order has few."""
    counts = select(Card.state, func.count().label("cards")).where(Card.order_id == order_id).group_by(Card.state)
    return {row.state: row.cards for row in db.session.execute(counts)}
