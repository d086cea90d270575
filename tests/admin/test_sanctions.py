"""/admin/nodes/…/ban: the page says in figures what a ban does, does just that, and shows anew what changed meanwhile."""

import re

import pytest


@pytest.fixture
def person(shop):
    upper = shop.member("p@example.com")
    shop.buy(shop.member("c@example.com", via=upper))
    return upper


def address(shop, person, noun="ban"):
    return f"/admin/nodes/{shop.node(person).pid}/{noun}"


def seal(text):
    return re.search(r'name="seen"[^>]*value="(\w+)"', text)[1]


def test_the_page_says_it_and_changes_nothing(olga, shop, person):
    text = olga.get(address(shop, person) + "/new").text
    assert '9<span class="money-cents">.50' in text
    assert shop.count("SELECT count(*) FROM node WHERE state = 'banned'") == 0
    assert shop.count("SELECT count(*) FROM node_event") == 0


def test_what_changed_meanwhile_is_shown_anew(olga, shop, person):
    page = address(shop, person)
    seen = seal(olga.get(page + "/new").text)
    shop.member("d@example.com", via=person)
    answer = olga.post(page, {"seen": seen, "reason": "fraud"})
    assert answer.status_code == 409
    assert shop.count("SELECT count(*) FROM node WHERE state = 'banned'") == 0
    assert seal(answer.text) != seen
    assert olga.post(page, {"seen": seal(answer.text), "reason": "fraud"}).status_code == 303
    assert olga.post(page, {"seen": seal(answer.text), "reason": "fraud"}).status_code == 422
    assert shop.count("SELECT count(*) FROM node_event WHERE kind = 'banned'") == 1
    assert shop.count("SELECT count(*) FROM audit_entry WHERE act = 'node.ban'") == 1


@pytest.mark.parametrize("form", [{"reason": "fraud"}, {"seen": "0" * 32, "reason": "fraud"}])
def test_nobody_bans_unseen(olga, shop, person, form):
    assert olga.post(address(shop, person), form).status_code == 409
    assert shop.count("SELECT count(*) FROM node WHERE state = 'banned'") == 0
