"""A shared link and what comes of it: registered or paid, the visitor is bound to who shared it, once."""

import pytest

from tests import journey
from tests.shop import Person
from tests.visitor import Visitor


@pytest.fixture
def anna(shop):
    return shop.member("anna@example.com")


@pytest.fixture
def berta(shop):
    return shop.member("berta@example.com")


def member(shop, contact):
    """Somebody who registered through the page."""
    return Person(contact, shop.count("SELECT max(id) FROM account"))


def edges(shop):
    return shop.count("SELECT count(*) FROM edge WHERE valid_to IS NULL")


def refusal(shop, number):
    return shop.count("SELECT refusal FROM attribution JOIN orders ON orders.id = order_id WHERE number = :n", n=number)


def test_who_registers_after_a_link_is_bound(shop, visitor, anna):
    visitor.navigate(journey.link(shop, anna))
    assert edges(shop) == 0
    journey.register(visitor, "clara@example.com")
    clara = member(shop, "clara@example.com")
    assert shop.parent(clara) == shop.node(anna).id
    assert shop.count("SELECT count(*) FROM commission") == 0
    journey.buy(visitor, "clara@example.com")
    assert shop.wallet(anna).held_fen == 1000


def test_who_buys_as_a_guest_after_a_link_is_bound_by_the_payment(shop, visitor, anna):
    visitor.navigate(journey.link(shop, anna, "ps"))
    number = journey.order(visitor, "clara@example.com")
    assert (edges(shop), shop.wallet(anna).held_fen) == (0, 0)
    journey.pay(visitor, number)
    assert shop.parent(Person("clara@example.com")) == shop.node(anna).id
    assert shop.wallet(anna).held_fen == 1000
    assert refusal(shop, number) is None


def test_an_order_that_is_never_paid_binds_nobody(shop, visitor, anna):
    visitor.navigate(journey.link(shop, anna))
    journey.order(visitor, "clara@example.com")
    assert (edges(shop), shop.wallet(anna).held_fen) == (0, 0)


def test_the_link_opened_before_the_order_counts_and_not_one_opened_after(shop, visitor, anna, berta):
    visitor.navigate(journey.link(shop, anna))
    number = journey.order(visitor, "clara@example.com")
    visitor.navigate(journey.link(shop, berta))
    journey.pay(visitor, number)
    assert (shop.wallet(anna).held_fen, shop.wallet(berta).held_fen) == (1000, 0)


def test_a_later_link_of_somebody_else_does_not_rebind(shop, visitor, anna, berta):
    """1.3.7: the relation wins."""
    visitor.navigate(journey.link(shop, anna))
    journey.register(visitor, "clara@example.com")
    visitor.navigate(journey.link(shop, berta))
    journey.buy(visitor, "clara@example.com")
    assert shop.parent(member(shop, "clara@example.com")) == shop.node(anna).id
    assert (shop.wallet(anna).held_fen, shop.wallet(berta).held_fen) == (1000, 0)
    assert edges(shop) == 1


def test_a_guest_who_is_bound_stays_so_in_another_browser(shop, app, visitor, anna, berta):
    """1.3.8."""
    visitor.navigate(journey.link(shop, anna))
    journey.buy(visitor, "clara@example.com")
    elsewhere = Visitor(app, address="203.0.113.1")
    elsewhere.navigate(journey.link(shop, berta))
    journey.buy(elsewhere, " Clara@Example.COM ")
    assert (shop.wallet(anna).held_fen, shop.wallet(berta).held_fen) == (2000, 0)
    assert edges(shop) == 1


@pytest.mark.parametrize("registered", [False, True])
def test_who_has_bought_before_is_not_bound_by_a_cookie(shop, visitor, anna, registered):
    """1.3.6."""
    if registered:
        journey.register(visitor, "clara@example.com")
    journey.buy(visitor, "clara@example.com")
    visitor.navigate(journey.link(shop, anna))
    number = journey.buy(visitor, "clara@example.com")
    assert refusal(shop, number) == "paid_before"
    assert (edges(shop), shop.wallet(anna).held_fen) == (0, 0)


def shares(app, shop, contact="clara@example.com"):
    """Somebody who registered and joined in a browser of her own, and the cookie of her own link taken from another."""
    browser = Visitor(app, address="203.0.113.7")
    journey.join(journey.register(browser, contact))
    clara = member(shop, contact)
    other = Visitor(app, address="203.0.113.8")
    other.navigate(journey.link(shop, clara))
    return browser, clara, journey.cookie(other)


def test_ones_own_link_in_ones_own_browser_earns_nothing(shop, app):
    """R03: not even logged out, under another contact, with a cookie that came from elsewhere; and the reason is kept."""
    browser, clara, cookie = shares(app, shop)
    assert browser.post("/logout", page="/me").status_code == 303
    browser.navigate(journey.link(shop, clara))
    assert journey.cookie(browser) is None
    browser.client.set_cookie("inv", cookie)
    number = journey.buy(browser, "someone.else@example.com")
    assert refusal(shop, number) == "self_device"
    assert (edges(shop), shop.wallet(clara).held_fen) == (0, 0)


@pytest.mark.parametrize(
    ("logged_in", "contact", "reason"),
    [
        (True, "someone.else@example.com", "self_node"),
        (False, "CLARA@example.com", "self_contact"),
        (False, "clara+shop@example.com", "self_contact"),
    ],
)
def test_ones_own_link_earns_nothing_in_any_other_guise(shop, app, logged_in, contact, reason):
    """R03: logged in elsewhere, or under the same address in another spelling."""
    _, clara, cookie = shares(app, shop)
    stranger = Visitor(app, address="203.0.113.9")
    if logged_in:
        journey.log_in(stranger, "clara@example.com")
    stranger.client.set_cookie("inv", cookie)
    number = journey.buy(stranger, contact)
    assert refusal(shop, number) == reason
    assert (edges(shop), shop.wallet(clara).held_fen) == (0, 0)


def test_a_second_account_in_the_same_browser_is_not_bound(shop, app):
    """R03."""
    browser, clara, cookie = shares(app, shop)
    assert browser.post("/logout", page="/me").status_code == 303
    browser.client.set_cookie("inv", cookie)
    journey.register(browser, "second@example.com")
    assert edges(shop) == 0
    journey.buy(browser, "second@example.com")
    assert shop.wallet(clara).held_fen == 0
