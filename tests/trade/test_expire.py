"""Expiring unpaid orders: their cards go back whole, and never while a payment is taking them."""

from collections import Counter

import pytest

from app import trade
from app.db import transaction
from app.payments import Verdict
from tests.crowd import at_once
from tests.shop import Person

pytestmark = pytest.mark.both_databases
ROUNDS = 100


def expires_at(shop, placed):
    return shop.count("SELECT expires_at FROM orders WHERE number = :number", number=placed.number)


def state(shop, placed):
    return shop.count("SELECT state FROM orders WHERE number = :number", number=placed.number)


def test_it_gives_the_cards_back_at_the_very_second_and_not_before(shop):
    placed = shop.place(Person("clara@example.com"), quantity=3)
    at = expires_at(shop, placed)
    assert at == shop.now + 15 * 60
    assert transaction(trade.expire, at - 1) == 0
    assert (state(shop, placed), transaction(trade.expire, at), transaction(trade.expire, at)) == ("pending", 1, 0)
    assert state(shop, placed) == "expired"
    assert shop.count("SELECT count(*) FROM card WHERE state = 'available' AND order_id IS NULL") == 20


def test_it_leaves_paid_orders_alone(shop):
    placed = shop.buy(Person("clara@example.com"))
    assert transaction(trade.expire, expires_at(shop, placed) + 10**6) == 0
    assert state(shop, placed) == "paid"


def test_it_expires_all_that_is_due_and_nothing_else(shop):
    due = [shop.place(Person(f"p{n}@example.com"), address=f"192.0.2.{n}") for n in range(5)]
    shop.now += 60
    later = shop.place(Person("later@example.com"), address="198.51.100.1")
    assert transaction(trade.expire, expires_at(shop, due[0])) == 5
    assert {state(shop, placed) for placed in due} == {"expired"}
    assert state(shop, later) == "pending"
    assert shop.count("SELECT count(*) FROM card WHERE state = 'reserved'") == 1


def test_it_never_gives_back_what_a_payment_delivers(app, shop):
    """K05: a hundred times both at the same second. Whoever is first, the buyer has the card, and the shelf has not."""
    transaction(shop.product, "rounds", codes=ROUNDS)
    channel, outcomes = shop.channel, Counter()
    for number in range(ROUNDS):
        placed = shop.place(Person(f"p{number}@example.com"), slug="rounds", address=f"198.51.{number}.1")
        query, at = shop.notice(placed), expires_at(shop, placed)
        acts = [lambda at=at: transaction(trade.expire, at), lambda query=query: shop.deliver(query, channel)]
        expired, verdict = at_once(app, acts if number % 2 else acts[::-1])[:: 1 if number % 2 else -1]
        assert (expired, verdict, state(shop, placed)) in [(0, Verdict.ACCEPTED, "paid"), (1, Verdict.ACCEPTED, "paid")]
        outcomes[expired] += 1
    assert outcomes[0] + outcomes[1] == ROUNDS
    assert shop.count("SELECT count(*) FROM card WHERE state = 'reserved'") == 0
    assert shop.count("SELECT count(*) FROM card JOIN sku ON sku.id = card.sku_id WHERE state = 'sold'") == ROUNDS
    assert shop.count("SELECT count(*) FROM journal WHERE kind = 'paid'") == ROUNDS
    late = "SELECT count(*) FROM notice WHERE verdict = 'accepted' AND reason LIKE 'it came late%'"
    assert shop.count(late) == outcomes[1]


def test_it_expires_an_order_once_when_two_workers_try(app, shop):
    placed = shop.place(Person("clara@example.com"), quantity=10)
    at = expires_at(shop, placed)
    assert sum(at_once(app, [lambda: transaction(trade.expire, at)] * 8)) == 1
    assert shop.count("SELECT count(*) FROM card WHERE state = 'available'") == 20
