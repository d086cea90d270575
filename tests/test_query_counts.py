"""A list costs the same few statements however much there is: counted below the pages, by the engine itself."""

import re
from contextlib import contextmanager
from html import unescape

import pytest
from sqlalchemy import Connection, event

from app.db import db, transaction
from app.statement import Statement
from tests import journey
from tests.shop import Person
from tests.visitor import Visitor

MOST = 15
# The merchant's first page reads all queues by one statement, and its figures by two.
MOST_OF = {"/admin": 10, "/admin/cards": 10, "/admin/cards?product=1&state=sold": 10, "/admin/batches": 10}
OWNER_PASSWORD = "four unrelated plain words"
OPEN_TO_ALL = ("/", "/p/ps", "/orders", "/login", "/register")
OF_PARTNERS = ("/partner/commissions", "/partner/team", "/partner/links", "/orders", "/me", "/", "/p/ps")
OF_OWNERS = (
    "/admin/products?short=1&category=courses",
    "/admin/products/bulk_changes/new?all=1",
    "/admin",
    "/admin/products",
    "/admin/orders",
    "/admin/channels",
    "/admin/categories",
    "/admin/settings",
    "/admin/cards",
    "/admin/cards?product=1&state=sold",
    "/admin/batches",
)


@contextmanager
def counted(*, parameters=False):
    """The statements that reach the database, BEGIN and the like left out; with what was bound to them where asked."""
    statements = []

    def note(_connection, _cursor, statement, bound, _context, many):
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
            statements.append((statement, bound[0] if many else bound) if parameters else statement)

    event.listen(db.engine, "before_cursor_execute", note)
    # What the driver runs by itself goes past the engine's events.
    watched = pytest.MonkeyPatch()
    for name, many in (("run", False), ("run_many", True)):
        watched.setattr(Statement, name, _noting(getattr(Statement, name), note, many))
    try:
        yield statements
    finally:
        watched.undo()
        event.remove(db.engine, "before_cursor_execute", note)


def _noting(act, note, many):
    def run(statement, reader, values=()):
        answer = act(statement, reader, values or {})
        dialect = (reader if isinstance(reader, Connection) else reader.connection()).dialect.name
        text = statement.text(dialect) if many else statement.text(dialect, values or {})
        bound = [statement.bound(row) for row in values] if many else statement.bound(values or {})
        note(None, None, text, bound, None, many)
        return answer

    return run


def cost(visitor, path):
    visitor.get(path)
    with counted() as statements:
        answer = visitor.get(path)
    assert answer.status_code == 200, path
    return len(statements), len(answer.data)


@pytest.fixture
def clara(shop, visitor):
    journey.join(journey.register(visitor, "clara@example.com"))
    return Person("clara@example.com", shop.count("SELECT max(id) FROM account"))


@pytest.fixture
def olga(app, shop):
    shop.owner("olga@example.com", OWNER_PASSWORD)
    return journey.log_in(Visitor(app, address="203.0.113.50"), "olga@example.com", OWNER_PASSWORD)


def trade(shop, clara, first, last):
    """Products, members of two levels, orders and commission: one of each for every number."""
    for number in range(first, last):
        transaction(shop.product, f"n{number}", codes=2)
        friend = shop.member(f"f{number}@example.com", via=clara)
        shop.buy(friend, slug=f"n{number}", address=f"10.0.{number}.1")
        shop.buy(Person(f"g{number}@example.com"), via=friend, slug=f"n{number}", address=f"10.1.{number}.1")


def test_no_page_costs_more_when_there_is_more(shop, visitor, olga, clara):
    stranger = Visitor(visitor.client.application, address="203.0.113.51")
    walked = [(stranger, path) for path in OPEN_TO_ALL] + [(visitor, path) for path in OF_PARTNERS]
    walked += [(olga, path) for path in OF_OWNERS]
    trade(shop, clara, 0, 3)
    few = [cost(who, path) for who, path in walked]
    trade(shop, clara, 3, 30)
    many = [cost(who, path) for who, path in walked]
    names = [path for _, path in walked]
    assert dict(enumerate(zip(names, [n for n, _ in many], strict=True))) == dict(
        enumerate(zip(names, [n for n, _ in few], strict=True))
    )
    assert {path: n for path, (n, _) in zip(names, many, strict=True) if n > MOST_OF.get(path, MOST)} == {}
    # Or the pages compared would have been empty ones.
    grown = {path for path, (_, was), (_, size) in zip(names, few, many, strict=True) if size > was * 1.3}
    assert {
        "/",
        "/partner/commissions",
        "/partner/team",
        "/partner/links",
        "/admin/products",
        "/admin/orders",
        "/admin/cards",
    } <= grown


def test_the_next_page_costs_no_more_than_the_first(shop, visitor, clara):
    trade(shop, clara, 0, 24)
    for path in ("/partner/commissions", "/partner/team", "/partner/links", "/"):
        html = visitor.get(path).text
        following = unescape(re.search(r'hx-get="([^"]*(?:before|after)=[^"]+)"', html).group(1))
        assert cost(visitor, following)[0] <= cost(visitor, path)[0]


def test_orders_of_one_account_cost_the_same(shop, visitor, clara):
    costs = []
    for number in range(12):
        shop.buy(clara, address=f"10.2.{number}.1")
        if number in (1, 11):
            costs.append(cost(visitor, "/orders")[0])
    assert costs[0] == costs[1] <= MOST
