"""Soft signs of fraud: the commission is booked and waits for the merchant; it is never dropped (1.3.10, section 3)."""

import pytest

from app import referral, settlement, trade
from app import shop as shop_room
from app.clock import DAY
from app.db import db, transaction
from app.errors import Refusal
from app.referral import Trace, is_disposable
from tests import journey
from tests.shop import Person
from tests.visitor import Visitor

pytestmark = pytest.mark.both_databases
HOME, PHONE = b"home network", b"kind of browser"


@pytest.fixture
def inviter(shop):
    transaction(shop_room.change_settings, self_bps=0)
    return shop.member("anna@example.com")


def seen(shop, person, *, network=HOME, agent=PHONE, at=0):
    transaction(referral.sight, shop.node(person).id, Trace(network, agent, shop.now + at))


def flags(shop):
    db.session.rollback()
    return [(row.kind, row.state) for row in db.session.execute(db.text("SELECT kind, state FROM flag ORDER BY id"))]


def purse(shop, person):
    db.session.rollback()
    wallet = shop.wallet(person)
    return wallet.held_fen, wallet.available_fen, wallet.frozen_fen


def decide(shop, what, flag_id=1):
    transaction(what, flag_id, note="looked at it", actor="account:1", now=shop.now)


def trace(shop, *, network=HOME, agent=PHONE):
    return Trace(network, agent, shop.now)


def test_the_inviters_network_and_browser_let_the_commission_wait(shop, inviter):
    seen(shop, inviter, at=-DAY)
    shop.buy(Person("bob@example.com"), via=inviter, trace=trace(shop))
    assert flags(shop) == [("network", "open")]
    assert purse(shop, inviter) == (0, 0, 1000)
    shop.now += 30 * DAY
    transaction(settlement.release_due, shop.now)
    assert purse(shop, inviter) == (0, 0, 1000)
    decide(shop, trade.clear_flag)
    assert purse(shop, inviter) == (0, 1000, 0)
    assert flags(shop) == [("network", "cleared")]


@pytest.mark.parametrize(
    ("network", "agent", "at"), [(b"other", PHONE, 0), (HOME, b"other", 0), (HOME, PHONE, -DAY - 1)]
)
def test_half_a_likeness_is_none(shop, inviter, network, agent, at):
    seen(shop, inviter, network=network, agent=agent, at=at)
    shop.buy(Person("bob@example.com"), via=inviter, trace=trace(shop))
    assert flags(shop) == []
    assert purse(shop, inviter) == (1000, 0, 0)


def test_the_second_level_is_looked_at_too(shop, inviter):
    middle = shop.member("mia@example.com", via=inviter)
    seen(shop, inviter)
    shop.buy(Person("bob@example.com"), via=middle, trace=trace(shop))
    assert flags(shop) == [("network", "open")]
    assert (purse(shop, inviter), purse(shop, middle)) == ((0, 0, 500), (0, 0, 1000))


def test_fraud_that_is_upheld_goes_back_whole(shop, inviter):
    seen(shop, inviter)
    shop.buy(Person("bob@example.com"), via=inviter, trace=trace(shop))
    decide(shop, trade.uphold_flag)
    assert purse(shop, inviter) == (0, 0, 0)
    assert flags(shop) == [("network", "upheld")]
    for what in (trade.clear_flag, trade.uphold_flag):
        with pytest.raises(Refusal):
            decide(shop, what)


def test_a_mailbox_for_ten_minutes_lets_it_wait(shop, inviter):
    shop.buy(Person("x@mailinator.com"), via=inviter)
    shop.buy(Person("13800138000"), via=inviter)
    assert flags(shop) == [("mailbox", "open")]
    assert purse(shop, inviter) == (1000, 0, 1000)


def test_disposable_is_known_below_and_not_beside():
    assert is_disposable("YOPmail.com")
    assert is_disposable("a.b.mailinator.com")
    assert not is_disposable("notmailinator.com")
    assert not is_disposable("com")


