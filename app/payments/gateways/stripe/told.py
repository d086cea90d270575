"""What the kinds of events tell: of a Checkout Session, of one refund, of a charge, of a dispute.

Stripe repeats events and keeps no order among them (https://docs.stripe.com/webhooks#best-practices): each stands for itself.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from app.payments.gateways.gateway import Reading
from app.payments.gateways.stripe.values import currency_of, fen_of, id_of, number_of, told_number

METHOD = "stripe"
Thing = dict[str, Any]


def _session(kind: str, session: Thing, merchant: str) -> Reading:
    """https://docs.stripe.com/checkout/fulfillment: a session can be completed while its money is still on the way."""
    number = told_number(session, "payment_number")
    if session.get("object") != "checkout.session" or session.get("mode") != "payment" or number is None:
        # Others may sell by the same account; and a reference alone can be set by whoever opens a payment link.
        return Reading("valid", "a session that the shop did not start", merchant=merchant, concerns_us=False)
    if number_of(session.get("client_reference_id")) != number:
        return Reading("malformed", "client_reference_id names another payment than metadata", payment_number=number)
    is_over = kind in ("checkout.session.completed", "checkout.session.async_payment_succeeded")
    return Reading(
        "valid",
        merchant=merchant,
        payment_number=number,
        trade_number=id_of(session.get("payment_intent")),
        amount_fen=fen_of(session.get("amount_total")),
        currency=currency_of(session.get("currency")),
        method=METHOD,
        paid=is_over and session.get("payment_status") == "paid",
    )


def _refund(kind: str, refund: Thing, merchant: str) -> Reading:
    """https://docs.stripe.com/api/refunds/object. It names the PaymentIntent only: the shop knows it as the trade number."""
    number, fen, trade_number = id_of(refund), fen_of(refund.get("amount")), id_of(refund.get("payment_intent"))
    if refund.get("object") != "refund" or number is None or not fen:
        return Reading("malformed", "it has not the shape of a refund")
    status = refund.get("status")
    if trade_number is None or status not in ("succeeded", "failed", "canceled"):
        return Reading("valid", "a refund that is not settled yet", merchant=merchant, concerns_us=False)
    return Reading(
        "valid",
        merchant=merchant,
        trade_number=trade_number,
        currency=currency_of(refund.get("currency")),
        refund_number=number,
        refunded_fen=fen,
        refund_failed=status != "succeeded",
    )


def _charge(kind: str, charge: Thing, merchant: str) -> Reading:
    """`charge.refunded` adds refunds up; single ones stand in it only for versions before 2022-11-15. The newest is told of."""
    listed = charge.get("refunds")
    refunds = listed.get("data") if isinstance(listed, dict) else None
    found = [one for one in refunds if isinstance(one, dict)] if isinstance(refunds, list) else []
    if charge.get("object") != "charge" or not found:
        return Reading("valid", "refund.created tells of the refund itself", merchant=merchant, concerns_us=False)
    newest = max(found, key=lambda one: fen_of(one.get("created")) or 0)
    told = _refund(kind, {"payment_intent": charge.get("payment_intent")} | newest, merchant)
    # A charge bears what its PaymentIntent bore when it was made: our number.
    return replace(told, payment_number=told_number(charge, "payment_number")) if told.refund_number else told


def _dispute(kind: str, dispute: Thing, merchant: str) -> Reading:
    """https://docs.stripe.com/api/disputes/object."""
    number, fen = id_of(dispute), fen_of(dispute.get("amount"))
    if dispute.get("object") != "dispute" or number is None or not fen:
        return Reading("malformed", "it has not the shape of a dispute")
    return Reading(
        "valid",
        number_of(dispute.get("reason")) or "",
        merchant=merchant,
        trade_number=id_of(dispute.get("payment_intent")),
        currency=currency_of(dispute.get("currency")),
        dispute_number=number,
        disputed_fen=fen,
    )


_SESSIONS = ("completed", "async_payment_succeeded", "async_payment_failed", "expired")
KINDS: dict[str, Callable[[str, Thing, str], Reading]] = {
    **{f"checkout.session.{name}": _session for name in _SESSIONS},
    **dict.fromkeys(("refund.created", "refund.updated", "refund.failed", "charge.refund.updated"), _refund),
    "charge.refunded": _charge,
    "charge.dispute.created": _dispute,
}
