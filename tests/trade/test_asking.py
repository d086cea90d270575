"""What is not known to be paid is asked about by a list of times; a dead provider holds up nobody, and late money is found."""

import threading
import time
from urllib.request import urlopen

import httpx
import pytest

from app import payments, trade
from app.clock import DAY, HOUR, MINUTE
from app.db import db, transaction
from app.payments import PAUSE_SECONDS, Breaker, QueryResult, http
from app.payments.asking import ASKED_AFTER_SECONDS, next_asking
from tests.fakes.epay_server import EpayServer
from tests.payments.starting import begin
from tests.shop import Person

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")


@pytest.fixture
def provider():
    with EpayServer() as server:
        yield server


@pytest.fixture
def channel(shop, provider):
    values = {"gateway": "epay", "name": "易支付", "settings": provider.settings(), "enabled": True, "now": shop.now}
    transaction(payments.create_channel, slug="epay", **values)
    return transaction(payments.channel_by_slug, "epay")


def place(shop, channel, number=1):
    """An order whose payment the provider knows."""
    person = Person(f"p{number}@example.com")
    placed = shop.place(person, channel="epay", address=f"198.51.{number}.1")
    with urlopen(begin(channel, placed.payment_number).url, timeout=5):
        return placed


def asked(provider):
    return sum(path == "/api.php" for _, path, _form in provider.calls)


def test_the_list_of_times():
    assert ASKED_AFTER_SECONDS == (30, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR, DAY)
    assert [next_asking(1000, 1000 + at) for at in (0, 29, 30, 130, DAY - 1)] == [1030, 1030, 1120, 1600, 1000 + DAY]
    assert next_asking(1000, 1000 + DAY) is None


def test_a_lost_callback_is_healed_after_half_a_minute(shop, provider, channel):
    placed = place(shop, channel)
    provider.pay(placed.payment_number)
    assert trade.ask_due(shop.now + 29) == 0
    assert trade.ask_due(shop.now + 30) == 1
    assert shop.count("SELECT state FROM orders") == "paid"
    assert shop.count("SELECT query_at FROM payment") is None


def test_it_is_asked_six_times_and_no_more(shop, provider, channel):
    place(shop, channel)
    for at in sorted({*ASKED_AFTER_SECONDS, 31, 90, 5 * MINUTE, 2 * HOUR, DAY + 1, 2 * DAY}):
        trade.ask_due(shop.now + at)
    assert asked(provider) == len(ASKED_AFTER_SECONDS)


def test_money_of_an_expired_order_is_found(shop, provider, channel):
    """The callback never came; an hour later the worker asks, and the goods are still there."""
    placed = place(shop, channel)
    for at in (30, 2 * MINUTE, 10 * MINUTE):
        trade.ask_due(shop.now + at)
    assert transaction(trade.expire, shop.now + 15 * MINUTE) == 1
    provider.pay(placed.payment_number)
    assert trade.ask_due(shop.now + HOUR) == 1
    assert shop.count("SELECT state FROM orders") == "paid"


def test_one_that_cannot_be_asked_goes_on_by_the_list(shop, caplog):
    shop.place(CLARA)
    for at in (30, 31, 119):
        assert trade.ask_due(shop.now + at) == 0
    assert sum("could not be asked" in message for message in caplog.messages) == 1
    assert shop.count("SELECT query_at - created_at FROM payment") == 2 * MINUTE


def test_two_workers_ask_once(shop, provider, channel):
    """Whoever claimed the asking asks; the other finds it taken."""
    place(shop, channel)
    row = payments.due_queries(db.session, channel.id, shop.now + 30, 5)[0]
    db.session.rollback()
    claims = [transaction(payments.claim_query, row, shop.now + 30) for _ in range(2)]
    assert claims == [True, False]


class Slow:
    """Counts how many are asked at once."""

    def __init__(self):
        self.lock, self.now, self.most, self.calls = threading.Lock(), 0, 0, 0

    def query(self, _self, _settings, _asked):
        with self.lock:
            self.now, self.calls = self.now + 1, self.calls + 1
            self.most = max(self.most, self.now)
        time.sleep(0.05)
        with self.lock:
            self.now -= 1
        return QueryResult(paid=False)


def test_four_at_once_and_a_bounded_number_a_run(shop, provider, channel, monkeypatch):
    transaction(shop.product, "many", codes=30)
    for number in range(25):
        shop.place(Person(f"p{number}@example.com"), slug="many", channel="epay", address=f"198.51.{number}.1")
    slow = Slow()
    monkeypatch.setattr(type(channel.gateway), "query", lambda *told: slow.query(*told))
    trade.ask_due(shop.now + 30)
    assert (slow.most, slow.calls) == (4, 20)
    trade.ask_due(shop.now + 31)
    assert slow.calls == 25


def test_a_dead_provider_holds_up_no_other(shop, provider, channel, monkeypatch):
    """F08: five faults, and it is left alone for half a minute; what was not asked is not forgotten."""
    transaction(shop.product, "many", codes=30)
    with EpayServer() as other:
        values = {"gateway": "epay", "name": "二号", "settings": other.settings(), "enabled": True, "now": shop.now}
        transaction(payments.create_channel, slug="other", **values)
        alive = transaction(payments.channel_by_slug, "other")
        placed = shop.place(CLARA, slug="many", channel="other")
        with urlopen(begin(alive, placed.payment_number).url, timeout=5):
            other.pay(placed.payment_number)
        for number in range(12):
            shop.place(Person(f"p{number}@example.com"), slug="many", channel="epay", address=f"198.51.{number}.1")
        provider.faults["/api.php"] = "silent"
        monkeypatch.setattr(http, "TIMES", httpx.Timeout(0.5))
        began = time.monotonic()
        assert trade.ask_due(shop.now + 30) == 1
        assert time.monotonic() - began < 4
    tried = asked(provider)
    assert 5 <= tried <= 8
    assert trade.ask_due(shop.now + 31) == 0
    assert asked(provider) == tried
    provider.faults.clear()
    trade.ask_due(shop.now + 30 + PAUSE_SECONDS)
    assert asked(provider) == 12


def test_five_faults_in_a_row_begin_a_pause():
    breaker = Breaker()
    for _ in range(4):
        breaker.note_fault(1, 100)
    breaker.note_answer(1)
    for _ in range(4):
        breaker.note_fault(1, 100)
    assert not breaker.is_paused(1, 100)
    breaker.note_fault(1, 100)
    assert [breaker.is_paused(1, at) for at in (100, 129, 130)] == [True, True, False]
    assert not breaker.is_paused(2, 100)


def test_a_fault_of_ours_while_asking_stops_nothing(shop, provider, channel, monkeypatch, caplog):
    shop.place(CLARA, channel="epay")

    def query(*_told):
        raise ValueError("broken")

    monkeypatch.setattr(type(channel.gateway), "query", query)
    assert trade.ask_due(shop.now + 30) == 0
    assert "ended in a fault" in caplog.text
