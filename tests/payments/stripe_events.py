"""Events for tests in Stripe's documented shapes, signed by Stripe's own library and not by the code under test."""

import json

import stripe

from app.payments.gateways import GATEWAYS, Notice
from tests.fakes.stripe_server import KEY, NOW, SECRET

STRIPE = GATEWAYS["stripe"]
SETTINGS = {"secret_key": KEY, "signing_secret": SECRET}
NUMBER = "P7K2M9QX"
JSON = "application/json; charset=utf-8"


def session(**changes):
    """A Checkout Session that was paid."""
    return {
        "id": "cs_test_a1RMSyzQu5Mk2cZYoAYLOCV9hfoc5z9RuYdE4jLY2htoizGr1AJZeAcnDh",
        "object": "checkout.session",
        "amount_subtotal": 10000,
        "amount_total": 10000,
        "client_reference_id": NUMBER,
        "currency": "cny",
        "customer_details": {"email": "clara@example.com"},
        "livemode": False,
        "metadata": {"payment_number": NUMBER},
        "mode": "payment",
        "payment_intent": "pi_3RgRPqEEXQJo9EEO1a43uB5g",
        "payment_method_types": ["card"],
        "payment_status": "paid",
        "status": "complete",
    } | changes


# As https://docs.stripe.com/api/refunds/object shows one.
REFUND = {
    "id": "re_1Nispe2eZvKYlo2Cd31jOCgZ",
    "object": "refund",
    "amount": 1000,
    "balance_transaction": "txn_1Nispe2eZvKYlo2CYezqFhEx",
    "charge": "ch_1NirD82eZvKYlo2CIvbtLWuY",
    "created": 1692942318,
    "currency": "usd",
    "destination_details": {
        "card": {"reference": "123456789012", "reference_status": "available", "type": "refund"},
        "type": "card",
    },
    "metadata": {},
    "payment_intent": "pi_1GszsK2eZvKYlo2CfhZyoZLp",
    "reason": None,
    "receipt_number": None,
    "source_transfer_reversal": None,
    "status": "succeeded",
    "transfer_reversal": None,
}
# As https://docs.stripe.com/api/disputes/object shows one, without its empty evidence.
DISPUTE = {
    "id": "du_1MtJUT2eZvKYlo2CNaw2HvEv",
    "object": "dispute",
    "amount": 1000,
    "balance_transactions": [],
    "charge": "ch_1AZtxr2eZvKYlo2CJDX8whov",
    "created": 1680651737,
    "currency": "usd",
    "evidence": {"access_activity_log": None, "receipt": None, "uncategorized_text": None},
    "evidence_details": {"due_by": 1682294399, "has_evidence": False, "past_due": False, "submission_count": 0},
    "is_charge_refundable": True,
    "livemode": False,
    "metadata": {},
    "payment_intent": None,
    "reason": "general",
    "status": "warning_needs_response",
}


def event(thing=None, kind="checkout.session.completed", **changes):
    return {
        "id": "evt_1RgRPrEEXQJo9EEOWggvNEHe",
        "object": "event",
        "api_version": "2025-05-28.basil",
        "created": NOW,
        "data": {"object": session() if thing is None else thing},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    } | changes


def signature(body, secret=SECRET, at=NOW):
    return stripe.WebhookSignature.generate_signature_header(body, secret, at)


def notice(body=None, header=None, content_type=JSON, method="POST"):
    """A delivery; signed well unless a `header` is given ("" leaves it out)."""
    text = body if isinstance(body, str) else json.dumps(event() if body is None else body)
    header = signature(text) if header is None else header
    return Notice(method, b"", text.encode(), content_type, {"stripe-signature": header} if header else {})


def read(body=None, now=NOW, settings=SETTINGS, **options):
    return STRIPE.read(settings, notice(body, **options), now)
