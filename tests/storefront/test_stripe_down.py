"""Stripe fails while somebody buys: the order stands, the page says what to do, and one session comes of it (F08, F09)."""

import re

import httpx
import pytest

from app import payments
from app.db import db, transaction
from app.payments import http
from tests import journey
from tests.fakes.stripe_server import StripeServer

SESSIONS = "/v1/checkout/sessions"


@pytest.fixture
def provider(shop):
    with StripeServer(now=shop.now) as server:
        values = {"gateway": "stripe", "name": "Stripe", "settings": server.settings(), "enabled": True}
        transaction(payments.create_channel, slug="stripe", **values, now=shop.now)
        yield server


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(http, "TIMES", httpx.Timeout(0.3))
    monkeypatch.setattr(http, "WHOLE_SECONDS", 0.6)


def place(visitor):
    page = visitor.get("/p/ps").text
    assert 'value="stripe:stripe"' in page
    data = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1) for name in journey.ORDER_FIELDS}
    data |= {"quantity": "1", "contact": "clara@example.com", "gateway": "stripe:stripe"}
    answer = visitor._send("POST", "/orders", data=data)
    assert answer.status_code == 303, answer.text
    return f"/orders/{answer.location.split('/')[2]}/payment"


def link(visitor, address):
    db.session.rollback()
    found = re.search(r'class="[^"]*pay-open[^"]*" href="([^"]+)"', visitor.get(address).text)
    return found and found.group(1)


@pytest.mark.parametrize("fault", ["500", "html", "silent", "lost", "drip"])
def test_the_order_stands_and_the_buyer_may_ask_again(visitor, provider, impatient, fault):
    provider.faults[SESSIONS] = fault
    address = place(visitor)
    assert link(visitor, address) is None
    again = visitor.post(address, page=address)
    assert (again.status_code, link(visitor, address)) == (303, None)
    del provider.faults[SESSIONS]
    assert visitor.post(address, page=address).status_code == 303
    (session,) = provider.sessions.values()
    assert link(visitor, address) == session["url"]


def test_the_page_says_that_test_keys_bring_no_money(visitor, provider):
    address = place(visitor)
    assert "badge-held" in visitor.get(address).text
    assert link(visitor, address).startswith(provider.url)
