"""What a guest shared before the claim goes on to count, for both levels, and is shown under one name."""

import pytest

from app import orders, referral, trade
from app.db import db, transaction
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def claimed(shop):
    """Boris bought as a guest through Anna, shared, and then put the order into an account of his."""
    anna = shop.member("anna@example.com")
    guest = Person("boris@example.com")
    placed = shop.buy(guest, via=anna)
    before = shop.cookie(guest)
    boris = shop.member("boris@work.example", joins=False)
    order = orders.find_opened(db.session, placed.number, secret=placed.secret, account_id=None)
    transaction(trade.claim, order.id, boris.account_id, shop.now)
    return anna, guest, boris, before


def test_both_levels_earn_by_a_link_that_the_guest_shared(shop, claimed):
    anna, guest, boris, _ = claimed
    shop.buy(Person("clara@example.com"), via=guest)
    assert shop.wallet(boris).held_fen == 1000
    assert shop.wallet(anna).held_fen == 1000 + 500


def test_both_levels_earn_by_a_cookie_from_before_the_claim(shop, claimed):
    anna, _, boris, cookie = claimed
    shop.buy(Person("clara@example.com"), cookie=cookie)
    assert shop.wallet(boris).held_fen == 1000
    assert shop.wallet(anna).held_fen == 1000 + 500


@pytest.mark.parametrize(
    "buyer", [Person("boris@example.com"), Person("b.o@x.example")], ids=["the guest's contact", "the guest's device"]
)
def test_the_claimed_guest_is_still_the_same_person(shop, claimed, buyer):
    _, guest, boris, cookie = claimed
    before = shop.wallet(boris).held_fen
    shop.buy(buyer, cookie=cookie, device=guest.device)
    assert shop.wallet(boris).held_fen == before


def test_earnings_and_team_call_the_claimed_guest_by_one_name(shop, claimed):
    anna, _, _, _ = claimed
    viewer = shop.node(anna)
    rows, _ = referral.list_commissions(db.session, [viewer.id], viewer.pid)
    members, _ = referral.list_team(db.session, [viewer.id], viewer.pid)
    assert [row.alias for row in rows] == [member.alias for member in members]
    assert members[0].brought_fen == 1000
