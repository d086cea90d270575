"""/me/deletion: the password once more, money is not lost by accident, and afterwards nobody is there."""

import pytest

from app import shop as shop_room
from app.db import transaction
from tests import journey
from tests.shop import Person
from tests.visitor import Visitor

PATH = "/me/deletion"


@pytest.fixture
def bob(shop, visitor):
    return journey.register(visitor, "bob@example.com")


def test_the_password_is_asked(shop, bob):
    for form in ({}, {"password": "wrong words of nobody"}):
        assert bob.post(PATH, form, page=PATH).status_code == 422
    assert shop.count("SELECT disabled_at FROM account") is None


@pytest.mark.both_databases
def test_afterwards_nobody_is_there(app, shop, bob):
    elsewhere = journey.log_in(Visitor(app), "bob@example.com", journey.PASSWORD)
    assert f'href="{PATH}"' in bob.get("/me").text
    bob.post("/partner/wishes", {"topic": ["earned"]}, page="/partner/wishes")
    answer = bob.post(PATH, {"password": journey.PASSWORD}, page=PATH)
    assert (answer.status_code, answer.location) == (303, "/")
    for browser in (bob, elsewhere):
        assert "bob@example.com" not in browser.get("/me").text
    sign_in = {"contact": "bob@example.com", "password": journey.PASSWORD}
    assert Visitor(app).post("/login", sign_in, page="/login").status_code == 422
    assert shop.count("SELECT count(*) FROM wish") == 0
    journey.register(Visitor(app), "bob@example.com")


def test_money_is_given_up_only_expressly(shop, bob):
    transaction(shop_room.change_settings, self_bps=0)
    journey.join(bob)
    person = Person("bob@example.com", shop.count("SELECT id FROM account"))
    shop.buy(Person("friend@example.com"), via=person)
    page = bob.get(PATH).text
    assert 'name="waive"' in page
    answer = bob.post(PATH, {"password": journey.PASSWORD}, page=PATH)
    assert (answer.status_code, 'id="waive-error"' in answer.text) == (422, True)
    assert shop.count("SELECT disabled_at FROM account") is None
    assert bob.post(PATH, {"password": journey.PASSWORD, "waive": "y"}, page=PATH).status_code == 303
    assert shop.count("SELECT disabled_at FROM account") is not None


def test_the_owner_stays(shop, visitor):
    shop.owner("olga@example.com", "four unrelated plain words")
    olga = journey.log_in(visitor, "olga@example.com", "four unrelated plain words")
    assert PATH not in olga.get("/me").text
    assert olga.post(PATH, {"password": "four unrelated plain words"}, page=PATH).status_code == 422
    assert olga.get("/admin").status_code == 200
