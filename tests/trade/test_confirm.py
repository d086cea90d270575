"""Confirming a payment: however often and however much at once it is told of, it happens once."""

import time
from collections import Counter

import pytest

from app.payments import Verdict
from tests.crowd import at_once
from tests.shop import Person

pytestmark = pytest.mark.both_databases


@pytest.fixture
def placed(shop):
    """An order of the second buyer in a row, so that its payment is worth commission on two levels."""
    anna = shop.member("anna@example.com")
    boris = shop.member("boris@example.com", via=anna)
    return shop.place(Person("clara@example.com"), via=boris)


def happened_once(shop, placed):
    journals = Counter()
    for kind in ("paid", "accrue"):
        journals[kind] = shop.count("SELECT count(*) FROM journal WHERE kind = :kind", kind=kind)
    assert journals == {"paid": 1, "accrue": 1}
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1
    assert shop.count("SELECT count(*) FROM commission") == 2
    assert shop.count("SELECT state FROM orders WHERE number = :number", number=placed.number) == "paid"


@pytest.mark.parametrize("times", [3, 50])
def test_it_happens_once_when_told_many_times_at_once(app, shop, placed, times):
    """C17, E23: one entry of sale, one of commission, one card; every other notice is a duplicate, soon answered."""
    query, channel = shop.notice(placed), shop.channel
    began = time.monotonic()
    verdicts = at_once(app, [lambda: shop.deliver(query, channel)] * times)
    assert time.monotonic() - began < 5
    assert Counter(verdicts) == {Verdict.ACCEPTED: 1, Verdict.DUPLICATE: times - 1}
    assert shop.count("SELECT count(*) FROM notice") == times
    happened_once(shop, placed)


def test_it_happens_once_when_told_twenty_times_in_a_row(shop, placed):
    """C16."""
    query = shop.notice(placed)
    assert [shop.deliver(query) for _ in range(20)] == [Verdict.ACCEPTED] + [Verdict.DUPLICATE] * 19
    happened_once(shop, placed)


def test_it_delivers_once_when_two_transfers_pay_one_order_at_once(app, shop, placed):
    """C20: the first delivers, the other waits for the merchant."""
    queries, channel = [shop.notice(placed) for _ in range(10)], shop.channel
    verdicts = at_once(app, [lambda query=query: shop.deliver(query, channel) for query in queries])
    assert Counter(verdicts) == {Verdict.ACCEPTED: 1, Verdict.DOUBLE_PAID: 9}
    happened_once(shop, placed)


def test_it_takes_one_transfer_for_one_order_only(app, shop):
    """C19: ten orders that name the same transfer at once."""
    people = [Person(f"p{number}@example.com") for number in range(10)]
    orders = [shop.place(person, address=f"192.0.2.{number}") for number, person in enumerate(people)]
    queries, channel = [shop.notice(order, trade_number="T-ONE") for order in orders], shop.channel
    verdicts = at_once(app, [lambda query=query: shop.deliver(query, channel) for query in queries])
    assert verdicts.count(Verdict.ACCEPTED) == 1
    # Who lost the race inside of the database is told to come again, and hears the truth then.
    assert set(verdicts) <= {Verdict.ACCEPTED, Verdict.REUSED_TRADE, Verdict.FAILED}
    again = Counter(shop.deliver(query) for query in queries)
    assert again == {Verdict.DUPLICATE: 1, Verdict.REUSED_TRADE: 9}
    assert shop.count("SELECT count(*) FROM card WHERE state = 'sold'") == 1
