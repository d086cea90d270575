"""/admin/nodes: find a person by public id or contact, and suspend, lift, ban and settle with a reason."""

import re

import pytest
from markupsafe import escape

from app import referral
from app import shop as shop_room
from app.db import db, transaction
from tests import journey
from tests.admin.conftest import HOSTILE
from tests.shop import Person
from tests.visitor import Visitor


@pytest.fixture
def pair(olga, shop):
    """P brought C, and C bought once."""
    transaction(shop_room.change_settings, self_bps=0)
    upper = shop.member("p@example.com")
    lower = shop.member("c@example.com", via=upper)
    shop.buy(lower)
    return upper, lower


def page_of(shop, person):
    return f"/admin/nodes/{shop.node(person).pid}"


def purse(shop, person):
    """(held, frozen) as it is now, not as an earlier look remembers it."""
    db.session.rollback()
    wallet = shop.wallet(person)
    return wallet.held_fen, wallet.frozen_fen


def do(olga, shop, person, act, reason="odd clicks", **more):
    page = page_of(shop, person)
    if act not in ("suspend", "ban"):
        return olga.post(page, {"act": act, "reason": reason} | more)
    noun = "suspension" if act == "suspend" else "ban"
    seen = re.search(r'name="seen"[^>]*value="(\w*)"', olga.get(f"{page}/{noun}/new").text)
    return olga.post(f"{page}/{noun}", {"seen": seen[1] if seen else "", "reason": reason} | more)


def test_it_finds_a_person_by_public_id_and_by_contact(olga, shop, pair):
    upper, lower = pair
    guest = Person("guest@example.com")
    shop.buy(guest)
    for words, person in (
        (shop.node(upper).pid.lower(), upper),
        ("P@example.com", upper),
        ("guest@example.com", guest),
    ):
        text = olga.get("/admin/nodes", query_string={"q": words}).text
        assert page_of(shop, person) in text
        assert page_of(shop, lower) not in text
    assert "/admin/nodes/0" not in olga.get("/admin/nodes?q=nobody@example.com").text
    for state in ("qualified", "banned", "odd"):
        assert olga.get(f"/admin/nodes?state={state}").status_code == 200


def test_it_shows_relations_and_money_and_no_contact_but_to_who_asks(olga, shop, pair):
    upper, lower = pair
    text = olga.get(page_of(shop, upper)).text
    assert shop.node(lower).pid in text
    assert ">p@example.com" not in text
    assert "p…p@example.com" in text
    assert "c…c@example.com" in text
    assert "p…p@example.com" in olga.get("/admin/nodes").text
    assert ">p@example.com" in olga.post(f"{page_of(shop, upper)}/contact", page=page_of(shop, upper)).text
    db.session.rollback()
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'contact.reveal'") == 1
    assert shop.node(upper).pid in olga.get(page_of(shop, lower)).text


@pytest.mark.both_databases
def test_it_suspends_and_lifts_with_a_reason(olga, shop, pair):
    upper, _ = pair
    assert do(olga, shop, upper, "suspend", reason="").status_code == 422
    assert do(olga, shop, upper, "lift").status_code == 422
    assert do(olga, shop, upper, "dance").status_code == 422
    assert purse(shop, upper) == (1000, 0)
    assert do(olga, shop, upper, "suspend").status_code == 303
    assert purse(shop, upper) == (0, 1000)
    page = olga.get(page_of(shop, upper)).text
    assert ("odd clicks" in page, "o…a@example.com" in page, "account:" in page) == (True, True, False)
    assert do(olga, shop, upper, "lift").status_code == 303
    assert purse(shop, upper) == (1000, 0)


@pytest.mark.both_databases
def test_it_bans_and_settles(olga, shop, pair):
    upper, lower = pair
    shop.buy(lower)
    assert do(olga, shop, upper, "ban").status_code == 303
    assert shop.parent(lower) is None
    first = shop.count("SELECT min(id) FROM commission")
    settlement = f"{page_of(shop, upper)}/settlement"
    form = {"act": "take", "reason": "a stolen card", "commission": str(first)}
    assert olga.post(settlement, form).status_code == 303
    assert purse(shop, upper) == (0, 1000)
    assert olga.post(settlement, form | {"act": "finish", "commission": []}).status_code == 303
    assert purse(shop, upper) == (1000, 0)
    assert olga.post(settlement, form).status_code == 422
    assert "/settlement" not in olga.get(page_of(shop, upper)).text
    assert do(olga, shop, upper, "suspend").status_code == 422


def test_it_names_the_tier(olga, shop, pair):
    assert "金牌" not in olga.get(page_of(shop, pair[0])).text
    transaction(referral.save_tier, None, name="金牌", min_sales_fen=0, position=1)
    assert "金牌" in olga.get(page_of(shop, pair[0])).text


def test_a_ban_ends_the_sessions(app, olga, shop):
    bob = journey.register(Visitor(app), "bob@example.com")
    person = Person("bob@example.com", shop.count("SELECT max(id) FROM account"))
    assert do(olga, shop, person, "ban").status_code == 303
    assert "bob@example.com" not in bob.get("/me").text
    journey.log_in(Visitor(app), "bob@example.com", journey.PASSWORD)


@pytest.mark.parametrize("words", HOSTILE)
def test_reasons_are_text(olga, shop, pair, words):
    upper, _ = pair
    assert do(olga, shop, upper, "suspend", reason=words).status_code == 303
    assert str(escape(words)) in olga.get(page_of(shop, upper)).text


def test_nobody_is_there_by_another_name(olga):
    assert olga.get("/admin/nodes/NOBODY").status_code == 404
    assert olga.post("/admin/nodes/NOBODY/ban", {"reason": "x"}).status_code == 404


def test_it_grants_the_right_to_earn_and_withdraws_it(olga, shop):
    person = shop.member("n@example.com", joins=False)
    assert do(olga, shop, person, "withdraw").status_code == 422
    assert do(olga, shop, person, "grant").status_code == 303
    db.session.rollback()
    assert (shop.node(person).state, do(olga, shop, person, "grant").status_code) == ("qualified", 422)
    assert do(olga, shop, person, "withdraw").status_code == 303
    db.session.rollback()
    assert shop.node(person).state == "none"
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act IN ('node.grant', 'node.withdraw')") == 2
