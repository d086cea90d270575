"""What the payment's page shows where the money goes into the merchant's own account."""

from typing import Any

from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app import clock, payments, trade
from app.db import AnyRow, db
from app.fields import Form
from app.orders import Order
from app.payments import Account, Payment


class PaymentClaimForm(Form):
    """The end of the number under which a payment app or a bank keeps the transfer."""

    digits = StringField(
        lazy_gettext("Last 4 to 6 letters or digits of the transfer’s number"),
        filters=[lambda text: (text or "").strip()],
        validators=[InputRequired(lazy_gettext("Please fill this in.")), Length(max=6)],
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": 6},
    )


def claim_facts(order: Order, payment: Payment, channel: Account, claim: AnyRow | None) -> dict[str, Any]:
    """Whether there is a picture, what the merchant says besides, and the form of whoever has not said yet that they paid."""
    is_told = claim is not None and claim.payment_id == payment.id
    is_over = order.state == "cancelled" or clock.now() >= order.created_at + trade.SAID_WITHIN_SECONDS
    return {
        "is_told": is_told,
        "has_code": payment.method in payments.receiving_codes(db.session, channel.id),
        "holder": channel.settings["holder"],
        "instructions": channel.settings["instructions"],
        "claim_form": None if is_told or is_over else PaymentClaimForm(formdata=None),
    }


def awaits_word(order: Order) -> bool:
    """Whether an order that has expired is still looked after on its payment's page: its buyer said that they paid, or may."""
    if order.state != "expired":
        return False
    payment = payments.payment_of_order(db.session, order.id)
    if payment is None or payments.channel_by_id(db.session, payment.channel_id).gateway.name != trade.MANUAL:
        return False
    claim = payments.claim_of_order(db.session, order.id)
    if claim is not None and claim.payment_id == payment.id:
        return bool(claim.verdict != "came")
    return clock.now() < order.created_at + trade.SAID_WITHIN_SECONDS
