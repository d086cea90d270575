"""An order that was paid through Stripe, and what Stripe tells of it afterwards."""

import pytest

from app import payments, trade
from app.db import transaction
from app.payments import Notice, Verdict
from tests.fakes.stripe_server import StripeServer
from tests.payments.starting import begin
from tests.shop import Person


@pytest.fixture
def provider(shop):
    with StripeServer(now=shop.now) as server:
        yield server


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


@pytest.fixture
def account(shop, provider):
    values = {"gateway": "stripe", "name": "Stripe", "settings": provider.settings(), "enabled": True}
    transaction(payments.create_channel, slug="stripe", **values, now=shop.now)
    return transaction(payments.channel_by_slug, "stripe")


@pytest.fixture
def tell(shop, provider, account):
    def deliver(event):
        body, headers = provider.signed(event)
        sent = {name.lower(): value for name, value in headers.items()}
        notice = Notice("callback", "POST", sent.pop("content-type"), b"", body, "192.0.2.1", "request", sent)
        return trade.receive(account, notice, shop.now)

    return deliver


@pytest.fixture
def placed(shop, account, anna):
    order = shop.place(Person("clara@example.com"), via=anna, channel="stripe")
    begin(account, order.payment_number, method="stripe")
    return order


@pytest.fixture
def intent(placed, provider, tell):
    """The PaymentIntent that paid the order of 100 yuan."""
    event = provider.pay(placed.payment_number)
    assert tell(event) is Verdict.ACCEPTED
    return event["data"]["object"]["payment_intent"]
