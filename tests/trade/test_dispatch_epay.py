"""Refunds over the wire to an EPay provider that somebody else's code checks: sent once, and believed only when plain."""

from urllib.request import urlopen

import pytest

from app import payments, trade
from app.db import transaction
from app.payments import Verdict, http
from tests.fakes.epay_server import EpayServer
from tests.payments.starting import begin
from tests.shop import Person

pytestmark = pytest.mark.both_databases
STATE = "SELECT state FROM refund"


@pytest.fixture
def provider():
    with EpayServer() as server:
        yield server


@pytest.fixture
def sold(shop, provider):
    """An order of 100 yuan that was paid at the provider."""
    values = {"gateway": "epay", "name": "易支付", "settings": provider.settings(refunds=True), "enabled": True}
    transaction(payments.create_channel, slug="epay", **values, terms=payments.Terms(fee_bps=60), now=shop.now)
    channel = transaction(payments.channel_by_slug, "epay")
    placed = shop.place(Person("clara@example.com"), via=shop.member("anna@example.com"), channel="epay")
    begun = begin(channel, placed.payment_number)
    with urlopen(begun.url, timeout=5):
        assert shop.deliver(provider.pay(placed.payment_number), channel) is Verdict.ACCEPTED
    provider.calls.clear()
    return placed


def refund(shop, sold, fen):
    shop.refund(sold, fen, way="gateway", done=False)
    return trade.send_refunds(shop.now)


def test_the_money_goes_back_part_by_part(shop, sold, provider):
    assert [refund(shop, sold, fen) for fen in (4000, 6000)] == [1, 1]
    assert list(provider.refunds.values()) == [100]
    assert shop.count("SELECT count(*) FROM refund WHERE state = 'done'") == 2
    assert shop.count("SELECT sum(amount_fen) FROM posting WHERE account = 'asset:gateway:epay'") == -60
    assert shop.count("SELECT count(*) FROM commission WHERE net_fen <> 0") == 0


def test_what_was_refunded_at_the_provider_before_is_refused_there(shop, sold, provider):
    provider.refunds[next(iter(provider.orders.values()))["trade_no"]] = 100
    assert refund(shop, sold, 10000) == 0
    assert (shop.count(STATE), shop.count("SELECT sum(net_fen) FROM commission")) == ("failed", 1000)
    assert shop.count("SELECT reason FROM message") == "the order was refunded before"


@pytest.mark.parametrize("fault", ["500", "html", "redirect", "silent"])
def test_an_answer_that_nobody_understands_is_doubtful_and_not_asked_for_again(
    shop, sold, provider, fault, monkeypatch
):
    monkeypatch.setattr(http, "WHOLE_SECONDS", 0.5)
    provider.faults["/api.php"] = fault
    assert refund(shop, sold, 10000) == 0
    del provider.faults["/api.php"]
    assert trade.send_refunds(shop.now + 30 * 86400) == 0
    assert (shop.count(STATE), len(provider.calls)) == ("doubtful", 1)


def test_an_account_that_may_not_refund_is_not_asked(shop, sold, provider):
    transaction(payments.change_channel, "epay", name="易支付", settings={"refunds": False}, enabled=True)
    assert refund(shop, sold, 10000) == 0
    assert (shop.count(STATE), provider.calls) == ("failed", [])


def test_a_channel_that_was_switched_off_still_refunds_what_came_through_it(shop, sold, provider):
    transaction(payments.change_channel, "epay", name="易支付", settings={}, enabled=False)
    assert refund(shop, sold, 10000) == 1


def test_the_key_is_told_to_nobody_else(shop, sold, provider, caplog):
    provider.answers["/api.php"] = {"code": -1, "msg": f"bad key {provider.key}"}
    refund(shop, sold, 10000)
    assert provider.key not in caplog.text + shop.count("SELECT reason FROM message")
