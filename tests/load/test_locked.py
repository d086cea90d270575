"""A database that somebody holds: short is waited for, long is refused honestly, and nothing is lost (F03)."""

import sqlite3
import threading
import time
from contextlib import contextmanager

import pytest

from tests.load.buyer import Buyer
from tests.load.gateway import call, callbacks
from tests.shop import Person

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("load")]


@contextmanager
def held(instance, seconds):
    """Hold the whole database for `seconds`, as a copy or a repair by hand does."""
    taken = threading.Event()

    def hold():
        connection = sqlite3.connect(instance / "shop.sqlite3", isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        taken.set()
        time.sleep(seconds)
        connection.execute("ROLLBACK")
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert taken.wait(10)
    yield
    holder.join()


@pytest.fixture
def buyer(shop, server):
    buyer = Buyer(server.base, 1)
    yield buyer
    buyer.close()


@pytest.fixture
def paid(shop):
    """The callback for an order that waits for it."""
    shop.now = int(time.time())
    shop.place(Person("anna@example.com"))
    return callbacks(shop)[0]


def test_three_seconds_are_waited_for(shop, instance, server, paid, buyer):
    form = buyer.form("ps")
    with held(instance, 3):
        began = time.monotonic()
        answers = []
        callback = threading.Thread(target=lambda: answers.append(call(server.base, paid)))
        callback.start()
        order = buyer.order(form)
        callback.join()
    assert order.status == 303
    assert answers == [(200, "success")]
    assert 2 < time.monotonic() - began < 10
    assert shop.count("SELECT count(*) FROM orders WHERE delivered_at IS NOT NULL") == 1


def test_fifteen_seconds_are_refused_and_the_repetition_delivers(shop, instance, server, paid, buyer):
    form = buyer.form("ps")
    gateway = Buyer(server.base, 2)
    answers = []
    with held(instance, 15):
        callback = threading.Thread(target=lambda: answers.append(gateway.send("GET", paid)))
        callback.start()
        order = buyer.order(form)
        callback.join()
    for answer in (order, answers[0]):
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0
        assert "success" not in answer.text.lower()
    assert answers[0].text.startswith("fail")
    assert "Nothing was changed" in order.text or "changed nothing" in order.text
    assert shop.count("SELECT count(*) FROM orders") == 1
    again = gateway.send("GET", paid)
    gateway.close()
    assert (again.status, again.text) == (200, "success")
    assert shop.count("SELECT count(*) FROM orders WHERE delivered_at IS NOT NULL") == 1
    assert buyer.order(form).status == 303
