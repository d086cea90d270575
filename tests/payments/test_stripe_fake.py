"""The stand-in for Stripe speaks Stripe: Stripe's own library uses it, and understands what it tells."""

import json

import pytest
import stripe

from tests.fakes.stripe_server import KEY, NOW, SECRET, StripeServer

SESSION = {
    "mode": "payment",
    "client_reference_id": "P1",
    "metadata": {"payment_number": "P1"},
    "line_items": [
        {"quantity": 1, "price_data": {"currency": "cny", "unit_amount": 1230, "product_data": {"name": "订单 P1"}}}
    ],
    "success_url": "https://shop.example.com/done",
    "cancel_url": "https://shop.example.com/back",
    "expires_at": NOW + 1800,
}


@pytest.fixture
def provider():
    with StripeServer() as server:
        yield server


@pytest.fixture
def client(provider):
    transport = stripe.RequestsClient()
    yield stripe.StripeClient(KEY, base_addresses={"api": provider.url}, http_client=transport, max_network_retries=0)
    transport.close()


def test_a_session_is_made_and_found(provider, client):
    made = client.v1.checkout.sessions.create(params=SESSION, options={"idempotency_key": "P1"})
    again = client.v1.checkout.sessions.create(params=SESSION, options={"idempotency_key": "P1"})
    assert (made.id, made.amount_total, made.currency, made.payment_status) == (again.id, 1230, "cny", "unpaid")
    event = provider.pay("P1")
    found = client.v1.checkout.sessions.retrieve(made.id)
    assert (found.payment_status, found.payment_intent) == ("paid", event["data"]["object"]["payment_intent"])


def test_it_refuses_what_stripe_refuses(provider, client):
    for changes in ({"expires_at": NOW + 1799}, {"expires_at": NOW + 86401}, {"surprise": 1}):
        with pytest.raises(stripe.InvalidRequestError):
            client.v1.checkout.sessions.create(params=SESSION | changes)
    client.v1.checkout.sessions.create(params=SESSION, options={"idempotency_key": "P1"})
    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.create(
            params=SESSION | {"expires_at": NOW + 1900}, options={"idempotency_key": "P1"}
        )
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        client.v1.checkout.sessions.retrieve("cs_test_0")
    provider.key = "sk_test_another"
    with pytest.raises(stripe.AuthenticationError):
        client.v1.balance.retrieve()


def test_refunds_are_made_and_listed(provider, client):
    client.v1.checkout.sessions.create(params=SESSION)
    intent = provider.pay("P1")["data"]["object"]["payment_intent"]
    made = client.v1.refunds.create(
        params={"payment_intent": intent, "amount": 230, "metadata": {"refund_number": "R1"}}
    )
    assert (made.status, made.amount, made.currency) == ("succeeded", 230, "cny")
    listed = client.v1.refunds.list(params={"payment_intent": intent, "limit": 100})
    assert [(one.id, one.metadata["refund_number"]) for one in listed.data] == [(made.id, "R1")]
    with pytest.raises(stripe.InvalidRequestError, match="greater"):
        client.v1.refunds.create(params={"payment_intent": intent, "amount": 1001})
    assert client.v1.balance.retrieve().livemode is False


def test_its_events_are_events_to_stripes_library(provider, client):
    client.v1.checkout.sessions.create(params=SESSION)
    paid = provider.pay("P1")
    intent = paid["data"]["object"]["payment_intent"]
    for event in (paid, provider.event("refund.created", provider.refund(intent, 1)), provider.dispute(intent, 1230)):
        body, headers = provider.signed(event)
        read = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], SECRET, tolerance=0)
        assert (read.type, read.data.object.id) == (event["type"], event["data"]["object"]["id"])
        assert json.loads(body) == event
