"""Refunds on their way through a gateway: sent once, settled by what the provider says, and doubtful when nobody knows."""

import pytest

from app import clock, trade
from app.commands.worker import run_job
from app.db import transaction
from app.payments import NotSent, RefundAnswer, RefundWanted
from app.payments.gateways import GATEWAYS
from tests.conftest import NOW
from tests.crowd import at_once
from tests.shop import Person

pytestmark = pytest.mark.both_databases
CLARA = Person("clara@example.com")
STATE = "SELECT state FROM refund"
REASON = "SELECT reason FROM message"


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


@pytest.fixture
def sold(shop, anna):
    return shop.buy(CLARA, via=anna)


@pytest.fixture
def asked(shop, sold):
    """A refund of 40 of 100 yuan that the worker has not sent yet."""
    return shop.refund(sold, 4000, way="gateway", done=False)


@pytest.fixture
def provider(monkeypatch):
    """A provider that answers what the test wants, and remembers what it was asked."""

    class Provider:
        def __init__(self):
            self.answer, self.heard = RefundAnswer("done", "R-1"), []

        def refund(self, _settings, wanted):
            self.heard.append(wanted)
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer

    provider = Provider()
    monkeypatch.setattr(GATEWAYS["sandbox"], "refund", provider.refund)
    return provider


def balance(shop, account):
    return shop.count("SELECT coalesce(sum(amount_fen), 0) FROM posting WHERE account = :account", account=account)


def test_it_is_sent_by_the_worker_and_booked(app, shop, asked, anna):
    assert shop.count(STATE) == "pending"
    assert shop.wallet(anna).held_fen == 600
    assert balance(shop, "liab:refund_clearing") == -4000
    assert run_job(app, "refund", "one")
    number = shop.count("SELECT number FROM refund")
    assert (shop.count(STATE), shop.count("SELECT reference FROM refund")) == ("done", f"TEST-{number}")
    assert (balance(shop, "liab:refund_clearing"), balance(shop, "asset:gateway:sandbox")) == (0, 6000)
    assert shop.count("SELECT state FROM message") == "done"


def test_the_provider_hears_of_the_payment_that_paid(shop, sold, asked, provider):
    assert trade.send_refunds(shop.now) == 1
    (told,) = provider.heard
    assert told == RefundWanted(
        refund_number=shop.count("SELECT number FROM refund"),
        payment_number=sold.payment_number,
        trade_number="T00000001",
        amount_fen=4000,
        paid_fen=10000,
        currency="CNY",
        now=shop.now,
    )
    assert trade.send_refunds(shop.now + 86400) == 0
    assert len(provider.heard) == 1


def test_a_refusal_takes_everything_back(shop, asked, provider, anna):
    provider.answer = RefundAnswer("failed", reason="余额不足")
    assert trade.send_refunds(shop.now) == 0
    assert (shop.count(STATE), shop.count(REASON)) == ("failed", "余额不足")
    assert shop.wallet(anna).held_fen == 1000
    assert (balance(shop, "contra:refund"), balance(shop, "asset:gateway:sandbox")) == (0, 10000)
    trade.send_refunds(shop.now + 86400)
    assert len(provider.heard) == 1


@pytest.mark.parametrize("answer", [RefundAnswer("doubtful", reason="ReadTimeout"), ValueError("a bug")])
def test_a_doubtful_one_stays_promised_and_is_not_sent_again(shop, asked, provider, anna, answer):
    provider.answer = answer
    assert trade.send_refunds(shop.now) == 0
    assert shop.count(STATE) == "doubtful"
    assert (shop.wallet(anna).held_fen, balance(shop, "liab:refund_clearing")) == (600, -4000)
    trade.send_refunds(shop.now + 30 * 86400)
    assert len(provider.heard) == 1
    transaction(trade.settle_refund, asked, state="done", reference="seen there", now=shop.now)
    assert balance(shop, "asset:gateway:sandbox") == 6000


