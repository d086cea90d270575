"""A shop with a channel at WeChat Pay, an order whose buyer paid there, and notices as it delivers them."""

import json

import pytest

from app import payments
from app.db import transaction
from tests.fakes.wechat_server import WechatServer
from tests.hooks.caller import ONE, Caller
from tests.payments.starting import begin
from tests.shop import Person

CLARA = Person("clara@example.com")
PAID, BACK = "TRANSACTION.SUCCESS", "REFUND.SUCCESS"
# The sale is booked, and anna's commission.
SOLD = ONE | {"booked": 2}
STATE, REFUNDED = "SELECT state FROM refund", "SELECT sum(refunded_fen) FROM order_line"


@pytest.fixture
def provider(shop):
    with WechatServer(now=shop.now) as server:
        yield server


@pytest.fixture
def account(shop, provider):
    values = {"gateway": "wechat", "name": "微信支付", "settings": provider.settings(), "enabled": True}
    transaction(payments.create_channel, slug="wechat", **values, now=shop.now)
    return transaction(payments.channel_by_slug, "wechat")


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


@pytest.fixture
def placed(shop, account, provider, anna):
    """An order of 100 yuan whose buyer looks at the code, and pays."""
    order = shop.place(CLARA, via=anna, channel="wechat")
    transaction(payments.note_start, order.payment_number, begin(account, order.payment_number, method="wxpay"))
    provider.pay(order.payment_number)
    return order


@pytest.fixture
def caller(app, shop):
    return Caller(app, shop)


@pytest.fixture
def tell(caller, provider):
    """Deliver a notice as WeChat Pay does; returns the status and the code of the answer."""

    def deliver(body, headers=None, content_type="application/json", slug="wechat", **options):
        own = provider.headers(body, **options) if headers is None else headers
        told = {"data": body, "headers": own, "content_type": content_type}
        status, text = caller.send(body, slug=slug, method="POST", **told)
        return status, json.loads(text)["code"] if slug == "wechat" else text

    return deliver


@pytest.fixture
def paid(provider, placed, tell):
    assert tell(provider.sealed(PAID, provider.payment(placed.payment_number))) == (200, "SUCCESS")
    return placed
