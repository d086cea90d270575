"""D04: reading the desk changes nothing. Z05: an address takes the methods it is made for, whatever a request says besides."""

import re
import sqlite3
from hashlib import sha256
from html import unescape

import pytest
from sqlalchemy import make_url

from app.db import db
from tests.shop import Person

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OVERRIDES = dict.fromkeys(("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"), "DELETE")
MOST_PAGES = 400


@pytest.fixture
def busy(shop):
    """A shop with something on most pages."""
    anna = shop.member("anna@example.com")
    first = shop.buy(Person("bo@example.com"), via=anna)
    shop.refund(shop.buy(Person("cleo@example.com"), via=anna, address="192.0.2.3"), 1000)
    shop.place(Person("dan@example.com"), address="192.0.2.4")
    shop.deliver(shop.notice(first, trade_number="OTHER"))
    return shop


@pytest.fixture
def contents(app):
    """The hash of all that the database holds: an act that is rehearsed and undone leaves nothing."""
    eye = sqlite3.connect(f"file:{make_url(app.config['SQLALCHEMY_DATABASE_URI']).database}?mode=ro", uri=True)
    yield lambda: sha256("\n".join(eye.iterdump()).encode()).hexdigest()
    eye.close()


def crawl(visitor):
    """Every page of the desk that links lead to, from its first."""
    waiting, seen = ["/admin"], {}
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        answer = visitor.get(path)
        seen[path] = answer.status_code
        if answer.mimetype == "text/html":
            for found in re.findall(r'(?:href|src|hx-get|action)="(/admin[^"#]*)"', answer.text):
                target = unescape(found)
                # One page of each kind of filter and list is enough.
                shape = re.sub(r"=[^&]*", "=", target)
                if shape not in {re.sub(r"=[^&]*", "=", one) for one in (*seen, *waiting)}:
                    waiting.append(target)
    return seen


def test_no_page_of_the_desk_changes_anything(olga, busy, contents):
    db.session.rollback()
    before = contents()
    seen = crawl(olga)
    assert contents() == before
    assert len([path for path, status in seen.items() if status == 200]) > 30
    assert not [path for path, status in seen.items() if status >= 500]


def filled(name, converter):
    """Something that an address takes in a place."""
    if hasattr(converter, "items"):
        return min(converter.items)
    return 1 if converter.regex.startswith("\\d") else name


@pytest.fixture
def addresses(app):
    """path -> the methods that it takes, for every address of the desk."""
    adapter, found = app.url_map.bind("localhost"), {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(("admin.", "arbitration.")):
            values = {name: filled(name, rule._converters[name]) for name in rule.arguments}
            path = adapter.build(rule.endpoint, values, method=min(rule.methods & {"GET", "POST"}))
            # Another rule may read the same path with another method.
            found.setdefault(path, set()).update(rule.methods)
    return found


def test_no_address_takes_another_method(app, olga, addresses, contents):
    token, adapter = olga.token("/orders"), app.url_map.bind("localhost")
    db.session.rollback()
    before = contents()
    for path, taken in addresses.items():
        # /payouts/batches may also be read as the page of a payout called "batches".
        taken |= {method for method in METHODS if adapter.test(path, method)}
        assert "PUT" not in taken, path
        for method in set(METHODS) - taken:
            answer = olga._send(method, path, data={"csrf_token": token} if method != "GET" else None)
            assert answer.status_code == 405, (method, path)
        if "POST" not in taken:
            for told in ({"_method": "DELETE"}, {"_method": "PUT"}):
                assert olga._send("POST", path, data=told | {"csrf_token": token}).status_code == 405, path
        if "DELETE" not in taken and "GET" in taken:
            assert olga.get(path, headers=OVERRIDES).status_code == olga.get(path).status_code, path
    assert contents() == before
