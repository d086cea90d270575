"""The discount on own purchases as a distributor sees it: beside the price, in the form, on the payment's page and the receipt."""

import re

import pytest

from tests import journey


def words(page):
    text = re.sub(r"<(script|style|head).*?</\1>", "", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text))


@pytest.fixture
def anna(shop, visitor):
    """A distributor's browser."""
    return journey.join(journey.register(visitor, "anna@example.com"))


def test_it_is_shown_with_the_list_price_beside_it(shop, anna):
    page = anna.get("/p/ps")
    assert "¥95.00" in words(page)
    assert re.search(r"<s [^>]*>.*¥100\.00</s>", page.text)
    assert 'data-discount="500"' in page.text
    assert re.search(r"<span data-total>95\.00</span>", page.text)


def test_others_see_the_list_price_alone(shop, visitor):
    page = journey.register(visitor, "boris@example.com").get("/p/ps")
    assert "¥100.00" in words(page)
    assert "</s>" not in page.text
    assert re.search(r"<span data-total>100\.00</span>", page.text)


def test_it_is_what_is_paid_and_stands_on_the_receipt(shop, anna):
    number = journey.order(anna, "anna@example.com")
    payment = words(anna.get(f"/orders/{number}/payment"))
    assert "¥95.00" in payment
    assert "-¥5.00" in payment
    journey.pay(anna, number)
    receipt = words(anna.get(f"/orders/{number}"))
    assert "-¥5.00" in receipt
    assert "¥95.00" in receipt
    assert shop.count("SELECT total_fen FROM orders WHERE state = 'paid'") == 9500


def test_whoever_is_logged_out_meanwhile_is_asked_once_more(shop, anna):
    page = anna.get("/p/ps").text
    data = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1) for name in journey.ORDER_FIELDS}
    data |= {"quantity": "2", "contact": "anna@example.com", "gateway": "sandbox:alipay"}
    anna.post("/logout")
    again = anna.post("/orders", data | {"csrf_token": anna.token("/orders")})
    assert again.status_code == 422
    assert 'id="quantity-error"' in again.text
    assert re.search(r'name="seen_discount_bps"[^>]*value="0"', again.text)
    assert re.search(r"<span data-total>200\.00</span>", again.text)
    assert shop.count("SELECT count(*) FROM orders") == 0
