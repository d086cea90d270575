"""/me/relation: who invited me, under a name of mine, and a button that ends it."""

from app.clock import DAY
from app.db import transaction
from tests import journey
from tests.conftest import NOW
from tests.shop import Person


def account_of(shop):
    return shop.count("SELECT max(id) FROM account")


def test_it_shows_the_inviter_by_an_alias_and_ends_it(shop, visitor):
    upper = shop.member("p@example.com")
    journey.register(visitor, "u@example.com")
    lower = Person("u@example.com", account_of(shop))
    from app import referral

    transaction(referral.bind, shop.node(lower).id, shop.node(upper).id, "registration", NOW - 3 * DAY)
    page = visitor.get("/me/relation").text
    assert referral.alias(shop.node(lower).pid, shop.node(upper).pid) in page
    assert shop.node(upper).pid not in page
    assert "p@example.com" not in page
    answer = visitor.post("/me/relation/end", page="/me/relation")
    assert (answer.status_code, answer.location) == (303, "/me/relation?ended=1")
    assert shop.parent(lower) is None
    page = visitor.get("/me/relation").text
    assert "/me/relation/end" not in page
    assert "2026" in page
    # Once more changes nothing.
    assert visitor.post("/me/relation/end").location == "/me/relation"


def test_it_says_that_nobody_did(shop, visitor):
    journey.register(visitor, "u@example.com")
    page = visitor.get("/me/relation")
    assert page.status_code == 200
    assert "/me/relation/end" not in page.text
    assert 'href="/me/relation"' in visitor.get("/me").text


def test_a_stranger_logs_in_first(visitor):
    assert visitor.get("/me/relation").location.startswith("/login")