def test_two_flags_on_one_order_both_have_to_be_cleared(shop, inviter):
    seen(shop, inviter)
    shop.buy(Person("x@mailinator.com"), via=inviter, trace=trace(shop))
    assert sorted(flags(shop)) == [("mailbox", "open"), ("network", "open")]
    decide(shop, trade.clear_flag, 1)
    assert purse(shop, inviter) == (0, 0, 1000)
    decide(shop, trade.clear_flag, 2)
    assert purse(shop, inviter) == (1000, 0, 0)


def test_orders_that_earn_nobody_anything_are_nobodys_suspicion(shop):
    shop.buy(Person("x@mailinator.com"))
    assert flags(shop) == []


def test_the_twenty_first_from_one_source_on_one_day_waits(shop, inviter):
    """Clicks from one network with one kind of browser; `Shop.cookie` makes all of them look alike."""
    guests = [shop.member(f"p{number}@example.com", via=inviter, joins=False) for number in range(21)]
    shop.buy(guests[19])
    assert flags(shop) == []
    shop.buy(guests[20])
    assert flags(shop) == [("burst", "open")]
    assert purse(shop, inviter) == (1000, 0, 1000)


def test_twenty_one_over_two_days_do_not(shop, inviter):
    for number in range(21):
        shop.now += DAY // 10
        guest = shop.member(f"p{number}@example.com", via=inviter, joins=False)
    shop.buy(guest)
    assert flags(shop) == []


def refund(shop, placed, fen):
    order_id = shop.count("SELECT id FROM orders WHERE number = :n", n=placed.number)
    options = {"amount_fen": fen, "way": "hand", "reason": "asked", "actor": "account:1"}
    transaction(trade.refund, order_id, now=shop.now, **options)


def test_too_many_refunds_let_what_is_new_wait(shop, inviter):
    """A quarter of four buyers' money went back."""
    guests = [Person(f"g{number}@example.com") for number in range(4)]
    placed = [shop.buy(guest, via=inviter) for guest in guests]
    refund(shop, placed[0], 9000)
    shop.buy(guests[1])
    assert flags(shop) == []
    refund(shop, placed[1], 3500)
    shop.buy(guests[1])
    assert flags(shop) == [("refunds", "open")]
    # What was there stays as it is; only the new row waits.
    assert purse(shop, inviter)[2] == 1000


def test_refunds_of_three_buyers_say_nothing(shop, inviter):
    guests = [Person(f"g{number}@example.com") for number in range(3)]
    for guest in guests:
        refund(shop, shop.buy(guest, via=inviter), 10000)
    shop.buy(guests[0])
    assert flags(shop) == []


def test_refunds_of_the_inviter_do_not_touch_the_second_level(shop, inviter):
    middle = shop.member("mia@example.com", via=inviter)
    guests = [Person(f"g{number}@example.com") for number in range(4)]
    for guest in guests:
        refund(shop, shop.buy(guest, via=middle), 10000)
    shop.buy(guests[0])
    assert flags(shop) == [("refunds", "open")]
    assert (purse(shop, middle), purse(shop, inviter)) == ((0, 0, 1000), (500, 0, 0))


def test_traces_are_forgotten_after_thirty_days(shop, inviter):
    seen(shop, inviter)
    shop.buy(Person("bob@example.com"), trace=trace(shop))
    assert transaction(referral.forget_sightings, shop.now + 30 * DAY) == 0
    assert transaction(referral.forget_sightings, shop.now + 30 * DAY + 1) == 3
    assert shop.count("SELECT count(*) FROM sighting") == 0
    assert shop.count("SELECT count(*) FROM attribution WHERE network_index IS NOT NULL OR seen_at IS NOT NULL") == 0


@pytest.mark.parametrize(
    ("address", "seen"), [("203.0.113.7", 1), ("127.0.0.1", 0), ("::1", 0), ("10.1.2.3", 0), ("::ffff:192.168.1.9", 0)]
)
def test_an_address_of_no_network_in_the_world_is_no_trace(app, shop, address, seen):
    """Everybody who tries a shop on one machine, or behind a proxy that it does not know of, comes from one address."""
    journey.register(Visitor(app, address=address), "anna@example.com")
    assert shop.count("SELECT count(*) FROM sighting") == seen