def test_one_that_was_being_sent_when_the_worker_died_is_doubtful(shop, asked, provider, monkeypatch):
    class Killed(BaseException):
        """As a kill -9 is: no handler of the shop's sees it."""

    def die(_settings, _wanted):
        provider.heard.append("sent")
        raise Killed

    monkeypatch.setattr(GATEWAYS["sandbox"], "refund", die)
    with pytest.raises(Killed):
        trade.send_refunds(shop.now)
    assert shop.count(STATE) == "pending"
    trade.send_refunds(shop.now + 14 * 60)
    assert shop.count(STATE) == "pending"
    assert trade.send_refunds(shop.now + 15 * 60) == 0
    assert (shop.count(STATE), shop.count("SELECT state FROM message")) == ("doubtful", "failed")
    assert "worker stopped" in shop.count(REASON)
    trade.send_refunds(shop.now + 86400)
    assert provider.heard == ["sent"]


def test_an_answer_that_comes_later_than_that_still_counts(shop, asked, provider, monkeypatch):
    def answer_late(_settings, _wanted):
        trade.send_refunds(shop.now + 3600)
        assert shop.count(STATE) == "doubtful"
        return RefundAnswer("done", "R-LATE")

    monkeypatch.setattr(GATEWAYS["sandbox"], "refund", answer_late)
    assert trade.send_refunds(shop.now) == 1
    assert (shop.count(STATE), shop.count("SELECT reference FROM refund")) == ("done", "R-LATE")


def test_of_many_workers_one_sends_it(app, shop, asked, provider):
    sent = at_once(app, [lambda: trade.send_refunds(NOW)] * 4)
    assert sorted(sent) == [0, 0, 0, 1]
    assert len(provider.heard) == 1


def test_without_a_connection_it_is_tried_again_and_then_given_up(shop, asked, provider, anna):
    provider.answer = NotSent("ConnectTimeout")
    now, waited = shop.now, []
    while shop.count(STATE) == "pending":
        trade.send_refunds(now)
        waited.append((shop.count("SELECT next_at FROM message") or now) - now)
        now += waited[-1]
    assert waited == [60, 120, 240, 480, 0]
    assert (shop.count(STATE), shop.wallet(anna).held_fen) == ("failed", 1000)
    assert "could not be reached" in shop.count(REASON)


def test_a_connection_that_comes_back_in_time_sends_it(shop, asked, provider):
    provider.answer = NotSent("ConnectTimeout")
    trade.send_refunds(shop.now)
    provider.answer = RefundAnswer("done", "R-2")
    assert trade.send_refunds(shop.now + 59) == 0
    assert trade.send_refunds(shop.now + 60) == 1
    assert shop.count(STATE) == "done"


def test_a_channel_that_cannot_refund_sends_nothing(shop, asked, provider, monkeypatch, anna):
    monkeypatch.setattr(GATEWAYS["sandbox"], "can_refund", lambda _settings: False)
    assert trade.send_refunds(shop.now) == 0
    assert (shop.count(STATE), provider.heard, shop.wallet(anna).held_fen) == ("failed", [], 1000)


def test_one_that_was_settled_by_other_means_is_not_sent(shop, asked, provider):
    transaction(trade.settle_refund, asked, state="done", reference="by hand", now=shop.now)
    assert trade.send_refunds(shop.now) == 0
    assert (shop.count(STATE), provider.heard) == ("done", [])


def test_a_refund_that_fails_keeps_no_other_from_being_sent(app, shop, anna, monkeypatch):
    for number in range(3):
        placed = shop.buy(Person(f"p{number}@example.com"), via=anna)
        shop.refund(placed, 1000, way="gateway", done=False)
    answers = [ValueError("a bug"), RefundAnswer("failed", reason="no"), RefundAnswer("done", "R-3")]

    def refund(_settings, _wanted):
        answer = answers.pop()
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(GATEWAYS["sandbox"], "refund", refund)
    with clock.frozen(NOW + 5):
        assert run_job(app, "refund", "one")
    assert shop.count("SELECT count(DISTINCT state) FROM refund WHERE state <> 'pending'") == 3
