"""Leaving an upline: at once, for good, and with a pause before the next one (E26, distribution 1.3.12)."""

import pytest

from app import referral, trade
from app import shop as shop_room
from app.clock import DAY
from app.db import transaction
from tests.conftest import NOW
from tests.shop import Person

pytestmark = pytest.mark.both_databases


def rows_of(shop, placed):
    return shop.count(
        "SELECT count(*) FROM commission JOIN orders ON orders.id = order_id WHERE number = :n", n=placed.number
    )


def refusal_of(shop, placed):
    query = "SELECT refusal FROM attribution JOIN orders ON orders.id = order_id WHERE number = :n"
    return shop.count(query, n=placed.number)


def release(shop, person):
    return transaction(trade.release_upline, person.account_id, shop.now)


@pytest.fixture
def left(shop):
    """U came through P, bought, and left on day 10."""
    upper = shop.member("p@example.com")
    lower = shop.member("u@example.com", via=upper, joins=False)
    shop.buy(lower)
    shop.now = NOW + 10 * DAY
    assert release(shop, lower)
    return upper, lower


def test_the_story_of_e26(shop, left):
    upper, lower = left
    assert shop.wallet(upper).held_fen == 1000
    shop.now = NOW + 11 * DAY
    placed = shop.buy(lower)
    assert (rows_of(shop, placed), shop.parent(lower), shop.wallet(upper).held_fen) == (0, None, 1000)
    shop.now = NOW + 50 * DAY
    placed = shop.buy(lower, via=upper)
    assert (rows_of(shop, placed), refusal_of(shop, placed), shop.parent(lower)) == (0, "cooldown", None)
    shop.now = NOW + 101 * DAY
    placed = shop.buy(lower, via=upper)
    assert (rows_of(shop, placed), shop.parent(lower)) == (1, shop.node(upper).id)


def test_the_pause_is_exact(shop, left):
    upper, lower = left
    shop.now = NOW + 100 * DAY - 1
    assert refusal_of(shop, shop.buy(lower, via=upper)) == "cooldown"
    shop.now += 1
    assert rows_of(shop, shop.buy(lower, via=upper)) == 1


def test_the_pause_holds_for_everybody(shop, left):
    _, lower = left
    other = shop.member("q@example.com")
    placed = shop.buy(lower, via=other)
    assert (rows_of(shop, placed), refusal_of(shop, placed)) == (0, "cooldown")


def test_the_pause_is_as_long_as_the_merchant_says(shop, left):
    upper, lower = left
    transaction(shop_room.change_settings, rebind_cooldown_days=30)
    shop.now = NOW + 40 * DAY
    assert rows_of(shop, shop.buy(lower, via=upper)) == 1


def test_an_invitation_from_before_does_not_bind_afterwards(shop, left):
    """The cookie of an earlier click is no new consent."""
    upper, lower = left
    transaction(shop_room.change_settings, rebind_cooldown_days=30, cookie_days=90)
    before = shop.now - DAY
    shop.cookie(upper, now=before)
    shop.now += 31 * DAY
    click = shop.count("SELECT id FROM click WHERE happened_at = :at", at=before)
    cookie = referral.sign_invite(shop.node(upper).pid, click, cookie_days=90, now=before)
    placed = shop.buy(lower, cookie=cookie)
    assert (rows_of(shop, placed), refusal_of(shop, placed)) == (0, "cooldown")


def test_the_own_team_stays(shop):
    upper = shop.member("p@example.com")
    middle = shop.member("u@example.com", via=upper)
    lower = shop.member("w@example.com", via=middle, joins=False)
    assert release(shop, middle)
    shop.buy(lower)
    assert (shop.wallet(middle).held_fen, shop.wallet(upper).held_fen) == (1000, 0)
    assert not release(shop, middle)


def test_an_order_on_its_way_pays_nobody(shop):
    """Placed under the upline, paid after the release: decided when it is paid."""
    upper = shop.member("p@example.com")
    lower = shop.member("u@example.com", via=upper)
    placed = shop.place(lower, via=upper)
    assert release(shop, lower)
    shop.now += 60
    shop.pay(placed)
    assert (rows_of(shop, placed), refusal_of(shop, placed)) == (0, "cooldown")


def test_who_left_does_not_come_back_through_a_guest_order(shop, left):
    """Claiming an order that was bought as a guest binds nobody who left."""
    _, lower = left
    other = shop.member("q@example.com")
    guest = Person("u2@example.com")
    placed = shop.buy(guest, via=other)
    order_id = shop.count("SELECT id FROM orders WHERE number = :n", n=placed.number)
    transaction(trade.claim, order_id, lower.account_id, shop.now)
    assert shop.parent(lower) is None


def test_nobody_above_means_nothing_to_leave(shop):
    assert not release(shop, shop.member("a@example.com"))
