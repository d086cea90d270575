"""To put a guest's order into an account: with the order's secret, once, and what the account has from then on."""

import pytest

from tests import journey
from tests.shop import Person
from tests.visitor import Visitor

CONTACT = "clara@example.com"


@pytest.fixture
def clara(visitor):
    """Clara's browser, logged in."""
    return journey.register(visitor, CONTACT)


def guest_order(app, contact=CONTACT):
    """A paid order of a guest, and the browser that holds its secret."""
    browser = Visitor(app, address="203.0.113.20")
    return browser, journey.buy(browser, contact)


def opened(visitor, shop, placed):
    assert visitor.get(f"/orders/{placed.number}?key={placed.secret}").status_code == 303
    return f"/orders/{placed.number}"


def account_of(shop, number):
    return shop.count("SELECT account_id FROM orders WHERE number = :n", n=number)


def test_the_secret_puts_the_order_into_the_account(shop, app, clara):
    placed = shop.buy(Person(CONTACT))
    page = opened(clara, shop, placed)
    assert f'action="{page}/claim"' in clara.get(page).text
    answer = clara.post(f"{page}/claim")
    assert (answer.status_code, answer.location) == (303, page)
    assert account_of(shop, placed.number) == 1
    assert "/claim" not in clara.get(page).text
    elsewhere = journey.log_in(Visitor(app, address="203.0.113.21"), CONTACT)
    assert placed.number in elsewhere.get("/orders").text
    assert "PS-00000" in elsewhere.get(page).text
    assert elsewhere.post("/logout", page="/me").status_code == 303
    assert placed.number not in elsewhere.get("/orders").text
    assert elsewhere.get(page).status_code == 404


def test_without_the_secret_there_is_nothing_to_claim(shop, clara):
    placed = shop.buy(Person(CONTACT))
    for path in (f"/orders/{placed.number}/claim", f"/orders/{placed.number}/claim?key={placed.secret}"):
        assert clara.post(path).status_code == 404
    assert clara.post(f"/orders/{placed.number}/claim", {"secret": placed.secret}).status_code == 404
    assert clara.post("/orders/0000000000000000/claim").status_code == 404
    assert account_of(shop, placed.number) is None
    assert placed.number not in clara.get("/orders").text


def test_a_contact_that_was_only_typed_claims_nothing(shop, clara):
    """1.3.9 (iv): the account has the guest's very contact, and that proves nothing."""
    shop.buy(Person(CONTACT))
    assert shop.count("SELECT count(*) FROM orders WHERE account_id IS NOT NULL") == 0
    assert shop.count("SELECT count(*) FROM node WHERE merged_into_id IS NOT NULL") == 0


def test_who_is_not_logged_in_is_asked_to(shop, app):
    browser, number = guest_order(app)
    answer = browser.post(f"/orders/{number}/claim")
    assert answer.status_code == 302
    assert answer.location.startswith("/login")
    assert account_of(shop, number) is None


def test_another_accounts_order_is_refused_in_plain_words(shop, app, clara):
    placed = shop.buy(Person("guest@example.com"))
    page = opened(clara, shop, placed)
    assert clara.post(f"{page}/claim").status_code == 303
    boris = journey.register(Visitor(app, address="203.0.113.22", language="en"), "boris@example.com")
    opened(boris, shop, placed)
    answer = boris.post(f"{page}/claim")
    assert answer.status_code == 422
    assert "This order belongs to another account already." in answer.text
    assert account_of(shop, placed.number) == 1
    assert (
        placed.number
        not in journey.log_in(Visitor(app, address="203.0.113.23"), "boris@example.com").get("/orders").text
    )


def test_another_accounts_guest_is_refused_in_plain_words(shop, app, clara):
    first = shop.buy(Person("guest@example.com"))
    assert clara.post(opened(clara, shop, first) + "/claim").status_code == 303
    second = shop.buy(Person("guest@example.com"))
    boris = journey.register(Visitor(app, address="203.0.113.24", language="en"), "boris@example.com")
    answer = boris.post(opened(boris, shop, second) + "/claim")
    assert answer.status_code == 422
    assert "These purchases belong to another account already." in answer.text
    assert account_of(shop, second.number) is None


