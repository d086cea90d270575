"""Asking the provider: what a notice does not prove is believed when the provider says so, and only then."""

from contextlib import contextmanager
from urllib.parse import urlencode
from urllib.request import urlopen

import httpx
import pytest

from app import payments, trade
from app.clock import DAY
from app.db import transaction
from app.payments import Notice, Verdict, http
from tests.fakes.epay_server import EpayServer
from tests.payments.starting import begin
from tests.shop import ADDRESS, Person

pytestmark = pytest.mark.both_databases
OUTGOING = {"notify_url": "https://shop.example.com/hook"}


@pytest.fixture
def provider():
    with EpayServer() as server:
        yield server


@pytest.fixture
def in_a_hurry(monkeypatch):
    """A context in which we do not wait for long; a good answer has all the time that a busy machine needs."""

    @contextmanager
    def context():
        with monkeypatch.context() as changes:
            changes.setattr(http, "TIMES", httpx.Timeout(0.5))
            changes.setattr(http, "WHOLE_SECONDS", 0.8)
            yield

    return context


@pytest.fixture
def channel(shop, provider):
    settings = provider.settings()
    values = {"gateway": "epay", "name": "易支付", "settings": settings, "enabled": True, "now": shop.now}
    transaction(payments.create_channel, slug="epay", **values)
    return transaction(payments.channel_by_slug, "epay")


@pytest.fixture
def placed(shop, channel, provider):
    """An order whose payment the provider knows."""
    placed = shop.place(Person("clara@example.com"), channel="epay")
    begun = begin(channel, placed.payment_number)
    with urlopen(begun.url, timeout=5):
        return placed


def receive(shop, channel, query):
    return trade.receive(channel, Notice("callback", "GET", "", query.encode(), b"", ADDRESS, "r"), shop.now)


def unpaid(provider, placed, **changes):
    """A rightly signed notice, though the provider would not say that it is paid."""
    query = provider.pay(placed.payment_number, **changes)
    provider.orders[placed.payment_number]["status"] = 0
    return query


def state(shop):
    return shop.count("SELECT state FROM orders")


def verdicts(shop):
    return shop.count("SELECT count(*) FROM notice WHERE source = 'query' AND verdict = 'accepted'")


def test_an_unknown_key_delivers_when_the_provider_says_paid(shop, provider, channel, placed):
    """C30: once, and what is told again is a duplicate."""
    query = provider.pay(placed.payment_number, surprise="1")
    assert receive(shop, channel, query) is Verdict.ACCEPTED
    assert (state(shop), verdicts(shop)) == ("paid", 1)
    assert receive(shop, channel, query) is Verdict.DUPLICATE
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1
    assert shop.count("SELECT query_at FROM payment") is None


def test_an_unknown_key_delivers_nothing_when_the_provider_says_no(shop, provider, channel, placed):
    """C30, C15: rightly signed, and all the same not believed."""
    assert receive(shop, channel, unpaid(provider, placed, surprise="1")) is Verdict.UNCONFIRMED
    assert (state(shop), verdicts(shop)) == ("pending", 0)


@pytest.mark.parametrize("fault", ["500", "html", "empty", "silent", "drip", "redirect"])
def test_it_is_asked_again_when_the_provider_does_not_answer(
    shop, provider, channel, placed, in_a_hurry, fault, caplog
):
    """C30, F08: nothing is known, so nothing is delivered, and half a minute later the worker heals it."""
    query = provider.pay(placed.payment_number, surprise="1")
    provider.faults["/api.php"] = fault
    with in_a_hurry():
        assert receive(shop, channel, query) is Verdict.UNCONFIRMED
    assert state(shop) == "pending"
    assert trade.ask_due(shop.now) == 0
    provider.faults.clear()
    assert trade.ask_due(shop.now + 29) == 0
    assert trade.ask_due(shop.now + 30) == 1
    assert (state(shop), verdicts(shop)) == ("paid", 1)
    assert provider.key not in caplog.text


@pytest.mark.parametrize("forged", [False, True])
def test_a_key_of_our_own_forms_is_refused_and_asked_about(shop, provider, channel, placed, forged):
    """C22, C30: the notice proves nothing, signed or not; what the provider says does."""
    query = provider.pay(placed.payment_number, **OUTGOING)
    assert receive(shop, channel, query[:-1] + "x" if forged else query) is Verdict.MALFORMED
    assert state(shop) == "pending"
    assert trade.ask_due(shop.now) == 1
    assert (state(shop), verdicts(shop)) == ("paid", 1)


def test_our_own_form_thrown_back_pays_nothing(shop, provider, channel, placed):
    """C22."""
    form = {
        name: str(value)
        for name, value in provider.orders[placed.payment_number].items()
        if name not in ("status", "addtime")
    }
    for added in ({}, {"trade_status": "TRADE_SUCCESS"}):
        assert receive(shop, channel, urlencode(form | added)) is Verdict.MALFORMED
    assert trade.ask_due(shop.now) == 0
    assert (state(shop), verdicts(shop)) == ("pending", 0)


@pytest.mark.parametrize(("answer", "verdict"), [({"money": "99.99"}, "short"), ({"type": "wxpay"}, "wrong_method")])
def test_what_the_provider_says_passes_the_same_gate(shop, provider, channel, placed, answer, verdict):
    provider.answers["/api.php"] = answer
    assert str(receive(shop, channel, provider.pay(placed.payment_number, surprise="1"))) == verdict
    assert state(shop) == "pending"


def test_it_gives_up_after_a_day(shop, provider, channel, placed):
    receive(shop, channel, unpaid(provider, placed, surprise="1"))
    asked = len(provider.calls)
    assert trade.ask_due(shop.now + DAY) == 0
    assert trade.ask_due(shop.now + 2 * DAY) == 0
    assert len(provider.calls) == asked + 1
