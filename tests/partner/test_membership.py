"""To join the network: by accepting the rules that are shown, once, for free."""

import pytest

from app import shop as shop_room
from app.db import db, transaction
from tests import journey

PAGE = "/partner/membership"


@pytest.fixture
def clara(shop, visitor):
    return journey.register(visitor, "clara@example.com")


def node(shop):
    row = db.session.execute(db.text("SELECT state, source, terms_version, terms_at, qualified_at FROM node")).one()
    db.session.rollback()
    return tuple(row)


def test_accepting_the_rules_is_kept_with_their_version_and_time(shop, clara):
    transaction(shop_room.change_settings, terms_version="2031-07")
    assert "2031-07" in clara.get(PAGE).text
    answer = clara.post(PAGE, {"accept": "2031-07"}, page=PAGE)
    assert (answer.status_code, answer.location) == (303, "/partner/links")
    assert node(shop) == ("qualified", "free_join", "2031-07", shop.now, shop.now)
    assert clara.get("/partner/links").status_code == 200
    assert clara.get(PAGE).location == "/partner/links"


@pytest.mark.parametrize("accept", [None, "", "no", "yes", "on", "1", "2026-10", "2026-11 "])
def test_nothing_but_the_box_is_acceptance(shop, clara, accept):
    answer = clara.post(PAGE, {} if accept is None else {"accept": accept}, page=PAGE)
    assert answer.status_code == 422
    assert node(shop)[0] == "none"
    assert shop.count("SELECT count(*) FROM link") == 0


def test_rules_that_changed_since_are_not_accepted(shop, clara):
    token = clara.token(PAGE)
    transaction(shop_room.change_settings, terms_version="2031-07")
    answer = clara._send("POST", PAGE, data={"csrf_token": token, **journey.ACCEPTED})
    assert (answer.status_code, node(shop)[0]) == (422, "none")


def test_joining_twice_keeps_the_first_acceptance_and_the_link(shop, clara):
    token = clara.token(PAGE)
    journey.join(clara)
    before = (node(shop), shop.count("SELECT code FROM link"))
    transaction(shop_room.change_settings, terms_version="2031-07")
    answer = clara._send("POST", PAGE, data={"csrf_token": token, "accept": "2031-07"})
    assert answer.status_code == 303
    assert (node(shop), shop.count("SELECT code FROM link")) == before


def test_where_only_a_purchase_lets_in_the_form_does_not(shop, clara):
    transaction(shop_room.change_settings, free_join=False)
    assert 'name="accept"' not in clara.get(PAGE).text
    clara.post(PAGE, journey.ACCEPTED, page="/orders")
    assert node(shop)[0] == "none"
    journey.buy(clara, "clara@example.com")
    assert node(shop)[:2] == ("qualified", "first_purchase")


@pytest.mark.parametrize("state", ["suspended", "banned"])
def test_who_was_shut_out_does_not_join_again(shop, clara, state):
    journey.join(clara)
    transaction(lambda tx: tx.execute(db.text("UPDATE node SET state = :state"), {"state": state}))
    clara.post(PAGE, journey.ACCEPTED, page="/orders")
    assert node(shop)[0] == state


def test_a_stranger_is_led_to_log_in_and_back(shop, visitor):
    assert visitor.get(PAGE).location == f"/login?next={PAGE}"
    assert visitor.post(PAGE, journey.ACCEPTED, page="/orders").location == "/login?next=/partner/links"
    assert visitor.get(PAGE, headers={"HX-Request": "true"}).status_code == 403
    journey.register(visitor, "clara@example.com")
    assert visitor.post("/logout", page="/me").status_code == 303
    form = {"contact": "clara@example.com", "password": journey.PASSWORD, "next": PAGE}
    assert visitor.post("/login", form, page=f"/login?next={PAGE}").location == PAGE


def test_a_member_without_a_link_is_shown_the_rules_first(clara):
    assert clara.get("/partner").location == "/partner/links"
    assert clara.get("/partner/links").location == PAGE
    assert clara.get("/partner/links/qr.svg").status_code == 404
    assert clara.post("/partner/links/renewal", page="/orders").status_code == 303
    assert clara.get("/partner/links").location == PAGE
