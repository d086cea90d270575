"""`python -m bench.callbacks`: how many payments a second are taken, against what the database's driver alone could do.

In process, and over HTTP with 8 connections; rounds of both alternate in one run, and the medians' ratio is printed. SQLite, with the
pragmas of the shop. Every payment is of a new buyer who came through a second level, so that two commissions are booked.
"""

import http.client
import logging
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from app import clock, create_app, referral, trade
from app.db import db, transaction
from app.payments import Notice, Verdict
from bench.raw import Raw, make
from tests.conftest import configuration, migrate
from tests.server import Server
from tests.shop import Person, Shop

ROUNDS = 5
A_ROUND = 200
CONNECTIONS = 8


def _callbacks(shop: Shop, count: int) -> list[str]:
    """Signed callbacks of payments that wait for them."""
    anna = shop.member("anna@example.com")
    boris = shop.node(shop.member("boris@example.com", via=anna))
    link_id, _ = referral.find_link(db.session, referral.link_of_node(db.session, boris.id))
    db.session.remove()
    transaction(shop.product, "many", codes=count)
    found = []
    for number in range(count):
        address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
        # A click of each buyer's own: many through one click would be looked at as one crowd.
        seen = {"address_prefix": address, "agent_hash": b"a", "device_hash": address.encode(), "now": shop.now}
        click_id = transaction(referral.record_click, link_id, weak=False, **seen)
        invite = referral.sign_invite(boris.pid, click_id, cookie_days=30, now=shop.now)
        placed = shop.place(Person(f"buyer{number}@mail{number}.example"), slug="many", cookie=invite, address=address)
        found.append(shop.notice(placed, money="100.00"))
    db.session.remove()
    return found


def _rate(acts: list[Callable[[], object]], threads: int) -> float:
    began = time.perf_counter()
    if threads == 1:
        for act in acts:
            act()
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(lambda act: act(), acts))
    return len(acts) / (time.perf_counter() - began)


class _Client:
    """A connection that is kept, a thread."""

    def __init__(self, base: str) -> None:
        self.place, self.kept = urlsplit(base), {}  # type: ignore[var-annotated]

    def get(self, path: str) -> None:
        name = threading.get_ident()
        connection = self.kept.get(name)
        if connection is None:
            connection = self.kept[name] = http.client.HTTPConnection(
                self.place.hostname or "", self.place.port, timeout=30
            )
        connection.request("GET", path)
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, b"success")


def _print(name: str, ours: list[float], raw: list[float], must: int) -> None:
    mine, limit = statistics.median(ours), statistics.median(raw)
    print(f"{name:28}{mine:10.0f}/s{limit:12.0f}/s{mine / limit:10.0%}   (must {must}%)")


def main() -> None:
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        url = f"sqlite:///{path / 'shop.sqlite3'}"
        migrate(configuration(path, url))
        make(path / "raw.sqlite3")
        raw, app = Raw(path / "raw.sqlite3"), create_app(configuration(path, url))
        with app.app_context():
            shop = Shop(clock.now())
            queries = _callbacks(shop, 2 * ROUNDS * A_ROUND)
            channel = shop.channel
            db.session.remove()
            next_order = iter(range(1, 100_000))

            def take(query: str) -> None:
                notice = Notice("callback", "GET", "", query.encode(), b"", "192.0.2.1", "bench")
                assert trade.receive(channel, notice, shop.now) is Verdict.ACCEPTED

            ours, limit = [], []
            for turn in range(ROUNDS):
                part = queries[turn * A_ROUND : (turn + 1) * A_ROUND]
                ours.append(_rate([lambda query=query: take(query) for query in part], 1))  # type: ignore[misc]
                orders = [next(next_order) for _ in range(A_ROUND)]
                limit.append(_rate([lambda order=order: raw.pay(order) for order in orders], 1))  # type: ignore[misc]
            _print("P1 callback, in process", ours, limit, 45)

            ours, limit, left = [], [], queries[ROUNDS * A_ROUND :]
            with Server(path, url) as server, Server(path, url, target="bench.raw_wsgi:app") as other:
                mine, theirs = _Client(server.base), _Client(other.base)
                for turn in range(ROUNDS):
                    part = left[turn * A_ROUND : (turn + 1) * A_ROUND]
                    paths = [f"/hooks/payments/sandbox?{query}" for query in part]
                    ours.append(_rate([lambda path=path: mine.get(path) for path in paths], CONNECTIONS))  # type: ignore[misc]
                    orders = [next(next_order) for _ in range(A_ROUND)]
                    limit.append(_rate([lambda order=order: theirs.get(f"/?{order}") for order in orders], CONNECTIONS))  # type: ignore[misc]
            _print(f"P2 callback, HTTP x{CONNECTIONS}", ours, limit, 55)
            db.session.remove()
            db.engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
