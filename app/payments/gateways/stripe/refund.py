"""Sending money back: one refund of a PaymentIntent, the same however often it is asked for (https://docs.stripe.com/refunds).

After an answer that nobody understands Stripe is asked which refunds there are: ours bears our number.
"""

from typing import Any

from app.payments.gateways.gateway import GatewayUnreachable, NotSent, RefundAnswer, RefundWanted, Settings
from app.payments.gateways.stripe.call import Refused, TooMany, call
from app.payments.gateways.stripe.values import currency_of, id_of, told_number

MOST_LISTED = 100
GONE = ("failed", "canceled")


def send_refund(settings: Settings, wanted: RefundWanted) -> RefundAnswer:
    """Ask Stripe to send `amount_fen` of a payment back. Raises NotSent when it was not heard, or turned away unread."""
    form = {
        "payment_intent": wanted.trade_number,
        "amount": str(wanted.amount_fen),
        "metadata[refund_number]": wanted.refund_number,
        "metadata[payment_number]": wanted.payment_number,
    }
    try:
        return _read(call(settings, "POST", "refunds", form, idempotency_key=wanted.refund_number), wanted)
    except Refused as no:
        if no.kind == "idempotency_error":
            return _find(settings, wanted, str(no))
        return RefundAnswer("failed", reason=str(no))
    except TooMany as error:
        raise NotSent(str(error)) from None
    except NotSent:
        raise
    except GatewayUnreachable as error:
        return _find(settings, wanted, str(error))


def _find(settings: Settings, wanted: RefundWanted, reason: str) -> RefundAnswer:
    try:
        query = {"payment_intent": wanted.trade_number, "limit": str(MOST_LISTED)}
        listed = call(settings, "GET", "refunds", query).get("data")
    except (Refused, GatewayUnreachable):
        listed = None
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and told_number(one, "refund_number") == wanted.refund_number:
            return _read(one, wanted)
    return RefundAnswer("doubtful", reason=reason)


def _read(refund: dict[str, Any], wanted: RefundWanted) -> RefundAnswer:
    told = (refund.get("object"), refund.get("amount"), id_of(refund.get("payment_intent")))
    reference = id_of(refund)
    if told != ("refund", wanted.amount_fen, wanted.trade_number) or reference is None:
        return RefundAnswer("doubtful", reason="its answer is about another refund")
    if currency_of(refund.get("currency")) != wanted.currency:
        return RefundAnswer("doubtful", reference, "its answer is in another currency")
    status = refund.get("status")
    if status == "succeeded":
        return RefundAnswer("done", reference)
    if status in GONE:
        return RefundAnswer("failed", reference, f"the refund is {status} at Stripe")
    return RefundAnswer("doubtful", reference, "Stripe is working on it and will tell how it went")