@pytest.mark.parametrize("paid", [False, True])
def test_an_order_under_somebody_elses_contact_claims_nothing_of_theirs(shop, clara, paid):
    """1.3.9 (iv): a contact is typed by anybody, and an order's secret proves that order alone."""
    guest = Person("guest@example.com")
    shop.buy(guest)
    shop.buy(Person("friend@example.com"), via=guest)
    typed = shop.place(guest, address="203.0.113.25")
    if paid:
        shop.pay(typed)
    number = typed.number
    opened(clara, shop, typed)
    assert clara.post(f"/orders/{number}/claim").status_code == 303
    assert account_of(shop, number) == 1
    assert shop.count("SELECT count(*) FROM node WHERE merged_into_id IS NOT NULL") == 0
    assert 'class="earning"' not in clara.get("/partner/commissions").text


def test_a_guest_is_claimed_with_the_first_of_the_orders(shop, clara):
    guest = Person("guest@example.com")
    placed = [shop.buy(guest) for _ in range(2)]
    merged = []
    for order in reversed(placed):
        clara.post(opened(clara, shop, order) + "/claim")
        merged.append(shop.count("SELECT count(*) FROM node WHERE merged_into_id IS NOT NULL"))
    assert merged == [0, 1]


def test_claiming_twice_is_no_fault(shop, clara):
    page = opened(clara, shop, shop.buy(Person(CONTACT)))
    clara.post(f"{page}/claim")
    again = clara.post(f"{page}/claim")
    assert again.status_code == 303
    assert shop.count("SELECT count(*) FROM node WHERE merged_into_id IS NOT NULL") == 1


def test_what_the_guest_earned_stands_among_the_accounts_earnings(shop, app, clara):
    """The guest's own link brought a friend; after the claim both the money and the row are the account's to see."""
    guest = Person("guest@example.com")
    placed = shop.buy(guest)
    shop.buy(Person("friend@example.com"), via=guest)
    assert shop.wallet(guest).held_fen == 1000
    assert 'class="earning"' not in clara.get("/partner/commissions").text
    assert clara.post(opened(clara, shop, placed) + "/claim").status_code == 303
    page = clara.get("/partner/commissions").text
    assert page.count('class="earning"') == 1
    assert 'class="leaf"' in clara.get("/partner/team").text
    shop.buy(Person("friend@example.com"))
    assert clara.get("/partner/commissions").text.count('class="earning"') == 2
    assert shop.wallet(guest).held_fen == 1000, "what was booked is not moved"
    assert clara.get("/partner/links").status_code == 200


def test_an_account_inherits_who_brought_the_guest(shop, app, clara):
    """1.3.9 (i)."""
    anna, guest = shop.member("anna@example.com"), Person("guest@example.com")
    placed = shop.buy(guest, via=anna)
    since = shop.count("SELECT valid_from FROM edge WHERE valid_to IS NULL")
    clara.post(opened(clara, shop, placed) + "/claim")
    me = Person(CONTACT, 1)
    assert shop.parent(me) == shop.node(anna).id
    assert shop.count("SELECT valid_from FROM edge WHERE valid_to IS NULL") == since
    assert shop.count("SELECT reason FROM edge WHERE valid_to IS NOT NULL") == "merged"
    assert shop.wallet(anna).held_fen == 1000


def test_a_contact_that_somebody_else_claimed_shows_nobody_their_link(shop, app, clara):
    """Mallory bought with a contact that is not hers, and claimed that order: its owner is not shown her link."""
    first = shop.buy(Person("victim@example.com"))
    page = opened(clara, shop, first)
    clara.post(f"{page}/claim")
    assert "/i/" in clara.get(page).text
    browser, second = guest_order(app, "victim@example.com")
    text = browser.get(f"/orders/{second}").text
    assert "PS-0000" in text
    assert "/i/" not in text
