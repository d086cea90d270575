"""/admin/flags: the merchant sees why a commission waits, and decides."""

import pytest

from app import shop as shop_room
from app.db import db, transaction
from tests.shop import Person


@pytest.fixture
def flagged(olga, shop):
    """Anna, on whose account an order from a mailbox for ten minutes waits."""
    transaction(shop_room.change_settings, self_bps=0)
    anna = shop.member("anna@example.com")
    shop.buy(Person("x@mailinator.com"), via=anna)
    return anna


def purse(shop, person):
    db.session.rollback()
    wallet = shop.wallet(person)
    return wallet.held_fen, wallet.frozen_fen


@pytest.mark.both_databases
def test_it_shows_what_waits_and_why_and_lets_it_go_on(olga, shop, flagged):
    for path in ("/admin", "/admin/flags"):
        assert 'href="/admin/flags/1"' in olga.get(path).text
    number = db.session.execute(db.text("SELECT number FROM orders")).scalar()
    for address in ("/admin/flags", f"/admin/nodes/{shop.node(flagged).pid}/commissions"):
        assert 'class="empty"' not in olga.get(f"{address}?q={number.lower()}").text
        assert 'class="empty"' in olga.get(f"{address}?q=ZZZZZZZZZZZZZZZZ").text
    assert 'class="empty"' in olga.get(f"/admin/messages?q={number}").text
    page = olga.get("/admin/flags/1").text
    assert "mailinator.com" in page
    assert shop.node(flagged).pid in page
    assert "x@mailinator.com" not in page
    assert olga.post("/admin/flags/1", {"act": "clear", "reason": ""}).status_code == 422
    assert olga.post("/admin/flags/1", {"act": "dance", "reason": "x"}).status_code == 422
    assert purse(shop, flagged) == (0, 1000)
    assert olga.post("/admin/flags/1", {"act": "clear", "reason": "a friend"}).status_code == 303
    assert purse(shop, flagged) == (1000, 0)
    for path in ("/admin", "/admin/flags"):
        assert 'href="/admin/flags/1"' not in olga.get(path).text
    assert 'href="/admin/flags/1"' in olga.get("/admin/flags?state=cleared").text
    page = olga.get("/admin/flags/1").text
    assert ("a friend" in page, "o…a@example.com" in page, "account:" in page) == (True, True, False)
    assert olga.post("/admin/flags/1", {"act": "uphold", "reason": "again"}).status_code == 422
    assert purse(shop, flagged) == (1000, 0)


@pytest.mark.both_databases
def test_fraud_is_taken_back(olga, shop, flagged):
    assert olga.post("/admin/flags/1", {"act": "uphold", "reason": "one person"}).status_code == 303
    assert purse(shop, flagged) == (0, 0)


def test_nothing_to_look_at(olga):
    assert olga.get("/admin/flags").status_code == 200
    assert olga.get("/admin/flags?state=odd").status_code == 200
    assert olga.get("/admin/flags/1").status_code == 404
    assert olga.post("/admin/flags/1", {"act": "clear", "reason": "x"}).status_code == 404
