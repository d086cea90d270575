"""Another way to pay an order: begun anew, while what was begun before stays good."""

import pytest

from app import payments
from app.db import db, transaction
from app.payments import Terms, Verdict
from tests.payments.notices import KEY
from tests.storefront.test_orders import place

pytestmark = pytest.mark.both_databases


@pytest.fixture
def second(shop):
    settings = {"merchant_id": "1002", "key": KEY}
    row = {"slug": "second", "gateway": "sandbox", "name": "二", "settings": settings, "enabled": True}
    transaction(payments.create_channel, **row, terms=Terms(buyer_fee_bps=100, most_fen=20000), now=shop.now)


@pytest.fixture
def placed(visitor, second):
    return place(visitor).location


def begun(shop):
    return shop.count("SELECT count(*) FROM payment")


def switch(visitor, location, way="second:alipay"):
    return visitor.post(f"{location}/ways", {"gateway": way})


def numbers(shop):
    return [
        shop.count(f"SELECT number FROM payment ORDER BY id LIMIT 1 OFFSET {place}") for place in range(begun(shop))
    ]


def pay(shop, number, channel="sandbox", money="100.00"):
    account = payments.channel_by_slug(db.session, channel)
    values = {"payment_number": number, "trade_number": f"T-{number}", "method": "alipay", "money": money}
    return shop.deliver(payments.sign_notice(account.settings, **values), account)


def test_a_buyer_takes_another_way(shop, visitor, placed):
    page = visitor.get(f"{placed}/payment").text
    assert 'value="second:alipay"' in page
    assert 'value="sandbox:alipay"' not in page, "that is the way that was chosen"
    assert switch(visitor, placed).status_code == 303
    assert begun(shop) == 2
    page = visitor.get(f"{placed}/payment").text
    assert "101" in page
    assert 'value="sandbox:alipay"' in page
    assert pay(shop, numbers(shop)[1], "second", "101.00") is Verdict.ACCEPTED


def test_money_that_comes_by_the_first_way_still_counts_and_a_second_is_seen(shop, visitor, placed):
    switch(visitor, placed)
    first, second = numbers(shop)
    assert pay(shop, first) is Verdict.ACCEPTED
    assert pay(shop, second, "second", "101.00") is Verdict.DOUBLE_PAID


@pytest.mark.parametrize("way", ["nothing:alipay", "second:wxpay", "balance", ""])
def test_what_is_not_offered_is_told(shop, visitor, placed, way):
    answer = switch(visitor, placed, way)
    assert (answer.status_code, 'id="gateway-error"' in answer.text) == (422, True)
    assert begun(shop) == 1


def test_what_does_not_take_the_amount_is_not_offered(shop, visitor):
    settings = {"merchant_id": "1002", "key": KEY}
    row = {"slug": "second", "gateway": "sandbox", "name": "二", "settings": settings, "enabled": True}
    transaction(payments.create_channel, **row, terms=Terms(most_fen=9999), now=shop.now)
    location = place(visitor, gateway="sandbox:alipay").location
    assert 'value="second:alipay"' not in visitor.get(f"{location}/payment").text
    assert switch(visitor, location).status_code == 422


def test_it_is_not_changed_for_ever(shop, visitor, placed):
    ways = ["second:alipay", "sandbox:alipay"] * 6
    answers = [switch(visitor, placed, way).status_code for way in ways]
    assert answers == [303] * 9 + [422] * 3
    assert begun(shop) == 10


def test_a_paid_or_expired_order_is_left_alone(shop, visitor, placed):
    pay(shop, numbers(shop)[0])
    assert switch(visitor, placed).status_code == 422
    assert begun(shop) == 1
