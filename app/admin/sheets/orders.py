"""The orders that the list shows."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from flask_babel import lazy_gettext

from app import accounts, orders, payments
from app.admin import exporting, labels
from app.admin.exporting import Sheet
from app.admin.order_search import filters, wanted
from app.db import db
from app.orders import Order
from app.sheet import Fen

HEAD = (
    lazy_gettext("Order"),
    lazy_gettext("State"),
    lazy_gettext("Goods"),
    lazy_gettext("Quantity"),
    lazy_gettext("Buyer"),
    lazy_gettext("Amount, yuan"),
    lazy_gettext("Discount, yuan"),
    lazy_gettext("Refunded, yuan"),
    lazy_gettext("Placed"),
    lazy_gettext("Paid"),
    lazy_gettext("Delivered"),
    lazy_gettext("Payment channel"),
    lazy_gettext("Provider’s number"),
    lazy_gettext("Our number"),
)


def sheet() -> Sheet:
    """Every order of the search, not only of the page. Contacts stay masked: a file goes from hand to hand."""
    return Sheet("order", HEAD, _rows(), filters())


def _rows() -> Iterator[tuple[Any, ...]]:
    for page in exporting.pages(partial(orders.search_orders, db.session, wanted())):
        yield from _told(page)


def _told(batch: Sequence[Order]) -> Iterator[tuple[Any, ...]]:
    lines = orders.lines_by_order(db.session, [order.id for order in batch])
    paid = payments.payment_by_order(db.session, [order.id for order in batch])
    for order in batch:
        of_order, payment = lines[order.id], paid.get(order.id)
        back_fen = sum(line.refunded_fen for line in of_order)
        yield (
            order.number,
            labels.order_state(order, back_fen),
            " / ".join(line.title for line in of_order),
            sum(line.quantity for line in of_order),
            accounts.mask_contact(order.contact),
            Fen(order.total_fen),
            Fen(order.discount_fen),
            Fen(back_fen),
            exporting.moment(order.created_at),
            exporting.moment(order.paid_at),
            exporting.moment(order.delivered_at),
            payment.channel_name if payment else "",
            (payment.trade_number or "") if payment else "",
            payment.number if payment else "",
        )
