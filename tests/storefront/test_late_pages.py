"""What a buyer reads who paid too late, twice, or too little: which of it happened, in plain words."""

import pytest

from app import clock, payments, trade
from app import shop as shop_room
from app.db import transaction
from app.payments import Verdict
from tests.shop import Person
from tests.visitor import Visitor

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")


@pytest.fixture
def expired(shop):
    transaction(shop.product, "one", codes=1)
    placed = shop.place(CLARA, slug="one")
    shop.now += 15 * 60
    transaction(trade.expire, shop.now)
    return placed


@pytest.fixture
def gone(shop, expired):
    shop.buy(Person("dan@example.com"), slug="one", address="198.51.100.9")
    return expired


@pytest.fixture
def look(app):
    """The order's page in English, as its buyer sees it."""

    def read(placed):
        browser = Visitor(app, address="203.0.113.77", language="en")
        browser.get(f"/orders/{placed.number}?key={placed.secret}")
        return browser.get(f"/orders/{placed.number}").text

    return read


def test_before_any_money_came(look, expired):
    assert "If you paid all the same, your payment is on record" in look(expired)


def test_paid_late_and_delivered(look, shop, expired):
    shop.pay(expired)
    page = look(expired)
    assert "ONE-00000" in page
    assert "Your payment came after the time was over; the goods were still there." in page


def test_paid_late_and_the_shop_looks(look, shop, gone):
    shop.pay(gone)
    page = look(gone)
    assert "Your payment of ¥100.00 arrived after the time was over." in page
    assert "The shop looks at it and delivers, or sends it back." in page
    assert "If you paid all the same" not in page


def test_paid_late_and_sent_back(look, shop, gone):
    transaction(shop_room.change_settings, late_money="refund")
    shop.pay(gone)
    assert "It is being sent back to you." in look(gone)
    trade.send_returns(shop.now)
    assert "It was sent back to you." in look(gone)


def test_paid_twice(look, shop):
    placed = shop.buy(CLARA)
    shop.pay(placed)
    page = look(placed)
    assert "PS-00000" in page
    assert "A second payment of ¥100.00 arrived for this order." in page
    transaction(_send_back, shop.now)
    assert "Your second payment of ¥100.00 is being sent back to you." in look(placed)
    trade.send_returns(shop.now)
    assert "Your second payment of ¥100.00 was sent back to you." in look(placed)


def _send_back(tx, now):
    trade.give_back(tx, payments.lock_stray(tx, 1), actor="account:1", reason="x", now=now)


def test_paid_too_little(look, shop):
    placed = shop.place(CLARA)
    shop.pay(placed, money="60.00")
    shop.now += 15 * 60
    transaction(trade.expire, shop.now)
    assert "A payment of ¥60.00 arrived that does not fit this order." in look(placed)


def test_what_is_dealt_with_is_not_spoken_of(look, shop, gone):
    shop.pay(gone)
    stray_id = shop.count("SELECT id FROM stray")
    transaction(trade.close, stray_id, "closed", reason="线下已处理", actor="account:1", now=shop.now)
    assert "arrived after the time was over" not in look(gone)
    assert "线下已处理" not in look(gone)


class TestTheReturnPage:
    """C25."""

    @pytest.fixture
    def placed(self, shop):
        return shop.place(CLARA)

    @pytest.fixture
    def clara(self, app, placed):
        browser = Visitor(app, address="203.0.113.77", language="en")
        browser.get(f"/orders/{placed.number}?key={placed.secret}")
        return browser

    @pytest.mark.parametrize(
        "query", ["trade_status=TRADE_SUCCESS", "sign=x&money=100.00&trade_status=TRADE_SUCCESS", ""]
    )
    def test_a_forged_success_waits_and_pays_nothing(self, shop, placed, clara, query):
        answer = clara.get(f"/orders/{placed.number}/payment/return?{query}")
        assert answer.status_code == 303
        waiting = clara.get(answer.location)
        page = (clara.get(waiting.location) if waiting.status_code == 303 else waiting).text
        assert "Confirming your payment" in page
        assert shop.count("SELECT state FROM orders") == "pending"

    def test_a_true_one_before_the_callback_pays_once(self, shop, placed, clara):
        query = shop.notice(placed)
        clara.get(f"/orders/{placed.number}/payment/return?{query}")
        assert shop.deliver(query) is Verdict.DUPLICATE
        assert shop.count("SELECT source FROM notice WHERE verdict = 'accepted'") == "return"

    def test_one_orders_payment_at_anothers_address_pays_its_own(self, shop, placed, clara):
        """C05."""
        query = shop.notice(placed)
        other = shop.place(Person("dan@example.com"), address="198.51.100.9")
        clara.get(f"/orders/{other.number}/payment/return?{query}")
        states = "SELECT state FROM orders WHERE number = :number"
        assert shop.count(states, number=placed.number) == "paid"
        assert shop.count(states, number=other.number) == "pending"

    def test_a_late_one_is_told_of_on_the_page(self, shop, placed, clara, look):
        query = payments.sign_notice(
            shop.channel.settings,
            payment_number=placed.payment_number,
            trade_number="T1",
            method="alipay",
            money="100.00",
        )
        shop.now += 15 * 60
        transaction(trade.expire, shop.now)
        with clock.frozen(shop.now):
            clara.get(f"/orders/{placed.number}/payment/return?{query}")
            assert "the goods were still there" in look(placed)
