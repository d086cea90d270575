"""The test gateway's page: what it reports to the shop, in whichever order, ends as it would with a provider."""

import re

import pytest

from app import trade
from tests.shop import Person


@pytest.fixture
def order(shop, visitor):
    """The address of an order that waits for payment, and the test gateway's form for it."""
    placed = shop.place(Person("clara@example.com"))
    address = f"/orders/{placed.number}"
    visitor.get(f"{address}?key={placed.secret}")
    # The buyer asks for the address to pay at, as the page offers.
    visitor.post(f"{address}/payment", {})
    text = visitor.get(f"{address}/payment").text
    link = re.search(r'href="[^"]*(/sandbox/payments\?[^"]+)"', text).group(1).replace("&amp;", "&")
    query = re.search(r'name="query"[^>]*value="([^"]*)"', visitor.get(link).text).group(1).replace("&amp;", "&")
    return address, {"query": query}


def report(visitor, order, action):
    answer = visitor.post("/sandbox/payments", order[1] | {"action": action})
    assert answer.status_code == 303
    return visitor.get(answer.location, follow_redirects=True).text


def test_a_payment_shows_the_goods(visitor, order):
    assert "PS-00000" in report(visitor, order, "pay")


@pytest.mark.parametrize("action", ["refund", "refund_first"])
def test_a_refund_before_or_after_the_payment_shows_none(visitor, order, shop, action):
    """C27."""
    text = report(visitor, order, action)
    assert "PS-00000" not in text
    assert visitor.get(f"{order[0]}/goods.txt").status_code == 404
    assert shop.count("SELECT state || way || amount_fen FROM refund") == "doneprovider10000"
    assert trade.send_refunds(shop.now) == 0


@pytest.mark.parametrize("action", ["cancel", "", "REFUND", "refund_first "])
def test_anything_else_reports_nothing(visitor, order, shop, action):
    report(visitor, order, action)
    assert shop.count("SELECT count(*) FROM notice") == 0
