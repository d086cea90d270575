"""`python -m bench.callbacks`: how many payments a second are taken, against what the database's driver alone could do.

Eight callers at once, in process and over HTTP; rounds of the shop and of the limits alternate in one run, and the medians' ratios
are printed. SQLite, with the pragmas of the shop. The first limit writes what a callback of this shop writes, the second the ten
rows that any shop would. Every payment books two commissions; a first purchase also makes a person, and binds them.
"""

import http.client
import logging
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from app import clock, create_app, referral, trade
from app.db import db, transaction
from app.payments import Notice, Verdict
from bench.raw import Same, Ten
from bench.record import record
from tests.conftest import configuration, migrate
from tests.server import Server
from tests.shop import Person, Shop

ROUNDS = 5
A_ROUND = 200
CONNECTIONS = 8


def _first_purchases(shop: Shop, count: int) -> list[str]:
    """Signed callbacks of buyers whom an invitation brings for the first time: each is a new person, bound by the payment."""
    sellers, found = _sellers(shop, "first"), []
    for number in range(count):
        address = _address(10, number)
        buyer, cookie = (
            Person(f"buyer{number}@mail{number}.example"),
            shop.cookie(sellers[number % 100], address=address),
        )
        placed = shop.place(buyer, slug="many", cookie=cookie, address=address, trace=_trace(shop, address))
        found.append(shop.notice(placed, money="100.00"))
    return found


def _later_purchases(shop: Shop, count: int) -> list[str]:
    """Signed callbacks of buyers who came through two levels before: an order, a card, two commissions, and nobody is new."""
    sellers, found = _sellers(shop, "later"), []
    buyer = sellers[0]
    for number in range(count):
        address = _address(11, number)
        if number % 2 == 0:
            cookie = shop.cookie(sellers[number // 2 % 100], address=address)
            buyer = shop.member(f"member{number}@example.com", cookie=cookie)
        placed = shop.place(buyer, slug="many", address=address, trace=_trace(shop, address))
        found.append(shop.notice(placed))
    return found


def _sellers(shop: Shop, name: str) -> list[Person]:
    top = shop.member(f"{name}@example.com")
    return [shop.member(f"{name}{number}@example.com", via=top) for number in range(100)]


def _address(first: int, number: int) -> str:
    # Each buyer's own: many from one network would be looked at as one crowd.
    return f"{first}.{number // 65536}.{number // 256 % 256}.{number % 256}"


def _trace(shop: Shop, address: str) -> referral.Trace:
    return referral.Trace(address.encode(), b"a", shop.now)


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


def _compare(
    name: str,
    must: int,
    ours: Callable[[str], object],
    limits: list[tuple[Callable[[], object], int]],
    queries: list[str],
) -> None:
    """Alternate rounds of ours, which takes `queries`, with rounds of each limit on so many threads; print medians and ratios."""
    rates: list[list[float]] = [[] for _ in range(1 + len(limits))]
    for turn in range(ROUNDS):
        part = queries[turn * A_ROUND : (turn + 1) * A_ROUND]
        rates[0].append(_rate([partial(ours, query) for query in part], CONNECTIONS))
        for found, (limit, threads) in zip(rates[1:], limits, strict=True):
            found.append(_rate([limit] * A_ROUND, threads))
    mine, same, ten = (statistics.median(found) for found in rates)
    print(f"{name:32}{mine:7.0f}/s{same:10.0f}/s{mine / same:6.0%} (must {must}%){ten:10.0f}/s{mine / ten:6.0%}")


def main() -> None:
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        url = f"sqlite:///{path / 'shop.sqlite3'}"
        migrate(configuration(path, url))
        app = create_app(configuration(path, url))
        with app.app_context():
            shop = Shop(clock.now())
            transaction(shop.product, "many", codes=4 * ROUNDS * A_ROUND)
            queries = [find(shop, 2 * ROUNDS * A_ROUND) for find in (_later_purchases, _first_purchases)]
            channel = shop.channel
            _settle(path / "shop.sqlite3")

        def take(query: str) -> None:
            notice = Notice("callback", "GET", "", query.encode(), b"", "192.0.2.1", "bench")
            with app.app_context():
                assert trade.receive(channel, notice, shop.now) is Verdict.ACCEPTED

        half = ROUNDS * A_ROUND
        (later, later_over), (first, first_over) = ((found[:half], found[half:]) for found in queries)
        _prepare(app, path, [partial(take, query) for query in (*later, *first, *later_over, *first_over)])
        print(f"{'':32}{'ours':>9}{'same writes, driver alone':>30}{'ten writes':>15}")
        limits: list[tuple[Callable[[], object], int]]
        limits = [(Same(path / "same.sqlite3", path / "writes.pickle").pay, 1), (Ten(path / "ten.sqlite3").pay, 1)]
        _compare("P1 in process, later purchases", 45, take, limits, later)
        _compare("P1 in process, first purchases", 45, take, limits, first)
        with Server(path, url) as server, Server(path, url, target="bench.raw_wsgi:app") as other:
            mine, theirs = _Client(server.base), _Client(other.base)
            limits = [(partial(theirs.get, "/same"), CONNECTIONS), (partial(theirs.get, "/ten"), CONNECTIONS)]

            def call(query: str) -> None:
                mine.get(f"/hooks/payments/sandbox?{query}")

            _compare("P2 over HTTP, later purchases", 55, call, limits, later_over)
            _compare("P2 over HTTP, first purchases", 55, call, limits, first_over)
        with app.app_context():
            db.engine.dispose()


def _prepare(app: Flask, path: Path, acts: list[Callable[[], object]]) -> None:
    """Take down what the callbacks write, and put the shop's file back to what it was before; a copy of it is for the driver alone."""
    for name in ("kept", "same"):
        shutil.copy(path / "shop.sqlite3", path / f"{name}.sqlite3")
    Same.prepare(path / "same.sqlite3")
    Ten.prepare(path / "ten.sqlite3")
    with app.app_context():
        record(db.engine, acts, path / "writes.pickle")
        db.session.remove()
        db.engine.dispose()
    shutil.copy(path / "kept.sqlite3", path / "shop.sqlite3")


def _settle(path: Path) -> None:
    """Close the shop's file, so that all of it is in one file and a copy is whole."""
    db.session.remove()
    db.engine.dispose()
    assert not path.with_name(path.name + "-wal").exists()


if __name__ == "__main__":
    sys.exit(main())
