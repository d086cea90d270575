"""Keys for programs (Z07): good for what they were made for and no more, dead at once when they are revoked."""

import re

import pytest

from app import accounts, audit, clock
from app.db import db, transaction
from tests import journey
from tests.conftest import NOW
from tests.shop import Person
from tests.visitor import Visitor

CONTACT, PASSWORD = "olga@example.com", "four unrelated plain words"
PAGE = "/admin/api_keys"
READ = ("/api/v1/products", "/api/v1/card_imports/1")
IMPORT = "/api/v1/products/1/card_imports"


@pytest.fixture
def olga(shop, visitor):
    shop.owner(CONTACT, PASSWORD)
    return journey.log_in(visitor, CONTACT, PASSWORD)


@pytest.fixture
def make(olga):
    """Make a key at the desk that may do these things."""

    def run(*scopes, name="记账"):
        answer = olga.post(PAGE, {"name": name} | dict.fromkeys(scopes, "y"), page=PAGE)
        assert answer.status_code == 200
        key = re.search(r'id="key">(tengka_[\w-]{43})<', answer.text).group(1)
        assert key not in olga.get(PAGE).text
        return key

    return run


@pytest.fixture
def program(app):
    def ask(method, path, key=None, address="203.0.113.7", **options):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return Visitor(app, address=address)._send(method, path, headers=headers, **options)

    return ask


def send(program, key, text="NEW-1\nPS-00000\nNEW-2\n", **options):
    return program("POST", IMPORT, key, data=text.encode(), content_type="text/plain; charset=utf-8", **options)


@pytest.mark.both_databases
def test_each_key_does_what_it_was_made_for_and_no_more(shop, olga, make, program):
    placed = shop.buy(Person("bao@example.com"))
    order = f"/api/v1/orders/{placed.number}"
    stock, orders, codes = make("stock_read"), make("orders_read"), make("stock_import")
    [product] = program("GET", READ[0], stock).json["products"]
    assert (product["slug"], product["left"], product["price_fen"]) == ("ps", 19, 10000)
    told = program("GET", order, orders)
    assert (told.json["number"], told.json["state"], told.json["total_fen"]) == (placed.number, "paid", 10000)
    assert told.json["contact"] == "b…o@example.com"
    assert "PS-0" not in told.text
    assert placed.secret not in told.text
    done = send(program, codes)
    assert (done.status_code, done.json["added"], done.json["already_in_stock"]) == (201, 2, 1)
    assert send(program, codes).json["added"] == 0
    assert program("GET", READ[1].replace("1", "2", 2).replace("v2", "v1"), stock).json["added"] == 2
    # A key that reads writes nothing, and each is refused what the others do.
    for key, path in ((orders, READ[0]), (codes, READ[0]), (stock, order), (codes, order)):
        answer = program("GET", path, key)
        assert answer.status_code == 403
        assert "error" in answer.json
    assert send(program, stock).status_code == send(program, orders).status_code == 403
    assert shop.count("SELECT count(*) FROM card") == 22
    db.session.rollback()
    [entry] = [one for one in audit.entries_of(db.session, "product:1") if one.act == "card.import"][:1]
    assert entry.change["api_key"] == (None, "记账")
    assert entry.account_id == 1


def test_a_revoked_key_dies_at_once(shop, olga, make, program):
    key = make("stock_read", "stock_import")
    assert "从未使用" in olga.get(PAGE).text
    assert program("GET", READ[0], key).status_code == 200
    assert "从未使用" not in olga.get(PAGE).text
    assert olga.post(f"{PAGE}/1/revocation", page=PAGE).status_code == 303
    answer = program("GET", READ[0], key)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert send(program, key).status_code == 401
    assert olga.post(f"{PAGE}/1/revocation", page=PAGE).status_code == 404
    db.session.rollback()
    acts = [entry.act for entry in audit.entries_of(db.session, "api_key:1")]
    assert acts == ["api_key.destroy", "api_key.create"]


@pytest.mark.parametrize("end", ["shut out", "another role"])
def test_a_key_ends_with_whoever_made_it(shop, olga, make, program, end):
    key = make("stock_read")
    shop.owner("anna@example.com", PASSWORD, role=accounts.CO_OWNER)
    if end == "shut out":
        transaction(accounts.disable_account, 1, NOW)
    else:
        transaction(accounts.change_role, 1, "manager", NOW)
    assert program("GET", READ[0], key).status_code == 401


def test_nothing_else_opens_the_desk(shop, olga, make, program):
    key = make("stock_read")
    assert olga.get(READ[0]).status_code == 401
    for header in (f"Basic {key}", key, f"Bearer {key}x", "Bearer ", f"Bearer {key} {key}", f"Token {key}"):
        assert olga.get(READ[0], headers={"Authorization": header}).status_code == 401
    assert program("GET", f"{READ[0]}?key={key}").status_code == 401
    stored = shop.count("SELECT token_hash FROM api_key")
    assert len(stored) == 32
    assert olga.get("/admin/orders", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert Visitor(olga.client.application).get("/admin", headers={"Authorization": f"Bearer {key}"}).status_code == 302
    with clock.frozen(NOW + 1200):
        assert olga.post(PAGE, {"name": "x", "stock_read": "y"}).status_code == 403


def test_guesses_and_haste_are_slowed(olga, make, program):
    key = make("stock_read")
    guesses = [program("GET", READ[0], f"tengka_{n:043d}", "203.0.113.8").status_code for n in range(22)]
    assert guesses == [401] * 20 + [429] * 2
    assert program("GET", READ[0], key, "203.0.113.8").status_code == 429
    haste = [program("GET", READ[0], key).status_code for _ in range(122)]
    assert haste == [200] * 120 + [429] * 2


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "text/plain", 422),
        (b"A-1\n\xff\xfe", "text/plain", 415),
        (b'{"codes": ["A-1"]}', "application/json", 415),
        (b"codes=A-1", "application/x-www-form-urlencoded", 415),
        (b"x" * (8 * 1024 * 1024 + 1), "text/plain", 413),
    ],
    ids=["nothing", "not UTF-8", "JSON", "a form", "too much"],
)
def test_what_is_no_text_is_refused_in_words(shop, make, program, body, kind, status):
    key = make("stock_import")
    answer = program("POST", IMPORT, key, data=body, content_type=kind)
    assert answer.status_code == status
    assert answer.json["error"]["request_id"]
    assert (
        program("POST", IMPORT.replace("1/card", "99/card"), key, data=b"A", content_type="text/plain").status_code
        == 404
    )
    assert shop.count("SELECT count(*) FROM card") == 20


def test_a_key_is_good_for_something(shop, olga):
    answer = olga.post(PAGE, {"name": "x"}, page=PAGE)
    assert answer.status_code == 422
    assert 'id="orders_read-error"' in answer.text
    assert shop.count("SELECT count(*) FROM api_key") == 0
