"""kill -9 in the middle of a burst of callbacks: what was acknowledged is delivered, what was not completes on retry."""

import random
import threading
import time
from functools import partial

import pytest

from app import ledger
from app.db import db, transaction
from tests.load.buyer import CUT, all_at_once
from tests.load.gateway import call, callbacks
from tests.server import Server
from tests.shop import Person

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("load")]
ROUNDS = 10
ORDERS = 60
SENDERS = 16
HASTY = "tests.fakes.hasty_wsgi:app"


@pytest.fixture(autouse=True)
def unpaid_orders_of_today(shop, monkeypatch):
    """Orders by invited buyers, placed now: the server's clock is not the one of the tests."""
    shop.now = int(time.time())
    first = shop.member("first@example.com")
    second = shop.member("second@example.com", via=first)
    shop.invite = shop.cookie(second)


def place_orders(shop, turn):
    slug = f"burst{turn}"
    transaction(shop.product, slug, codes=ORDERS)
    for number in range(ORDERS):
        buyer = Person(f"b{turn}-{number}@example.com")
        shop.place(buyer, slug=slug, cookie=shop.invite, address=f"10.{turn}.0.{number}")


def burst(server, paths, after_seconds, end=Server.kill):
    """Send the callbacks, end the server meanwhile, and tell which were acknowledged."""
    acknowledged = []

    def send(path):
        try:
            if call(server.base, path) == (200, "success"):
                acknowledged.append(path)
        except CUT:
            pass

    killer = threading.Timer(after_seconds, end, (server,))
    killer.start()
    all_at_once([partial(send, path) for path in paths], threads=SENDERS)
    killer.join()
    return acknowledged


def lost(paths):
    """Those of the callbacks whose orders were not delivered."""
    paid = {
        path
        for path in paths
        if db.session.scalar(
            db.text(
                "SELECT 1 FROM payment JOIN orders ON orders.id = payment.order_id WHERE payment.number = :number "
                "AND payment.paid_at IS NOT NULL AND orders.delivered_at IS NOT NULL"
            ),
            {"number": path.partition("out_trade_no=")[2].partition("&")[0]},
        )
    }
    db.session.rollback()
    return [path for path in paths if path not in paid]


def assert_whole(shop):
    assert all(finding.holds for finding in ledger.check_books(db.session))
    db.session.rollback()
    assert shop.count("PRAGMA integrity_check") == "ok"
    delivered = shop.count("SELECT count(*) FROM orders WHERE delivered_at IS NOT NULL")
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == delivered
    assert shop.count("SELECT count(*) FROM commission WHERE level = 1") == delivered
    assert shop.count("SELECT count(*) FROM commission WHERE level = 2") == delivered
    assert (
        shop.count("SELECT count(*) FROM (SELECT 1 FROM commission GROUP BY order_id, level) AS pairs") == 2 * delivered
    )
    return delivered


def test_no_acknowledged_payment_is_lost_by_kill_9(shop, instance, database):
    """F01."""
    chance = random.Random(1)
    counts = []
    for turn in range(ROUNDS):
        place_orders(shop, turn)
        paths = callbacks(shop)
        with Server(instance, database) as server:
            acknowledged = burst(server, paths, chance.uniform(0, 0.3))
        assert lost(acknowledged) == []
        assert_whole(shop)
        with Server(instance, database) as server:
            answers = all_at_once([partial(call, server.base, path) for path in paths], threads=SENDERS)
        assert set(answers) == {(200, "success")}
        assert assert_whole(shop) == ORDERS * (turn + 1)
        counts.append(len(acknowledged))
    # Kills before the first or after the last callback prove little.
    assert any(0 < count < ORDERS for count in counts), counts


def test_a_server_that_is_told_to_end_answers_what_it_has_begun(shop, instance, database):
    """F15."""
    place_orders(shop, 0)
    paths = callbacks(shop)
    with Server(instance, database) as server:
        # Both processes have to be there: one that still starts does not listen to signals.
        time.sleep(2)
        began = time.monotonic()
        acknowledged = burst(server, paths, 0.2, Server.stop)
        assert time.monotonic() - began < 10
    assert lost(acknowledged) == []
    # What was delivered was also answered: nobody is told less than what was done.
    assert assert_whole(shop) == len(acknowledged)


def test_the_crash_test_finds_what_a_hasty_build_loses(shop, instance, database):
    """F20."""
    chance = random.Random(2)
    place_orders(shop, 0)
    with Server(instance, database, target=HASTY) as server:
        # Left alone, it delivers: what is lost below is lost by the crash.
        acknowledged = burst(server, callbacks(shop), 5)
    assert (len(acknowledged), lost(acknowledged)) == (ORDERS, [])
    losses = []
    for turn in range(1, ROUNDS):
        place_orders(shop, turn)
        with Server(instance, database, target=HASTY) as server:
            losses += lost(burst(server, callbacks(shop), chance.uniform(0.05, 0.3)))
        if losses:
            return
    pytest.fail("the crash test found nothing lost, where payments were")
