"""The start of a payment, as far as a browser tells where and how it should be."""

from flask import current_app, request

from app import clock, payments, trade
from app.db import db
from app.orders import Order
from app.storefront.device import device


def begin(order: Order) -> None:
    """Start the payment of an order, or ask once more where to pay. Never raises."""
    # The order stands, and its secret has to reach the buyer whatever happens now; the payment's page offers to ask again.
    try:
        start_payment(order)
    except Exception:
        current_app.logger.exception("the payment of order %s could not be started", order.number)


def start_payment(order: Order) -> None:
    """Ask the gateway where the buyer pays; a gateway that does not answer leaves a link that works."""
    payment = payments.payment_of_order(db.session, order.id)
    assert payment is not None
    trade.start(
        payments.channel_by_id(db.session, payment.channel_id),
        payment,
        order_number=order.number,
        expires_at=order.expires_at,
        public_url=current_app.config["SHOP"].public_url,
        device=device(),
        client_address=request.remote_addr or "",
        now=clock.now(),
    )
